/* form.c - a streaming parser of forms: one pass, one state machine, files straight to disk. */
#include "web/form.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

enum { PART_HEAD_MAX = 4096, BOUNDARY_MAX = 70, NAME_MAX_BYTES = 240, FIELD_NAME_MAX = 200 };

enum state {
    URLENCODED,
    PREAMBLE,    /* before the first delimiter: nothing but the delimiter may come */
    AFTER_DELIM, /* two bytes decide: CRLF (a part) or "--" (the end) */
    PART_HEAD,
    PART_TEXT,
    PART_FILE,
    EPILOGUE
};

struct form_parser {
    struct arena *a;
    struct form_limits limits;
    struct str tmp_dir;
    enum state state;
    char delim[BOUNDARY_MAX + 5]; /* CR LF - - boundary */
    size_t n_delim, matched;
    struct buf head, text; /* head of the part; value of a text part, or the urlencoded body */
    size_t text_total;
    int64_t total;
    struct str field;
    struct upload file;
    size_t cap_fields, cap_files;
    bool failed;
};

static void parser_release(void *arg)
{
    struct form *f = arg;
    buf_release(&f->parser->head);
    buf_release(&f->parser->text);
    if (f->parser->state == PART_FILE && f->parser->file.fd >= 0)
        close(f->parser->file.fd);
    for (size_t i = 0; i < f->n_files; i++)
        close(f->files[i].fd);
}

/* RFC 2046 5.1.1: 1 to 70 characters of bchars, none of which is CR: so on a mismatch inside the
 * delimiter nothing but a new CR can begin it again. */
static bool boundary_ok(struct str b)
{
    static const char more[] = "'()+_,-./:=? ";
    for (size_t i = 0; i < b.n; i++) {
        char c = b.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  (c != '\0' && strchr(more, c) != NULL);
        if (!ok)
            return false;
    }
    return b.n >= 1 && b.n <= BOUNDARY_MAX;
}

static enum code set_type(struct form_parser *p, struct str content_type, struct err *e)
{
    struct str type = content_type, rest, boundary;
    str_cut(content_type, S(";"), &type, &rest);
    type = str_trim(type);
    if (str_eq_nocase(type, S("application/x-www-form-urlencoded"))) {
        p->state = URLENCODED;
        return OK;
    }
    if (!str_eq_nocase(type, S("multipart/form-data")))
        return FAIL(e, E_INPUT, "请求体的类型不是表单");
    if (!head_param(p->a, content_type, "boundary", &boundary) || !boundary_ok(boundary))
        return FAIL(e, E_INPUT, "表单的分隔符不正确");
    memcpy(p->delim, "\r\n--", 4);
    memcpy(p->delim + 4, boundary.p, boundary.n);
    p->n_delim = boundary.n + 4;
    p->matched = 2; /* the first delimiter has no CRLF before it */
    p->state = PREAMBLE;
    return OK;
}

enum code form_new(struct arena *a, struct str content_type, struct str tmp_dir,
    const struct form_limits *limits, struct form **out, struct err *e)
{
    struct form *f = ARENA_NEW(a, struct form);
    struct form_parser *p = ARENA_NEW(a, struct form_parser);
    p->a = a;
    p->limits = *limits;
    p->tmp_dir = tmp_dir;
    p->file.fd = -1;
    TRY(set_type(p, content_type, e));
    buf_init(&p->head, PART_HEAD_MAX);
    buf_init(&p->text, limits->text_bytes);
    f->parser = p;
    arena_defer(a, parser_release, f);
    *out = f;
    return OK;
}

static enum code spool_open(struct form_parser *p, int *fd, struct err *e)
{
    struct str path = arena_printf(p->a, "%.*s/upload-XXXXXX", SF(p->tmp_dir));
    char *z = arena_z(p->a, path);
    *fd = mkstemp(z);
    if (*fd < 0)
        return FAIL(e, E_IO, "无法在“%.*s”暂存上传的文件", SF(p->tmp_dir));
    (void)fcntl(*fd, F_SETFD, FD_CLOEXEC);
    unlink(z);
    return OK;
}

static enum code spool_write(struct form_parser *p, struct str s, struct err *e)
{
    while (s.n > 0) {
        ssize_t k = write(p->file.fd, s.p, s.n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0 && (errno == ENOSPC || errno == EDQUOT))
            return FAIL(e, E_FULL, "服务器的磁盘已满，文件没有收下");
        if (k <= 0)
            return FAIL(e, E_IO, "暂存上传的文件时磁盘写不下去");
        p->file.size += k;
        s = str_sub(s, (size_t)k, s.n);
    }
    return OK;
}

/* Bytes of the current part (or of the preamble, where none may come). */
static enum code part_bytes(struct form_parser *p, struct str s, struct err *e)
{
    if (s.n == 0)
        return OK;
    if (p->state == PART_FILE)
        return spool_write(p, s, e);
    if (p->state == PREAMBLE)
        return FAIL(e, E_INPUT, "表单没有以分隔符开头");
    p->text_total += s.n;
    if (p->text_total > p->limits.text_bytes)
        return FAIL(e, E_LIMIT, "填写的内容超过%zu字节", p->limits.text_bytes);
    buf_str(&p->text, s);
    return OK;
}

