/* One page: what is cut, the PDF, the text of the mail. */
#include "base/utf8.h"
#include "office/brief_int.h"
#include "paper/pdf.h"

enum {
    ROOM = 40,       /* lines to begin with; then the page is measured */
    ROW_HALVES = 84, /* of a line, in halves of a character */
    WHO_HALVES = 30,
    WHO_LEAST = 16,
    WHEN_HALVES = 26,
    SHOWN_MOST = 12 /* of one part, however much room there is */
};

static const struct {
    const char *key, *name;
} parts[N_BRIEF_PART] = {[BRIEF_URGENT] = {"urgent", "特急"},
    [BRIEF_DECIDE] = {"decide", "待批"},
    [BRIEF_DUE] = {"due", "今日到期"},
    [BRIEF_LATE] = {"late", "逾期未结"},
    [BRIEF_CALENDAR] = {"calendar", "今日日程"},
    [BRIEF_NEW] = {"new", "上级新来文"},
    [BRIEF_STUCK] = {"stuck", "卡在哪里"},
    [BRIEF_PEOPLE] = {"people", "值班和外出"}};
/* What goes first. */
static const enum brief_part cut_order[N_BRIEF_PART] = {BRIEF_STUCK, BRIEF_NEW, BRIEF_CALENDAR,
    BRIEF_LATE, BRIEF_PEOPLE, BRIEF_DUE, BRIEF_DECIDE, BRIEF_URGENT};

const char *brief_part_name(enum brief_part p)
{
    return parts[p].name;
}
const char *brief_part_key(enum brief_part p)
{
    return parts[p].key;
}

/* ---- one line in the width that there is ---- */

/* Latin capitals and m, w are wider than half a Chinese character. */
static size_t halves(uint32_t cp)
{
    bool wide = (cp >= 'A' && cp <= 'Z') || cp == 'm' || cp == 'w' || cp == '@' || cp == '%';
    return cp < 0x2000 && !wide ? 1 : 2;
}

static size_t width(struct str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n;)
        n += halves(utf8_next(s, &at));
    return n;
}

