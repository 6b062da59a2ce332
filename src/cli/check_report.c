#include "cli/check_report.h"

#include <string.h>

#include "base/json.h"
#include "cli/cli_int.h"

enum {
    BEFORE_CP = 24, /* characters of the line shown before the place, and behind it */
    BEHIND_CP = 24,
    SKIPPED_MAX = 30, /* rules named for one reason; --json names all */
    PLACE_CP = 40,    /* a longer place is cut when its line is shown */
};

struct report_place report_place_of(const struct check_report *r, size_t cp)
{
    size_t l = draft_line_of(r->d, cp);
    size_t column = cp - r->d->lines[l].begin + 1;

    if (!r->line)
        return (struct report_place){l + 1, column};
    return (struct report_place){r->line[l], column + r->lead[l]};
}

static bool shown(const struct check_report *r, const struct finding *f)
{
    return f->level >= r->least;
}

size_t report_shown(const struct check_report *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->found->n; i++)
        n += shown(r, &r->found->v[i]);
    return n;
}

/* ---- text ---- */

static const char *level_colour(enum check_level l)
{
    return l == CHECK_ERROR ? "\033[1;31m" : l == CHECK_WARN ? "\033[1;35m" : "\033[1;36m";
}

/* A tab would take the marks below out of step. */
static void put_line(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\t' || s.p[i] == '\n')
            buf_char(out, ' ');
        else
            buf_char(out, s.p[i]);
}

/* The line around the place, and a line of marks under it. */
static void put_excerpt(
    const struct check_report *r, const struct finding *f, bool colour, struct buf *out)
{
    const struct draft *d = r->d;
    const struct draft_line *l = &d->lines[draft_line_of(d, f->begin)];
    size_t end = f->end < l->end ? f->end : l->end, from = l->first, to = l->end;
    struct str head, place, tail;
    size_t under;

    if (end > f->begin + PLACE_CP)
        end = f->begin + PLACE_CP;
    if (from > f->begin)
        from = l->begin;
    if (f->begin > from + BEFORE_CP)
        from = f->begin - BEFORE_CP;
    if (to > end + BEHIND_CP)
        to = end + BEHIND_CP;
    head = draft_str(d, from, f->begin);
    place = draft_str(d, f->begin, end);
    tail = draft_str(d, end, to);
    buf_z(out, "    ");
    buf_z(out, from > l->first ? "…" : "");
    put_line(out, head);
    buf_z(out, colour ? level_colour(f->level) : "");
    put_line(out, place);
    buf_z(out, colour ? "\033[0m" : "");
    put_line(out, tail);
    buf_z(out, to < l->end ? "…\n    " : "\n    ");
    under = display_width(head) + (from > l->first ? display_width(S("…")) : 0);
    while (under--)
        buf_char(out, ' ');
    under = display_width(place);
    do
        buf_char(out, '^');
    while (under && --under);
    buf_char(out, '\n');
}

static void put_suggestions(const struct finding *f, struct buf *out)
{
    if (!f->n_suggestions)
        return;
    buf_z(out, "    改为：");
    for (size_t i = 0; i < f->n_suggestions; i++) {
        buf_z(out, i ? " 或 " : "");
        if (f->suggestions[i].n)
            buf_printf(out, "“%.*s”", SF(f->suggestions[i]));
        else
            buf_z(out, "删去");
    }
    buf_z(out, f->fix ? "（可自动改）\n" : "\n");
}

static void put_finding(
    const struct check_report *r, const struct finding *f, bool colour, struct buf *out)
{
    struct report_place at = report_place_of(r, f->begin);

    buf_printf(out, "%s%.*s:%zu:%zu:%s %s%s%s %s %.*s\n", colour ? "\033[1m" : "", SF(r->file),
        at.line, at.column, colour ? "\033[0m" : "", colour ? level_colour(f->level) : "",
        check_level_name(f->level), colour ? "\033[0m" : "", f->rule->id, SF(f->message));
    put_excerpt(r, f, colour, out);
    put_suggestions(f, out);
    if (f->other_end > f->other_begin) {
        struct report_place o = report_place_of(r, f->other_begin);
        buf_printf(out, "    另一处：%zu:%zu “%.*s”\n", o.line, o.column,
            SF(draft_str(r->d, f->other_begin, f->other_end)));
    }
    if (f->source)
        buf_printf(out, "    来源：%.*s　%.*s\n", SF(f->source->title), SF(f->source->label));
    if (f->source && f->source->text.n)
        buf_printf(out, "      原文：%.*s\n", SF(f->source->text));
    buf_printf(out, "    依据：%s\n", f->rule->basis);
}

