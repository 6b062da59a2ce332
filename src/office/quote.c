/* Words that a draft quotes: do they stand in the source as the draft says? */
#include "office/quote.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "office/index.h"
#include "office/key.h"
#include "office/quote_int.h"
#include "office/unit.h"
#include "text/articles.h"
#include "text/diff.h"

enum {
    EDITS_TOLD = 3, /* each by itself in a message */
    QUOTED_CHARS_MIN =
        8, /* characters between the marks that make a quotation and not an emphasis */
    SOURCELESS_CHARS_MIN = 15, /* Q10 */
    LEAD_CP = 80,    /* how far before a quotation its verb and its source are looked for */
    VERB_GAP_CP = 8, /* between the verb and the opening mark */
    SPANS_MAX = 2000,
    ALTERED_EDITS_MAX = 12, /* more changes make another sentence */
    CLOSE_CHARS_MIN = 30,   /* Q11 */
    CLOSE_EDITS_MAX = 2,
    CLOSE_CHANGED_MAX = 3, /* characters */
    CLOSE_DAYS = 6 * 365,  /* older words have been said anew since */
    CLOSE_AUTHORITY = 50,  /* Q11: city and above */
    CHOSEN_MAX = 64,       /* restricted look-ups in one draft */
    REPEAT_CHARS_MIN = 60,
    END_SLACK_CP =
        8, /* more of the source than of the claim is looked at where a passage stops short */
};

/* A stretch of the draft that claims to be somebody's words. */
struct claim {
    size_t begin, end; /* code points, without the marks */
    size_t lead,
        verb; /* the clause in front: [lead, verb) names the source; verb == begin: none found */
    size_t chars;               /* of the matching view */
    bool quoted;                /* stands between “ and ” */
    bool attributed;            /* a verb of saying leads to it */
    const struct named *source; /* 《×》 in the lead; NULL: none */
};

