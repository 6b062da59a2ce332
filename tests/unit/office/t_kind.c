/* Kinds: what is refused with which line, what is noted, conditions, the delivered files, versions in the database. On
 * SQLite; a second time on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "office/audit.h"
#include "office/document.h"
#include "office/kind.h"
#include "officedb.h"

/* A small kind with one of everything. Cases change one piece of it. */
static const char small[] =
    "kind: visit\n"                                                     /* 1 */
    "name: 调研接待\n"                                                  /* 2 */
    "entry: track\n"                                                    /* 3 */
    "number: 调〔{year}〕{serial}号\n"                                  /* 4 */
    "number_at: send\n"                                                 /* 5 */
    "title: subject\n"                                                  /* 6 */
    "level: open\n"                                                     /* 7 */
    "retention: 10y\n"                                                  /* 8 */
    "phrases: [同意。]\n"                                               /* 9 */
    "roles:\n"                                                          /* 10 */
    "  boss: [role:chief]\n"                                            /* 11 */
    "  lead: [field:lead]\n"                                            /* 12 */
    "fields:\n"                                                         /* 13 */
    "  - {id: subject, name: 主题, type: text, required: true}\n"       /* 14 */
    "  - {id: class, name: 类别, type: choice, of: [内部, 外部]}\n"     /* 15 */
    "  - {id: people, name: 人数, type: number}\n"                      /* 16 */
    "  - {id: lead, name: 牵头, type: unit}\n"                          /* 17 */
    "  - {id: due, name: 期限, type: date, required: true}\n"           /* 18 */
    "  - {id: guest, name: 来宾, type: text, when: \"class = 外部\"}\n" /* 19 */
    "  - {id: rows, name: 日程, type: table, columns: [{id: at, name: 时间, "
    "type: date}]}\n"                          /* 20 */
    "states:\n"                                /* 21 */
    "  draft: {name: 草稿, edit: [owner]}\n"   /* 22 */
    "  doing: 办理中\n"                        /* 23 */
    "  paused: 暂缓\n"                         /* 24 */
    "  closed: {name: 已办结, closed: true}\n" /* 25 */
    "moves:\n"                                 /* 26 */
    "  - {id: send, name: 送出, from: draft, to: doing, by: [owner], set: [lead, "
    "due], ask: {of: [lead], purpose: 办理, wait: all}}\n"                /* 27 */
    "  - {id: hold, name: 暂缓, from: doing, to: paused, by: [boss]}\n"   /* 28 */
    "  - {id: resume, name: 恢复, from: paused, to: doing, by: [boss]}\n" /* 29 */
    "  - {id: done, name: 办结, from: doing, to: closed, by: [lead], "
    "when_answered: 已反馈}\n" /* 30 */
    "clocks:\n"                /* 31 */
    "  - {id: finish, name: 办结, start: doing, stop: closed, due: due, pause: "
    "[paused], extend: [boss]}\n"                                 /* 32 */
    "lights:\n"                                                   /* 33 */
    "  - {colour: red, clock: finish, left: 0d, text: 逾期}\n"    /* 34 */
    "  - {colour: yellow, clock: finish, left: 3d, text: 临近}\n" /* 35 */
    "remind: {of: finish, at: [1d, 3d, -1d], most: 4, quiet: "
    "\"21:00-07:30\"}\n"                                     /* 36 */
    "ledger: [number, title, lead, due, state, light]\n"     /* 37 */
    "forms:\n"                                               /* 38 */
    "  - {id: sheet, name: 接待单, template: item_sheet}\n"; /* 39 */

/* small with one piece replaced, which must be there. */
static struct str changed(struct arena *a, const char *find, const char *put)
{
    struct str s = str_z(small), before, after;

    assert_true(str_cut(s, str_z(find), &before, &after));
    return arena_printf(a, "%.*s%s%.*s", SF(before), put, SF(after));
}

static struct str times(struct arena *a, const char *fmt, int n)
{
    struct str s = S("");

    for (int i = 0; i < n; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        s = arena_cat(a, s, arena_printf(a, fmt, i));
#pragma GCC diagnostic pop
    }
    return s;
}

struct refused {
    const char *find, *put;
    int line;
    const char *says;
};

