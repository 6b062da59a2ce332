#include "text/scan.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct scan {
    const uint16_t *text;
    size_t n;
    const uint16_t *pat;
    size_t m, at; /* the next place to look at */
    uint32_t *out;
    size_t n_out, cap;
};

static bool middle_same(const struct scan *s, size_t at)
{
    return s->m <= 2 || memcmp(s->text + at + 1, s->pat + 1, (s->m - 2) * sizeof(*s->pat)) == 0;
}

/* Takes the candidates of one step (two bits for each place); false when out is full. */
static bool take(struct scan *s, size_t at, unsigned mask)
{
    for (; mask; mask &= mask - 1) {
        size_t place = at + (size_t)__builtin_ctz(mask) / 2;
        if (!middle_same(s, place))
            continue;
        s->out[s->n_out++] = (uint32_t)place;
        if (s->n_out == s->cap)
            return false;
    }
    return true;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static bool steps_avx2(struct scan *s)
{
    __m256i first = _mm256_set1_epi16((short)s->pat[0]);
    __m256i last = _mm256_set1_epi16((short)s->pat[s->m - 1]);

    for (; s->at + 16 + s->m - 1 <= s->n; s->at += 16) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(s->text + s->at));
        __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(s->text + s->at + s->m - 1));
        unsigned mask = (unsigned)_mm256_movemask_epi8(
            _mm256_and_si256(_mm256_cmpeq_epi16(first, x), _mm256_cmpeq_epi16(last, y)));
        if (mask && !take(s, s->at, mask & 0x55555555U))
            return false;
    }
    return true;
}

static bool steps_sse2(struct scan *s)
{
    __m128i first = _mm_set1_epi16((short)s->pat[0]);
    __m128i last = _mm_set1_epi16((short)s->pat[s->m - 1]);

    for (; s->at + 8 + s->m - 1 <= s->n; s->at += 8) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(s->text + s->at));
        __m128i y = _mm_loadu_si128((const __m128i *)(const void *)(s->text + s->at + s->m - 1));
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi16(first, x), _mm_cmpeq_epi16(last, y)));
        if (mask && !take(s, s->at, mask & 0x5555U))
            return false;
    }
    return true;
}

static bool steps(struct scan *s)
{
    return __builtin_cpu_supports("avx2") ? steps_avx2(s) : steps_sse2(s);
}
#else
static bool steps(struct scan *s)
{
    (void)s;
    return true;
}
#endif

size_t scan_all(struct units text, struct units pat, size_t from, uint32_t *out, size_t cap)
{
    struct scan s = {text.p, text.n, pat.p, pat.n, from, out, 0, cap};

    if (cap == 0 || from >= text.n || pat.n > text.n - from || !steps(&s))
        return s.n_out;
    for (; s.at + s.m <= s.n; s.at++)
        if (s.text[s.at] == s.pat[0] && s.text[s.at + s.m - 1] == s.pat[s.m - 1] &&
            !take(&s, s.at, 1))
            break;
    return s.n_out;
}

size_t scan_first(struct units text, struct units pat, size_t from)
{
    uint32_t place;

    return scan_all(text, pat, from, &place, 1) ? place : SIZE_MAX;
}