/* A copy in the arena with CRLF and CR as LF; false for what is no text. */
static bool clean_text(struct form_parser *p, struct str s, struct str *out)
{
    char *t = arena_alloc(p->a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\r') {
            if (i + 1 < s.n && s.p[i + 1] == '\n')
                continue;
            c = '\n';
        }
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return false;
        t[n++] = (char)c;
    }
    *out = (struct str){t, n};
    return utf8_check(*out) == SIZE_MAX;
}

static enum code part_done(struct form *f, struct err *e)
{
    struct form_parser *p = f->parser;
    if (p->state == PART_TEXT) {
        struct pair v = {p->field, {NULL, 0}};
        if (!clean_text(p, buf_view(&p->text), &v.value))
            return FAIL(e, E_INPUT, "“%.*s”里有不是文字的字节", SF(p->field));
        ARENA_PUSH(p->a, f->fields, f->n_fields, p->cap_fields) = v;
        buf_clear(&p->text);
    } else if (p->state == PART_FILE) {
        if (p->file.size == 0 && p->file.name.n == 0) {
            close(p->file.fd);
        } else {
            lseek(p->file.fd, 0, SEEK_SET);
            ARENA_PUSH(p->a, f->files, f->n_files, p->cap_files) = p->file;
        }
        p->file.fd = -1;
    }
    return OK;
}

/* The last path part of what the client calls the file; control characters, quotes and what is no UTF-8
 * replaced; cut at a character. */
static struct str file_name(struct form_parser *p, struct str s)
{
    struct buf b;
    struct str head, tail, out;
    buf_init(&b, 3 * s.n + 1);
    utf8_clean(&b, s);
    s = arena_str(p->a, buf_view(&b));
    buf_release(&b);
    if (str_cut_last(s, S("/"), &head, &tail))
        s = tail;
    if (str_cut_last(s, S("\\"), &head, &tail))
        s = tail;
    while (s.n > NAME_MAX_BYTES) { /* keep the end, where the extension is */
        size_t off = 0;
        utf8_next(s, &off);
        s = str_sub(s, off, s.n);
    }
    char *z = arena_z(p->a, s);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)z[i] < 0x20 || z[i] == 0x7f)
            z[i] = '_';
    out = (struct str){z, s.n};
    return out;
}

struct part_head {
    struct str disposition, type;
};

static enum code part_lines(struct str head, struct part_head *out, struct err *e)
{
    struct str line;
    while (str_next(&head, S("\r\n"), &line)) {
        struct str name, value;
        if (!str_cut(line, S(":"), &name, &value) || name.n == 0 || name.p[0] == ' ' ||
            name.p[0] == '\t')
            return FAIL(e, E_INPUT, "表单一部分的头不正确");
        if (str_eq_nocase(name, S("content-disposition")))
            out->disposition = str_trim(value);
        else if (str_eq_nocase(name, S("content-type")))
            out->type = str_trim(value);
    }
    return OK;
}

static enum code part_begin(struct form *f, struct err *e)
{
    struct form_parser *p = f->parser;
    struct str head = arena_str(p->a, buf_view(&p->head)), name, file;
    struct part_head h = {{NULL, 0}, {NULL, 0}};
    buf_clear(&p->head);
    TRY(part_lines(head, &h, e));
    if (!str_starts(h.disposition, S("form-data")) ||
        !head_param(p->a, h.disposition, "name", &name) || name.n == 0 || name.n > FIELD_NAME_MAX ||
        utf8_check(name) != SIZE_MAX)
        return FAIL(e, E_INPUT, "表单的一部分没有名字");
    p->field = name;
    if (head_param(p->a, h.disposition, "filename", &file)) {
        if (f->n_files == p->limits.files)
            return FAIL(e, E_LIMIT, "一次最多上传%zu个文件", p->limits.files);
        p->file = (struct upload){name, file_name(p, file), h.type, -1, 0};
        TRY(spool_open(p, &p->file.fd, e));
        p->state = PART_FILE;
        return OK;
    }
    if (f->n_fields == p->limits.fields)
        return FAIL(e, E_LIMIT, "表单的项目超过%zu个", p->limits.fields);
    p->state = PART_TEXT;
    return OK;
}

/* One byte that may belong to the delimiter. *used false: what looked like it was content, and the byte is
 * to be looked at again. */
static enum code delim_byte(struct form *f, char c, bool *used, struct err *e)
{
    struct form_parser *p = f->parser;
    size_t k = p->matched;
    *used = true;
    if (c != p->delim[k]) {
        if (k == 0)
            return part_bytes(p, (struct str){&c, 1}, e);
        *used = false;
        p->matched = 0;
        return part_bytes(p, (struct str){p->delim, k}, e);
    }
    if (++p->matched < p->n_delim)
        return OK;
    p->matched = 0;
    TRY(part_done(f, e));
    p->state = AFTER_DELIM;
    return OK;
}