static void each_rule_refuses_with_its_line(void **state)
{
    static const struct refused cases[] = {
        /* the kind itself */
        {"kind: visit", "kind: Visit", 1, "标识“Visit”"},
        {"kind: visit", "kind: v", 1, "太短"},
        {"kind: visit\n", "", 1, "缺少“kind”"},
        {"name: 调研接待\n", "", 1, "缺少“name”"},
        {"name: 调研接待", "name: ''", 2, "“name”不能为空"},
        {"name: 调研接待", "name: \"甲\\n乙\"", 2, "换行"},
        {"entry: track", "entry: park", 3, "应为：in、draft"},
        {"entry: track\n", "", 1, "缺少“entry”"},
        {"level: open", "level: top", 7, "应为：open、internal、secret"},
        {"level: open", "colour: red", 7, "未知的键“colour”"},
        {"retention: 10y", "retention: 10", 8, "保管期限“10”"},
        {"retention: 10y", "retention: 0y", 8, "保管期限"},
        {"phrases: [同意。]", "phrases: [同意。, 同意。]", 9, "常用语“同意。”重复"},
        {"{serial}", "{serail}", 4, "编号"},
        {"{serial}号", "号", 4, "顺序号"},
        {"number: 调〔{year}〕{serial}号\n", "", 4, "没有写“number”"},
        {"number_at: send", "number_at: sent", 5, "没有转办“sent”"},
        {"调〔{year}〕", "调{code}〔{year}〕", 4, "要写“codes”"},
        {"number_at: send", "codes: {field: class}", 4, "要有一个 {code}"},
        {"number_at: send", "codes: {field: people}", 5, "要是选项（choice）"},
        {"number_at: send", "codes: {field: nobody}", 5, "nobody"},
        {"number_at: send", "codes: {suggest: []}", 5, "缺少“field”"},
        {"number_at: send", "codes: {field: class, suggest: [{code: 别的, when: \"people > 3\"}]}",
            5, "“别的”不在字段“class”的选项里"},
        {"number_at: send", "codes: {field: class, suggest: [{code: 外部}]}", 5, "缺少“when”"},
        {"number: 调〔{year}〕{serial}号\nnumber_at: send\n", "codes: {field: class}\n", 4,
            "却没有写“number”"},
        {"title: subject", "title: topic", 6, "没有字段“topic”"},
        {"title: subject", "title: lead", 6, "要是 text 或 longtext"},
        {"title: subject", "title: guest", 6, "要是必填的"},
        {"type: text, required: true}", "type: text, required: true, see: [owner]}", 6,
            "人人看得到"},
        /* roles and terms */
        {"boss: [role:chief]", "Boss: [role:chief]", 11, "标识“Boss”"},
        {"boss: [role:chief]", "owner: [role:chief]", 11, "另有含义"},
        {"boss: [role:chief]", "boss: [role:king]", 11, "“role:king”不是一种角色"},
        {"boss: [role:chief]", "boss: [lead]", 11, "“lead”指不到任何人"},
        {"boss: [role:chief]", "boss: []", 11, "没有写是谁"},
        {"lead: [field:lead]", "lead: [field:leed]", 12, "“field:leed”指的字段不存在"},
        {"lead: [field:lead]", "lead: [field:due]", 12, "不是人员或单位"},
        {"by: [owner], set", "by: [ownr], set", 27, "“ownr”指不到任何人"},
        {"by: [owner], set", "by: [], set", 27, "没有写谁可以办"},
        {"by: [owner], set", "by: [chosen], set", 27, "“chosen”只用在"},
        {"edit: [owner]", "edit: [nobody]", 22, "“nobody”指不到任何人"},
        /* fields */
        {"id: subject, ", "", 14, "缺少“id”"},
        {"id: subject", "id: 主题", 14, "标识“主题”"},
        {"name: 主题, ", "", 14, "缺少“name”"},
        {"type: text, required: true}", "required: true}", 14, "缺少“type”"},
        {"type: text, required: true}", "type: words}", 14, "“words”应为：text、longtext"},
        {"type: text, required: true}", "type: text, required: 也许}", 14, "true 或 false"},
        {"type: text, required: true}", "type: text, required: true, must: 1}", 14,
            "未知的键“must”"},
        {"type: text, required: true}", "type: text, required: true, max: 0}", 14, "不在 1 到"},
        {"type: number}", "type: number, max: 3}", 16, "不写“max”"},
        {", of: [内部, 外部]", "", 15, "缺少“of”"},
        {"of: [内部, 外部]", "of: []", 15, "没有一个选项"},
        {"of: [内部, 外部]", "of: [内部, 内部]", 15, "选项“内部”重复"},
        {"type: number}", "type: number, of: [甲]}", 16, "只有 choice 字段写“of”"},
        {"type: number}", "type: number, columns: []}", 16, "只有 table 字段写“columns”"},
        {", columns: [{id: at, name: 时间, type: date}]", "", 20, "缺少“columns”"},
        {"[{id: at, name: 时间, type: date}]", "[]", 20, "1到20列"},
        {"[{id: at, name: 时间, type: date}]", "[{id: at, name: 时间, type: file}]", 20,
            "不能是附件"},
        {"[{id: at, name: 时间, type: date}]",
            "[{id: at, name: 时间, type: date}, {id: at, name: 时, type: date}]", 20, "列“at”重复"},
        {"id: people", "id: class", 16, "字段“class”重复，第15行已有"},
        {"id: people", "id: urgency", 16, "每个事项本来就有它"},
        {"type: unit}", "type: unit, see: [boos]}", 17, "“boos”指不到任何人"},
        /* conditions */
        {"class = 外部", "klass = 外部", 19, "没有字段“klass”"},
        {"class = 外部", "rows is empty", 19, "只能用写在它上面的字段"},
        {"class = 外部", "guest = 甲", 19, "不能用它自己"},
        {"class = 外部", "class = 国外", 19, "“国外”不是“类别”的选项"},
        {"class = 外部", "class < 外部", 19, "不能这样比较选项字段"},
        {"class = 外部", "lead = 甲", 19, "不能这样比较单位字段"},
        {"class = 外部", "people > 很多", 19, "不是数字"},
        {"class = 外部", "due > 明天", 19, "不是日期"},
        {"class = 外部", "class =", 19, "缺少一个值"},
        {"class = 外部", "= 外部", 19, "缺少字段"},
        {"class = 外部", "class ~ 外部", 19, "应写作 字段 = 值"},
        {"class = 外部", "class is 外部", 19, "empty 或 not empty"},
        {"class = 外部", "class in 外部", 19, "in 后面应是"},
        {"class = 外部", "class in [外部", 19, "缺少右方括号"},
        {"class = 外部", "class = \\\"外部", 19, "引号没有成对"},
        {"class = 外部", "class = 外部 people > 3", 19, "从“people > 3”起看不懂"},
        /* states */
        {"doing: 办理中", "Doing: 办理中", 23, "标识“Doing”"},
        {"doing: 办理中", "any: 办理中", 23, "不能叫“any”"},
        {"doing: 办理中", "doing: {title: 办理中}", 23, "未知的键“title”"},
        {"doing: 办理中", "doing: {edit: [owner]}", 23, "缺少“name”"},
        {"doing: 办理中", "doing: 草稿", 23, "同名"},
        {"name: 草稿, ", "name: 草稿, closed: true, ", 22, "不能是已办结"},
        {", closed: true}", "}", 22, "永远结束不了"},
        {"  paused: 暂缓\n", "  paused: 暂缓\n  lost: 丢失\n", 25, "状态“lost”到不了"},
        {"from: paused, to: doing", "from: doing, to: doing", 24, "走不到任何已办结"},
        {"  doing: 办理中\n", "  draft: 办理中\n", 23, "“draft”重复"},
        /* moves */
        {"id: hold", "id: send", 28, "转办“send”重复，第27行已有"},
        {"from: doing, to: paused", "from: dong, to: paused", 28, "没有状态“dong”"},
        {"from: doing, to: paused", "from: [doing, doing], to: paused", 28, "状态“doing”重复"},
        {"from: doing, to: paused", "from: [], to: paused", 28, "没有来处"},
        {"from: doing, to: paused", "from: doing, to: pause", 28, "去向“pause”不是一个状态"},
        {"from: doing, to: paused", "from: doing", 28, "缺少“to”"},
        {"to: paused, by: [boss]}", "to: paused}", 28, "缺少“by”"},
        {"to: paused, by: [boss]}", "to: paused, by: [boss], opinion: yes}", 28, "应为：optional"},
        {"to: paused, by: [boss]}", "to: paused, by: [boss], kind: back}", 28, "应为：forward"},
        {"to: paused, by: [boss]}", "to: paused, by: [boss], opinion: none, box: 意见}", 28,
            "没有意见栏"},
        {"to: paused, by: [boss]}", "to: paused, by: [boss], when: \"x = 1\"}", 28, "没有字段“x”"},
        {"set: [lead, due]", "set: [lead, dew]", 27, "没有字段“dew”"},
        {"set: [lead, due]", "set: [due, due]", 27, "字段“due”重复"},
        {"of: [lead], purpose", "of: [role:leader], purpose", 27, "只能是人员或单位的字段"},
        {"of: [lead], purpose", "of: [], purpose", 27, "没有写请谁办"},
        {", purpose: 办理", "", 27, "缺少“purpose”"},
        {"purpose: 办理", "purpose: 办理, answers: []", 27, "没有一个答复"},
        {"purpose: 办理", "purpose: 办理, answers: [已收, 已收]", 27, "答复“已收”重复"},
        {"purpose: 办理", "purpose: 办理, answers: [一二三四五六七八九十一]", 27, "超过10个字"},
        {"purpose: 办理", "purpose: 办理, answers: [甲, 乙], need_text: [丙]", 27,
            "“need_text”的“丙”不在“answers”的答复里"},
        {"purpose: 办理", "purpose: 办理, need_files: [甲]", 27, "“need_files”的“甲”不在"},
        {"purpose: 办理", "purpose: 办理, answers: [甲, 乙], final: [甲]", 27,
            "与“answers”末尾的“乙”不同"},
        {"purpose: 办理", "purpose: 办理, answers: [甲], final: [甲, 乙]", 27, "末尾的几个答复"},
        {"purpose: 办理", "purpose: 办理, due: people", 27, "不是日期"},
        {"wait: all", "wait: some", 27, "应为：none、all、any"},
        {"wait: all", "wait: any, serial: true", 27, "依次办"},
        {"when_answered: 已反馈", "when_answered: 已办", 30, "没有哪个“ask”里有"},
        {"when_answered: 已反馈", "when_answered: 已反馈, need_answers: true", 30,
            "不能又等全部答复"},
        {"when_answered: 已反馈", "when_all_answered: true", 30, "要写 need_answers: true"},
        {"wait: all}}\n",
            "wait: none}}\n  - {id: x, name: 甲, from: doing, to: doing, by: [boss], "
            "need_answers: true}\n",
            28, "没有哪个“ask”等候答复"},
        /* clocks */
        {"due: due, pause", "pause", 32, "没有写多久"},
        {"due: due, pause", "due: due, within: 3d, pause", 32, "只能写一个"},
        {"due: due, pause", "due: people, pause", 32, "不是日期"},
        {"due: due, pause", "within: 3 days, pause", 32, "时限“3 days”应写成"},
        {"due: due, pause", "within: 0d, pause", 32, "不能是零"},
        {"start: doing", "start: going", 32, "没有状态“going”"},
        {"start: doing", "start: closed", 32, "同一个状态"},
        {"pause: [paused]", "pause: [doing]", 32, "暂停"},
        {"pause: [paused]", "drop: [closed]", 32, "作废"},
        {"extend: [boss]", "extend: [bos]", 32, "“bos”指不到任何人"},
        {"lights:\n",
            "  - {id: finish, name: 甲, start: doing, stop: closed, within: 1d}\nlights:\n", 33,
            "时限“finish”重复"},
        {"colour: red", "colour: pink", 34, "应为：green"},
        {"red, clock: finish", "red, clock: end", 34, "没有时限“end”"},
        {"left: 0d", "left: soon", 34, "时限“soon”"},
        {", text: 逾期", "", 34, "缺少“text”"},
        {"of: finish", "of: end", 36, "没有时限“end”"},
        {"at: [1d, 3d, -1d]", "at: [1d, 24h]", 36, "提醒“24h”重复"},
        {"at: [1d, 3d, -1d]", "at: []", 36, "没有写什么时候提醒"},
        {"at: [1d, 3d, -1d]", "at: [400d]", 36, "离期限超过366天"},
        {"at: [1d, 3d, -1d]", "at: [3 days]", 36, "3 days"},
        {"most: 4", "escalate: {after: 2d}", 36, "to"},
        {"most: 4", "escalate: {after: 2d, to: []}", 36, "没有写给谁"},
        {"most: 4", "escalate: {after: 400d, to: owner}", 36, "超过366天"},
        {"most: 4", "escalate: {after: 2d, to: nobody}", 36, "指不到任何人"},
        {"by: [owner]", "by: [asked_chief]", 27, "指不到任何人"},
        {"most: 4", "most: 0", 36, "不在"},
        {"21:00-07:30", "21:00", 36, "免打扰时段"},
        {"21:00-07:30", "25:00-07:30", 36, "免打扰时段"},
        {"{of: finish, at: [1d, 3d, -1d], most: 4, quiet: \"21:00-07:30\"}",
            "[{of: finish, at: 1d}, {of: finish, at: 2d}]", 36, "提醒写了两次"},
        {"ledger: [", "ledger: [[", 38, "YAML 写法有误"},
        /* ledger, forms */
        {"ledger: [number, title, lead, due, state, light]\n", "", 1, "缺少“ledger”"},
        {"[number, title, lead, due, state, light]", "[]", 37, "一列也没有"},
        {"[number, title, lead,", "[number, titel, lead,", 37, "台账的列“titel”不是字段"},
        {"[number, title, lead,", "[number, number, lead,", 37, "台账的列“number”重复"},
        {"template: item_sheet", "template: ../x", 39, "标识“../x”"},
        {"template: item_sheet", "template: no_sheet", 39, "没有印件样式“no_sheet”"},
        {"template: item_sheet", "template: item_sheet, enabled: maybe", 39, "enabled"},
        {"  - {id: sheet,", "  - {id: sheet, name: 甲, template: item_sheet}\n  - {id: sheet,", 40,
            "印件“sheet”重复"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena a;
        struct err e = {.msg = ""};
        struct kind *k = NULL;
        enum code c;
        arena_init(&a);
        c = kind_read(&a, changed(&a, cases[i].find, cases[i].put), "x.yaml", &k, &e);
        if (c != E_INPUT || !str_has(str_z(e.msg), str_z(cases[i].says)) ||
            kind_error_line(&e) != cases[i].line ||
            !str_starts(str_z(e.msg), S("文件“x.yaml”第")) || k)
            fail_msg("case %zu (%s -> %s): %d line %d: %s", i, cases[i].find, cases[i].put, c,
                kind_error_line(&e), e.msg);
        arena_release(&a);
    }
}

/* What is counted: one more than the limit. */
static void limits_hold(void **state)
{
    static const struct {
        const char *find, *piece;
        int n;
        const char *says;
    } cases[] = {
        {"fields:\n", "  - {id: f%d, name: 甲, type: text}\n", KIND_FIELDS_MAX - 6,
            "字段有81个，最多80个"},
        {"fields:\n", "  - {id: f%d, name: 甲, type: text, required: true}\n", KIND_REQUIRED_MAX,
            "是第7个必填的字段，一张表单最多6个必填"},
        {"  doing: 办理中\n", "  s%1$d: 状态%1$d\n", KIND_STATES_MAX - 3, "状态有41个，最多40个"},
        {"moves:\n", "  - {id: m%d, name: 甲, from: doing, to: doing, by: [boss]}\n",
            KIND_MOVES_MAX - 3, "转办有121个，最多120个"},
        {"clocks:\n", "  - {id: c%d, name: 甲, start: doing, stop: closed, within: 1d}\n",
            KIND_CLOCKS_MAX, "时限有11个，最多10个"},
        {"lights:\n", "  - {colour: red, clock: finish, left: 0d, text: 甲%d}\n",
            KIND_LIGHTS_MAX - 1, "灯有21盏，最多20盏"},
        {"forms:\n", "  - {id: f%d, name: 甲, template: item_sheet}\n", KIND_FORMS_MAX,
            "印件有21种，最多20种"},
        {"roles:\n", "  r%d: [owner]\n", KIND_ROLES_MAX - 1, "角色有41个，最多40个"},
    };
    struct arena a;
    struct err e;
    struct kind *k;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str more = times(&a, cases[i].piece, cases[i].n);
        struct str all = arena_printf(&a, "%s%.*s", cases[i].find, SF(more));
        enum code c = kind_read(&a, changed(&a, cases[i].find, arena_z(&a, all)), "x.yaml", &k, &e);
        if (c != E_INPUT || !str_has(str_z(e.msg), str_z(cases[i].says)))
            fail_msg("case %zu: %d %s", i, c, e.msg);
    }
    {
        struct str ids = times(&a, "w%d, ", KIND_CHOICES_MAX);
        struct str put = arena_printf(&a, "of: [%.*s末]", SF(ids));
        assert_int_equal(
            kind_read(&a, changed(&a, "of: [内部, 外部]", arena_z(&a, put)), "x.yaml", &k, &e),
            E_INPUT);
        assert_true(str_has(str_z(e.msg), S("最多200个")));
        put = arena_printf(&a, "class = 外部%.*s", SF(times(&a, " or people = %d", KIND_COND_MAX)));
        assert_int_equal(
            kind_read(&a, changed(&a, "class = 外部", arena_z(&a, put)), "x.yaml", &k, &e),
            E_INPUT);
        assert_true(str_has(str_z(e.msg), S("最多12次比较")));
        put = times(&a, "# %08d\n", KIND_BYTES_MAX / 10);
        assert_int_equal(kind_read(&a, put, "x.yaml", &k, &e), E_LIMIT);
        assert_true(str_has(str_z(e.msg), S("超过上限")));
    }
    /* required fields of a move */
    {
        struct str more =
            times(&a, "  - {id: f%1$d, name: 甲%1$d, type: text, required: true}\n", 7);
        struct str text =
            changed(&a, "states:\n", arena_z(&a, arena_printf(&a, "%.*sstates:\n", SF(more))));
        struct str before, after;
        assert_true(str_cut(text, S("set: [lead, due]"), &before, &after));
        text = arena_printf(&a, "%.*sset: [f0, f1, f2, f3, f4, f5, f6]%.*s", SF(before), SF(after));
        assert_int_equal(kind_read(&a, text, "x.yaml", &k, &e), E_INPUT);
        assert_true(str_has(str_z(e.msg), S("转办“send”要填7个必填的字段")));
    }
    arena_release(&a);
}

