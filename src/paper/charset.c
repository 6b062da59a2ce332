#include "paper/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum {
    SAMPLE = 4096,  /* bytes looked at */
    SURE = 8,       /* so many characters of valid UTF-8 are no accident */
    LABEL_MAX = 40, /* longest name of an encoding */
};

/* Labels that mean another encoding than they say; the rest goes to iconv as it is. GB 2312 and GBK
 * are subsets of GB 18030, and files that claim them hold more than they may. */
static const struct {
    const char *label, *name;
} aliases[] = {
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gb_2312", "GB18030"},
    {"chinese", "GB18030"},
    {"csgb2312", "GB18030"},
    {"cp936", "GB18030"},
    {"ms936", "GB18030"},
    {"windows-936", "GB18030"},
    {"x-gbk", "GB18030"},
    {"euc-cn", "GB18030"},
    {"gb18030", "GB18030"},
    {"utf8", "UTF-8"},
    {"unicode-1-1-utf-8", "UTF-8"},
    {"us-ascii", "UTF-8"},
    {"ascii", "UTF-8"},
    {"ansi_x3.4-1968", "UTF-8"},
    {"iso-8859-1", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"big5", "BIG5-HKSCS"},
    {"unicode", "UTF-16LE"},
    {"utf-16", "UTF-16LE"},
};

/* ---- decoding ---- */

static size_t decode_utf16(struct buf *out, struct str s, bool big)
{
    size_t bad = s.n & 1;
    uint32_t high = 0;

    for (size_t i = 0; i + 1 < s.n; i += 2) {
        unsigned char x = (unsigned char)s.p[i], y = (unsigned char)s.p[i + 1];
        uint32_t u = big ? (uint32_t)x << 8 | y : (uint32_t)y << 8 | x;
        bool low = u >= 0xDC00 && u < 0xE000;
        if (high) {
            bad += !low;
            buf_utf8(out, low ? 0x10000 + ((high - 0xD800) << 10) + (u - 0xDC00) : 0xFFFD);
            if (low) {
                high = 0;
                continue;
            }
        }
        high = u >= 0xD800 && u < 0xDC00 ? u : 0;
        if (!high) {
            bad += low || u == 0;
            buf_utf8(out, low || u == 0 ? 0xFFFD : u);
        }
    }
    if (high) {
        bad++;
        buf_utf8(out, 0xFFFD);
    }
    return bad;
}

/* iconv takes its input as writable and only reads it. */
static char *writable(struct str s)
{
    union {
        const char *from;
        char *to;
    } u = {s.p};

    return u.to;
}

static size_t decode_iconv(struct buf *out, struct str s, const char *from)
{
    iconv_t cd = iconv_open("UTF-8", from);
    char chunk[4096], *in = writable(s); /* iconv only reads it */
    size_t left = s.n, bad = 0, done = 0;

    if (cd == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr): the API's own value
        return SIZE_MAX;
    while (left > 0 && !done) {
        char *to = chunk;
        size_t room = sizeof(chunk), r = iconv(cd, &in, &left, &to, &room);
        buf_add(out, chunk, sizeof(chunk) - room);
        if (r == (size_t)-1 && errno != E2BIG) { /* wrong or cut short: step over one byte */
            buf_utf8(out, 0xFFFD);
            bad++;
            in++;
            left--;
            (void)iconv(cd, NULL, NULL, NULL, NULL);
        }
        done = out->full;
    }
    (void)iconv_close(cd);
    return bad;
}

static void real_name(struct str label, char name[LABEL_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < label.n && n + 1 < LABEL_MAX; i++)
        if (label.p[i] > ' ' && label.p[i] < 0x7F && label.p[i] != '/') /* "//TRANSLIT": no */
            name[n++] = label.p[i];
    name[n] = '\0';
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (strcasecmp(name, aliases[i].label) == 0) {
            memcpy(name, aliases[i].name, strlen(aliases[i].name) + 1);
            return;
        }
    }
}

size_t charset_decode(struct buf *out, struct str bytes, struct str label)
{
    char name[LABEL_MAX];

    real_name(label, name);
    if (strcasecmp(name, "UTF-8") == 0)
        return utf8_clean(out, bytes);
    if (strcasecmp(name, "UTF-16LE") == 0 || strcasecmp(name, "UTF-16BE") == 0)
        return decode_utf16(out, bytes, name[6] == 'B' || name[6] == 'b');
    if (name[0] == '\0')
        return SIZE_MAX;
    return decode_iconv(out, bytes, name);
}

void charset_warm(struct charset_warm *w)
{
    static const char *const names[CHARSET_WARM] = {"GB18030", "GBK", "GB2312", "BIG5-HKSCS",
        "BIG5", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-7", "WINDOWS-1252", "ISO-8859-1",
        "HZ", "ISO-2022-CN", "SHIFT_JIS", "EUC-KR"};
    struct buf b = {0};

    for (size_t i = 0; i < CHARSET_WARM; i++) {
        w->keep[i] = iconv_open("UTF-8", names[i]);
        (void)charset_decode(&b, S("\xC4\xE3"), str_z(names[i]));
    }
    buf_release(&b);
}

