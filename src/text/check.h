/* text/check.h - the rules of proofreading: one table, run over a draft.
 *
 * A rule is an entry of the table: id, class, level, basis, strength, a test pair, and the pass that finds it. A
 * miss is better than a false alarm; nothing is changed silently; a report names the rules that did not run and why.
 * Rules that need the library (quotations, citations) have their entries here and their work in office/quote.c;
 * settings of the unit and what people ignored are applied by office/proof.c. */
#ifndef TEXT_CHECK_H
#define TEXT_CHECK_H

#include "text/draft.h"

enum check_class {
    CHECK_QUOTE = 1, /* 引文 */
    CHECK_TERM,      /* 规范表述 */
    CHECK_PUNCT,     /* 标点 */
    CHECK_NUMBER,    /* 数字与计量 */
    CHECK_FORM,      /* 结构格式 */
    CHECK_WORD,      /* 字词语句 */
    CHECK_LOGIC,     /* 时间与数据 */
    CHECK_SAME,      /* 前后一致 */
    CHECK_PRIVATE,   /* 个人信息与保密 */
    CHECK_REPEAT,    /* 重复 */
    CHECK_CLASSES
};
enum check_level { CHECK_OFF = 0, CHECK_HINT, CHECK_WARN, CHECK_ERROR };
enum check_strength { STRENGTH_MAY = 1, STRENGTH_SHOULD, STRENGTH_MUST };

const char *check_class_name(enum check_class c);        /* "引文" */
const char *check_class_key(enum check_class c);         /* "quote": in JSON and addresses */
enum check_class check_class_of(struct str key_or_name); /* 0 for none */
const char *check_level_name(enum check_level l);        /* "错误" "疑似" "提示" "关闭" */
const char *check_level_key(enum check_level l);         /* "error" "warn" "hint" "off" */
enum check_level check_level_of(struct str key);         /* CHECK_OFF also for what is none */
const char *check_strength_name(enum check_strength s);  /* "必须" "应当" "可以" */

/* What a rule cannot do without. */
enum check_need {
    NEED_LEXICON = 1, /* check_tables.lexicon */
    NEED_TERMS = 2,   /* check_tables.terms has a row of the sort the rule reads */
    NEED_LIBRARY = 4, /* an office with documents: office/quote.c */
};

struct checker;
struct rule {
    const char *id;   /* "P01"; never used again for another rule */
    const char *name; /* what is wrong, short: 汉字旁用了半角点号 */
    enum check_class cls;
    enum check_level level;
    enum check_strength strength;
    const char *basis; /* "GB/T 15834—2011 4.4", "《党政机关公文处理工作条例》第十五条", "惯例" */
    bool fix; /* its suggestion cannot change the meaning and may be applied without a person */
    unsigned needs;                  /* enum check_need bits */
    const char *wrong, *right;       /* the test pair; lines parted by '\n' */
    void (*pass)(struct checker *c); /* several rules may share one; NULL: run by a higher layer */
};
/* All entries, class by class; NULL behind the last one. */
const struct rule *check_rule_at(size_t i);
const struct rule *check_rule(struct str id); /* NULL: none */

/* Where a finding comes from: a passage of a document, a row of a table. */
struct finding_source {
    int64_t doc; /* document.id; 0: none */
    struct str title;
    struct str label; /* what it is: issuer, number, date on one line; or "规范表述表" */
    struct str text;  /* the passage as it stands there */
    int64_t begin_cp, end_cp; /* of the document's plain text */
};
struct finding {
    const struct rule *rule;
    enum check_level level;
    size_t begin,
        end; /* code points of the draft; begin < end unless something is missing at a place */
    struct str message;      /* one Chinese line without full stop: what is wrong here */
    struct str *suggestions; /* what may stand in its place, best first; an empty string deletes */
    size_t n_suggestions;
    bool fix;                      /* suggestions[0] may be applied without a person */
    size_t other_begin, other_end; /* the place it disagrees with; both 0: none */
    struct finding_source *source; /* NULL: none */
};

struct lexicon;
struct terms;
struct check_tables {
    const struct lexicon *lexicon; /* text/lexicon.h; NULL: none */
    const struct terms *terms;     /* text/terms.h; NULL: none */
};
/* A rule switched by the unit or the person; the last one for a rule holds. */
struct rule_setting {
    const struct rule *rule;
    enum check_level level; /* CHECK_OFF: does not run */
    uint64_t genres;        /* restrict to these kinds of text (bit set over enum genre); 0: all */
};
struct check_options {
    struct check_tables tables;
    const struct rule_setting *settings;
    size_t n_settings;
    struct lex_date
        day; /* as of which names and rules are judged; year 0: the draft's own, else `today` */
    struct lex_date today;
    int genre;        /* enum genre; GENRE_NONE: as the title says */
    uint32_t classes; /* bit set over enum check_class; 0: all */
};
enum { CHECK_FINDINGS_MAX = 20000, CHECK_PER_RULE_MAX = 2000 };

struct check_skipped {
    const struct rule *rule;
    struct str why; /* 词表未装入; 本单位已关闭; 只用于请示 */
};
struct check {
    struct finding *v; /* by place, then by level */
    size_t n;
    struct check_skipped *skipped;
    size_t n_skipped;
    bool cut; /* more was found than the limits let through */
};
/* Results live in `a`. Same input, same result. */
void check_draft(
    struct arena *a, const struct draft *d, const struct check_options *o, struct check *out);

/* Fixed until nothing is left to fix: what one fix uncovers is fixed too, so that a second call changes nothing. A
 * fix that never comes to rest is our mistake; it stops after CHECK_FIX_ROUNDS. Returns how many were applied. */
enum { CHECK_FIX_ROUNDS = 64 };
size_t check_fix_text(struct arena *a, struct str text, const uint8_t *kinds,
    const struct check_options *o, struct buf *out);

/* The text with suggestions[0] of every finding that has `fix`, appended to out; where two overlap the first one wins. */
size_t check_fix(const struct draft *d, const struct finding *v, size_t n, struct buf *out);

#endif