/* As much as fits, with … where something is missing; line ends are blanks. */
static void put_cut(struct buf *b, struct str s, size_t room)
{
    bool whole = width(s) <= room;
    size_t used = whole ? 0 : 2;
    for (size_t at = 0, from = 0; at < s.n; from = at) {
        uint32_t cp = utf8_next(s, &at);
        used += halves(cp);
        if (used > room)
            break;
        if (cp < ' ')
            buf_char(b, ' ');
        else
            buf_str(b, str_sub(s, from, at - from));
    }
    if (!whole)
        buf_z(b, "…");
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void put_line(struct buf *b, const struct brief_line *l, size_t no)
{
    size_t who = least(width(l->who), WHO_HALVES), when = least(width(l->when), WHEN_HALVES);
    size_t rest = ROW_HALVES - 6 - when - (who ? 2 : 0) - (when ? 2 : 0);
    if (width(l->title) + who > rest) /* the title tells more */
        who = least(who, WHO_LEAST);
    rest -= who;
    buf_printf(b, "%zu．", no);
    put_cut(b, l->title, rest);
    buf_z(b, who ? "　" : "");
    put_cut(b, l->who, who);
    buf_z(b, when ? "　" : "");
    put_cut(b, l->when, WHEN_HALVES);
}

static void put_head(struct buf *b, enum brief_part p, const struct brief_section *s)
{
    buf_printf(b, "%s（%zu%s）", parts[p].name, s->n,
        s->more             ? "件以上"
        : p == BRIEF_PEOPLE ? "条"
                            : "件");
}

/* ---- the page ---- */

static void lay_part(struct pdf *p, const struct brief *b, enum brief_part part)
{
    static const struct pdf_style row = {.face = PDF_FANG, .size = 11},
                                  late = {.face = PDF_FANG, .size = 11, .colour = 0xB3121D},
                                  head = {.face = PDF_HEI, .size = 12, .gap_before = 5},
                                  more = {.face = PDF_KAI, .size = 10, .colour = 0x555555};
    const struct brief_section *s = &b->part[part];
    struct buf line;
    if (!s->n)
        return;
    buf_init(&line, 0);
    put_head(&line, part, s);
    pdf_para(p, &head, buf_view(&line));
    for (size_t i = 0; i < s->shown; i++) {
        buf_clear(&line);
        put_line(&line, &s->lines[i], i + 1);
        bool red = s->lines[i].late && part != BRIEF_LATE;
        pdf_para(p, red ? &late : &row, buf_view(&line));
    }
    if (s->shown < s->n || s->more) {
        buf_clear(&line);
        buf_printf(
            &line, "另有%zu%s未列，见平台“今日要情”。", s->n - s->shown, s->more ? "件以上" : "件");
        pdf_para(p, &more, buf_view(&line));
    }
    buf_release(&line);
}

/* What there is none of today is said, so that its absence is no doubt. */
static void put_none(struct buf *line, const struct brief *b)
{
    for (int i = 0; i < N_BRIEF_PART; i++)
        if (!b->part[i].n)
            buf_printf(line, "%s%s", line->n ? "、" : "今天没有：", parts[i].name);
    if (line->n)
        buf_z(line, "。");
}

static bool any_secret(const struct brief *b)
{
    for (int p = 0; p < N_BRIEF_PART; p++)
        for (size_t i = 0; i < b->part[p].n; i++)
            if (b->part[p].lines[i].secret)
                return true;
    return false;
}

static struct pdf *lay(const struct brief *b)
{
    static const struct pdf_style
        title = {.face = PDF_HEI, .align = PDF_CENTRE, .size = 22, .colour = 0xB3121D},
        sub = {.face = PDF_SONG, .align = PDF_CENTRE, .size = 10.5},
        note = {.face = PDF_KAI, .size = 12.5, .bold = true, .gap_before = 4},
        none = {.face = PDF_KAI, .size = 10, .gap_before = 6, .colour = 0x555555};
    struct pdf_options o = {.title = S("今日要情"),
        .subject = b->day,
        .header = any_secret(b) ? S("工作秘密　阅后交回") : S("内部使用"),
        .made_ms = b->made_ms};
    struct pdf *p = pdf_open(&o);
    struct civil at = clock_civil(b->made_ms, ZONE_CHINA);
    struct buf line;
    buf_init(&line, 0);
    pdf_para(p, &title, S("今日要情"));
    buf_printf(
        &line, "%.*s　　送：%.*s　　%d:%02d制", SF(b->day_text), SF(b->name), at.hour, at.minute);
    pdf_para(p, &sub, buf_view(&line));
    if (b->note.n)
        pdf_para(p, &note, b->note);
    for (int i = 0; i < N_BRIEF_PART; i++)
        lay_part(p, b, (enum brief_part)i);
    buf_clear(&line);
    put_none(&line, b);
    if (line.n)
        pdf_para(p, &none, buf_view(&line));
    buf_release(&line);
    return p;
}

enum code brief_pdf(const struct brief *b, struct buf *out, int *pages, struct err *e)
{
    struct arena a;
    struct pdf_made made = {0};
    arena_init(&a);
    enum code c = pdf_close(lay(b), &a, out, &made, e);
    *pages = made.pages;
    arena_release(&a);
    return c;
}

/* ---- what is cut ---- */

static size_t lines_of(const struct brief *b)
{
    size_t n = b->note.n ? 3 : 0;
    for (int p = 0; p < N_BRIEF_PART; p++) {
        const struct brief_section *s = &b->part[p];
        n += s->n ? s->shown + 1 + (s->shown < s->n) : 0;
    }
    return n;
}

/* The last line of the first part that has one to spare. */
static bool cut_one(struct brief *b)
{
    for (int i = 0; i < N_BRIEF_PART; i++) {
        struct brief_section *s = &b->part[cut_order[i]];
        if (s->shown > BRIEF_LEAST) {
            s->shown--;
            return true;
        }
    }
    return false;
}

enum code brief_fit(struct brief *b, struct err *e)
{
    bool more = true;
    for (int p = 0; p < N_BRIEF_PART; p++)
        b->part[p].shown = least(b->part[p].n, SHOWN_MOST);
    while (more && lines_of(b) > ROOM)
        more = cut_one(b);
    for (int pages = 2; pages > 1;) {
        struct buf out;
        buf_init(&out, 0);
        enum code c = brief_pdf(b, &out, &pages, e);
        buf_release(&out);
        TRY(c);
        if (pages > 1 && !cut_one(b))
            return FAIL(e, E_BUG, "今日要情一页放不下");
    }
    return OK;
}

/* ---- mail ---- */

void brief_text(const struct brief *b, struct buf *out)
{
    size_t secret = 0;
    buf_printf(out, "今日要情　%.*s\n\n", SF(b->day_text));
    if (b->note.n)
        buf_printf(out, "%.*s\n\n", SF(b->note));
    for (int p = 0; p < N_BRIEF_PART; p++) {
        const struct brief_section *s = &b->part[p];
        size_t open = 0, told = 0;
        for (size_t i = 0; i < s->n; i++)
            open += !s->lines[i].secret;
        secret += s->n - open;
        if (open)
            buf_printf(out, "【%s】%zu%s\n", parts[p].name, open, s->more ? "件以上" : "件");
        for (size_t i = 0; i < s->n && told < s->shown; i++) {
            if (s->lines[i].secret)
                continue;
            put_line(out, &s->lines[i], ++told);
            buf_char(out, '\n');
        }
        if (told < open)
            buf_printf(out, "另有%zu件未列。\n", open - told);
        buf_z(out, open ? "\n" : "");
    }
    if (secret)
        buf_z(out, "另有工作秘密事项，不在邮件里列出，请登录前哨或看纸质件。\n\n");
}