static void what_is_read(void **state)
{
    struct arena a;
    struct err e;
    struct kind *k;
    struct kind_note *notes;
    size_t n;

    (void)state;
    arena_init(&a);
    assert_int_equal(kind_read(&a, str_z(small), "x.yaml", &k, &e), OK);
    assert_true(str_eq(k->name, S("调研接待")));
    assert_true(k->enabled);
    assert_int_equal(k->level, LEVEL_OPEN);
    assert_int_equal(k->retention_years, 10);
    assert_int_equal(k->number_at, 0);
    assert_int_equal(k->title, 0);
    assert_int_equal(k->n_fields, 7);
    assert_false(k->fields[0].at_move);
    assert_true(k->fields[4].at_move); /* due */
    assert_int_equal(k->fields[0].max, FIELD_TEXT_CP);
    assert_int_equal(k->fields[6].n_columns, 1);
    assert_int_equal(k->fields[5].line, 19);
    assert_true(k->states[3].closed);
    assert_int_equal(k->states[0].edit.v[0].kind, WHO_OWNER);
    assert_int_equal(k->moves[0].ask->of.v[0].kind, WHO_FIELD);
    assert_int_equal(k->moves[0].ask->of.v[0].field, 3);
    assert_int_equal(k->moves[0].ask->n_answers, 2);
    assert_true(str_eq(k->moves[0].ask->answers[1], S("已反馈")));
    assert_int_equal(k->moves[0].ask->n_final, 1);
    assert_int_equal(k->moves[0].ask->due, SIZE_MAX);
    assert_int_equal(k->moves[1].by.v[0].roles, ROLE_CHIEF);
    assert_int_equal(k->clocks[0].due, 4);
    assert_int_equal(k->clocks[0].pause[0], 2);
    assert_int_equal(k->lights[1].left.n, 3);
    assert_int_equal(k->reminds[0].n, 3);
    assert_int_equal(k->reminds[0].at[0].by.n, 3); /* the earliest first */
    assert_false(k->reminds[0].at[0].late);
    assert_int_equal(k->reminds[0].at[2].by.n, 1);
    assert_true(k->reminds[0].at[2].late);
    assert_int_equal(k->reminds[0].quiet_to, 450);
    assert_int_equal(kind_move_of(k, S("done")), 3);
    assert_int_equal(kind_state_of(k, S("nowhere")), SIZE_MAX);
    assert_string_equal(field_type_name(FIELD_UNITS), "多个单位");
    assert_string_equal(light_name(LIGHT_RED), "红");
    assert_string_equal(light_name(LIGHT_NONE), "");
    kind_lint(k, &a, &notes, &n);
    assert_int_equal(n, 0);
    /* every state that is not closed, but the one it leads to */
    assert_int_equal(kind_read(&a, changed(&a, "from: doing, to: paused", "from: any, to: paused"),
                         "x.yaml", &k, &e),
        OK);
    assert_int_equal(k->moves[1].n_from, 2);
    assert_int_equal(k->moves[1].from[1], 1);
    arena_release(&a);
}

