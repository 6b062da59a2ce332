#include "office/describe.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "office/key.h"
#include "text/authority.h"
#include "text/cite.h"
#include "text/meta.h"
#include "text/near.h"
#include "text/pos.h"
#include "text/secret.h"

enum { TITLE_CP_MAX = 300, ADDRESSEE_CP_MAX = 500, ISSUER_CP_MAX = 100, FIELDS_MAX = 12 };

static enum meta_line line_kind(enum doc_format format, const struct block *b)
{
    if (format == FORMAT_XLSX && b->kind == BLOCK_HEADING)
        return META_NOTE; /* the name of a sheet */
    switch (b->kind) {
    case BLOCK_TITLE:
        return META_TITLE;
    case BLOCK_NOTE:
        return META_NOTE;
    case BLOCK_ROW:
        return META_ROW;
    case BLOCK_ATTACH:
        return META_ATTACH;
    case BLOCK_HEADING:
    case BLOCK_PARA:
        break;
    }
    return META_BODY;
}

/* A block may hold several lines. */
uint8_t *describe_kinds(struct arena *a, const struct doc *d)
{
    size_t lines = 0;
    uint8_t *kinds;
    size_t k = 0;

    for (size_t i = 0; i < d->n; i++) {
        lines++;
        for (size_t j = 0; j < d->blocks[i].text.n; j++)
            lines += d->blocks[i].text.p[j] == '\n';
    }
    kinds = ARENA_ARRAY(a, uint8_t, lines + 1);
    for (size_t i = 0; i < d->n; i++) {
        uint8_t kind = (uint8_t)line_kind(d->format, &d->blocks[i]);
        kinds[k++] = kind;
        for (size_t j = 0; j < d->blocks[i].text.n; j++)
            if (d->blocks[i].text.p[j] == '\n')
                kinds[k++] = kind;
    }
    return kinds;
}

const char *describe_secret(const struct doc *d, struct str text, struct str file_name)
{
    struct secret_mark m;

    if (secret_find(text, &m) || secret_find(file_name, &m))
        return secret_level_name(m.level);
    for (size_t i = 0; i < d->n; i++)
        if (d->blocks[i].kind == BLOCK_NOTE && secret_find_header(d->blocks[i].text, &m))
            return secret_level_name(m.level);
    return NULL;
}

struct gather {
    struct arena *a;
    const struct pos_map *map;
    struct document_field *fields;
    size_t n;
};

static void add_field(struct gather *g, const char *name, struct str value, struct text_span at,
    int sure, const char *from)
{
    struct document_field f = {.field = str_z(name),
        .value = value,
        .begin_cp = -1,
        .end_cp = -1,
        .confidence = sure,
        .from = str_z(from)};

    if (g->n == FIELDS_MAX)
        return;
    if (at.end > at.begin) {
        f.begin_cp = (int64_t)pos_at_byte(g->map, at.begin).cp;
        f.end_cp = (int64_t)pos_at_byte(g->map, at.end).cp;
    }
    g->fields[g->n++] = f;
}

static const struct text_span nowhere = {0, 0};

static struct str cut_cp(struct str s, size_t max_cp)
{
    return str_sub(s, 0, utf8_off(s, max_cp));
}

/* One line: what a format put into a title's breaks and tabs becomes a blank. */
static struct str one_line(struct arena *a, struct str s, size_t max_cp)
{
    struct str t = arena_str(a, cut_cp(str_trim(s), max_cp));
    char *p = arena_z(a, t);

    for (size_t i = 0; i < t.n; i++)
        if (p[i] == '\n' || p[i] == '\t' || p[i] == '\r')
            p[i] = ' ';
    return (struct str){p, t.n};
}

static void take_title(struct gather *g, const struct meta *m, const struct meta_name *name,
    const struct doc *d, struct str file_name, struct document *out)
{
    struct str base;
    struct str ext;

    if (m->title.text.n) {
        out->title = one_line(g->a, m->title.text, TITLE_CP_MAX);
        add_field(g, "title", out->title, m->title.at, m->title.sure, "正文");
    } else if (str_trim(d->title).n) {
        out->title = one_line(g->a, d->title, TITLE_CP_MAX);
        add_field(g, "title", out->title, nowhere, 60, "文件属性");
    } else if (name->title.text.n) {
        out->title = one_line(g->a, name->title.text, TITLE_CP_MAX);
        add_field(g, "title", out->title, nowhere, name->title.sure, "文件名");
    } else {
        if (!str_cut_last(file_name, S("."), &base, &ext) || base.n == 0)
            base = file_name;
        out->title = one_line(g->a, base, TITLE_CP_MAX);
        add_field(g, "title", out->title, nowhere, 30, "文件名");
    }
}

static void take_day(
    struct gather *g, const struct meta *m, const struct meta_name *name, struct document *out)
{
    const struct meta_day *from = &m->issued;
    const char *where = "正文";
    char iso[DAY_ISO_SIZE];
    struct day day;

    if (from->date.year == 0)
        from = &m->adopted;
    if (from->date.year == 0) {
        from = &name->date;
        where = "文件名";
    }
    day = (struct day){from->date.year, from->date.month, from->date.day};
    if (from->date.year == 0 || !day_valid(day))
        return; /* a year or month alone is no day of issue; the year filter does without it */
    out->day = arena_str(g->a, day_iso(day, iso));
    add_field(g, "day", out->day, from == &name->date ? nowhere : from->at, from->sure, where);
}

static void take_docno(
    struct gather *g, const struct meta *m, const struct meta_name *name, struct document *out)
{
    if (m->docno.text.n) {
        out->docno = m->docno.text;
        add_field(g, "docno", out->docno, m->docno.at, m->docno.sure, "正文");
    } else if (name->docno.text.n) {
        out->docno = name->docno.text;
        add_field(g, "docno", out->docno, nowhere, name->docno.sure, "文件名");
    }
}

