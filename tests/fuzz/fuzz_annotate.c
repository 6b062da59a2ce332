/* Annotating a docx: the places, parted by a form feed from document, footnotes and comments, packed into a zip.
 * Each place is five bytes: where from (two), how long, what kind, how much is put in. Oracle: what was read before can be
 * read afterwards; accepting every suggestion that was taken gives the text with them in it; every comment is there. */
#include "fuzz_paper.h"

#include "paper/annotate_int.h"

static const char package[] =
    "<Relationships>" FUZZ_REL("officeDocument", "word/document.xml") "</Relationships>";
static const char rels[] = "<Relationships>" FUZZ_REL("footnotes", "footnotes.xml")
    FUZZ_REL("comments", "comments.xml") "</Relationships>";

enum { PLACES = 64 };
#define MARKED "※注"

static struct annotate_list places(struct arena *a, struct str s)
{
    static const char put[] = "甲乙\n丙\t<&>丁";
    struct annotation *v = ARENA_ARRAY(a, struct annotation, PLACES);
    struct annotate_list list = {S("前\"哨<"), 1795420800000, v, 0};
    const unsigned char *p = (const unsigned char *)s.p;

    for (size_t i = 0; i + 5 <= s.n && list.n < PLACES; i += 5) {
        struct annotation *x = &v[list.n++];
        x->begin_cp = (size_t)p[i] | (size_t)(p[i + 1] & 3) << 8;
        x->end_cp = x->begin_cp + p[i + 2] % 40 - 4; /* may lie before the beginning */
        x->comment = p[i + 3] & 1 ? S(MARKED) : S("");
        x->replace = p[i + 3] & 2;
        x->replacement = str_sub(str_z(put), 0, utf8_off(str_z(put), p[i + 4] % 10));
    }
    return list;
}

static enum code read_it(struct arena *a, const struct reader_limits *lim, struct str zip,
    struct places *map, struct doc *d, struct zipin **z, struct job *j)
{
    static struct err e;
    enum code c;

    job_init(j, a, lim, &e);
    j->map = map;
    c = zipin_open(j, zip, z);
    if (c == OK)
        c = read_docx_zip(j, *z);
    *d = j->d;
    j->map = NULL;
    if (map && c == OK) {
        size_t cp = 0;
        struct buf text = {0};
        doc_text(d, &text);
        MUST(map->cp == utf8_len_cp(buf_view(&text)));
        for (size_t i = 0; i < map->n; i++) { /* in order, inside, never empty */
            MUST(map->v[i].n_cp > 0 && map->v[i].cp >= cp);
            cp = map->v[i].cp + map->v[i].n_cp;
        }
        MUST(cp <= map->cp);
        buf_release(&text);
    }
    return c;
}

/* The text with the suggestions that were taken. */
static void apply(const struct doc *d, const struct annotate_list *list,
    const struct ann_done *done, struct buf *out)
{
    struct buf b = {0};
    struct str text;
    size_t off = 0, skip = 0;

    doc_text(d, &b);
    text = buf_view(&b);
    for (size_t cp = 0; off <= text.n; cp++) {
        for (int only = 1; only >= 0; only--)
            for (size_t i = 0; i < list->n && cp >= skip; i++) {
                size_t end = list->v[i].end_cp > cp ? list->v[i].end_cp : cp;
                if (!done[i].change || list->v[i].begin_cp != cp || (end == cp) != only)
                    continue;
                buf_str(out, list->v[i].replacement);
                skip = end > skip ? end : skip;
            }
        if (off == text.n)
            break;
        size_t from = off;
        (void)utf8_next(text, &off);
        if (cp >= skip)
            buf_str(out, str_sub(text, from, off - from));
    }
    buf_release(&b);
}

/* Without blanks: where one stands at an end, the reader trims. */
static void bare(struct str s, struct buf *out)
{
    size_t off = 0;

    while (off < s.n) {
        uint32_t cp = utf8_next(s, &off);
        if (cp != ' ' && cp != '\n' && cp != '\t' && cp != 0x3000)
            buf_utf8(out, cp);
    }
}

/* Comments are read last, ours behind those that were there: all text before them is what was wanted. */
static void compare(const struct doc *after, struct str want, size_t comments)
{
    struct buf text = {0}, got = {0}, wanted = {0};
    size_t seen = 0;

    doc_text(after, &text);
    bare(buf_view(&text), &got);
    bare(want, &wanted);
    MUST(str_starts(buf_view(&got), buf_view(&wanted)));
    for (size_t i = 0; i < after->n; i++) /* a comment may be several blocks */
        seen +=
            str_has(after->blocks[i].text, S(MARKED)) || str_has(after->blocks[i].text, S("建议"));
    MUST(seen >= comments);
    buf_release(&text);
    buf_release(&got);
    buf_release(&wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, spans = fuzz_piece(&rest);
    struct fuzz_member m[] = {{"[Content_Types].xml", S("<x/>")}, {"_rels/.rels", str_z(package)},
        {"word/_rels/document.xml.rels", str_z(rels)}, {"word/document.xml", fuzz_piece(&rest)},
        {"word/footnotes.xml", fuzz_piece(&rest)}, {"word/comments.xml", fuzz_piece(&rest)}};
    size_t n = sizeof(m) / sizeof(*m);
    struct reader_limits lim = fuzz_limits();
    struct buf zip = {0}, want = {0};
    struct annotated r;
    struct ann_done *done = NULL;
    struct places map = {0};
    struct annotate_sources s = {.map = &map};
    struct annotate_list list;
    struct doc before, after;
    struct job j;
    struct arena a;
    enum code failed;

    arena_init(&a);
    map.a = &a;
    while (m[n - 1].bytes.n == 0 && n > 4)
        n--;
    fuzz_zip(&zip, m, n);
    s.bytes = buf_view(&zip);
    list = places(&a, spans);
    if (read_it(&a, &lim, s.bytes, &map, &before, &s.z, &j) == OK) {
        s.d = &before;
        if (annotate_package(&j, &s, &list, &r, &done) == OK) {
            struct zipin *z;
            struct job k;
            lim.unpacked_bytes *= 2;
            enum code c = read_it(&a, &lim, r.docx, NULL, &after, &z, &k);
            MUST(c == OK || c == E_LIMIT); /* as deep as may be, and a level deeper now */
            apply(&before, &list, done, &want);
            if (c == OK)
                compare(&after, buf_view(&want), r.comments);
            MUST(job_end(&k, &after) == c);
        }
    }
    failed = job_end(&j, &before);
    MUST(failed != E_BUG);
    buf_release(&want);
    buf_release(&zip);
    arena_release(&a);
    return 0;
}
