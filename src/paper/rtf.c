/* rtf: many a .doc is one. Text, paragraphs, table rows; groups that are not text are passed over. */
#include <string.h>

#include "base/utf8.h"
#include "paper/charset.h"
#include "paper/formats.h"

enum { GROUPS_MAX = 200, CELLS_MAX = 1024 };

struct rtf {
    struct job *j;
    struct str s;
    size_t at;
    struct {
        bool skip;
        int uc; /* bytes that stand for a \u character in old programs */
    } group[GROUPS_MAX];
    size_t depth;
    struct buf bytes; /* in the code page, not decoded yet */
    struct buf text;
    struct str *cells;
    size_t n_cells, cap_cells;
    bool in_table, row_open;
    uint32_t high; /* first half of a surrogate pair */
    struct str charset;
};

static void decode(struct rtf *r)
{
    if (r->bytes.n > 0)
        (void)charset_decode(&r->text, buf_view(&r->bytes), r->charset);
    buf_clear(&r->bytes);
}

static void end_cell(struct rtf *r)
{
    struct str s;

    decode(r);
    s = arena_str(r->j->a, buf_view(&r->text));
    if (r->n_cells < CELLS_MAX)
        ARENA_PUSH(r->j->a, r->cells, r->n_cells, r->cap_cells) = s;
    buf_clear(&r->text);
}

static void end_row(struct rtf *r)
{
    if (!r->row_open)
        r->j->tables++;
    r->row_open = true;
    job_row(r->j, r->j->tables, r->cells, r->n_cells);
    r->n_cells = 0;
    r->in_table = false;
}

static void end_paragraph(struct rtf *r)
{
    decode(r);
    if (r->in_table) {
        buf_char(&r->text, ' ');
        return;
    }
    if (r->text.n > 0)
        r->row_open = false;
    job_block(r->j, BLOCK_PARA, 0, buf_view(&r->text));
    buf_clear(&r->text);
}

/* Destinations that hold no text of the document. */
static bool is_aside(struct str w)
{
    static const struct str names[] = {SC("fonttbl"), SC("colortbl"), SC("stylesheet"), SC("info"),
        SC("pict"), SC("object"), SC("header"), SC("footer"), SC("headerl"), SC("headerr"),
        SC("footerl"), SC("footerr"), SC("headerf"), SC("footerf"), SC("listtable"),
        SC("listoverridetable"), SC("rsidtbl"), SC("generator"), SC("xmlnstbl"), SC("themedata"),
        SC("colorschememapping"), SC("datastore"), SC("latentstyles"), SC("fldinst"),
        SC("nonshppict"), SC("filetbl"), SC("revtbl"), SC("bkmkstart"), SC("bkmkend"),
        SC("deleted"), SC("pntext")};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (str_eq(w, names[i]))
            return true;
    return false;
}

static void unicode(struct rtf *r, int n)
{
    uint32_t u = (uint32_t)(n & 0xFFFF);
    int skip = r->group[r->depth].uc;

    decode(r);
    if (u >= 0xD800 && u < 0xDC00) {
        r->high = u;
    } else if (u >= 0xDC00 && u < 0xE000) {
        buf_utf8(&r->text, r->high ? 0x10000 + ((r->high - 0xD800) << 10) + (u - 0xDC00) : 0xFFFD);
        r->high = 0;
    } else {
        buf_utf8(&r->text, u);
        r->high = 0;
    }
    while (skip-- > 0 && r->at < r->s.n) { /* the stand-in */
        char c = r->s.p[r->at];
        if (c == '{' || c == '}')
            break;
        if (c == '\\' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '\'')
            r->at += 4;
        else if (c == '\\')
            break;
        else
            r->at++;
    }
    if (r->at > r->s.n)
        r->at = r->s.n;
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): a table of words with what they do
static void word(struct rtf *r, struct str w, int n)
{
    static const struct {
        struct str name;
        const char *text;
    } marks[] = {{SC("tab"), "\t"}, {SC("line"), "\n"}, {SC("emdash"), "—"}, {SC("endash"), "–"},
        {SC("lquote"), "‘"}, {SC("rquote"), "’"}, {SC("ldblquote"), "“"}, {SC("rdblquote"), "”"},
        {SC("bullet"), "•"}, {SC("emspace"), " "}, {SC("enspace"), " "}};

    if (is_aside(w))
        r->group[r->depth].skip = true;
    if (str_eq(w, S("uc")))
        r->group[r->depth].uc = n < 0 ? 0 : n > 8 ? 8 : n;
    if (str_eq(w, S("ansicpg")) && n > 0)
        r->charset = n == 936    ? S("GB18030")
                     : n == 950  ? S("BIG5")
                     : n == 1252 ? S("WINDOWS-1252")
                                 : r->charset;
    if (r->group[r->depth].skip)
        return;
    if (str_eq(w, S("par")) || str_eq(w, S("sect"))) {
        end_paragraph(r);
    } else if (str_eq(w, S("u"))) {
        unicode(r, n);
    } else if (str_eq(w, S("intbl"))) {
        r->in_table = true;
    } else if (str_eq(w, S("pard"))) {
        r->in_table = false;
    } else if (str_eq(w, S("cell"))) {
        end_cell(r);
    } else if (str_eq(w, S("row"))) {
        end_row(r);
    } else {
        for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
            if (str_eq(w, marks[i].name)) {
                decode(r);
                buf_z(&r->text, marks[i].text);
            }
        }
    }
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 0;
}