/* From the title as it was read; where the text holds none, from the title that take_title (called before, so its
 * field is the first) found elsewhere. */
static void take_genre(struct gather *g, const struct meta *m, struct document *out)
{
    out->genre = m->genre;
    if (m->genre) {
        add_field(g, "genre", genre_name(m->genre), m->genre_at, m->title.sure, "正文");
    } else if (m->title.text.n == 0) {
        const struct document_field *title = &g->fields[0];
        out->genre = genre_of_title(out->title, NULL);
        if (out->genre)
            add_field(
                g, "genre", genre_name(out->genre), nowhere, title->confidence, title->from.p);
    }
}

static void take_metadata(struct gather *g, const struct meta *m, const struct doc *d,
    struct str file_name, struct document *out)
{
    struct meta_name name;

    meta_from_name(g->a, file_name, &name);
    take_title(g, m, &name, d, file_name, out);
    take_docno(g, m, &name, out);
    take_day(g, m, &name, out);
    if (m->issuer.text.n) {
        out->issuer_name = one_line(g->a, m->issuer.text, ISSUER_CP_MAX);
        add_field(g, "issuer", out->issuer_name, m->issuer.at, m->issuer.sure, "正文");
    }
    out->authority = authority_of(out->issuer_name);
    take_genre(g, m, out);
    if (m->addressee.text.n) {
        out->addressee = one_line(g->a, m->addressee.text, ADDRESSEE_CP_MAX);
        add_field(g, "addressee", out->addressee, m->addressee.at, m->addressee.sure, "正文");
    }
    if (m->repealed.text.n) {
        out->status = STATUS_REPEALED;
        add_field(g, "status", S("已废止"), m->repealed.at, m->repealed.sure, "正文");
    }
}

static struct str article_text(struct arena *a, const struct cite *c)
{
    if (c->n_articles == 0)
        return (struct str){0};
    return arena_printf(a, "第%d条", c->articles[0].article);
}

static struct str number_text(struct arena *a, const struct docno *d)
{
    struct buf b;
    struct str s;

    buf_init(&b, 1024);
    docno_print(d, &b);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static bool cites_itself(struct arena *a, const struct citation *c, const struct document *d)
{
    if (c->docno.n)
        return d->docno.n && str_eq(key_of_docno(a, c->docno), key_of_docno(a, d->docno));
    return c->title.n && (key_same_title(a, c->title, d->title) ||
                             key_same_title(a, c->title, key_printed(d->title)));
}

static void take_citations(
    struct arena *a, struct str text, const struct pos_map *map, struct description *out)
{
    struct cite *list;
    size_t n = cite_find(a, text, &list);

    out->citations = ARENA_ARRAY(a, struct citation, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct citation c = {.begin_cp = (int64_t)pos_at_byte(map, list[i].at.begin).cp,
            .end_cp = (int64_t)pos_at_byte(map, list[i].at.end).cp,
            .title = list[i].name,
            .article = article_text(a, &list[i])};
        if (list[i].numbered)
            c.docno = number_text(a, &list[i].docno);
        if (cites_itself(a, &c, &out->fresh.d))
            continue; /* its own head */
        out->citations[out->n_citations++] = c;
    }
}

/* The number that stands with the title at this place: 《…》（云山发〔2022〕18号）. */
static struct str number_beside(const struct description *d, int64_t at_cp)
{
    for (size_t i = 0; i < d->n_citations; i++)
        if (d->citations[i].begin_cp <= at_cp + 1 && at_cp < d->citations[i].end_cp)
            return d->citations[i].docno;
    return (struct str){0};
}

static void take_repeals(
    struct arena *a, const struct meta *m, const struct pos_map *map, struct description *out)
{
    out->repeals = ARENA_ARRAY(a, struct repeal, m->n_repeals + 1);
    for (size_t i = 0; i < m->n_repeals; i++) {
        out->repeals[out->n_repeals++] = (struct repeal){.title = m->repeals[i].text,
            .docno = number_beside(out, (int64_t)pos_at_byte(map, m->repeals[i].at.begin).cp),
            .begin_cp = (int64_t)pos_at_byte(map, m->repeals[i].at.begin).cp,
            .end_cp = (int64_t)pos_at_byte(map, m->repeals[i].at.end).cp};
    }
}

static void take_signature(struct arena *a, struct str text, struct document_new *out)
{
    struct near_sign *sign = ARENA_NEW(a, struct near_sign);
    unsigned char *packed = arena_alloc(a, NEAR_BYTES);

    near_sign(text, sign);
    if (sign->chars < NEAR_CP_MIN)
        return;
    near_pack(sign, packed);
    out->near_signature = (struct str){(const char *)packed, NEAR_BYTES};
}

void describe(struct arena *a, const struct doc *d, struct str text, struct str file_name,
    struct description *out)
{
    struct description r = {0};
    struct pos_map map;
    struct meta m;
    struct gather g = {.a = a, .map = &map};

    pos_map_init(a, &map, text);
    g.fields = ARENA_ARRAY(a, struct document_field, FIELDS_MAX);
    meta_read(a, text, describe_kinds(a, d), &m);
    take_metadata(&g, &m, d, file_name, &r.fresh.d);
    take_citations(a, text, &map, &r);
    take_repeals(a, &m, &map, &r);
    r.fresh.d.format = str_z(doc_format_name(d->format));
    r.fresh.d.file_name = file_name;
    r.fresh.d.chars = (int64_t)map.end.cp;
    r.fresh.text = text;
    r.fresh.fields = g.fields;
    r.fresh.n_fields = g.n;
    take_signature(a, text, &r.fresh);
    *out = r;
}