/* Inside a part: pass bytes on until the delimiter is complete. *used: how many were taken. */
static enum code scan_part(struct form *f, struct str s, size_t *used, struct err *e)
{
    struct form_parser *p = f->parser;
    enum code c = OK;
    size_t i = 0;
    while (c == OK && i < s.n && p->state != AFTER_DELIM) {
        const char *cr = p->matched ? s.p + i : memchr(s.p + i, '\r', s.n - i);
        size_t plain = cr ? (size_t)(cr - (s.p + i)) : s.n - i;
        bool one = false;
        if (plain > 0)
            c = part_bytes(p, str_sub(s, i, plain), e);
        else
            c = delim_byte(f, s.p[i], &one, e);
        i += plain > 0 ? plain : one;
    }
    *used = i;
    return c;
}

static enum code after_delim(struct form_parser *p, char c, struct err *e)
{
    buf_char(&p->head, c);
    if (p->head.n < 2)
        return OK;
    if (p->head.p[0] == '-' && p->head.p[1] == '-')
        p->state = EPILOGUE;
    else if (p->head.p[0] == '\r' && p->head.p[1] == '\n')
        p->state = PART_HEAD;
    else
        return FAIL(e, E_INPUT, "表单的分隔行不正确");
    buf_clear(&p->head);
    return OK;
}

static enum code head_byte(struct form *f, char c, struct err *e)
{
    struct form_parser *p = f->parser;
    buf_char(&p->head, c);
    if (p->head.full)
        return FAIL(e, E_LIMIT, "表单一部分的头超过%d字节", (int)PART_HEAD_MAX);
    if (!str_ends(buf_view(&p->head), S("\r\n\r\n")))
        return OK;
    p->head.n -= 4;
    return part_begin(f, e);
}

/* Some of the bytes, at least one unless it fails or a delimiter only seemed to begin. */
static enum code step(struct form *f, struct str s, size_t *used, struct err *e)
{
    struct form_parser *p = f->parser;
    *used = 1;
    switch (p->state) {
    case AFTER_DELIM:
        return after_delim(p, s.p[0], e);
    case PART_HEAD:
        return head_byte(f, s.p[0], e);
    case PREAMBLE:
    case PART_TEXT:
    case PART_FILE:
        return scan_part(f, s, used, e);
    case URLENCODED:
        *used = s.n;
        return part_bytes(p, s, e);
    case EPILOGUE: /* may follow, means nothing; total_bytes bounds it */
        break;
    }
    *used = s.n;
    return OK;
}

static enum code feed(struct form *f, struct str s, struct err *e)
{
    struct form_parser *p = f->parser;
    size_t i = 0, used = 0;
    p->total += (int64_t)s.n;
    if (p->total > p->limits.total_bytes)
        return FAIL(e, E_LIMIT, "提交的内容超过%lldKB", (long long)(p->limits.total_bytes >> 10));
    for (; i < s.n; i += used)
        TRY(step(f, str_sub(s, i, s.n), &used, e));
    return OK;
}

enum code form_feed(struct form *f, struct str bytes, struct err *e)
{
    enum code c;
    if (f->parser->failed)
        return FAIL(e, E_INPUT, "表单已经出错");
    c = feed(f, bytes, e);
    f->parser->failed = c != OK;
    return c;
}

/* The urlencoded body: as a query, but values are text with line ends. */
static enum code end_urlencoded(struct form *f, struct err *e)
{
    struct form_parser *p = f->parser;
    struct str body = arena_str(p->a, buf_view(&p->text));
    struct pairs list;
    TRY(head_params(p->a, body, true, p->limits.fields, &list, e));
    f->fields = list.v;
    f->n_fields = list.n;
    for (size_t i = 0; i < f->n_fields; i++)
        if (!clean_text(p, f->fields[i].value, &f->fields[i].value))
            return FAIL(e, E_INPUT, "表单里有不是文字的字节");
    return OK;
}

enum code form_end(struct form *f, struct err *e)
{
    struct form_parser *p = f->parser;
    if (p->failed)
        return FAIL(e, E_INPUT, "表单已经出错");
    p->failed = true; /* takes no more */
    if (p->state == URLENCODED)
        return end_urlencoded(f, e);
    if (p->state != EPILOGUE)
        return FAIL(e, E_INPUT, "提交的内容不完整，请重试");
    return OK;
}

enum code upload_read(struct arena *a, const struct upload *u, int64_t most, const char *what,
    struct str *out, struct err *e)
{
    char *p;

    if (!u || u->size <= 0)
        return FAIL(e, E_INPUT, "没有选%s，或者文件是空的", what);
    if (u->size > most)
        return FAIL(e, E_LIMIT, "%s“%.*s”超过%lldMB，请缩小后再传", what, SF(u->name),
            (long long)(most >> 20));
    p = ARENA_ARRAY(a, char, (size_t)u->size);
    for (int64_t got = 0; got < u->size;) {
        ssize_t n = pread(u->fd, p + got, (size_t)(u->size - got), got);
        if (n <= 0)
            return FAIL(e, E_IO, "%s“%.*s”没有读全，请再传一次", what, SF(u->name));
        got += n;
    }
    *out = (struct str){p, (size_t)u->size};
    return OK;
}