/* Behind a backslash. */
// NOLINTNEXTLINE(readability-function-cognitive-complexity): the grammar of one token
static void control(struct rtf *r)
{
    size_t begin = r->at;
    char c = r->s.p[r->at];
    int64_t n = 1;
    struct err ignored;
    struct str w;

    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
        r->at++;
        if (c == '\'' && r->at + 1 < r->s.n) {
            if (!r->group[r->depth].skip)
                buf_char(&r->bytes, (char)(hex(r->s.p[r->at]) * 16 + hex(r->s.p[r->at + 1])));
            r->at += 2;
        } else if (c == '*') {
            r->group[r->depth].skip = true;
        } else if (c == '\n' || c == '\r') {
            end_paragraph(r);
        } else if (strchr("\\{}", c) && !r->group[r->depth].skip) {
            buf_char(&r->bytes, c);
        } else if ((c == '~' || c == '_') && !r->group[r->depth].skip) {
            buf_char(&r->bytes, c == '~' ? ' ' : '-');
        }
        return;
    }
    while (r->at < r->s.n && ((r->s.p[r->at] | 32) >= 'a' && (r->s.p[r->at] | 32) <= 'z'))
        r->at++;
    w = str_sub(r->s, begin, r->at - begin);
    begin = r->at;
    if (r->at < r->s.n && r->s.p[r->at] == '-')
        r->at++;
    while (r->at < r->s.n && r->s.p[r->at] >= '0' && r->s.p[r->at] <= '9' && r->at - begin < 10)
        r->at++;
    if (r->at > begin && str_int(str_sub(r->s, begin, r->at - begin), &n, &ignored) != OK)
        n = 1;
    if (r->at < r->s.n && r->s.p[r->at] == ' ')
        r->at++;
    if (str_eq(w, S("bin"))) {
        size_t skip = n > 0 ? (size_t)n : 0;
        r->at = skip < r->s.n - r->at ? r->at + skip : r->s.n;
        return;
    }
    word(r, w, (int)n);
}

static void step(struct rtf *r)
{
    char c = r->s.p[r->at++];

    if (c == '{') {
        if (r->depth + 1 >= GROUPS_MAX) {
            (void)JOB_FAIL(r->j, E_LIMIT, "RTF 嵌套超过上限 %d 层", (int)GROUPS_MAX);
            return;
        }
        r->group[r->depth + 1] = r->group[r->depth];
        r->depth++;
    } else if (c == '}') {
        if (r->depth > 0)
            r->depth--;
    } else if (c == '\\') {
        if (r->at < r->s.n)
            control(r);
    } else if (c != '\n' && c != '\r' && !r->group[r->depth].skip) {
        buf_char(&r->bytes, c);
    }
}

enum code read_rtf(struct job *j, struct str bytes)
{
    struct rtf *r = ARENA_NEW(j->a, struct rtf);

    j->d.format = FORMAT_DOC;
    r->j = j;
    r->s = bytes;
    r->group[0].uc = 1;
    r->charset = S("GB18030");
    buf_init(&r->text, j->lim->text_bytes);
    buf_init(&r->bytes, j->lim->text_bytes);
    while (r->at < r->s.n && job_ok(j))
        step(r);
    r->in_table = false;
    end_paragraph(r);
    if (r->text.full || r->bytes.full)
        (void)JOB_FAIL(j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", j->lim->text_bytes >> 20);
    buf_release(&r->text);
    buf_release(&r->bytes);
    return j->failed;
}