static void what_is_probably_not_meant_is_noted(void **state)
{
    static const struct refused cases[] = {
        {", edit: [owner]", "", 22, "没有一个状态可以修改内容"},
        {"name: 人数", "name: 类别", 16, "同名“类别”"},
        {"from: doing, to: paused", "from: [doing, closed], to: paused", 28,
            "从已办结的“已办结”出发"},
        {"name: 暂缓, from", "name: 办结, from", 30, "在同一状态下同名“办结”"},
        {"from: draft, to: doing, by: [owner]", "from: draft, to: doing, by: [asked]", 27,
            "没有人能办"},
        {"start: doing, stop: closed", "start: closed, stop: doing", 32, "停不了"},
        {"left: 0d", "left: 5d", 35, "永远不亮"},
        {"most: 4", "escalate: {after: 1h, to: owner}", 36, "早于最后一次提醒"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena a;
        struct err e;
        struct kind *k;
        struct kind_note *v;
        size_t n;
        bool found = false;
        arena_init(&a);
        if (kind_read(&a, changed(&a, cases[i].find, cases[i].put), "x.yaml", &k, &e) != OK)
            fail_msg("case %zu: %s", i, e.msg);
        kind_lint(k, &a, &v, &n);
        for (size_t j = 0; j < n; j++)
            found =
                found || (v[j].line == cases[i].line && str_has(v[j].text, str_z(cases[i].says)));
        if (!found)
            fail_msg("case %zu: %zu notes, first: %d %.*s", i, n, n ? v[0].line : 0,
                SF(n ? v[0].text : S("")));
        arena_release(&a);
    }
}

/* ---- conditions ---- */

struct filled {
    const char *class, *people, *due;
};

static struct str get_filled(void *arg, struct str field)
{
    const struct filled *f = arg;

    return str_eq(field, S("class"))    ? str_z(f->class)
           : str_eq(field, S("people")) ? str_z(f->people)
           : str_eq(field, S("due"))    ? str_z(f->due)
                                        : S("");
}

static void conditions_hold(void **state)
{
    static const struct {
        const char *cond;
        struct filled f;
        bool holds;
    } cases[] = {
        {"class = 外部", {"外部", "", ""}, true},
        {"class = 外部", {"内部", "", ""}, false},
        {"class = 外部", {"", "", ""}, false},
        {"class != 外部", {"", "", ""}, true},
        {"class != 外部", {"外部", "", ""}, false},
        {"class in [内部, 外部]", {"外部", "", ""}, true},
        {"class in [内部]", {"外部", "", ""}, false},
        {"class is empty", {"", "", ""}, true},
        {"class is not empty", {"", "", ""}, false},
        {"people < 10", {"", "9", ""}, true}, /* as numbers, not as text */
        {"people < 10", {"", "10", ""}, false},
        {"people <= 10.5", {"", "10.50", ""}, true},
        {"people > -3", {"", "-2", ""}, true},
        {"people >= 3", {"", "不知道", ""}, false},
        {"due >= 2026-07-13", {"", "", "2026-07-13"}, true},
        {"due < 2026-07-13", {"", "", "2026-12-01"}, false},
        {"due < 2026-07-13", {"", "", ""}, false},
        /* and binds stronger */
        {"class = 内部 or class = 外部 and people > 3", {"内部", "1", ""}, true},
        {"class = 内部 or class = 外部 and people > 3", {"外部", "1", ""}, false},
        {"class = 内部 and people > 3 or class = 外部", {"外部", "1", ""}, true},
        {"class = 内部 and people > 3 or class = 外部", {"内部", "1", ""}, false},
        {"class=外部 and people>3", {"外部", "4", ""}, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena a;
        struct err e;
        struct kind *k;
        struct filled f = cases[i].f;
        arena_init(&a);
        if (kind_read(&a, changed(&a, "class = 外部", cases[i].cond), "x.yaml", &k, &e) != OK)
            fail_msg("case %zu: %s", i, e.msg);
        if (cond_holds(&k->fields[5].when, get_filled, &f) != cases[i].holds)
            fail_msg("case %zu: %s", i, cases[i].cond);
        assert_true(cond_holds(&k->fields[0].when, get_filled, &f)); /* none: always */
        arena_release(&a);
    }
}

/* ---- the delivered files ---- */

static size_t builtins(void)
{
    struct str yaml;
    const char *file;
    size_t n = 0;
    while (kind_builtin(n, &yaml, &file))
        n++;
    return n;
}

static void delivered_kinds_are_clean(void **state)
{
    static const char *const want[] = {"incoming", "relay", "supervision", "countersign", "request",
        "seal", "leave", "oral", "urgent", "call", "mistake", "issue", "meeting", "speech"};
    struct str yaml;
    const char *file;
    size_t i = 0;

    (void)state;
    for (; kind_builtin(i, &yaml, &file); i++) {
        struct arena a;
        struct err e;
        struct kind *k;
        struct kind_note *v;
        size_t n;
        arena_init(&a);
        if (kind_read(&a, yaml, file, &k, &e) != OK)
            fail_msg("%s", e.msg);
        assert_true(str_eq(k->id, str_z(want[i])));
        kind_lint(k, &a, &v, &n);
        if (n)
            fail_msg("%s line %d: %.*s", file, v[0].line, SF(v[0].text));
        assert_int_equal(
            k->enabled, i < 5 || i > 6); /* 用印 and 请假外出 are delivered switched off */
        assert_true(k->about.n && k->n_phrases && k->n_clocks && k->n_lights && k->n_reminds);
        arena_release(&a);
    }
    assert_int_equal(i, sizeof(want) / sizeof(*want));
}

static void a_number_reads_as_a_person_reads_it(void **state)
{
    static const struct {
        const char *pattern, *words, *example;
    } rows[] = {
        {"调〔{year}〕{serial}号", "调〔年份〕序号", "调〔2026〕1号"},
        {"{unit}{year}{month}-{serial:03}", "单位简称年份月份-三位序号", "办公室20267-001"},
        {"第{serial}号", "第序号", "第1号"},
    };
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct kind k = {.number = str_z(rows[i].pattern), .codes = {.field = SIZE_MAX}};
        struct str words = kind_number_words(&a, &k);
        struct str example = kind_number_example(&a, &k, S(""), 2026, 7);
        assert_true(str_eq(words, str_z(rows[i].words)));
        assert_true(str_eq(example, str_z(rows[i].example)));
    }
    arena_release(&a);
}

/* ---- versions ---- */

static int set_up(void **state)
{
    struct officedb *o = mem_alloc(sizeof(*o));

    officedb_open(o);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

struct publishing {
    struct kind_draft d;
    int64_t version;
};

static enum code publish_fn(struct db *db, void *arg, struct err *e)
{
    struct publishing *p = arg;

    return kind_publish(db, &p->d, &p->version, e);
}

static enum code publish(struct officedb *o, struct kind_draft d, int64_t *version, struct err *e)
{
    struct publishing p = {.d = d};
    enum code c;

    p.d.file = "x.yaml";
    c = store_write(o->st, publish_fn, &p, e);
    if (c == OK)
        *version = p.version;
    return c;
}

static enum code seed_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return kind_seed(db, e);
}

struct switching {
    const char *kind;
    bool on;
    int64_t by;
};

static enum code switch_fn(struct db *db, void *arg, struct err *e)
{
    struct switching *s = arg;

    return kind_switch(db, str_z(s->kind), s->on, s->by, e);
}

static struct db *reader(struct officedb *o)
{
    struct db *db;
    struct err e;

    assert_int_equal(store_read(o->st, &db, &e), OK);
    return db;
}

static int64_t count_events(struct officedb *o, struct str verb)
{
    struct audit_filter f = {.verb = verb};
    struct audit_event *v;
    size_t n;
    struct err e;
    struct db *db = reader(o);

    assert_int_equal(audit_list(db, &o->a, &f, 500, &v, &n, &e), OK);
    store_read_end(db);
    return (int64_t)n;
}

static void seeds_come_once(void **state)
{
    struct officedb *o = *state;
    struct kind_row *v;
    struct err e;
    size_t n;
    struct db *db;

    assert_int_equal(store_write(o->st, seed_fn, NULL, &e), OK);
    assert_int_equal(store_write(o->st, seed_fn, NULL, &e), OK);
    db = reader(o);
    assert_int_equal(kind_list(db, &o->a, &v, &n, &e), OK);
    assert_int_equal(n, builtins());
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(v[i].version, 1);
        assert_int_equal(v[i].status, str_eq(v[i].kind, S("seal")) || str_eq(v[i].kind, S("leave"))
                                          ? KIND_OFF
                                          : KIND_PUBLISHED);
        assert_true(v[i].yaml.n > 0);
    }
    store_read_end(db);
    assert_int_equal(count_events(o, S("kind.publish")), builtins());
}

