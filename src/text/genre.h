/* text/genre.h - what sort of document a title names (文种).
 *
 * Numbers are stored with documents (corpus_attr.kind) and never change meaning: 1..15 are the fifteen
 * kinds of 《党政机关公文处理工作条例》第八条 in its order; from 20 the other materials an office
 * keeps. All are below 64, so that a set fits in a uint64_t. */
#ifndef TEXT_GENRE_H
#define TEXT_GENRE_H

#include "text/lex.h"

enum genre {
    GENRE_NONE = 0,
    GENRE_RESOLUTION = 1,      /* 决议 */
    GENRE_DECISION = 2,        /* 决定 */
    GENRE_ORDER = 3,           /* 命令（令） */
    GENRE_COMMUNIQUE = 4,      /* 公报 */
    GENRE_ANNOUNCEMENT = 5,    /* 公告 */
    GENRE_PUBLIC_NOTICE = 6,   /* 通告 */
    GENRE_OPINION = 7,         /* 意见 */
    GENRE_NOTICE = 8,          /* 通知 */
    GENRE_CIRCULAR = 9,        /* 通报 */
    GENRE_REPORT = 10,         /* 报告 */
    GENRE_REQUEST = 11,        /* 请示 */
    GENRE_REPLY = 12,          /* 批复 */
    GENRE_BILL = 13,           /* 议案 */
    GENRE_LETTER = 14,         /* 函 */
    GENRE_MINUTES = 15,        /* 纪要 */
    GENRE_LAW = 20,            /* 法律 */
    GENRE_REGULATION = 21,     /* 条例 */
    GENRE_MEASURES = 22,       /* 办法 */
    GENRE_PROVISIONS = 23,     /* 规定 */
    GENRE_RULES = 24,          /* 规则 */
    GENRE_DETAILED = 25,       /* 细则 */
    GENRE_CHARTER = 26,        /* 章程 */
    GENRE_NORM = 27,           /* 准则、规范 */
    GENRE_INTERPRETATION = 28, /* 解释 */
    GENRE_SYSTEM = 29,         /* 制度 */
    GENRE_SCHEME = 30,         /* 方案 */
    GENRE_PLAN = 31,           /* 计划 */
    GENRE_PROGRAMME = 32,      /* 规划、纲要 */
    GENRE_POINTS = 33,         /* 要点 */
    GENRE_SUMMARY = 34,        /* 总结 */
    GENRE_SPEECH = 35,         /* 讲话、致辞、发言 */
    GENRE_BULLETIN = 36,       /* 简报、快报、专报 */
    GENRE_NEWS = 37,           /* 新闻；only from the text, never from a title */
    GENRE_WORK_REPORT = 38,    /* 工作报告 */
    GENRE_STUDY = 39,          /* 调研报告 */
    GENRE_BRIEFING = 40,       /* 汇报 */
    GENRE_EMERGENCY = 41,      /* 预案 */
    GENRE_GUIDE = 42,          /* 指南、指引 */
    GENRE_LIST = 43,           /* 目录、清单、名单 */
    GENRE_STANDARD = 44,       /* 标准 */
    GENRE_ANSWER = 45,         /* 答复、解答 */
    GENRE_CASE = 46,           /* 案例 */
    GENRE_CONTRACT = 47,       /* 合同、协议 */
    GENRE_APPEAL = 48,         /* 倡议书、公开信、慰问信 */
    GENRE_STATEMENT = 49,      /* 声明、说明 */
    GENRE_AGENDA = 50,         /* 议程、日程 */
    GENRE_LEDGER = 51,         /* 台账、统计表、一览表 */
    GENRE_MAX = 63
};

/* "通知" ... ; "" for what has no name. Static. */
struct str genre_name(int genre);
/* The inverse, blanks around it allowed ("命令（令）", "命令" and "令" are one); GENRE_NONE otherwise. */
int genre_of_name(struct str name);
/* One of the fifteen. */
bool genre_official(int genre);

/* The kind a title names at its end: 关于…的通知 → 通知, whatever 《…》 it prints or forwards;
 * （试行）（征求意见稿）, a document number and blanks behind it do not count. GENRE_NONE where the
 * end names none. `at`, if not NULL: the bytes of `title` it was read from. */
int genre_of_title(struct str title, struct text_span *at);

/* The title without blanks around it, trailing bracketed notes and document number: what keys and
 * series compare. A view of `title`. */
struct str genre_title_core(struct str title);

#endif
