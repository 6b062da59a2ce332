/* Markdown by md4c: headings, paragraphs, lists, tables; marks of emphasis gone. */
#include <md4c.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/formats.h"

enum { CELLS_MAX = 1024, LISTS_MAX = 16 };

struct md {
    struct job *j;
    struct buf text;
    struct str cells[CELLS_MAX];
    size_t n_cells;
    struct {
        bool ordered;
        unsigned next;
    } lists[LISTS_MAX];
    size_t n_lists;
    bool at_item; /* the next paragraph is the first of a list item: it gets the number */
    bool skip;    /* inside raw HTML */
    bool titled;
};

static void end_paragraph(struct md *m, enum block_kind kind, int level)
{
    job_block(m->j, kind, level, buf_view(&m->text));
    buf_clear(&m->text);
}

static void item_label(struct md *m)
{
    size_t i = m->n_lists;

    if (!m->at_item || i == 0 || i > LISTS_MAX)
        return;
    m->at_item = false;
    if (m->lists[i - 1].ordered)
        buf_printf(&m->text, "%u. ", m->lists[i - 1].next++);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct md *m = arg;

    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) {
        if (m->text.n > 0) /* a tight item goes on into an inner list */
            end_paragraph(m, BLOCK_PARA, 0);
        if (m->n_lists < LISTS_MAX) {
            m->lists[m->n_lists].ordered = type == MD_BLOCK_OL;
            m->lists[m->n_lists].next =
                type == MD_BLOCK_OL ? ((const MD_BLOCK_OL_DETAIL *)detail)->start : 0;
        }
        m->n_lists++;
    } else if (type == MD_BLOCK_LI) {
        m->at_item = true;
        item_label(m);
    } else if (type == MD_BLOCK_TABLE) {
        m->j->tables++;
    } else if (type == MD_BLOCK_TR) {
        m->n_cells = 0;
    } else if (type == MD_BLOCK_HTML) {
        m->skip = true;
    }
    return !job_ok(m->j);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct md *m = arg;

    switch (type) {
    case MD_BLOCK_H: {
        int level = (int)((const MD_BLOCK_H_DETAIL *)detail)->level;
        bool title = level == 1 && !m->titled;
        m->titled = m->titled || title;
        end_paragraph(m, title ? BLOCK_TITLE : BLOCK_HEADING, title ? 0 : level);
        break;
    }
    case MD_BLOCK_P:
    case MD_BLOCK_LI:
    case MD_BLOCK_CODE:
    case MD_BLOCK_QUOTE:
        end_paragraph(m, BLOCK_PARA, 0);
        m->at_item = false;
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        m->n_lists--;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        if (m->n_cells < CELLS_MAX)
            m->cells[m->n_cells++] = arena_str(m->j->a, buf_view(&m->text));
        buf_clear(&m->text);
        break;
    case MD_BLOCK_TR:
        job_row(m->j, m->j->tables, m->cells, m->n_cells);
        break;
    case MD_BLOCK_HTML:
        m->skip = false;
        break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_HR:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    default:
        break;
    }
    return !job_ok(m->j);
}

static int span(MD_SPANTYPE type, void *detail, void *arg)
{
    (void)type;
    (void)detail;
    (void)arg;
    return 0;
}

/* The few entities that people write, and numbers. */
static void entity(struct buf *out, struct str s)
{
    static const struct {
        struct str name;
        const char *text;
    } known[] = {{SC("&amp;"), "&"}, {SC("&lt;"), "<"}, {SC("&gt;"), ">"}, {SC("&quot;"), "\""},
        {SC("&nbsp;"), " "}, {SC("&ldquo;"), "“"}, {SC("&rdquo;"), "”"}, {SC("&mdash;"), "—"},
        {SC("&middot;"), "·"}, {SC("&hellip;"), "…"}};
    uint32_t cp = 0;
    bool hex = s.n > 3 && (s.p[2] == 'x' || s.p[2] == 'X');

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (str_eq(s, known[i].name)) {
            buf_z(out, known[i].text);
            return;
        }
    }
    if (s.n < 4 || s.p[1] != '#') {
        buf_str(out, s);
        return;
    }
    for (size_t i = hex ? 3 : 2; i + 1 < s.n && cp < 0x110000; i++) {
        char c = s.p[i];
        uint32_t v = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a' + 10);
        cp = cp * (hex ? 16 : 10) + v;
    }
    buf_utf8(out, cp ? cp : 0xFFFD);
}

static int text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *arg)
{
    struct md *m = arg;
    struct str s = {p, n};

    if (m->skip || type == MD_TEXT_HTML)
        return 0;
    if (type == MD_TEXT_BR)
        buf_char(&m->text, '\n');
    else if (type == MD_TEXT_ENTITY)
        entity(&m->text, s);
    else if (type == MD_TEXT_SOFTBR) { /* a line broken in the source: Chinese has no blank there */
        if (m->text.n > 0 && (unsigned char)m->text.p[m->text.n - 1] < 0x80)
            buf_char(&m->text, ' ');
    } else if (type != MD_TEXT_NULLCHAR)
        buf_str(&m->text, s);
    return !job_ok(m->j);
}

/* ---- the flaw of CommonMark beside Chinese quotation marks ---- */

/* `**“重点”**内容`: the closing ** stands between punctuation and a letter, so CommonMark takes it
 * for no end, and the stars stay in the text. A ** that md4c left over is emphasis that failed: pairs of them
 * on one block are dropped. */
static void drop_left_over_stars(struct arena *a, struct block *b)
{
    char *p = arena_z(a, b->text);
    size_t n = b->text.n, at = 0, pairs = 0, kept;

    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i] == '*' && p[i + 1] == '*') {
            pairs++;
            i++;
        }
    }
    kept = pairs % 2; /* an odd one, the last, is not known to be emphasis */
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && p[i] == '*' && p[i + 1] == '*' && pairs > kept) {
            pairs--;
            i++;
            continue;
        }
        p[at++] = p[i];
    }
    b->text = (struct str){p, at};
}

enum code read_md(struct job *j, struct str bytes)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = span,
        .leave_span = span,
        .text = text};
    struct md *m = ARENA_NEW(j->a, struct md);
    struct str s = {"", 0};

    j->d.format = FORMAT_MD;
    TRY(text_utf8(j, bytes, S(""), &s));
    m->j = j;
    buf_init(&m->text, j->lim->text_bytes);
    if (s.n > UINT32_MAX || (md_parse(s.p, (MD_SIZE)s.n, &parser, m) != 0 && job_ok(j)))
        (void)JOB_FAIL(j, E_INPUT, "Markdown 太复杂，无法读取，请另存为 txt 再导入");
    if (m->text.full)
        (void)JOB_FAIL(j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", j->lim->text_bytes >> 20);
    buf_release(&m->text);
    for (size_t i = 0; i < j->d.n; i++)
        if (str_has(j->d.blocks[i].text, S("**")))
            drop_left_over_stars(j->a, &j->d.blocks[i]);
    return j->failed;
}