static bool counts(uint32_t c)
{
    return utf8_is_han(c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static size_t chars_of(const struct draft *d, size_t begin, size_t end)
{
    size_t n = 0;

    for (size_t i = begin; i < end; i++)
        n += counts(d->cp[i]);
    return n;
}

static bool ends_sentence(uint32_t c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == '\n'; /* 。！？； */
}

static const struct str verbs[] = {SC("指出"), SC("强调"), SC("要求"), SC("提出"), SC("明确"),
    SC("规定"), SC("写道"), SC("表示"), SC("指示"), SC("批示"), SC("部署"), SC("宣布"), SC("提到"),
    SC("载明")};

/* The last verb of saying that ends in [from, to): where it begins; SIZE_MAX: none. */
static size_t verb_before(const struct draft *d, size_t from, size_t to, size_t *end)
{
    for (size_t i = to; i-- > from;)
        for (size_t k = 0; k < sizeof(verbs) / sizeof(verbs[0]); k++)
            if (i + 2 <= to && draft_is(d, i, verbs[k])) {
                *end = i + 2;
                return i;
            }
    return SIZE_MAX;
}

static size_t sentence_begin(const struct draft *d, size_t i, size_t most)
{
    size_t from = i > most ? i - most : 0;

    while (i > from && !ends_sentence(d->cp[i - 1]))
        i--;
    return i;
}

static void find_lead(const struct quoting *q, struct claim *c)
{
    size_t from = sentence_begin(q->d, c->begin > 1 ? c->begin - 1 : 0, LEAD_CP), end = 0;
    size_t at = verb_before(q->d, from, c->begin, &end);

    c->lead = from;
    c->verb = c->begin;
    if (at == SIZE_MAX || c->begin - end > VERB_GAP_CP)
        return;
    c->verb = at;
    c->attributed = true;
}

/* The document named last before the words: the one they are said to come from. */
static void find_source(const struct quoting *q, struct claim *c)
{
    for (size_t i = 0; i < q->n_named; i++)
        if (q->named[i].begin >= c->lead && q->named[i].end <= c->begin)
            c->source = &q->named[i];
}

static size_t closing(const struct draft *d, size_t i, size_t end)
{
    size_t depth = 1;

    for (; i < end; i++) {
        if (d->cp[i] == 0x201C)
            depth++;
        else if (d->cp[i] == 0x201D && --depth == 0)
            return i;
    }
    return SIZE_MAX;
}

/* Somebody whose words are worth comparing: not "各单位提出". */
static bool weighty(const struct quoting *q, size_t begin, size_t end)
{
    static const struct str words[] = {SC("会议"), SC("全会"), SC("大会"), SC("中央"), SC("国务院"),
        SC("总书记"), SC("讲话"), SC("报告"), SC("》"), SC("省委"), SC("市委"), SC("国资委"),
        SC("条例"), SC("通知"), SC("意见")};
    struct str s = draft_str(q->d, begin, end);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_has(s, words[i]))
            return true;
    return false;
}

static void claims_quoted(struct quoting *q, const struct draft_line *l, struct claim *v, size_t *n)
{
    for (size_t i = l->begin; i < l->end && *n < SPANS_MAX; i++) {
        size_t close;
        struct claim c = {.quoted = true};
        if (q->d->cp[i] != 0x201C)
            continue;
        close = closing(q->d, i + 1, l->end);
        if (close == SIZE_MAX)
            return;
        c.begin = i + 1;
        c.end = close;
        c.chars = chars_of(q->d, c.begin, c.end);
        i = close;
        if (c.chars < QUOTED_CHARS_MIN)
            continue;
        find_lead(q, &c);
        find_source(q, &c);
        v[(*n)++] = c;
    }
}

/* 会议指出，……。 without marks: the sentence behind the verb. */
static void claims_told(struct quoting *q, const struct draft_line *l, struct claim *v, size_t *n)
{
    for (size_t i = l->begin; i + 3 < l->end && *n < SPANS_MAX; i++) {
        struct claim c = {0};
        bool verb = false;
        for (size_t k = 0; k < 5 && !verb; k++) /* 指出 强调 要求 提出 明确 */
            verb = draft_is(q->d, i, verbs[k]);
        if (!verb || (q->d->cp[i + 2] != 0xFF0C && q->d->cp[i + 2] != 0xFF1A) ||
            q->d->cp[i + 3] == 0x201C)
            continue;
        c.lead = sentence_begin(q->d, i, LEAD_CP);
        c.verb = i;
        c.begin = i + 3;
        for (c.end = c.begin; c.end < l->end && q->d->cp[c.end] != 0x3002; c.end++) /* 。 */
            ;
        c.chars = chars_of(q->d, c.begin, c.end);
        i = c.begin - 1;
        if (c.chars < QUOTED_CHARS_MIN || !weighty(q, c.lead, c.verb))
            continue;
        c.attributed = true;
        find_source(q, &c);
        v[(*n)++] = c;
    }
}

/* ---- what the library says ---- */
static size_t common(size_t a, size_t ae, size_t b, size_t be)
{
    size_t from = a > b ? a : b, to = ae < be ? ae : be;

    return to > from ? to - from : 0;
}

/* The passage that covers most of the claim; NULL when none covers six tenths. */
static const struct match_passage *passage_of(const struct quoting *q, const struct claim *c)
{
    const struct match_passage *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i < q->m->n; i++) {
        const struct match_passage *p = &q->m->passages[i];
        size_t over = common((size_t)p->begin_cp, (size_t)p->end_cp, c->begin, c->end);
        if (over > most) {
            most = over;
            best = p;
        }
    }
    return most * 10 >= (c->end - c->begin) * 6 ? best : NULL;
}

