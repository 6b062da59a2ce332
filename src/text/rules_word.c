/* Words and sentences, by the word lists (text/lexicon.h). */
#include "text/rules_word.h"

#include "text/lexicon.h"
#include "text/rule_chars.h"

/* What is wrong, in one line: the row's reason where it has one. */
static struct str message_of(struct checker *c, const struct lexicon_row *r, struct str words)
{
    const char *what = r->group != LEXICON_TYPO  ? "用得不当"
                       : r->level == CHECK_ERROR ? "是错别字"
                                                 : "疑似错别字";

    if (r->reason.n)
        return arena_printf(c->a, "“%.*s”%s：%.*s", SF(words), what, SF(r->reason));
    return arena_printf(c->a, "“%.*s”%s", SF(words), what);
}

/* Applied without a person only where the row is sure and there is one answer. */
static void say_hit(struct checker *c, const struct lexicon_hit *h)
{
    const struct lexicon_row *r = h->row;
    const char *id = lexicon_rule(r->group);
    struct str rest = r->right, one = {0};
    struct str m = message_of(c, r, draft_str(c->d, h->begin, h->end));
    struct finding *f;

    if (!str_next(&rest, S("|"), &one) || !one.n) {
        f = check_say(c, id, h->begin, h->end, "%.*s", SF(m));
    } else {
        f = check_replace(
            c, id, h->begin, h->end, str_eq(one, S("-")) ? S("") : one, "%.*s", SF(m));
        if (f && (rest.n || r->level != CHECK_ERROR))
            f->fix = false;
        while (str_next(&rest, S("|"), &one))
            check_suggest(c, f, one);
    }
    if (!f)
        return;
    if (f->level > r->level)
        f->level = r->level;
    f->source = ARENA_NEW(c->a, struct finding_source);
    f->source->title = arena_str(c->a, r->basis); /* lists may be read anew while this is shown */
    f->source->label = arena_printf(c->a, "词表%.*s", SF(r->id));
}

void word_lexicon(struct checker *c)
{
    struct lexicon_hit *v;
    size_t n;

    if (!c->o->tables.lexicon)
        return;
    n = lexicon_find(c->o->tables.lexicon, c->a, c->d, &v);
    for (size_t i = 0; i < n; i++)
        say_hit(c, &v[i]);
}

static const struct rule table[] = {
    {"W01", "错别字", CHECK_WORD, CHECK_ERROR, STRENGTH_MUST, "《现代汉语词典》（第7版）", true,
        NEED_LEXICON, "现将任务布署如下。", "现将任务部署如下。", word_lexicon},
    {"W02", "近义词、音近词混用", CHECK_WORD, CHECK_WARN, STRENGTH_SHOULD,
        "《现代汉语词典》（第7版）", false, NEED_LEXICON, "报名截止到6月30日。",
        "报名截至6月30日。", word_lexicon},
    {"W03", "病句和重复累赘", CHECK_WORD, CHECK_WARN, STRENGTH_SHOULD, "惯例", false, NEED_LEXICON,
        "经费付诸于建设。", "经费付诸建设。", word_lexicon},
    {"W04", "停用或不宜的说法", CHECK_WORD, CHECK_WARN, STRENGTH_SHOULD, "惯例", false,
        NEED_LEXICON, "走访聋哑人家庭。", "走访听力、言语残疾人家庭。", word_lexicon},
};
const struct rule_table rules_word = {table, COUNT(table)};