/* Reasons in the order in which they came up, each with its rules. */
static void put_skipped(const struct check *c, struct buf *out)
{
    if (!c->n_skipped)
        return;
    buf_z(out, "没有运行的规则：\n");
    for (size_t i = 0; i < c->n_skipped; i++) {
        struct str why = c->skipped[i].why;
        bool told = false;
        size_t n = 0;
        for (size_t k = 0; k < i; k++)
            told = told || str_eq(c->skipped[k].why, why);
        if (told)
            continue;
        buf_printf(out, "  %.*s：", SF(why));
        for (size_t k = i; k < c->n_skipped; k++)
            if (str_eq(c->skipped[k].why, why) && n++ < SKIPPED_MAX)
                buf_printf(out, "%s%s", n > 1 ? "、" : "", c->skipped[k].rule->id);
        if (n > SKIPPED_MAX)
            buf_printf(out, "等%zu条", n);
        buf_char(out, '\n');
    }
}

/* What silence is worth. */
static void put_library(const struct proof_report *p, struct buf *out)
{
    if (!p) {
        buf_z(out, "没有用资料库：引文和引用没有核对\n");
        return;
    }
    buf_printf(out, "资料库%lld件", (long long)p->documents);
    for (size_t i = 0; i < p->n_coverage; i++)
        buf_printf(out, "%s%.*s%lld件%s%.*s%s", i ? "，" : "：", SF(p->coverage[i].name),
            (long long)p->coverage[i].documents, p->coverage[i].latest.n ? "（至" : "",
            SF(p->coverage[i].latest), p->coverage[i].latest.n ? "）" : "");
    buf_printf(out, "；相同或相近的文字%zu段\n", p->match.n);
    if (p->behind)
        buf_printf(out, "索引还有%lld处变更没有跟上，结果可能不全\n", (long long)p->behind);
    if (p->words_problem.n)
        buf_printf(out, "%.*s\n", SF(p->words_problem));
}

static void put_summary(const struct check_report *r, struct buf *out)
{
    size_t by[CHECK_ERROR + 1] = {0}, hidden = 0;
    char n[32];

    for (size_t i = 0; i < r->found->n; i++) {
        if (shown(r, &r->found->v[i]))
            by[r->found->v[i].level]++;
        else
            hidden++;
    }
    buf_printf(out, "检查了%s字，", thousands((int64_t)r->d->n, n));
    buf_printf(out, "用时%.1f毫秒；", r->ms);
    if (by[CHECK_ERROR] + by[CHECK_WARN] + by[CHECK_HINT] == 0)
        buf_z(out, "所运行的规则没有发现问题");
    else
        buf_printf(out, "错误%zu处、疑似%zu处、提示%zu处", by[CHECK_ERROR], by[CHECK_WARN],
            by[CHECK_HINT]);
    if (hidden)
        buf_printf(out, "；另有%zu处级别较低，没有列出", hidden);
    if (r->found->cut)
        buf_z(out, "；发现太多，没有全部列出");
    buf_char(out, '\n');
}

void report_text(const struct check_report *r, bool colour, struct buf *out)
{
    for (size_t i = 0; i < r->found->n; i++)
        if (shown(r, &r->found->v[i]))
            put_finding(r, &r->found->v[i], colour, out);
    put_summary(r, out);
    put_library(r->office, out);
    put_skipped(r->found, out);
}

/* ---- JSON ---- */