static const struct document *source_doc(const struct quoting *q, int64_t id)
{
    size_t low = 0, high = q->n_sources;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (q->sources[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < q->n_sources && q->sources[low].id == id ? &q->sources[low] : NULL;
}

static void source_of(struct quoting *q, struct finding *f, const struct match_source *s)
{
    const struct document *d = source_doc(q, s->doc);
    struct finding_source *out;

    if (!f || !d)
        return;
    out = ARENA_NEW(q->a, struct finding_source);
    *out = (struct finding_source){.doc = d->id,
        .title = d->title,
        .label = quote_label(q->a, d),
        .text = s->text,
        .begin_cp = s->begin_cp,
        .end_cp = s->end_cp};
    f->source = out;
}

/* Code points [begin, end) of the source's document, which must lie in its passage. */
static struct str source_str(const struct match_source *s, int64_t begin, int64_t end)
{
    size_t from = utf8_off(s->text, (size_t)(begin - s->begin_cp)),
           to = utf8_off(s->text, (size_t)(end - s->begin_cp));

    return str_sub(s->text, from, to - from);
}

/* The edits of a passage that lie in [begin, end): first and count. */
static size_t edits_in(
    const struct match_passage *p, size_t begin, size_t end, const struct match_edit **first)
{
    size_t n = 0;

    *first = NULL;
    for (size_t i = 0; i < p->n_edits; i++) {
        const struct match_edit *e = &p->edits[i];
        if ((size_t)e->begin_cp < begin || (size_t)e->end_cp > end ||
            ((size_t)e->begin_cp == end && e->kind == MATCH_MISSING))
            continue;
        if (!n++)
            *first = e;
    }
    return n;
}

/* A source that holds all of the claim word for word. */
static const struct match_source *exact_source(const struct match_passage *p, const struct claim *c)
{
    for (size_t i = 0; i < p->n_sources; i++) {
        const struct match_source *s = &p->sources[i];
        if (s->exact && (size_t)s->draft_begin_cp <= c->begin + 1 &&
            (size_t)s->draft_end_cp + 1 >= c->end)
            return s;
    }
    return NULL;
}

/* “导”原文是“体”，漏了“协同”: each edit by itself, for what lies between is no mistake. */
static struct str told_edits(
    struct quoting *q, const struct match_passage *p, const struct match_edit *v, size_t n)
{
    struct str s = S("");

    for (size_t i = 0; i < n; i++) {
        struct str is = draft_str(q->d, (size_t)v[i].begin_cp, (size_t)v[i].end_cp);
        struct str was = source_str(&p->sources[0], v[i].source_begin_cp, v[i].source_end_cp);
        struct str one = v[i].kind == MATCH_MISSING ? arena_printf(q->a, "漏了“%.*s”", SF(was))
                         : v[i].kind == MATCH_ADDED
                             ? arena_printf(q->a, "多了“%.*s”", SF(is))
                             : arena_printf(q->a, "“%.*s”原文是“%.*s”", SF(is), SF(was));
        s = i ? arena_printf(q->a, "%.*s，%.*s", SF(s), SF(one)) : one;
    }
    return s;
}

static void say_edits(struct quoting *q, const char *id, enum check_level level,
    const struct match_passage *p, const struct match_edit *first, size_t n)
{
    const struct match_source *s = &p->sources[0];
    const struct match_edit *last = first + n - 1;
    size_t begin = (size_t)first->begin_cp, end = (size_t)last->end_cp;
    int64_t from = first->source_begin_cp, to = last->source_end_cp;
    struct str was, is;
    struct finding *f;

    if (begin == end && begin > 0 &&
        from > s->begin_cp) { /* something is missing here: show the character in front */
        begin--;
        from--;
    }
    was = source_str(s, from, to);
    is = draft_str(q->d, begin, end);
    if (n == 1 && first->kind == MATCH_MISSING)
        f = check_say(q->c, id, begin, end, "与原文不一致：漏了“%.*s”",
            SF(source_str(s, first->source_begin_cp, first->source_end_cp)));
    else if (n == 1 && first->kind == MATCH_ADDED)
        f = check_say(q->c, id, begin, end, "与原文不一致：原文没有“%.*s”", SF(is));
    else if (n > 1 && n <= EDITS_TOLD)
        f = check_say(q->c, id, begin, end, "与原文不一致：%.*s", SF(told_edits(q, p, first, n)));
    else if (end - begin <= 30)
        f = check_say(q->c, id, begin, end, "与原文不一致：原文是“%.*s”", SF(was));
    else
        f = check_say(q->c, id, begin, end, "与原文不一致：有%zu处不同", n);
    if (!f)
        return;
    if (level < f->level)
        f->level = level;
    check_suggest(q->c, f, was);
    source_of(q, f, s);
}

/* ---- the places named ---- */
/* The claim looked for in chosen documents alone. */
static enum code match_in(
    struct quoting *q, const struct claim *c, const int64_t *ids, size_t n, struct match *out)
{
    struct corpus_filter f = q->filter;
    struct match_options o = {.max_sources = 4};

    f.only = ids;
    f.n_only = n;
    return corpus_match(q->o->corpus, q->a, draft_str(q->d, c->begin, c->end), &f, &o, out, q->e);
}

static int id_order(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return a < b ? -1 : a > b;
}

static const struct match_passage *longest(const struct match *m)
{
    const struct match_passage *best = NULL;

    for (size_t i = 0; i < m->n; i++)
        if (!best || m->passages[i].chars > best->chars)
            best = &m->passages[i];
    return best;
}

static struct str article_name(struct arena *a, struct str text, const struct article *v)
{
    return arena_str(a, span_str(text, v->label));
}

/* 《×》第三条规定“…”: is it the third article? */
static enum code judge_article(
    struct quoting *q, const struct claim *c, const struct match_passage *p)
{
    const struct cite *cite = c->source->cite;
    const struct match_source *s = &p->sources[0];
    struct str text;
    struct articles parts;
    size_t at, begin, end;

    if (cite->n_articles != 1 || cite->articles[0].to || cite->articles[0].article == 0)
        return OK;
    TRY(quote_text(q, s->doc, &text));
    articles_split(q->a, text, &parts);
    if (!parts.statute)
        return OK;
    at = utf8_off(text, (size_t)s->begin_cp);
    for (size_t i = 0; i < parts.n; i++) {
        const struct article *v = &parts.v[i];
        struct finding *f;
        if (at < v->at.begin || at >= v->at.end || v->level != ARTICLE_ARTICLE)
            continue;
        if (v->number == cite->articles[0].article && v->sub == cite->articles[0].sub)
            return OK;
        begin = draft_cp(q->d, cite->articles[0].at.begin);
        end = draft_cp(q->d, cite->articles[0].at.end);
        f = check_say(q->c, "Q08", begin, end, "这段话在%.*s", SF(article_name(q->a, text, v)));
        if (cite->articles[0].paragraph == 0 && cite->articles[0].item == 0)
            check_suggest(q->c, f, article_name(q->a, text, v));
        source_of(q, f, s);
        return OK;
    }
    return OK;
}

/* Is the claim in the document it names? Q03, and the article (Q08). */
static enum code judge_named(struct quoting *q, const struct claim *c,
    const struct match_passage *p, size_t *looked, bool *settled)
{
    const struct named *n = c->source;
    int64_t *ids = ARENA_ARRAY(q->a, int64_t, n->n_docs + 1);
    struct match m;
    const struct match_passage *here;
    struct finding *f;

    *settled = false;
    if (n->n_docs == 0 || c->chars < MATCH_CHARS_MIN || (*looked)++ >= CHOSEN_MAX)
        return OK;
    for (size_t i = 0; i < n->n_docs; i++)
        ids[i] = n->docs[i].id;
    qsort(ids, n->n_docs, sizeof(*ids), id_order);
    TRY(match_in(q, c, ids, n->n_docs, &m));
    here = longest(&m);
    if (here && (size_t)here->chars * 10 >= (size_t)c->chars * 6) {
        TRY(judge_article(q, c, here));
        return OK;
    }
    if (!p || !p->exact || p->chars < MATCH_CHARS_MIN || !exact_source(p, c))
        return OK;
    f = check_say(q->c, "Q03", n->begin, n->end, "《%.*s》中没有这段话", SF(n->docs[0].title));
    source_of(q, f, &p->sources[0]);
    if (f && f->source)
        check_suggest(q->c, f, arena_printf(q->a, "《%.*s》", SF(f->source->title)));
    *settled = true;
    return OK;
}

/* ...全会, ...工作会议: from where its name begins. */
static struct str session_in(const struct draft *d, size_t begin, size_t end, size_t *at)
{
    static const struct str tails[] = {
        SC("中全会"), SC("工作会议"), SC("座谈会"), SC("学习会"), SC("代表大会")};

    for (size_t i = begin; i + 2 < end; i++)
        for (size_t k = 0; k < sizeof(tails) / sizeof(tails[0]); k++) {
            size_t from = i, to;
            if (!draft_is(d, i, tails[k]))
                continue;
            while (from > begin && utf8_is_han(d->cp[from - 1]) && i - from < 14 &&
                   !draft_is(d, from - 1, S("在")) && !draft_is(d, from - 1, S("的")) &&
                   !draft_is(d, from - 1, S("于")))
                from--;
            to = i + utf8_len_cp(tails[k]);
            if (i - from < 2 || to > end)
                continue;
            *at = from;
            return draft_str(d, from, to);
        }
    return S("");
}

/* 党的二十大 */
static struct str congress_in(const struct draft *d, size_t begin, size_t end, size_t *at)
{
    for (size_t i = begin; i + 4 < end; i++) {
        size_t to = i + 2;
        if (!draft_is(d, i, S("党的")))
            continue;
        while (to < end && str_has(S("一二三四五六七八九十"), draft_str(d, to, to + 1)))
            to++;
        if (to > i + 3 && to < end && draft_is(d, to, S("大"))) {
            *at = i + 2;
            return draft_str(d, i + 2, to + 1);
        }
    }
    return S("");
}

/* The name of a meeting in [begin, end): 二十届三中全会, 二十大, 中央经济工作会议; empty: none that can be told. */
static struct str meeting_in(const struct quoting *q, size_t begin, size_t end, size_t *at)
{
    struct str name = session_in(q->d, begin, end, at);

    return name.n ? name : congress_in(q->d, begin, end, at);
}

/* 会议名指出“…”: do the sources speak of that meeting at all? Only where all of them are known. */
static enum code judge_meeting(
    struct quoting *q, const struct claim *c, const struct match_passage *p, size_t *looked)
{
    size_t at = 0;
    struct str name = meeting_in(q, c->lead, c->verb, &at);
    struct finding *f;

    if (name.n == 0 || !p || !exact_source(p, c) || p->documents > (int64_t)p->n_sources ||
        c->chars < MATCH_CHARS_MIN)
        return OK;
    if ((*looked)++ >= CHOSEN_MAX)
        return OK;
    for (size_t i = 0; i < p->n_sources; i++) {
        struct str text;
        const struct document *d = source_doc(q, p->sources[i].doc);
        TRY(quote_text(q, p->sources[i].doc, &text));
        if (str_has(text, name) || (d && str_has(d->title, name)))
            return OK;
    }
    f = check_say(
        q->c, "Q03", at, at + utf8_len_cp(name), "资料库里有这段话的文件都没有提到%.*s", SF(name));
    source_of(q, f, &p->sources[0]);
    return OK;
}

/* Old words where newer ones are in force. */
static bool judge_outdated(struct quoting *q, const struct claim *c, const struct match_passage *p)
{
    const struct match_source *now = &p->sources[0], *then = exact_source(p, c);
    const struct document *old, *new;
    struct finding *f;

    if (p->exact || !then)
        return false;
    old = source_doc(q, then->doc);
    new = source_doc(q, now->doc);
    if (!old || !new || (old->status != STATUS_REVISED && old->status != STATUS_REPEALED) ||
        new->status > STATUS_IN_FORCE ||
        !(old->superseded_by == new->id ||
            str_eq(key_of_title(q->a, old->title), key_of_title(q->a, new->title))))
        return false;
    f = check_say(
        q->c, "Q09", c->begin, c->end, "这是%.*s的旧表述，现行版本已有变化", SF(old->title));
    source_of(q, f, now);
    if (f)
        check_suggest(q->c, f, now->text);
    return true;
}

static bool has_counting(struct str s)
{
    for (size_t at = 0; at < s.n;)
        if (counts(utf8_next(s, &at)))
            return true;
    return false;
}

/* The differences of the claim from a stretch of the source, as edits; the stretch may begin earlier and end later. */
static enum code edits_of(
    struct quoting *q, const struct claim *c, struct str claim, struct match_passage *p)
{
    struct match_source *s = &p->sources[0];
    struct diff d;

    TRY(diff_texts(q->a, s->text, claim, &d, q->e));
    p->edits = ARENA_ARRAY(q->a, struct match_edit, d.n + 1);
    p->n_edits = 0;
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_op *o = &d.ops[i];
        struct match_edit x = {MATCH_CHANGED, (int64_t)(c->begin + o->y_cp),
            (int64_t)(c->begin + o->y_cp + o->y_n_cp), s->begin_cp + (int64_t)o->x_cp,
            s->begin_cp + (int64_t)(o->x_cp + o->x_n_cp)};
        if (o->kind == DIFF_SAME || (o->kind == DIFF_REMOVED && (i == 0 || i + 1 == d.n)))
            continue;
        x.kind = o->kind == DIFF_REMOVED ? MATCH_MISSING : MATCH_ADDED;
        if (o->kind == DIFF_REMOVED && i + 1 < d.n && d.ops[i + 1].kind == DIFF_ADDED) {
            const struct diff_op *added = &d.ops[++i];
            x.kind = MATCH_CHANGED;
            x.end_cp = (int64_t)(c->begin + added->y_cp + added->y_n_cp);
        }
        if (has_counting(source_str(s, x.source_begin_cp, x.source_end_cp)) ||
            has_counting(draft_str(q->d, (size_t)x.begin_cp, (size_t)x.end_cp)))
            p->edits[p->n_edits++] = x;
    }
    return OK;
}

/* A passage that stops short of the claim's ends, because what is altered there is too short to be a seed: the same
 * passage drawn out over the whole claim. */
static enum code draw_out(struct quoting *q, const struct claim *c, struct match_passage *p)
{
    const struct match_source *s = &p->sources[0];
    int64_t head = p->begin_cp - (int64_t)c->begin, tail = (int64_t)c->end - p->end_cp, begin, end;
    struct match_source *whole = ARENA_NEW(q->a, struct match_source);
    struct str text;
    size_t from;

    if (head <= 0 && tail <= 0)
        return OK;
    TRY(quote_text(q, s->doc, &text));
    begin = s->begin_cp - (head > 0 ? head + END_SLACK_CP : 0);
    end = s->end_cp + (tail > 0 ? tail + END_SLACK_CP : 0);
    if (head <= 0)
        begin =
            s->begin_cp; /* the passage may begin before the claim: what is more is dropped as a removal in front */
    begin = begin > 0 ? begin : 0;
    from = utf8_off(text, (size_t)begin);
    *whole = *s;
    whole->begin_cp = begin;
    whole->text = str_sub(text, from, utf8_off(str_sub(text, from, text.n), (size_t)(end - begin)));
    whole->end_cp = begin + (int64_t)utf8_len_cp(whole->text);
    p->sources = whole;
    p->n_sources = 1;
    return edits_of(q, c, draft_str(q->d, c->begin, c->end), p);
}

/* Characters of the view that differ, draft or source, whichever has more, edit by edit. */
static size_t changed_chars(
    const struct quoting *q, const struct match_source *s, const struct match_edit *v, size_t n)
{
    size_t all = 0;

    for (size_t i = 0; i < n; i++) {
        struct str was = source_str(s, v[i].source_begin_cp, v[i].source_end_cp);
        size_t here = chars_of(q->d, (size_t)v[i].begin_cp, (size_t)v[i].end_cp), there = 0;
        for (size_t at = 0; at < was.n;)
            there += counts(utf8_next(was, &at));
        all += here > there ? here : there;
    }
    return all;
}

static enum code judge_words(
    struct quoting *q, const struct claim *c, const struct match_passage *found)
{
    struct match_passage drawn = *found;
    const struct match_passage *p = &drawn;
    const struct match_edit *first;
    enum check_level level = CHECK_ERROR;
    size_t n;

    if (p->formula && !c->quoted)
        return OK;
    if (exact_source(p, c) || p->sources[0].similarity < 0.75)
        return OK;
    if (c->quoted)
        TRY(draw_out(q, c, &drawn));
    n = edits_in(p, c->begin, c->end, &first);
    if (n == 0 || n > ALTERED_EDITS_MAX)
        return OK;
    /* more than a slip of the pen: other words, which may be somebody else's */
    if (changed_chars(q, &p->sources[0], first, n) * 100 > c->chars * (c->attributed ? 25 : 15))
        return OK;
    if (!c->attributed || p->sources[0].attr.authority < CLOSE_AUTHORITY)
        level = CHECK_WARN;
    if (c->quoted)
        say_edits(q, "Q01", level, p, first, n);
    else if (p->sources[0].similarity >= 0.8)
        say_edits(q, "Q02", CHECK_WARN, p, first, n);
    return OK;
}

static enum code judge_claim(struct quoting *q, const struct claim *c, size_t *looked)
{
    const struct match_passage *p = passage_of(q, c);
    bool settled = false;

    if (c->source)
        TRY(judge_named(q, c, p, looked, &settled));
    else if (c->attributed)
        TRY(judge_meeting(q, c, p, looked));
    if (settled)
        return OK;
    if (p) {
        if (!judge_outdated(q, c, p))
            TRY(judge_words(q, c, p));
    } else if (c->quoted && c->attributed && c->chars >= SOURCELESS_CHARS_MIN &&
               weighty(q, c->lead, c->verb)) {
        check_say(q->c, "Q10", c->begin, c->end, "资料库中没有找到这段话，请对照原件核对");
    }
    return OK;
}

/* ---- what is not marked as a quotation ---- */
static bool claimed(const struct match_passage *p, const struct claim *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (common((size_t)p->begin_cp, (size_t)p->end_cp, v[i].begin, v[i].end))
            return true;
    return false;
}

static bool figures_only(const struct quoting *q, const struct match_passage *p)
{
    for (size_t i = 0; i < p->n_edits; i++)
        for (int64_t k = p->edits[i].begin_cp; k < p->edits[i].end_cp; k++)
            if (!str_has(S("0123456789一二三四五六七八九十〇零百千万亿两年月日"),
                    draft_str(q->d, (size_t)k, (size_t)k + 1)))
                return false;
    return true;
}

/* The differences lie in a title between 《 and 》, which quote_cite.c judges. */
static bool in_title(const struct quoting *q, const struct match_passage *p)
{
    return p->n_edits && (q->d->mask[p->edits[0].begin_cp] & MASK_TITLE);
}

static bool old_words(const struct quoting *q, const struct match_source *s)
{
    return s->attr.day != INT32_MIN && lex_day(q->c->day) - s->attr.day > CLOSE_DAYS;
}

static void judge_close(struct quoting *q, const struct match_passage *p)
{
    const struct match_source *s = &p->sources[0];

    if (p->exact || p->formula || p->chars < CLOSE_CHARS_MIN || p->n_edits == 0 ||
        p->n_edits > CLOSE_EDITS_MAX || s->attr.authority < CLOSE_AUTHORITY ||
        changed_chars(q, s, p->edits, p->n_edits) > CLOSE_CHANGED_MAX || old_words(q, s) ||
        figures_only(q, p) || in_title(q, p))
        return;
    for (size_t i = 1; i < p->n_sources; i++)
        if (p->sources[i].exact &&
            p->sources[i].draft_end_cp - p->sources[i].draft_begin_cp >= p->end_cp - p->begin_cp)
            return;
    say_edits(q, "Q11", CHECK_HINT, p, p->edits, p->n_edits);
}

/* Issued by the unit itself or one of its departments. */
static bool is_own(const struct quoting *q, const struct document *d)
{
    for (size_t i = 0; i < q->n_own; i++)
        if (str_has(d->issuer_name, q->own[i]))
            return true;
    return false;
}

/* One finding for each earlier text of the own unit, at its longest passage. */
static void judge_repeats(struct quoting *q)
{
    for (size_t i = 0; i < q->m->n; i++) {
        const struct match_passage *p = &q->m->passages[i];
        const struct document *d = source_doc(q, p->sources[0].doc);
        size_t chars = p->chars;
        bool best = true;
        struct finding *f;
        if (!p->exact || p->formula || p->chars < REPEAT_CHARS_MIN || !d || !is_own(q, d))
            continue;
        for (size_t k = 0; k < q->m->n && best; k++) {
            const struct match_passage *o = &q->m->passages[k];
            if (k == i || !o->exact || o->sources[0].doc != d->id)
                continue;
            chars += o->chars;
            best = o->chars < p->chars || (o->chars == p->chars && k > i);
        }
        if (!best)
            continue;
        f = check_say(q->c, "R10", (size_t)p->begin_cp, (size_t)p->end_cp,
            "与《%.*s》相同的文字共%zu字", SF(d->title), chars);
        source_of(q, f, &p->sources[0]);
    }
}

/* The documents behind the passages, in one go. */
static enum code load_sources(struct quoting *q)
{
    size_t n = 0, k = 0;
    int64_t *ids;
    struct db *db;
    enum code c;

    for (size_t i = 0; i < q->m->n; i++)
        n += q->m->passages[i].n_sources;
    ids = ARENA_ARRAY(q->a, int64_t, n + 1);
    for (size_t i = 0; i < q->m->n; i++)
        for (size_t s = 0; s < q->m->passages[i].n_sources; s++)
            if (s == 0 || q->m->passages[i].sources[s].exact)
                ids[k++] = q->m->passages[i].sources[s].doc;
    TRY(store_read(q->o->store, &db, q->e));
    c = quote_documents(q, db, ids, k, &q->sources, &q->n_sources);
    store_read_end(db);
    return c;
}

/* Names of the units at the top: what the office itself is called. */
static enum code load_own(struct quoting *q, struct db *db)
{
    struct unit *units;
    size_t n;

    TRY(unit_list(db, q->a, false, &units, &n, q->e));
    q->own = ARENA_ARRAY(q->a, struct str, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        if (units[i].parent != 0)
            continue;
        q->own[q->n_own++] = units[i].name;
        if (units[i].short_name.n)
            q->own[q->n_own++] = units[i].short_name;
    }
    return OK;
}

static enum code read_rights(struct quoting *q)
{
    struct db *db;
    enum code c;

    TRY(store_read(q->o->store, &db, q->e));
    c = access_filter(db, q->a, q->v, &q->filter, q->e);
    if (c == OK)
        c = load_own(q, db);
    store_read_end(db);
    q->filter.without_flags = CORPUS_UNPROOFED;
    if (q->c->day.year < q->c->o->today.year) /* what was said later is no source of an old text */
        q->filter.year_to = q->c->day.year;
    return c;
}

enum code quote_check(struct office *o, const struct viewer *v, struct checker *c,
    struct quote_options *options, struct match *m, struct err *e)
{
    struct quoting q = {
        .o = o, .v = v, .c = c, .d = c->d, .a = c->a, .options = options, .m = m, .e = e};
    struct match_options how = {.outdated = 1U << STATUS_REVISED | 1U << STATUS_REPEALED,
        .exclude = options->exclude,
        .n_exclude = options->n_exclude};
    struct claim *claims = ARENA_ARRAY(c->a, struct claim, SPANS_MAX + 1);
    size_t n = 0, looked = 0;

    TRY(access_require(v, ACT_READ, e));
    TRY(index_catch_up(o, &options->behind, e));
    TRY(read_rights(&q));
    TRY(corpus_match(o->corpus, c->a, c->d->text, &q.filter, &how, m, e));
    TRY(load_sources(&q));
    TRY(quote_citations(&q));
    for (size_t i = 0; i < c->d->n_lines; i++) {
        claims_quoted(&q, &c->d->lines[i], claims, &n);
        claims_told(&q, &c->d->lines[i], claims, &n);
    }
    for (size_t i = 0; i < n; i++)
        TRY(judge_claim(&q, &claims[i], &looked));
    for (size_t i = 0; i < m->n; i++)
        if (!claimed(&m->passages[i], claims, n))
            judge_close(&q, &m->passages[i]);
    judge_repeats(&q);
    return OK;
}
