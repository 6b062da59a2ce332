/* txt and csv. */
#include <string.h>

#include "base/utf8.h"
#include "paper/charset.h"
#include "paper/formats.h"

enum {
    STRANGE_PERCENT = 5, /* more unreadable characters than this: it is no text */
    CELLS_MAX = 4096,    /* cells of a csv row */
};

/* Characters that no text has: what could not be read, and controls. */
static size_t strange(struct str s, size_t *chars)
{
    size_t off = 0, n = 0;

    for (*chars = 0; off < s.n; (*chars)++) {
        uint32_t cp = utf8_next(s, &off);
        n += cp == 0xFFFD || (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r' && cp != '\f') ||
             (cp >= 0x7F && cp < 0xA0 && cp != 0x85);
    }
    return n;
}

enum code text_utf8(struct job *j, struct str bytes, struct str charset, struct str *out)
{
    struct charset c = charset_detect(bytes);
    struct buf b;
    size_t bad, chars, odd;

    if (charset.n > 0 && c.bom == 0)
        c.name = charset;
    buf_init(&b, j->lim->text_bytes * 2);
    bad = charset_decode(&b, str_sub(bytes, c.bom, bytes.n), c.name);
    if (bad == SIZE_MAX) { /* an encoding nobody knows: go by the bytes */
        c = charset_detect(bytes);
        bad = charset_decode(&b, str_sub(bytes, c.bom, bytes.n), c.name);
    }
    odd = strange(buf_view(&b), &chars);
    if (buf_check(&b, "文字", j->e) != OK)
        j->failed = E_LIMIT;
    else if (odd * 100 > chars * STRANGE_PERCENT || c.weight < 0)
        (void)JOB_FAIL(
            j, E_INPUT, "不是能读的文字，也不是认识的文件格式，请另存为 docx、pdf 或 txt 再导入");
    else if (bad > 0)
        job_warn(j, "有 %zu 处字节不合 %.*s 编码，以“�”代替", bad, SF(c.name));
    if (job_ok(j)) {
        *out = arena_str(j->a, buf_view(&b));
        j->d.encoding = arena_str(j->a, c.name);
    }
    buf_release(&b);
    return j->failed;
}

enum code read_txt(struct job *j, struct str bytes, struct str name)
{
    struct str text = {"", 0}, line;

    (void)name;
    j->d.format = FORMAT_TXT;
    TRY(text_utf8(j, bytes, S(""), &text));
    for (size_t i = 0, begin = 0; i <= text.n && job_ok(j); i++) {
        if (i < text.n && text.p[i] != '\n' && text.p[i] != '\r' && text.p[i] != '\f')
            continue;
        line = (struct str){text.p + begin, i - begin};
        job_block(j, BLOCK_PARA, 0, line);
        begin = i + 1;
    }
    return j->failed;
}

/* ---- csv ---- */

struct csv {
    struct str text;
    size_t at;
    char comma;
    struct buf cell;
};

/* The separator: whichever of , ; and tab the first line has most of, outside quotes. */
static char separator(struct str text)
{
    size_t n[3] = {0};
    bool quoted = false;

    for (size_t i = 0; i < text.n && (quoted || text.p[i] != '\n'); i++) {
        char ch = text.p[i];
        if (ch == '"')
            quoted = !quoted;
        else if (!quoted && (ch == ',' || ch == ';' || ch == '\t'))
            n[ch == ',' ? 0 : ch == ';' ? 1 : 2]++;
    }
    if (n[2] > n[0] && n[2] >= n[1])
        return '\t';
    return n[1] > n[0] ? ';' : ',';
}

/* One cell into c->cell; true while the row goes on behind it. */
static bool csv_cell(struct csv *c)
{
    bool quoted = false;

    buf_clear(&c->cell);
    if (c->at < c->text.n && c->text.p[c->at] == '"') {
        quoted = true;
        c->at++;
    }
    while (c->at < c->text.n) {
        char ch = c->text.p[c->at++];
        if (quoted && ch == '"') {
            quoted = c->at < c->text.n && c->text.p[c->at] == '"';
            c->at += quoted;
            if (quoted)
                buf_char(&c->cell, '"');
            continue;
        }
        if (!quoted && ch == c->comma)
            return true;
        if (!quoted && (ch == '\n' || ch == '\r')) {
            if (ch == '\r' && c->at < c->text.n && c->text.p[c->at] == '\n')
                c->at++;
            return false;
        }
        buf_char(&c->cell, ch);
    }
    return false;
}

enum code read_csv(struct job *j, struct str bytes)
{
    struct str *cells = ARENA_ARRAY(j->a, struct str, CELLS_MAX);
    struct csv c = {0};
    struct arena row;

    j->d.format = FORMAT_CSV;
    TRY(text_utf8(j, bytes, S(""), &c.text));
    c.comma = separator(c.text);
    j->tables = 1;
    while (c.at < c.text.n && job_ok(j)) {
        size_t n = 0;
        bool more = true;
        arena_init(&row);
        while (more) {
            more = csv_cell(&c);
            if (n < CELLS_MAX)
                cells[n++] = arena_str(&row, buf_view(&c.cell));
            else
                (void)JOB_FAIL(j, E_LIMIT, "一行超过上限 %d 格", (int)CELLS_MAX);
        }
        job_row(j, 1, cells, n);
        arena_release(&row);
    }
    buf_release(&c.cell);
    return j->failed;
}
