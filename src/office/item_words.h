/* office/item_words.h - what an event says, in the words of the office: for histories, threads and chronicles. */
#ifndef OFFICE_ITEM_WORDS_H
#define OFFICE_ITEM_WORDS_H

#include "base/json.h"
#include "office/item_event.h"
#include "office/kind.h"

struct item_words {
    struct str what;    /* 登记, 交办, 已反馈, 催办 ... */
    struct str opinion; /* in full */
    struct str box;     /* the heading under which the opinion stands on the form */
    struct str detail; /* 编号督〔2026〕3号; 改了完成期限、牵头单位; 请12个单位或人员 */
    struct str state; /* name of the state it came into; empty: it stayed */
    bool key;         /* what a chronicle would not leave out: 要点 */
};
/* k: the version under which the item runs. Fields that only some may see are not named. */
void item_words(
    struct arena *a, const struct kind *k, const struct item_event *ev, struct item_words *out);
/* 略过3处问题，其中错误1处: what stood passed over in the text that an event sent or signed; empty for none. *list: which it was. */
struct str item_passed_words(struct arena *a, const json_t *payload, int64_t *list);
/* 同意, 已阅 and their like: words that tell nobody anything new. */
bool item_plain_words(struct str text);

#endif