static void json_source(const struct finding *f, struct jw *j)
{
    const struct finding_source *s = f->source;

    jw_kobj(j, "source");
    jw_kstr(j, "basis", str_z(f->rule->basis));
    if (s) {
        jw_kid(j, "doc", s->doc);
        jw_kstr(j, "title", s->title);
        jw_kstr(j, "label", s->label);
        jw_kstr(j, "text", s->text);
        jw_kint(j, "begin", s->begin_cp);
        jw_kint(j, "end", s->end_cp);
    }
    jw_end(j);
}

static void json_finding(const struct check_report *r, const struct finding *f, struct jw *j)
{
    jw_obj(j);
    jw_kstr(j, "rule", str_z(f->rule->id));
    jw_kstr(j, "class", str_z(check_class_key(f->rule->cls)));
    jw_kstr(j, "level", str_z(check_level_key(f->level)));
    jw_kint(j, "begin", (int64_t)f->begin);
    jw_kint(j, "end", (int64_t)f->end);
    jw_kstr(j, "text", draft_str(r->d, f->begin, f->end));
    jw_kstr(j, "message", f->message);
    jw_karr(j, "suggestions");
    for (size_t i = 0; i < f->n_suggestions; i++)
        jw_str(j, f->suggestions[i]);
    jw_end(j);
    jw_kbool(j, "fix", f->fix);
    if (f->other_end > f->other_begin) {
        jw_karr(j, "other");
        jw_int(j, (int64_t)f->other_begin);
        jw_int(j, (int64_t)f->other_end);
        jw_end(j);
    }
    json_source(f, j);
    jw_end(j);
}

/* To the microsecond. */
static double round_ms(double ms)
{
    return (double)(int64_t)(ms * 1000 + 0.5) / 1000;
}

static void json_library(const struct proof_report *p, struct jw *j)
{
    if (!p)
        return;
    jw_kobj(j, "library");
    jw_kint(j, "documents", p->documents);
    jw_kint(j, "behind", p->behind);
    jw_kint(j, "passages", (int64_t)p->match.n);
    if (p->words_problem.n)
        jw_kstr(j, "words_problem", p->words_problem);
    jw_karr(j, "coverage");
    for (size_t i = 0; i < p->n_coverage; i++) {
        jw_obj(j);
        jw_kstr(j, "name", p->coverage[i].name);
        jw_kint(j, "documents", p->coverage[i].documents);
        jw_kstr(j, "latest", p->coverage[i].latest);
        jw_end(j);
    }
    jw_end(j);
    jw_end(j);
}

void report_json(const struct check_report *r, struct buf *out)
{
    const struct check *c = r->found;
    struct jw j;

    jw_init(&j, out);
    jw_obj(&j);
    jw_kint(&j, "chars", (int64_t)r->d->n);
    jw_kreal(&j, "ms", round_ms(r->ms));
    jw_karr(&j, "findings");
    for (size_t i = 0; i < c->n; i++)
        if (shown(r, &c->v[i]))
            json_finding(r, &c->v[i], &j);
    jw_end(&j);
    jw_kbool(&j, "cut", c->cut);
    json_library(r->office, &j);
    jw_karr(&j, "skipped_rules");
    for (size_t i = 0; i < c->n_skipped; i++) {
        jw_obj(&j);
        jw_kstr(&j, "rule", str_z(c->skipped[i].rule->id));
        jw_kstr(&j, "why", c->skipped[i].why);
        jw_end(&j);
    }
    jw_end(&j);
    jw_end(&j);
    buf_char(out, '\n');
}

/* ---- SARIF ---- */

static const char *sarif_level(enum check_level l)
{
    return l == CHECK_ERROR  ? "error"
           : l == CHECK_WARN ? "warning"
           : l == CHECK_HINT ? "note"
                             : "none";
}

static void sarif_text(struct jw *j, const char *key, struct str s)
{
    jw_kobj(j, key);
    jw_kstr(j, "text", s);
    jw_end(j);
}

