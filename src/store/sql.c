/* store/sql.c - what is done to the text of SQL before an engine sees it. */
#include "store/store_int.h"

#include <string.h>

/* Length of the quoted text, comment or other piece that begins at s.p[i] and must be passed over
 * unread; 0 if a plain character stands there. A piece that is not closed runs to the end. */
static size_t opaque(struct str s, size_t i)
{
    size_t j = i + 1;
    if (s.p[i] == '\'' || s.p[i] == '"') { /* a doubled quote is two pieces side by side */
        while (j < s.n && s.p[j] != s.p[i])
            j++;
        return (j < s.n ? j + 1 : j) - i;
    }
    if (j < s.n && s.p[i] == '-' && s.p[j] == '-') {
        while (j < s.n && s.p[j] != '\n')
            j++;
        return j - i;
    }
    if (j < s.n && s.p[i] == '/' && s.p[j] == '*') {
        size_t end = str_find(s, S("*/"), j + 1);
        return (end == SIZE_MAX ? s.n : end + 2) - i;
    }
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void sql_dollars(const char *sql, struct buf *out, int *params)
{
    struct str s = str_z(sql);
    *params = 0;
    for (size_t i = 0; i < s.n;) {
        size_t n = opaque(s, i);
        if (n) {
            buf_add(out, s.p + i, n);
            i += n;
        } else if (s.p[i] == '?' && i + 1 < s.n && is_digit(s.p[i + 1])) {
            int number = 0;
            for (i++; i < s.n && is_digit(s.p[i]); i++)
                if (number <= PARAM_MAX)
                    number = number * 10 + (s.p[i] - '0');
            buf_printf(out, "$%d", number);
            if (number > *params)
                *params = number;
        } else {
            buf_char(out, s.p[i++]);
        }
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool sql_next(struct str *rest, struct str *statement)
{
    struct str s = *rest;
    size_t i = 0, begin = SIZE_MAX, end = 0; /* of what is neither blank nor comment */
    while (i < s.n) {
        size_t n = opaque(s, i);
        bool comment = n && (s.p[i] == '-' || s.p[i] == '/');
        if (!n && s.p[i] == ';') {
            i++;
            if (begin != SIZE_MAX)
                break;
            continue;
        }
        if (!comment && (n || !is_blank(s.p[i]))) {
            if (begin == SIZE_MAX)
                begin = i;
            end = i + (n ? n : 1);
        }
        i += n ? n : 1;
    }
    *rest = str_sub(s, i, s.n - i);
    if (begin == SIZE_MAX)
        return false;
    *statement = str_sub(s, begin, end - begin);
    return true;
}

static const struct macro {
    struct str name;
    const char *sqlite, *pg;
} macros[] = {
    /* Binary order whatever the database was created with. */
    {SC("@TEXT"), "TEXT", "TEXT COLLATE \"C\""},
    {SC("@INT"), "INTEGER", "BIGINT"},
    {SC("@REAL"), "REAL", "DOUBLE PRECISION"},
    {SC("@BLOB"), "BLOB", "BYTEA"},
    {SC("@ID"), "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"},
    /* Behind the ')' of a table that is nothing but its primary key: stored once, not twice. */
    {SC("@KEYED"), "WITHOUT ROWID, STRICT", ""},
};

enum code sql_expand(struct str s, bool pg, struct buf *out, struct err *e)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = opaque(s, i), m = 0, count = sizeof(macros) / sizeof(macros[0]);
        if (n || s.p[i] != '@') {
            buf_add(out, s.p + i, n ? n : 1);
            i += n ? n : 1;
            continue;
        }
        while (m < count && !str_starts(str_sub(s, i, s.n - i), macros[m].name))
            m++;
        if (m == count)
            return FAIL(e, E_BUG, "表结构中有不认识的类型“%.*s”", SF(str_sub(s, i, 12)));
        buf_z(out, pg ? macros[m].pg : macros[m].sqlite);
        i += macros[m].name.n;
    }
    if (!pg && str_starts(s, S("CREATE TABLE")) && s.p[s.n - 1] == ')')
        buf_z(out, " STRICT");
    return buf_check(out, "表结构语句", e);
}