static void a_new_version_leaves_the_old_one(void **state)
{
    struct officedb *o = *state;
    int64_t by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_CHIEF), version = 0;
    struct str again = changed(&o->a, "name: 调研接待", "name: 调研接待事项");
    struct kinds *kinds = kinds_new();
    const struct kind *one, *two, *newest;
    struct kind_row row, *v;
    struct err e;
    size_t n;
    struct db *db;

    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = str_z(small), .by = by}, &version, &e), OK);
    assert_int_equal(version, 1);
    /* the same text is no new version */
    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = str_z(small), .by = by}, &version, &e), OK);
    assert_int_equal(version, 1);
    db = reader(o);
    assert_int_equal(kinds_get(kinds, db, S("visit"), 0, &one, &e), OK);
    store_read_end(db);
    assert_int_equal(one->version, 1);
    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = again, .kind = S("visit"), .seen = 1, .by = by},
            &version, &e),
        OK);
    assert_int_equal(version, 2);
    /* who began from the first version is told who was faster */
    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = str_z(small), .kind = S("visit"), .seen = 1},
            &version, &e),
        E_CONFLICT);
    assert_true(str_has(str_z(e.msg), S("张三")));
    assert_true(str_has(str_z(e.msg), S("第2版")));
    db = reader(o);
    assert_int_equal(kinds_get(kinds, db, S("visit"), 0, &newest, &e), OK);
    assert_int_equal(newest->version, 2);
    assert_true(str_eq(newest->name, S("调研接待事项")));
    assert_int_equal(kinds_get(kinds, db, S("visit"), 1, &two, &e), OK);
    assert_ptr_equal(two, one);
    assert_true(str_eq(two->name, S("调研接待")));
    assert_int_equal(kinds_get(kinds, db, S("visit"), 3, &two, &e), E_NOTFOUND);
    assert_int_equal(kinds_get(kinds, db, S("nothing"), 0, &two, &e), E_NOTFOUND);
    assert_int_equal(kind_row_get(db, &o->a, S("visit"), 1, &row, &e), OK);
    assert_true(str_eq(row.yaml, str_z(small)));
    assert_true(str_eq(row.by_name, S("张三")));
    assert_int_equal(kind_versions(db, &o->a, S("visit"), &v, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].version, 2);
    assert_int_equal(kind_list(db, &o->a, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].version, 2);
    store_read_end(db);
    assert_int_equal(count_events(o, S("kind.publish")), 2);
    kinds_free(kinds);
}