void charset_cool(struct charset_warm *w)
{
    for (size_t i = 0; i < CHARSET_WARM; i++)
        if (w->keep[i] != (void *)-1) /* NOLINT(performance-no-int-to-ptr) */
            (void)iconv_close((iconv_t)w->keep[i]);
}

/* ---- detection ---- */

/* The weight of GB 18030 text: everyday characters for it, rare ones and controls against it. */
static double weigh_gb(struct str s, double *chars)
{
    double w = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i], t;
        *chars += 1;
        if (b < 0x80) {
            bool ok = b >= 0x20 || b == '\t' || b == '\n' || b == '\r' || b == '\f';
            w += ok ? 0.4 : -4; /* ASCII is ASCII in two candidates of four: it says little */
            continue;
        }
        if (i + 1 >= s.n)
            break;
        t = (unsigned char)s.p[++i];
        if (((b >= 0xB0 && b <= 0xD7) || (b >= 0xA1 && b <= 0xA3)) && t >= 0xA1)
            w += 1; /* level 1, punctuation */
        else if (b >= 0xD8 && b <= 0xF7 && t >= 0xA1)
            w += 0.2;
        else if (t >= 0x30 && t <= 0x39) { /* four bytes */
            i += 2;
            w -= 0.5;
        } else
            w -= t >= 0x40 && t != 0x7F && b != 0x80 && b != 0xFF ? 0.3 : 4;
    }
    return w;
}

/* Of UTF-8 text: through GB 18030, which holds every character, so that one scale serves all. */
static double weigh_utf8(struct str utf8, size_t errors)
{
    iconv_t cd = iconv_open("GB18030", "UTF-8");
    char gb[SAMPLE * 4], *in = writable(utf8), *to = gb;
    size_t left = utf8.n, room = sizeof(gb);
    double chars = 0, w;

    if (cd == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr) */
        return -1;
    (void)iconv(cd, &in, &left, &to, &room);
    (void)iconv_close(cd);
    w = weigh_gb((struct str){gb, sizeof(gb) - room}, &chars) - 4.0 * (double)errors;
    return chars > 0 ? w / chars : 0;
}

/* Without the character that the end of the sample may have cut. */
static struct str whole_utf8(struct str s)
{
    for (size_t back = 1; back <= 3 && back <= s.n; back++) {
        unsigned char b = (unsigned char)s.p[s.n - back];
        size_t need = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 0;
        if (need)
            return need > back ? str_sub(s, 0, s.n - back) : s;
        if (b < 0x80)
            break;
    }
    return s;
}

static double weigh_as(struct str sample, struct str name)
{
    struct buf b = {0};
    size_t bad = charset_decode(&b, sample, name);
    double w = weigh_utf8(buf_view(&b), bad);

    buf_release(&b);
    return w;
}

/* Without a mark: the candidate with most everyday text; UTF-8 wins a tie. */
static struct charset by_weight(struct str s, bool cut)
{
    struct str names[] = {S("UTF-8"), S("GB18030"), S("UTF-16LE"), S("UTF-16BE")};
    bool wide = s.n >= 2 && s.n % 2 == 0;
    double w[4] = {-9, -9, -9, -9}, chars = 0;
    size_t best = 0;

    w[0] = weigh_as(cut ? whole_utf8(s) : s, names[0]);
    w[1] = weigh_gb(s, &chars);
    w[1] = chars > 0 ? w[1] / chars : 0;
    for (size_t i = 2; i < 4 && wide; i++)
        w[i] = weigh_as(s, names[i]);
    for (size_t i = 1; i < 4; i++)
        if (w[i] > w[best] + 1e-9)
            best = i;
    return (struct charset){names[best], 0, w[best]};
}

/* One two-byte letter (U+00C0 to U+024F) behind an ASCII letter, with no other beside it. */
static bool is_latin_letter(struct str s, size_t i)
{
    unsigned char b = (unsigned char)s.p[i];
    int before = i > 0 ? s.p[i - 1] | 32 : 0;

    return b >= 0xC3 && b <= 0xC9 && before >= 'a' && before <= 'z' &&
           (i + 2 >= s.n || (unsigned char)s.p[i + 2] < 0x80);
}

struct charset charset_detect(struct str bytes)
{
    struct str s = str_sub(bytes, 0, SAMPLE);
    bool cut = bytes.n > s.n, valid;
    size_t many = 0, latin = 0, controls = 0;

    if (str_starts(s, S("\xEF\xBB\xBF")))
        return (struct charset){S("UTF-8"), 3, 1};
    if (str_starts(s, S("\xFF\xFE")))
        return (struct charset){S("UTF-16LE"), 2, 1};
    if (str_starts(s, S("\xFE\xFF")))
        return (struct charset){S("UTF-16BE"), 2, 1};
    valid = utf8_check(cut ? whole_utf8(s) : s) == SIZE_MAX;
    for (size_t i = 0; i < s.n; i++) {
        many += (unsigned char)s.p[i] >= 0xC0;
        controls += (unsigned char)s.p[i] < 0x20 && !(s.p[i] >= '\t' && s.p[i] <= '\r');
        latin += is_latin_letter(s, i);
    }
    /* single accented letters in Latin words: "café"; Chinese characters come in rows */
    if (valid && (many == 0 || many >= SURE || latin == many) && controls == 0)
        return (struct charset){S("UTF-8"), 0, 1};
    return by_weight(s, cut);
}