static void sarif_rule(const struct rule *r, struct jw *j)
{
    jw_obj(j);
    jw_kstr(j, "id", str_z(r->id));
    sarif_text(j, "shortDescription", str_z(r->name));
    sarif_text(j, "help", str_z(r->basis));
    jw_kobj(j, "defaultConfiguration");
    jw_kbool(j, "enabled", r->level != CHECK_OFF);
    jw_kstr(j, "level", str_z(sarif_level(r->level)));
    jw_end(j);
    jw_kobj(j, "properties");
    jw_kstr(j, "class", str_z(check_class_key(r->cls)));
    jw_kstr(j, "strength", str_z(check_strength_name(r->strength)));
    jw_end(j);
    jw_end(j);
}

/* RFC 3986: what a relative reference may hold, the rest as %XX. */
static struct str uri_of(struct str file, struct buf *b)
{
    static const char plain[] = "-._~/!$&'()*+,;=@";

    buf_init(b, 0);
    for (size_t i = 0; i < file.n; i++) {
        char ch = file.p[i];
        bool alnum =
            (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        if (alnum || (ch && strchr(plain, ch)))
            buf_char(b, ch);
        else
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)ch);
    }
    return buf_view(b);
}

static void sarif_region(
    const struct check_report *r, const struct finding *f, const char *key, struct jw *j)
{
    struct report_place from = report_place_of(r, f->begin), to = report_place_of(r, f->end);

    jw_kobj(j, key);
    jw_kint(j, "startLine", (int64_t)from.line);
    jw_kint(j, "startColumn", (int64_t)from.column);
    jw_kint(j, "endLine", (int64_t)to.line);
    jw_kint(j, "endColumn", (int64_t)to.column);
    jw_end(j);
}

/* A replacement is said only where the lines are those of the file: a tool that applies it writes there. */
static void sarif_fixes(
    const struct check_report *r, const struct finding *f, struct str uri, struct jw *j)
{
    if (!r->real_lines || !f->n_suggestions)
        return;
    jw_karr(j, "fixes");
    for (size_t i = 0; i < f->n_suggestions; i++) {
        jw_obj(j);
        jw_karr(j, "artifactChanges");
        jw_obj(j);
        jw_kobj(j, "artifactLocation");
        jw_kstr(j, "uri", uri);
        jw_end(j);
        jw_karr(j, "replacements");
        jw_obj(j);
        sarif_region(r, f, "deletedRegion", j);
        sarif_text(j, "insertedContent", f->suggestions[i]);
        jw_end(j);
        jw_end(j);
        jw_end(j);
        jw_end(j);
        jw_end(j);
    }
    jw_end(j);
}

static int64_t index_of(const struct rule *r)
{
    for (size_t i = 0; check_rule_at(i); i++)
        if (check_rule_at(i) == r)
            return (int64_t)i;
    return -1;
}

static void sarif_result(
    const struct check_report *r, const struct finding *f, struct str uri, struct jw *j)
{
    jw_obj(j);
    jw_kstr(j, "ruleId", str_z(f->rule->id));
    jw_kint(j, "ruleIndex", index_of(f->rule));
    jw_kstr(j, "level", str_z(sarif_level(f->level)));
    sarif_text(j, "message", f->message);
    jw_karr(j, "locations");
    jw_obj(j);
    jw_kobj(j, "physicalLocation");
    jw_kobj(j, "artifactLocation");
    jw_kstr(j, "uri", uri);
    jw_end(j);
    sarif_region(r, f, "region", j);
    jw_end(j);
    jw_end(j);
    jw_end(j);
    sarif_fixes(r, f, uri, j);
    jw_end(j);
}

static void sarif_skipped(const struct check *c, struct jw *j)
{
    jw_karr(j, "invocations");
    jw_obj(j);
    jw_kbool(j, "executionSuccessful", true);
    jw_karr(j, "toolConfigurationNotifications");
    for (size_t i = 0; i < c->n_skipped; i++) {
        jw_obj(j);
        sarif_text(j, "message", c->skipped[i].why);
        jw_kstr(j, "level", S("note"));
        jw_kobj(j, "associatedRule");
        jw_kstr(j, "id", str_z(c->skipped[i].rule->id));
        jw_kint(j, "index", index_of(c->skipped[i].rule));
        jw_end(j);
        jw_end(j);
    }
    jw_end(j);
    jw_end(j);
    jw_end(j);
}

