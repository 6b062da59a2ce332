/* text/authority.h - issuers: is a name that of an organ, and how much does its word weigh?
 *
 * The weight is corpus_attr.authority: ranking puts the higher first. Steps of our own, after the order of
 * organs in the Constitution and the Party's constitution: central 90.., ministries and highest courts 75,
 * province 60, city 50, county 40, township 35, enterprises 30, unknown 20. */
#ifndef TEXT_AUTHORITY_H
#define TEXT_AUTHORITY_H

#include "base/arena.h"
#include "base/str.h"

enum { AUTHORITY_UNKNOWN = 20, AUTHORITY_ENTERPRISE = 30 };

/* Weight of an issuer as written; of joint issuers (、 or blanks between them) the highest. */
uint8_t authority_of(struct str issuer);

/* The name ends as an organ's does and holds nothing a name cannot hold. Joint names are looked at
 * one by one; all must pass. */
bool authority_is_organ(struct str name);

/* The organ, or joint organs, at the front of a title: 国务院办公厅关于…, 教育部 财政部关于…,
 * 最高人民法院关于…; empty where the title names none. A view of `title`. */
struct str authority_in_title(struct str title);

#endif