static void what_is_wrong_is_not_published(void **state)
{
    struct officedb *o = *state;
    int64_t version = 77;
    struct kind_row *v;
    struct err e;
    size_t n;
    struct db *db;

    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = S("kind: x\n")}, &version, &e), E_INPUT);
    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = str_z(small), .kind = S("other")}, &version, &e),
        E_INPUT);
    assert_true(str_has(str_z(e.msg), S("不能改成“visit”")));
    assert_int_equal(version, 77);
    db = reader(o);
    assert_int_equal(kind_list(db, &o->a, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 0);
}

static void switched_off_takes_no_new_items(void **state)
{
    struct officedb *o = *state;
    struct kinds *kinds = kinds_new();
    struct switching off = {.kind = "visit"}, on = {.kind = "visit", .on = true};
    struct switching none = {.kind = "nothing"};
    const struct kind *k;
    int64_t version;
    struct err e;
    struct db *db;

    assert_int_equal(publish(o, (struct kind_draft){.yaml = str_z(small)}, &version, &e), OK);
    assert_int_equal(store_write(o->st, switch_fn, &off, &e), OK);
    assert_int_equal(store_write(o->st, switch_fn, &off, &e), OK);
    assert_int_equal(store_write(o->st, switch_fn, &none, &e), E_NOTFOUND);
    db = reader(o);
    assert_int_equal(kinds_get(kinds, db, S("visit"), 0, &k, &e), E_DENIED);
    assert_true(str_has(str_z(e.msg), S("已停用")));
    assert_int_equal(kinds_get(kinds, db, S("visit"), 1, &k, &e), OK); /* running items go on */
    store_read_end(db);
    /* a new version of it stays off */
    assert_int_equal(
        publish(o, (struct kind_draft){.yaml = changed(&o->a, "调研接待", "接待")}, &version, &e),
        OK);
    db = reader(o);
    assert_int_equal(kinds_get(kinds, db, S("visit"), 0, &k, &e), E_DENIED);
    store_read_end(db);
    assert_int_equal(store_write(o->st, switch_fn, &on, &e), OK);
    db = reader(o);
    assert_int_equal(kinds_get(kinds, db, S("visit"), 0, &k, &e), OK);
    assert_int_equal(k->version, 2);
    store_read_end(db);
    assert_int_equal(count_events(o, S("kind.off")), 1);
    assert_int_equal(count_events(o, S("kind.on")), 1);
    kinds_free(kinds);
}

