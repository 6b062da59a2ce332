#include "office/tsv.h"

#include "base/utf8.h"

/* The next line that is neither empty nor a remark. */
static bool next_line(struct tsv *t, struct str *line)
{
    while (str_next(&t->rest, S("\n"), line)) {
        t->line++;
        str_eat_end(line, S("\r"));
        struct str seen = str_trim(*line);
        if (seen.n && !str_starts(seen, S("#")))
            return true;
    }
    return false;
}

static enum code read_head(struct tsv *t, struct str head, struct err *e)
{
    struct str name;
    for (int at = 0; str_next(&head, S("\t"), &name); at++) {
        int i = 0;
        name = str_trim(name);
        while (i < t->n && !str_eq(name, str_z(t->columns[i].name)))
            i++;
        if (i == t->n)
            return FAIL(e, E_INPUT, "“%s”第%lld行第%d列：不认识的列名“%.*s”", t->file,
                (long long)t->line, at + 1, SF(name));
        if (t->at[i] >= 0)
            return FAIL(e, E_INPUT, "“%s”第%lld行第%d列：列名“%.*s”重复", t->file,
                (long long)t->line, at + 1, SF(name));
        t->at[i] = at;
    }
    for (int i = 0; i < t->n; i++)
        if (t->columns[i].required && t->at[i] < 0)
            return FAIL(e, E_INPUT, "“%s”第%lld行：缺少“%s”列", t->file, (long long)t->line,
                t->columns[i].name);
    return OK;
}

enum code tsv_begin(struct tsv *t, struct str text, const char *file,
    const struct tsv_column *columns, int n, struct err *e)
{
    struct str head;
    size_t wrong = utf8_check(text);
    CHECK_BUG(e, n <= TSV_COLUMNS);
    *t = (struct tsv){.file = file, .columns = columns, .n = n};
    for (int i = 0; i < TSV_COLUMNS; i++)
        t->at[i] = -1;
    if (wrong != SIZE_MAX) {
        int64_t line = 1;
        for (size_t i = 0; i < wrong; i++)
            line += text.p[i] == '\n';
        return FAIL(e, E_INPUT, "“%s”第%lld行：不是 UTF-8 文字，请另存为 UTF-8 后再导入", file,
            (long long)line);
    }
    str_eat(&text, S("\xef\xbb\xbf"));
    t->rest = text;
    if (!next_line(t, &head))
        return FAIL(e, E_INPUT, "“%s”：没有表头", file);
    return read_head(t, head, e);
}

enum code tsv_next(struct tsv *t, bool *more, struct err *e)
{
    struct str row, cell;
    int at = 0, last = -1;
    *more = next_line(t, &row);
    if (!*more)
        return OK;
    if (t->line > TSV_ROWS)
        return FAIL(e, E_LIMIT, "“%s”超过%d行，请分几次导入", t->file, TSV_ROWS);
    for (int i = 0; i < t->n; i++) {
        t->cell[i] = S("");
        if (t->at[i] > last)
            last = t->at[i];
    }
    for (; str_next(&row, S("\t"), &cell); at++) {
        if (at > last && str_trim(cell).n)
            return FAIL(e, E_INPUT, "“%s”第%lld行第%d列：比表头多出内容“%.*s”", t->file,
                (long long)t->line, at + 1, SF(str_trim(cell)));
        for (int i = 0; i < t->n; i++)
            if (t->at[i] == at)
                t->cell[i] = str_trim(cell);
    }
    return OK;
}

enum code tsv_at(const struct tsv *t, int64_t line, int column, struct err *e)
{
    if (t->at[column] < 0)
        return err_context(e, "“%s”第%lld行", t->file, (long long)line);
    return err_context(e, "“%s”第%lld行第%d列（%s）", t->file, (long long)line, t->at[column] + 1,
        t->columns[column].name);
}