void report_sarif(const struct check_report *r, struct buf *out)
{
    struct buf uri;
    struct str u = uri_of(r->file, &uri);
    struct jw j;

    jw_init(&j, out);
    jw_obj(&j);
    jw_kstr(&j, "$schema",
        S("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
          "sarif-schema-2.1.0.json"));
    jw_kstr(&j, "version", S("2.1.0"));
    jw_karr(&j, "runs");
    jw_obj(&j);
    jw_kobj(&j, "tool");
    jw_kobj(&j, "driver");
    jw_kstr(&j, "name", S("qianshao"));
    jw_kstr(&j, "version", S(QIANSHAO_VERSION));
    jw_kstr(&j, "language", S("zh-CN"));
    jw_karr(&j, "rules");
    for (size_t i = 0; check_rule_at(i); i++)
        sarif_rule(check_rule_at(i), &j);
    jw_end(&j);
    jw_end(&j);
    jw_end(&j);
    jw_kstr(&j, "columnKind", S("unicodeCodePoints"));
    sarif_skipped(r->found, &j);
    jw_karr(&j, "results");
    for (size_t i = 0; i < r->found->n; i++)
        if (shown(r, &r->found->v[i]))
            sarif_result(r, &r->found->v[i], u, &j);
    jw_end(&j);
    jw_end(&j);
    jw_end(&j);
    jw_end(&j);
    buf_char(out, '\n');
    buf_release(&uri);
}

/* ---- the table of rules ---- */

static const struct {
    enum check_need need;
    const char *key, *name;
} needs[] = {{NEED_LEXICON, "lexicon", "词表"}, {NEED_TERMS, "terms", "规范表述表"},
    {NEED_LIBRARY, "library", "资料库"}};

/* The example, its lines parted by ⏎. */
static void put_example(struct buf *out, const char *label, const char *text)
{
    buf_printf(out, "    %s：", label);
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            buf_z(out, "⏎");
        else
            buf_char(out, *p);
    }
    buf_char(out, '\n');
}

void report_rules_text(struct buf *out)
{
    const struct rule *r;
    size_t n = 0;

    for (; (r = check_rule_at(n)) != NULL; n++) {
        buf_printf(out, "%s %s\n    类别：%s；级别：%s；要求：%s；依据：%s%s", r->id, r->name,
            check_class_name(r->cls), check_level_name(r->level), check_strength_name(r->strength),
            r->basis, r->fix ? "；可自动改" : "");
        for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
            if (r->needs & needs[i].need)
                buf_printf(out, "；要有%s", needs[i].name);
        buf_char(out, '\n');
        put_example(out, "错", r->wrong);
        put_example(out, "对", r->right);
    }
    buf_printf(out, "共%zu条\n", n);
}

void report_rules_json(struct buf *out)
{
    const struct rule *r;
    struct jw j;

    jw_init(&j, out);
    jw_obj(&j);
    jw_karr(&j, "rules");
    for (size_t n = 0; (r = check_rule_at(n)) != NULL; n++) {
        jw_obj(&j);
        jw_kstr(&j, "rule", str_z(r->id));
        jw_kstr(&j, "name", str_z(r->name));
        jw_kstr(&j, "class", str_z(check_class_key(r->cls)));
        jw_kstr(&j, "level", str_z(check_level_key(r->level)));
        jw_kstr(&j, "strength", str_z(check_strength_name(r->strength)));
        jw_kstr(&j, "basis", str_z(r->basis));
        jw_kbool(&j, "fix", r->fix);
        jw_karr(&j, "needs");
        for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
            if (r->needs & needs[i].need)
                jw_str(&j, str_z(needs[i].key));
        jw_end(&j);
        jw_kstr(&j, "wrong", str_z(r->wrong));
        jw_kstr(&j, "right", str_z(r->right));
        jw_end(&j);
    }
    jw_end(&j);
    jw_end(&j);
    buf_char(out, '\n');
}