struct asking {
    struct officedb *o;
    struct kinds *kinds;
    const struct kind *got[32];
};

static void *ask_all(void *arg)
{
    struct asking *x = arg;
    struct db *db;
    struct err e;
    struct str yaml;
    const char *file;

    if (store_read(x->o->st, &db, &e) != OK)
        return NULL;
    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++) {
        struct str id = str_z(file);
        str_eat_end(&id, S(".yaml"));
        if (kinds_get(x->kinds, db, id, 1, &x->got[i], &e) != OK)
            x->got[i] = NULL;
    }
    store_read_end(db);
    return NULL;
}

static void threads_get_the_same_kind(void **state)
{
    enum { N = 6 };
    struct officedb *o = *state;
    struct kinds *kinds = kinds_new();
    struct asking x[N] = {0};
    pthread_t t[N];
    struct err e;

    assert_int_equal(store_write(o->st, seed_fn, NULL, &e), OK);
    for (size_t i = 0; i < N; i++) {
        x[i] = (struct asking){.o = o, .kinds = kinds};
        assert_int_equal(pthread_create(&t[i], NULL, ask_all, &x[i]), 0);
    }
    for (size_t i = 0; i < N; i++)
        (void)pthread_join(t[i], NULL);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < builtins(); j++) {
            assert_non_null(x[i].got[j]);
            assert_ptr_equal(x[i].got[j], x[0].got[j]);
        }
    kinds_free(kinds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read),
        cmocka_unit_test(each_rule_refuses_with_its_line),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(what_is_probably_not_meant_is_noted),
        cmocka_unit_test(conditions_hold),
        cmocka_unit_test(delivered_kinds_are_clean),
        cmocka_unit_test(a_number_reads_as_a_person_reads_it),
        cmocka_unit_test_setup_teardown(seeds_come_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_version_leaves_the_old_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_not_published, set_up, tear_down),
        cmocka_unit_test_setup_teardown(switched_off_takes_no_new_items, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_get_the_same_kind, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
