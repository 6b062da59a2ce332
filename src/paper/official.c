#include "paper/official.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

enum { DOTS = 150 /* an inch, where nobody said how wide a picture is */ };

const char *official_form_name(enum official_form f)
{
    static const char *const names[N_OFFICIAL_FORM] = {
        "文件", "信函", "命令", "纪要", "简报", "讲话稿", "诵读稿", "白头"};
    return f < N_OFFICIAL_FORM ? names[f] : "";
}

/* The i-th of a document's own lists of blocks: the text, then its attachments. */
static bool own_blocks(const struct official *d, size_t i, struct official_block **v, size_t *n)
{
    if (i > d->n_annexes)
        return false;
    *v = i ? d->annexes[i - 1].blocks : d->blocks;
    *n = i ? d->annexes[i - 1].n : d->n;
    return true;
}

bool official_blocks(const struct official *d, size_t i, struct official_block **v, size_t *n)
{
    if (i == 0)
        return own_blocks(d, 0, v, n);
    i--;
    for (size_t k = 0; k < d->n_carried; k++) {
        if (own_blocks(&d->carried[k], i, v, n))
            return true;
        i -= 1 + d->carried[k].n_annexes;
    }
    return own_blocks(d, i + 1, v, n);
}

/* Width and height out of the head of a PNG. */
static bool png_dots(struct str s, double *wide, double *high)
{
    const unsigned char *p = (const unsigned char *)s.p;

    if (s.n < 24 || memcmp(s.p, "\x89PNG\r\n\x1a\n", 8) != 0)
        return false;
    *wide = (double)((uint32_t)p[16] << 24 | (uint32_t)p[17] << 16 | (uint32_t)p[18] << 8 | p[19]);
    *high = (double)((uint32_t)p[20] << 24 | (uint32_t)p[21] << 16 | (uint32_t)p[22] << 8 | p[23]);
    return true;
}

bool official_picture_size(
    const struct official_block *b, double width, double height, double *w, double *h)
{
    double wide = b->wide, high = b->high;

    if ((b->png.n && !png_dots(b->png, &wide, &high)) || wide <= 0 || high <= 0)
        return false;
    *w = fmin(b->width_mm > 0 ? b->width_mm : wide / DOTS * 25.4, width);
    *h = *w * high / wide;
    if (*h > height) {
        *w *= height / *h;
        *h = height;
    }
    return true;
}

static enum code check_blocks(const struct official_block *v, size_t n, struct err *e)
{
    if (n > OFFICIAL_BLOCKS_MAX)
        return FAIL(e, E_LIMIT, "一篇最多%d段，这里有%zu段", OFFICIAL_BLOCKS_MAX, n);
    for (size_t i = 0; i < n; i++) {
        const struct official_table *t = &v[i].table;
        if (v[i].kind == OFFICIAL_TABLE &&
            (t->n_rows > OFFICIAL_ROWS_MAX || t->n_columns > OFFICIAL_COLUMNS_MAX ||
                t->n_columns == 0))
            return FAIL(e, E_LIMIT, "一张表最多%d行%d列，这里有%zu行%zu列", OFFICIAL_ROWS_MAX,
                OFFICIAL_COLUMNS_MAX, t->n_rows, t->n_columns);
        if (v[i].text.n > OFFICIAL_BLOCK_CP_MAX && utf8_len_cp(v[i].text) > OFFICIAL_BLOCK_CP_MAX)
            return FAIL(e, E_LIMIT, "第%zu段超过%d字，请分段", i + 1, OFFICIAL_BLOCK_CP_MAX);
        if (v[i].head > v[i].text.n)
            return FAIL(e, E_BUG, "第%zu段的标题比全段长", i + 1);
    }
    return OK;
}

static enum code check_part(const struct official *d, struct err *e)
{
    const struct {
        size_t n, most;
        const char *what;
    } lists[] = {{d->n_issuers, OFFICIAL_LIST_MAX, "发文机关"},
        {d->n_signers, OFFICIAL_SIGNERS_MAX, "签发人"},
        {d->n_attachments, OFFICIAL_LIST_MAX, "附件说明"},
        {d->n_signatures, OFFICIAL_LIST_MAX, "署名"}, {d->n_lists, OFFICIAL_LIST_MAX, "名单"},
        {d->n_annexes, OFFICIAL_LIST_MAX, "附件"}, {d->n_to, OFFICIAL_TO_MAX, "报送发"},
        {d->n_carried, OFFICIAL_LIST_MAX, "印发件"}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].n > lists[i].most)
            return FAIL(
                e, E_LIMIT, "%s最多%zu个，这里有%zu个", lists[i].what, lists[i].most, lists[i].n);
    for (size_t i = 0; i < d->n_signers; i++)
        if (utf8_len_cp(d->signers[i]) > OFFICIAL_SIGNER_CP_MAX)
            return FAIL(e, E_LIMIT, "签发人“%.*s”不像姓名，最多%d个字",
                SF(str_sub(d->signers[i], 0, utf8_off(d->signers[i], 8))), OFFICIAL_SIGNER_CP_MAX);
    TRY(check_blocks(d->blocks, d->n, e));
    for (size_t i = 0; i < d->n_annexes; i++)
        TRY(check_blocks(d->annexes[i].blocks, d->annexes[i].n, e));
    return OK;
}

enum code official_check(const struct official *d, struct err *e)
{
    TRY(check_part(d, e));
    for (size_t i = 0; i < d->n_carried; i++) {
        if (d->carried[i].n_carried)
            return FAIL(e, E_BUG, "第%zu个印发件里还有印发件", i + 1);
        TRY(check_part(&d->carried[i], e));
    }
    return OK;
}
