/* The long check of a segment: every checksum, every table, the order of every suffix. */
#include <stdlib.h>

#include "text/segment.h"
#include "text/view.h"

static const char *const stream_name[N_STREAMS] = {"正文", "标题"};

/* In linear time: the suffix array is a permutation, and each suffix is not behind the next one
 * when first units are compared, and for equal ones the ranks of the suffixes one further. */
static bool suffixes_in_order(const struct stream *t)
{
    uint32_t *rank = mem_alloc((t->n + (size_t)1) * sizeof(*rank));
    bool good = true;

    for (uint32_t i = 0; good && i < t->n; i++) {
        good = t->sa[i] < t->n && rank[t->sa[i]] == 0;
        if (good)
            rank[t->sa[i]] = i + 1; /* rank[n], the empty suffix, stays 0 */
    }
    for (uint32_t i = 1; good && i < t->n; i++) {
        uint32_t x = t->sa[i - 1], y = t->sa[i];
        good =
            t->units[x] < t->units[y] || (t->units[x] == t->units[y] && rank[x + 1] < rank[y + 1]);
    }
    free(rank);
    return good;
}

static bool tables_in_order(const struct segment *s, const struct stream *t)
{
    for (uint32_t d = 0; d < s->n_docs; d++)
        if (t->start[d] >= t->start[d + 1] || t->start[d + 1] > t->n ||
            t->units[t->start[d + 1] - 1] != 0)
            return false;
    for (uint32_t i = 0; i < t->n_nodes; i++)
        if (t->nodes[i].l >= t->nodes[i].r || t->nodes[i].r > t->n ||
            t->nodes[i].at > t->list_bytes || t->nodes[i].n > t->list_bytes - t->nodes[i].at)
            return false;
    for (uint32_t i = 0; i < t->n_pairs; i++)
        if (t->pairs[i] > t->n_nodes)
            return false;
    return t->start[0] == 0 && t->start[s->n_docs] == t->n;
}

static void check_blocks(const struct segment *s, struct buf *report, bool *good)
{
    for (size_t b = 0; b < s->n_blocks; b++) {
        size_t at = SEGMENT_HEADER + b * SEGMENT_BLOCK;
        size_t left = (size_t)((const unsigned char *)s->sums - s->map) - at;
        /* Compared anew, whatever an earlier reading found: the disk may have changed since. */
        if (segment_sum(s->map + at, left < SEGMENT_BLOCK ? left : SEGMENT_BLOCK) == s->sums[b])
            continue;
        buf_printf(report, "%s：第 %zu 字节起的一块与校验和不符\n", s->path, at);
        *good = false;
    }
}

/* Places ascend within a list, and each begins the gram whose list it is in. */
static bool grams_in_order(const struct stream *t)
{
    if (!t->gram_bits)
        return true;
    for (uint32_t i = 0; i < 1u << t->gram_bits; i++) {
        if (t->gram_at[i] > t->gram_at[i + 1] || t->gram_at[i + 1] > t->n_grams)
            return false;
        for (uint32_t k = t->gram_at[i]; k < t->gram_at[i + 1]; k++) {
            struct gram g = {0};
            uint32_t n = 0, at = t->grams[k];
            if (at >= t->n || (k > t->gram_at[i] && t->grams[k - 1] >= at))
                return false;
            for (; n < GRAM_CHARS && t->units[at]; at++)
                if (view_keeps(t->units, at)) {
                    g = gram_shift(g, t->units[at]);
                    n++;
                }
            if (n < GRAM_CHARS || gram_hash(g) >> (64 - t->gram_bits) != i)
                return false;
        }
    }
    return t->gram_at[0] == 0 && t->gram_at[1u << t->gram_bits] == t->n_grams;
}

void segment_verify(const struct segment *s, struct buf *report)
{
    bool good = true;

    check_blocks(s, report, &good);
    for (uint32_t d = 1; good && d < s->n_docs; d++)
        if (s->ids[d - 1] >= s->ids[d]) {
            buf_printf(report, "%s：文件编号没有按顺序排列\n", s->path);
            good = false;
        }
    for (int w = 0; good && w < N_STREAMS; w++) {
        if (!tables_in_order(s, &s->stream[w]))
            buf_printf(report, "%s：%s的目录表前后矛盾\n", s->path, stream_name[w]);
        else if (!suffixes_in_order(&s->stream[w]))
            buf_printf(report, "%s：%s的后缀数组顺序不对\n", s->path, stream_name[w]);
        else if (!grams_in_order(&s->stream[w]))
            buf_printf(report, "%s：%s的字串表与文字不符\n", s->path, stream_name[w]);
    }
}
