/* text/lexicon.h - word lists: wrong forms with the right ones and the conditions under which they are wrong.
 *
 * A list is a file of lines of eight cells parted by tabs; empty lines and lines that begin with # are left out:
 *
 *   id  wrong  right  level  condition  group  basis  reason
 *
 *   right      several parted by |; empty: none can be said; a single - deletes
 *   level      error, warn, hint; off: the row does not run (a unit's row of the same id switches a built-in one off)
 *   condition  empty or 总是, else clauses parted by ； all of which must hold:
 *                后接:甲|乙  不后接:…  前接:…  不前接:…   right behind, right before the wrong form
 *                后有:…  后无:…  前有:…  前无:…           in the same sentence, behind, before
 *              besides words: <数> a figure or Chinese number, <首> or <尾> the beginning or end of a clause
 *   group      which rule it belongs to: 错别字 近义 语病 停用 单位
 *
 * A wrong form 通过…，使 has a gap: the second part stands within LEXICON_GAP_CP characters, no comma between.
 *
 * Method: Aho and Corasick 1975 over code points, transitions in one hash table; conditions are asked only where a form
 * was found. Of forms that overlap the longest that holds is reported. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include "text/check.h"

enum {
    LEXICON_ROWS_MAX = 20000,
    LEXICON_FORM_CP_MAX = 24,
    LEXICON_GAP_CP = 30,
    LEXICON_CLAUSES_MAX = 8,
    LEXICON_FILE_MAX = 4 << 20,
};

enum lexicon_group {
    LEXICON_TYPO = 1, /* 错别字: W01 */
    LEXICON_NEAR,     /* 近义: W02 */
    LEXICON_FAULTY,   /* 语病: W03 */
    LEXICON_DATED,    /* 停用: W04 */
    LEXICON_UNIT,     /* 单位: N25 */
    LEXICON_GROUPS
};

struct lexicon_row {
    struct str id, wrong, right, condition, basis, reason;
    enum check_level level;
    enum lexicon_group group;
    struct str file; /* where it comes from: "错别字.tsv" */
    size_t line;
};

struct lexicon;
/* The built-in lists, and those of `dir` (every *.tsv in it, by name) where it is not NULL: a row there replaces the
 * built-in row of its id. Lives in `a`. E_INPUT names file, line and what is wrong: cells, level, condition, group, an id used
 * twice in the built-in lists or twice in the directory, a right form in which another row finds something. */
MUST_USE enum code lexicon_open(
    struct arena *a, const char *dir, const struct lexicon **out, struct err *e);
/* The same for one list given as text: for tests. */
MUST_USE enum code lexicon_of(
    struct arena *a, struct str tsv, const char *name, const struct lexicon **out, struct err *e);
size_t lexicon_count(const struct lexicon *x);
const struct lexicon_row *lexicon_at(const struct lexicon *x, size_t i);
const char *lexicon_rule(enum lexicon_group g); /* "W01" */

struct lexicon_hit {
    const struct lexicon_row *row;
    size_t begin, end; /* code points of the draft */
};
/* All that hold in the draft, by place; places in addresses and codes are left out. */
size_t lexicon_find(
    const struct lexicon *x, struct arena *a, const struct draft *d, struct lexicon_hit **out);

#endif
