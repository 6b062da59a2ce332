#include "office/key.h"

#include "base/buf.h"

#include "base/utf8.h"
#include "text/cite.h"
#include "text/docno.h"

static struct str kept(struct arena *a, struct buf *b)
{
    struct str s = arena_str(a, buf_view(b));

    buf_release(b);
    return s;
}

struct str key_of_title(struct arena *a, struct str title)
{
    struct buf b;

    buf_init(&b, 4096);
    cite_key_relaxed(title, &b);
    return kept(a, &b);
}

struct str key_printed(struct str title)
{
    static const struct str verbs[] = {
        SC("印发《"), SC("发布《"), SC("公布《"), SC("颁布《"), SC("下发《"), SC("颁发《")};
    struct str none = {0};
    struct str before;
    struct str rest;

    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        int depth = 1;
        size_t at = 0;
        if (!str_cut(title, verbs[i], &before, &rest))
            continue;
        while (at < rest.n && depth > 0) {
            uint32_t cp = utf8_next(rest, &at);
            depth += cp == 0x300A ? 1 : cp == 0x300B ? -1 : 0; /* 《 》 */
        }
        if (depth > 0 || str_has(str_sub(rest, at, rest.n), S("《")))
            return none;
        return str_sub(rest, 0, at - S("》").n);
    }
    return none;
}

bool key_same_title(struct arena *a, struct str x, struct str y)
{
    struct buf bx;
    struct buf by;

    buf_init(&bx, 4096);
    buf_init(&by, 4096);
    cite_key(x, &bx);
    cite_key(y, &by);
    return str_eq(kept(a, &bx), kept(a, &by));
}

struct str key_of_docno(struct arena *a, struct str docno)
{
    struct docno d;
    struct buf b;
    struct err e;

    docno = str_trim(docno);
    if (docno_parse(docno, &d, &e) != OK)
        return arena_str(a, docno);
    buf_init(&b, 1024);
    docno_key(&d, &b);
    return kept(a, &b);
}

struct str key_like_docno(struct arena *a, struct str part)
{
    const struct str bars = S("[](){}〔〕（）【】［］");
    const struct str dropped = S("号第 \t　");
    struct buf b;

    buf_init(&b, 4096);
    buf_char(&b, '%');
    for (size_t i = 0; i < part.n;) {
        size_t at = i;
        uint32_t cp = utf8_next(part, &i);
        struct str c = str_sub(part, at, i - at);
        if (str_has(bars, c))
            buf_char(&b, '|');
        else if (cp >= 0xFF10 && cp <= 0xFF19)
            buf_char(&b, (char)('0' + (cp - 0xFF10)));
        else if (cp == '%' || cp == '_' || cp == '\\')
            buf_printf(&b, "\\%c", (char)cp);
        else if (!str_has(dropped, c))
            buf_str(&b, c);
    }
    buf_char(&b, '%');
    return kept(a, &b);
}

struct str key_like(struct arena *a, struct str part)
{
    struct buf b;

    buf_init(&b, 4096);
    buf_char(&b, '%');
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] == '%' || part.p[i] == '_' || part.p[i] == '\\')
            buf_char(&b, '\\');
        buf_char(&b, part.p[i]);
    }
    buf_char(&b, '%');
    return kept(a, &b);
}
