/* Who reaches what of the drafting desk and of issuing, by address: every route that names a text, a version, a note, a part, a round of pen
 * corrections, a sheet of paper, a picture, a template, a seal, a run, a package; asked by everybody; under ids that are somebody else's, of another
 * table, gone, or no ids. docs/design/desk.md "Who may", office/access.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "issuewalk.h"
#include "office/archive_pack.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "office/manuscript_note.h"
#include "office/manuscript_part.h"
#include "office/manuscript_pass.h"
#include "office/manuscript_pen_sheet.h"
#include "office/print_run.h"
#include "office/sample.h"
#include "office/seal.h"
#include "office/template.h"
#include "unit/web/appfix.h"
#include "web/route.h"

static const unsigned char dot[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D',
    'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, 'I', 'D', 'A',
    'T', 0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, 'I', 'E', 'N',
    'D', 0xae, 0x42, 0x60, 0x82};

/* ---- an office with one of each ---- */

/* Beside the people of itemdb: LIAISON2 has a part of the text, OTHER was invited to read it, SECRETARY owns it; STAFF drafts what is issued. */
enum { AUDITOR = N_PEOPLE, ELSEWHERE /* the chief of another unit */, COLLEAGUE, N_ALL };
enum object {
    TEXT,
    VERSION,
    NOTE,
    PART,
    ROUND,
    SHEET,
    PICTURE,
    PASS,
    ISSUE,
    RUN,
    PACK,
    DRAFT_ITEM,
    SEAL_,
    TRAY,
    SAMPLE,
    PERSON,
    N_OBJECT
};
static const char letters[N_OBJECT + 1] = "mvnpxsfzirkjetag";

struct fix {
    struct app_fix app;
    struct walk w;
    int64_t id[N_OBJECT];
    char cookie[N_ALL + 1][200], csrf[N_ALL + 1][64]; /* the last: nobody */
};

static enum code make_text(struct db *db, void *arg, struct err *e)
{
    struct fix *f = arg;
    struct arena *a = &f->w.t.o.a;
    const struct actor *by = itemdb_as(&f->w.t, SECRETARY);
    struct str png = {(const char *)dot, sizeof(dot)};
    struct manuscript_new m = {
        .title = S("关于做好防汛工作的通知"), .level = LEVEL_INTERNAL, .text = S(DRAFT)};
    struct manuscript_picture pic = {.name = S("值守表"), .wide = 1, .high = 1};
    struct manuscript_file file;
    struct pen_picture sheet = {.name = S("照片.jpg"), .wide = 1, .high = 1};
    struct pen_sheet *sheets;
    size_t n;
    TRY(manuscript_new(db, by, &m, &f->id[TEXT], e));
    TRY(manuscript_invite(db, by, f->id[TEXT], f->w.t.person[OTHER], false, e));
    TRY(manuscript_freeze(db, a, by, f->id[TEXT], S("一稿"), &f->id[VERSION], e));
    TRY(manuscript_note_add(db, a, itemdb_as(&f->w.t, OTHER), f->id[TEXT],
        &(struct note_new){
            .sort = NOTE_COMMENT, .seq = -1, .quote = S("加强值守"), .words = S("再核")},
        &f->id[NOTE], e));
    TRY(manuscript_part_add(db, a, by,
        &(struct part_new){.manuscript = f->id[TEXT],
            .seq = -1,
            .quote = S("一、加强值守"),
            .person = f->w.t.person[LIAISON2]},
        &f->id[PART], e));
    struct pen_new pen = {.manuscript = f->id[TEXT],
        .version = f->id[VERSION],
        .corrector = S("王总"),
        .day = S("2026-07-10")};
    TRY(manuscript_pen_begin(db, a, by, &pen, &f->id[ROUND], e));
    TRY(blob_hash_bytes(png, &pic.blob, e));
    sheet.blob = pic.blob;
    TRY(pen_sheets_put(db, a, by, f->id[ROUND], &(struct pen_pictures){.v = &sheet, .n = 1}, e));
    TRY(pen_sheets(db, a, by, f->id[ROUND], &sheets, &n, e));
    f->id[SHEET] = sheets[0].id;
    TRY(manuscript_file_put(db, a, by, f->id[TEXT], &pic, &file, e));
    f->id[PICTURE] = file.id;
    TRY(manuscript_pass_add(db, a, by, f->id[TEXT],
        &(struct pass_new){
            .rule = S("S36"), .words = S("加强值守"), .throughout = true, .why = S("就是如此")},
        &f->id[PASS], e));
    return sample_take(
        db, a, by, &(struct sample_new){.version = f->id[VERSION]}, &f->id[SAMPLE], e);
}

static enum code make_tools(struct db *db, void *arg, struct err *e)
{
    struct fix *f = arg;
    const struct actor *by = itemdb_as(&f->w.t, CHIEF);
    struct print_tray t = {.printer = S("文印室"), .tray = S("纸盒1")};
    const char *name;
    struct str file, id;
    TRY(seal_new(db, by, S("办公室印章"), false, (struct str){(const char *)dot, sizeof(dot)},
        &f->id[SEAL_], e));
    TRY(seal_keeper(db, by, f->id[SEAL_], f->w.t.person[LIAISON2], true, e));
    TRY(print_tray_save(db, by, &t, &f->id[TRAY], e));
    (void)template_builtin(7, &file, &name);
    return template_save(db, &f->w.t.o.a, by, file, 0, &id, e);
}

static enum code make_run(struct db *db, void *arg, struct err *e)
{
    struct fix *f = arg;
    struct print_new p = {.item = f->w.id, .copies = 5, .first_no = 1, .fonts_why = S("可以")};
    return print_begin(db, itemdb_as(&f->w.t, SECRETARY), &p, &f->id[RUN], e);
}

struct packing {
    struct fix *f;
    struct archive_made made;
};
static enum code make_pack(struct db *db, void *arg, struct err *e)
{
    struct packing *j = arg;
    return archive_pack_put(db, itemdb_as(&j->f->w.t, SECRETARY), &j->made, &j->f->id[PACK], e);
}

static void must(struct fix *f, enum code (*fn)(struct db *, void *, struct err *), void *arg)
{
    struct err e = {.msg = ""};
    if (store_write(f->app.office->store, fn, arg, &e) != OK)
        fail_msg("%s", e.msg);
}

static void issue_one(struct fix *f)
{
    struct walk *w = &f->w;
    struct packing p = {.f = f};
    struct faces *faces;
    struct err e = {.msg = ""};
    begin_issue(w, FIELDS("不需会签", ""));
    f->id[DRAFT_ITEM] = w->id; /* stays a draft */
    begin_issue(w, FIELDS("不需会签", ""));
    f->id[ISSUE] = w->id;
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    must(f, make_run, f);
    move(w, LIAISON2, "seal", NULL, NULL);
    move(w, SECRETARY, "dispatch", NULL, NULL);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    unit_answers(w, LIAISON2, UNIT_PARTY, "已收", NULL);
    move(w, SECRETARY, "file", NULL, NULL);
    assert_int_equal(faces_open(NULL, &faces, &e), OK);
    struct db *db = itemdb_read(&w->t);
    if (archive_pack_make(db, &w->t.o.a, faces, itemdb_as(&w->t, SECRETARY), w->id, &p.made, &e) !=
        OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    must(f, make_pack, &p);
    faces_close(faces);
}

static void people(struct fix *f)
{
    static const struct {
        const char *login;
        int64_t unit;
        uint32_t roles;
    } all[N_ALL] = {{"kezhang", UNIT_SECTION, ROLE_CHIEF}, {"mishu", UNIT_SECTION, ROLE_SECRETARY},
        {"lingdao", UNIT_ROOT, ROLE_LEADER}, {"caiwu", UNIT_FINANCE, ROLE_LIAISON},
        {"dangban", UNIT_PARTY, ROLE_LIAISON}, {"yuangong", UNIT_FINANCE, ROLE_STAFF},
        {"tongshi", UNIT_PARTY, ROLE_STAFF}, {"guanli", UNIT_ROOT, ROLE_ADMIN},
        {"shenji", UNIT_ROOT, ROLE_AUDITOR}, {"waidan", UNIT_FINANCE, ROLE_CHIEF},
        {"tongke", UNIT_SECTION, ROLE_SECRETARY}};
    struct password_cost quick = {.memory_kib = 64, .passes = 1, .lanes = 1};
    struct itemdb *t = &f->w.t;
    struct hasher *h;
    struct err e = {.msg = ""};
    assert_int_equal(hasher_new(&quick, &h, &e), OK);
    struct door d = door_default(f->app.office->store, h);
    for (int i = 0; i < N_ALL; i++) {
        int64_t id = officedb_person(&t->o, all[i].login, all[i].unit, all[i].roles);
        assert_int_equal(person_set_password(&d, id, S(GOOD), false, 0, &e), OK);
        sign_in(&f->app, all[i].login);
        memcpy(f->cookie[i], f->app.cookie, sizeof(f->cookie[i]));
        memcpy(f->csrf[i], f->app.csrf, sizeof(f->csrf[i]));
        if (i >= N_PEOPLE)
            continue;
        t->person[i] = id;
        t->viewer[i] = (struct viewer){id, all[i].unit, all[i].roles, false};
        t->actor[i] = (struct actor){
            .v = &t->viewer[i], .kinds = t->kinds, .calendar = t->calendar, .hours = &t->hours};
    }
    t->viewer[N_PEOPLE] = viewer_owner();
    t->actor[N_PEOPLE] = (struct actor){
        .v = &t->viewer[N_PEOPLE], .kinds = t->kinds, .calendar = t->calendar, .hours = &t->hours};
    hasher_free(h);
}

static int open_all(void **state)
{
    struct fix *f;
    void *app;
    if (appfix_open(&app) != 0)
        return -1;
    f = calloc(1, sizeof(*f));
    f->app = *(struct app_fix *)app;
    free(app);
    struct itemdb *t = &f->w.t;
    t->o.st = f->app.office->store;
    arena_init(&t->o.a);
    t->kinds = f->app.office->kinds;
    t->calendar = f->app.office->calendar;
    t->hours = f->app.office->hours;
    t->now_ms = MONDAY;
    must(f, officedb_units, NULL);
    must(f, seed, NULL);
    people(f);
    must(f, make_text, f);
    must(f, make_tools, f);
    issue_one(f);
    f->id[PERSON] = t->person[OTHER];
    *state = f;
    return 0;
}

static int close_all(void **state)
{
    struct fix *f = *state;
    struct app_fix *app = malloc(sizeof(*app));
    void *p = app;
    *app = f->app;
    arena_release(&f->w.t.o.a);
    free(f);
    return appfix_close(&p);
}

/* ---- asking ---- */

/* {m} and the other letters are the ids; other: stands in the place of each of them. */
static void expand(struct fix *f, const char *s, const char *other, struct buf *b)
{
    for (; *s; s++) {
        const char *at = s[0] == '{' && s[1] && s[2] == '}' ? strchr(letters, s[1]) : NULL;
        if (!at) {
            buf_char(b, *s);
            continue;
        }
        s += 2;
        if (other)
            buf_z(b, other);
        else
            buf_printf(b, "%lld", (long long)f->id[at - letters]);
    }
}

/* What came of it: L to the door, - may not, 0 there is none, b what was sent is refused, c it stands otherwise, m too much, f no room on the disk, Y done. */
static char outcome(const struct buf *b)
{
    int status = b->n > 12 ? (int)strtol(b->p + 9, NULL, 10) : 0;
    switch (status) {
    case 200:
        return 'Y';
    case 303:
        return strstr(b->p, "Location: /login") ? 'L' : 'Y';
    case 401:
        return 'L';
    case 403:
        return '-';
    case 404:
        return '0';
    case 400:
        return 'b';
    case 405:
        return '5';
    case 409:
        return 'c';
    case 413:
        return 'm';
    case 507:
        return 'f';
    default:
        return '!';
    }
}

struct row {
    const char *pattern, *method, *target, *body; /* body: behind the secret of the session */
    const char *want;                             /* one letter for each of columns[] */
};
static const int columns[] = {N_ALL, ADMIN, AUDITOR, STAFF, LIAISON, LEADER, COLLEAGUE, CHIEF,
    ELSEWHERE, OTHER, LIAISON2, SECRETARY};
enum { N_COLUMN = sizeof(columns) / sizeof(*columns) };

static char asked(struct fix *f, const struct row *r, int who, const char *other, const char *csrf,
    const char *more, struct buf *b)
{
    struct buf target, body;
    buf_init(&target, 0);
    buf_init(&body, 0);
    expand(f, r->target, other, &target);
    buf_char(&target, '\0');
    memcpy(f->app.cookie, who == N_ALL ? "" : f->cookie[who], who == N_ALL ? 1 : 200);
    if (r->body) {
        buf_printf(&body, "csrf=%s&", csrf ? csrf : who == N_ALL ? "x" : f->csrf[who]);
        expand(f, r->body, NULL, &body);
        buf_z(&body, more ? more : "");
        buf_char(&body, '\0');
    }
    ask(&f->app, r->method, target.p, "", r->body ? body.p : NULL, b);
    char c = outcome(b);
    if (c == '!' || (c != 'Y' && c != 'L' && c != '5' && b->n < 100))
        fail_msg("%s %s by %d: %.600s", r->method, target.p, who, b->p);
    buf_release(&target);
    buf_release(&body);
    return c;
}

/* Columns: nobody, 系统管理员, 审计员, 员工 and 联络员 of 财务部 (the 员工 drafts what is issued), 领导, another 秘书, 科长, the 科长 of 财务部, who was
 * invited to read the text, who writes a part of it, who owns it. */
/* clang-format off */
static const struct row rows[] = {
    {"/items/:id/text", "GET", "/items/{i}/text", NULL, "L--YYYYYYYYY"},
    {"/items/:id/text", "GET", "/items/{i}/text?passed={z}", NULL, "L--000000000"},
    {"/items/:id/final", "GET", "/items/{i}/final", NULL, "L--YYYYYYYYY"},
    {"/items/:id/print/:id", "GET", "/items/{i}/print/{r}", NULL, "L-----YYY--Y"},
    {"/items/:id/package/:id", "GET", "/items/{i}/package/{k}", NULL, "L-----YYY--Y"},
    {"/items/:id/package/:id", "GET", "/items/{j}/package/{k}", NULL, "L--000000000"},
    {"/items/:id/print/:id", "GET", "/items/{j}/print/{r}", NULL, "L-----000000"},
    {"/printers", "GET", "/printers", NULL, "L--YYYYYYYYY"},
    {"/printers/:id/sheet", "GET", "/printers/{t}/sheet", NULL, "L--YYYYYYYYY"},
    {"/seals", "GET", "/seals", NULL, "L--YYYYYYYYY"},
    {"/seals/:id/picture", "GET", "/seals/{e}/picture", NULL, "L--0000YY0Y0"},
    {"/manuscripts", "GET", "/manuscripts", NULL, "L--YYYYYYYYY"},
    {"/manuscripts/new", "GET", "/manuscripts/new", NULL, "L--YYYYYYYYY"},
    {"/manuscripts/word", "GET", "/manuscripts/word", NULL, "L--YYYYYYYYY"},
    {"/manuscripts/:id", "GET", "/manuscripts/{m}", NULL, "L--000000YYY"},
    {"/manuscripts/:id/versions", "GET", "/manuscripts/{m}/versions", NULL, "L--000000YYY"},
    {"/manuscripts/:id/compare", "GET", "/manuscripts/{m}/compare?a={v}", NULL, "L--000000YYY"},
    {"/manuscripts/:id/redline", "GET", "/manuscripts/{m}/redline?a={v}", NULL, "L--000000YYY"},
    {"/manuscripts/:id/docx", "GET", "/manuscripts/{m}/docx", NULL, "L--000000YYY"},
    {"/manuscripts/:id/files", "GET", "/manuscripts/{m}/files", NULL, "L--000000YYY"},
    {"/manuscripts/:id/files/:id", "GET", "/manuscripts/{m}/files/{f}", NULL, "L--000000YYY"},
    {"/manuscripts/:id/notes", "GET", "/manuscripts/{m}/notes", NULL, "L--000000YYY"},
    {"/manuscripts/:id/parts", "GET", "/manuscripts/{m}/parts", NULL, "L--000000YYY"},
    {"/manuscripts/:id/passes", "GET", "/manuscripts/{m}/passes", NULL, "L--000000YYY"},
    {"/manuscripts/:id/pens", "GET", "/manuscripts/{m}/pens", NULL, "L--000000YYY"},
    {"/pens/:id", "GET", "/pens/{x}", NULL, "L--000000YYY"},
    {"/pens/:id/sheets/:id", "GET", "/pens/{x}/sheets/{s}", NULL, "L--000000YYY"},
    {"/manuscripts/:id/changes", "GET", "/manuscripts/{m}/changes?after=0", NULL, "L--000000YYY"},
    {"/manuscripts/:id/live", "GET", "/manuscripts/{m}/live?seq=0&client=", NULL, "L--000000bbb"},
    {"/manuscripts/:id/reading", "GET", "/manuscripts/{m}/reading", NULL, "L--000000YYY"},
    {"/manuscripts/:id/reuse", "GET", "/manuscripts/{m}/reuse", NULL, "L--000000YYY"},
    {"/speeches", "GET", "/speeches", NULL, "L--YYYYYYYYY"},
    {"/samples", "GET", "/samples", NULL, "L--YYYYYYYYY"},
    {"/samples/new", "GET", "/samples/new?manuscript={m}", NULL, "L--000000-YY"},
    {"/samples/:id", "GET", "/samples/{a}", NULL, "L--000YY000Y"},
    {"/templates", "GET", "/templates", NULL, "L--YYYYYYYYY"},
    {"/templates/new", "GET", "/templates/new", NULL, "L------YY---"},
    {"/templates/*", "GET", "/templates/notice", NULL, "L--YYYYYYYYY"},
    {"/templates/*/edit", "GET", "/templates/notice/edit", NULL, "L------YY---"},
    {"/desk/findings", "POST", "/desk/findings", "manuscript={m}&text=%E9%98%B2%E6%B1%9B", "L--YYYYYYYYY"},
    {"/desk/pages", "POST", "/desk/pages", "manuscript={m}&text=%E9%98%B2%E6%B1%9B", "L--000000YYY"},
    {"/desk/lacks", "POST", "/desk/lacks", "manuscript={m}&text=%E9%98%B2%E6%B1%9B", "L--000000YYY"},
    {"/desk/passages", "POST", "/desk/passages", "text=%E9%98%B2%E6%B1%9B&q=", "L--YYYYYYYYY"},
    {"/desk/reuse", "POST", "/desk/reuse", "manuscript={m}&text=%E9%98%B2%E6%B1%9B", "L--YYYYYYYYY"},
    {"/manuscripts/:id/here", "POST", "/manuscripts/{m}/here", "client=abc&seq=0&anchor=0&head=0", "L--000000YYY"},
    {"/items/:id/carry", "POST", "/items/{j}/carry", "revision=2&manuscript={m}", "L--b-----00-"},
    {"/items/:id/renew", "POST", "/items/{i}/renew", "revision=999", "L--bbbbbbbbb"},
    {"/items/:id/print", "POST", "/items/{i}/print", "copies=1&tray={t}&first=2", "L-----bbb--b"},
    {"/items/:id/print/:id", "POST", "/items/{i}/print/{r}", "copies=1&why=%E5%8D%A1%E7%BA%B8", "L-----YYY--Y"},
    {"/items/:id/package", "POST", "/items/{j}/package", "", "L-----bbb00b"},
    {"/items/:id/package/:id", "POST", "/items/{i}/package/{k}", "", "L-----YYY--Y"},
    {"/items/:id/package/:id", "POST", "/items/{j}/package/{k}", "", "L--000000000"},
    {"/manuscripts/:id/begin", "POST", "/manuscripts/{m}/begin", "kind=nothing", "L--000000-00"},
    {"/printers", "POST", "/printers", "act=drop&id={e}", "L-----bbb--b"},
    {"/printers", "POST", "/printers", "id={t}&printer=A&tray=B&x=50&y=50", "L-----YYY--Y"},
    {"/seals", "POST", "/seals", "act=keeper&id={t}&who=tongshi", "L------bb---"},
    {"/seals", "POST", "/seals", "act=off&id={e}", "L------YY---"},
    {"/manuscripts/new", "POST", "/manuscripts/new", "title=", "L--bbbbbbbbb"},
    {"/manuscripts/word", "POST", "/manuscripts/word", "", "L--bbbbbbbbb"},
    {"/manuscripts/word/take", "POST", "/manuscripts/word/take", "file={f}&title=x", "L--bbbbbbbbb"},
    {"/manuscripts/:id", "POST", "/manuscripts/{m}", "seq=-1&text=x", "L--000000-bb"},
    {"/manuscripts/:id/people", "POST", "/manuscripts/{m}/people", "remove={m}", "L--000000--0"},
    {"/manuscripts/:id/name", "POST", "/manuscripts/{m}/name", "title=%E5%88%AB%E5%90%8D", "L--000000--Y"},
    {"/manuscripts/:id/lock", "POST", "/manuscripts/{m}/lock", "act=unlock&why=x", "L--000000-cc"},
    {"/manuscripts/:id/give-up", "POST", "/manuscripts/{m}/give-up", "act=bring_back", "L--000000--c"},
    {"/manuscripts/:id/versions", "POST", "/manuscripts/{m}/versions", "act=restore&version={v}", "L--000000-YY"},
    {"/manuscripts/:id/versions", "POST", "/manuscripts/{m}/versions", "name=%E4%BA%8C%E7%A8%BF", "L--000000-YY"},
    {"/manuscripts/:id/files", "POST", "/manuscripts/{m}/files", "remove={v}", "L--000000-00"},
    {"/manuscripts/:id/files", "POST", "/manuscripts/{m}/files", "pasted=", "L--000000-bb"},
    {"/manuscripts/:id/notes", "POST", "/manuscripts/{m}/notes", "act=comment&quote=%E5%8A%A0%E5%BC%BA%E5%80%BC%E5%AE%88&words=x", "L--000000YYY"},
    {"/manuscripts/:id/notes", "POST", "/manuscripts/{m}/notes", "act=accept&note={v}", "L--000000000"},
    {"/manuscripts/:id/notes", "POST", "/manuscripts/{m}/notes", "act=reopen&note={n}", "L--000000ccc"},
    {"/manuscripts/:id/notes", "POST", "/manuscripts/{m}/notes", "act=revise&note={n}&seq=0&from=0&to=1&put=x", "L--000000---"},
    {"/manuscripts/:id/notes", "POST", "/manuscripts/{m}/notes", "act=accept_all&person={g}&client=abc", "L--000000-YY"},
    {"/manuscripts/:id/parts", "POST", "/manuscripts/{m}/parts", "act=remove&part={v}", "L--000000000"},
    {"/manuscripts/:id/parts", "POST", "/manuscripts/{m}/parts", "act=back&part={p}&why=", "L--000000--c"},
    {"/manuscripts/:id/parts", "POST", "/manuscripts/{m}/parts", "act=add&who=dangban&words=800&due=&seq=0&at=0&quote=", "L--000000--Y"},
    {"/manuscripts/:id/passes", "POST", "/manuscripts/{m}/passes", "act=back&pass={v}", "L--000000-cc"},
    {"/manuscripts/:id/pens", "POST", "/manuscripts/{m}/pens", "version={m}&who=x&day=2026-07-10", "L--000000-00"},
    {"/pens/:id", "POST", "/pens/{x}", "act=keep&text=x", "L--000000-YY"},
    {"/pens/:id", "POST", "/pens/{x}", "act=right&words=x", "L--000000ccc"},
    {"/pens/:id/sheets", "POST", "/pens/{x}/sheets", "remove={f}", "L--000000-00"},
    {"/pens/:id/sheets", "POST", "/pens/{x}/sheets", "", "L--000000-bb"},
    {"/manuscripts/:id/changes", "POST", "/manuscripts/{m}/changes", "after=0&client=abc&number=1&changes=%5B5%5D", "L--000000-bb"},
    {"/speeches/:id", "POST", "/speeches/{i}", "act=begin", "L--bbbbbbbbb"},
    {"/samples/new", "POST", "/samples/new", "version={v}&manuscript={m}&day=2026-07-13&occasion=&topic=&speaker=", "L--000000-cc"},
    {"/samples/new", "POST", "/samples/new", "version={n}&manuscript={m}&day=2026-07-13&occasion=&topic=&speaker=", "L--000000000"},
    {"/templates/new", "POST", "/templates/new", "name=x&genre=0&text=", "L------bb---"},
    {"/templates/*", "POST", "/templates/notice", "act=begin&level=9", "L--YYYYYYYYY"},
    {"/templates/*", "POST", "/templates/notice", "act=on", "L------YY---"},
    {"/templates/*/edit", "POST", "/templates/notice/edit", "act=save&revision=0&file=x", "L------bb---"},
    {"/samples/:id", "POST", "/samples/{a}", "act=drop", "L--000-Y0000"},
};
/* clang-format on */
enum { N_ROW = sizeof(rows) / sizeof(*rows) };

static bool is_ours(const char *p)
{
    static const char *const heads[] = {"/manuscripts", "/pens", "/seals", "/printers",
        "/templates", "/samples", "/speeches", "/desk/", "/items/:id/text", "/items/:id/final",
        "/items/:id/print", "/items/:id/package", "/items/:id/carry", "/items/:id/renew"};
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        if (strncmp(p, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

/* A new address needs a row. */
static void every_address_is_in_the_table(void **state)
{
    (void)state;
    for (const struct route *r = routes; r->pattern; r++) {
        bool there = !is_ours(r->pattern);
        for (size_t i = 0; i < N_ROW && !there; i++)
            there = strcmp(rows[i].pattern, r->pattern) == 0 &&
                    (rows[i].method[0] == 'G') == (r->method == METHOD_GET);
        if (!there)
            fail_msg(
                "nobody asks who may %s %s", r->method == METHOD_GET ? "GET" : "POST", r->pattern);
    }
}

/* Reads first, so that what is written shows nobody more. */
static void everybody_asks(void **state)
{
    struct fix *f = *state;
    struct buf b;
    bool wrong = false;
    buf_init(&b, 0);
    for (size_t i = 0; i < N_ROW; i++) {
        char got[N_COLUMN + 1] = {0};
        for (size_t k = 0; k < N_COLUMN; k++)
            got[k] = asked(f, &rows[i], columns[k], NULL, NULL, NULL, &b);
        if (strcmp(got, rows[i].want) == 0)
            continue;
        wrong = true;
        print_error("%s %s %s: wanted %s, got %s\n", rows[i].method, rows[i].target,
            rows[i].body ? rows[i].body : "", rows[i].want, got);
    }
    buf_release(&b);
    assert_false(wrong);
}

static int64_t written(struct fix *f)
{
    return itemdb_count(&f->w.t, "SELECT (SELECT count(*) FROM audit_event WHERE verb NOT LIKE"
                                 " 'session%' AND verb NOT LIKE 'login%') + (SELECT count(*) FROM"
                                 " item_event) + (SELECT count(*) FROM manuscript_update)");
}

/* Without the secret of the session, or with another's, nothing is written. */
static void another_page_writes_nothing(void **state)
{
    struct fix *f = *state;
    struct buf b;
    int64_t before = written(f);
    buf_init(&b, 0);
    for (size_t i = 0; i < N_ROW; i++) {
        const char *given[] = {"", "x", f->csrf[CHIEF]};
        if (!rows[i].body)
            continue;
        for (size_t k = 0; k < 3; k++)
            if (asked(f, &rows[i], SECRETARY, NULL, given[k], NULL, &b) != '-')
                fail_msg("%s: %.300s", rows[i].target, b.p);
    }
    assert_int_equal(written(f), before);
    buf_release(&b);
}

/* Ids that are none, and those of another table. */
static void no_such_thing(void **state)
{
    static const char *const bad[] = {"0", "-1", "00", "1", "9223372036854775807",
        "9223372036854775808", "99999999999999999999999", "1e9", "x", "%31%2e"};
    static const int who[] = {CHIEF, SECRETARY, STAFF};
    struct fix *f = *state;
    struct buf b;
    char foreign[32];
    int64_t before = written(f);
    buf_init(&b, 0);
    for (size_t i = 0; i < N_ROW; i++) {
        if (!strchr(rows[i].target, '{') || strchr(rows[i].target, '*'))
            continue;
        for (size_t k = 0; k < sizeof(bad) / sizeof(*bad) + N_OBJECT; k++) {
            const char *other = k < sizeof(bad) / sizeof(*bad) ? bad[k] : foreign;
            if (other == foreign) {
                size_t o = k - sizeof(bad) / sizeof(*bad);
                snprintf(foreign, sizeof(foreign), "%lld", (long long)f->id[o]);
                char of = strchr(rows[i].target, '{')[1];
                if (letters[o] == of || ((o == DRAFT_ITEM || o == ISSUE) && strchr("ij", of)))
                    continue; /* it is one */
            }
            for (size_t n = 0; n < 3; n++) {
                char c = asked(f, &rows[i], who[n], other, NULL, NULL, &b);
                if (!strchr("0b-5", c))
                    fail_msg("%s %s with %s: %.300s", rows[i].method, rows[i].target, other, b.p);
            }
        }
    }
    assert_int_equal(written(f), before);
    buf_release(&b);
}

/* A value of each field that nobody types: refused or taken, and said in words. */
static void fields_that_nobody_types(void **state)
{
    static const char *const values[] = {"", "-1", "99999999999999999999", "%00", "%FF%FE",
        "%27+OR+1%3D1+--", "%7B%22a%22%3A%5B%5B%5B%5B", "%F0%9F%92%A9%E2%80%AE", "0x10"};
    struct fix *f = *state;
    struct buf b, body;
    buf_init(&b, 0);
    buf_init(&body, 0);
    for (size_t i = 0; i < N_ROW; i++) {
        if (!rows[i].body)
            continue;
        for (const char *at = rows[i].body; *at; at++) {
            const char *eq = strchr(at, '='), *end = at + strcspn(at, "&");
            if (!eq || eq > end || strncmp(at, "act=", 4) == 0) {
                at = end - (*end ? 0 : 1);
                continue;
            }
            for (size_t k = 0; k < sizeof(values) / sizeof(*values); k++) {
                struct row r = rows[i];
                buf_clear(&body);
                buf_add(&body, r.body, (size_t)(eq + 1 - r.body));
                buf_z(&body, values[k]);
                buf_z(&body, end);
                buf_char(&body, '\0');
                r.body = body.p;
                (void)asked(f, &r, SECRETARY, NULL, NULL, NULL, &b); /* fails on 5xx */
            }
            at = end - (*end ? 0 : 1);
        }
    }
    buf_release(&b);
    buf_release(&body);
}

static enum code room_fn(struct db *db, void *arg, struct err *e)
{
    struct stmt *q = db_sql(db, arg);
    while (stmt_step(q))
        ;
    return stmt_end(q, e);
}

/* As large as it is now, or as it may be at most: what a disk does that is full, and one that has room again. */
static void room(struct fix *f, bool full)
{
    char sql[60];
    int64_t pages = full ? itemdb_count(&f->w.t, "PRAGMA page_count") : INT64_C(4294967294);
    struct err e = {.msg = ""};
    snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld", (long long)pages);
    assert_int_equal(store_write(f->app.office->store, room_fn, sql, &e), OK);
}

/* Said in words, nothing half done, and on it goes. */
static void a_full_disk_is_said(void **state)
{
    enum { CHARS = 90000 };
    struct fix *f = *state;
    struct buf b, body;
    int64_t seq = itemdb_count(&f->w.t, "SELECT max(seq) FROM manuscript_update"), before;
    struct row r = {.method = "POST", .target = "/manuscripts/{m}"};
    buf_init(&b, 0);
    buf_init(&body, 0);
    buf_printf(&body, "seq=%lld&text=", (long long)seq);
    for (int i = 0; i < CHARS; i++)
        buf_char(&body, (char)('a' + i % 26));
    buf_char(&body, '\0');
    r.body = body.p;
    memcpy(f->app.cookie, f->cookie[SECRETARY], sizeof(f->app.cookie));
    before = written(f);
    room(f, true);
    assert_int_equal(asked(f, &r, SECRETARY, NULL, NULL, NULL, &b), 'f');
    expect(&b, "507", "服务器的磁盘已满，没有保存");
    assert_int_equal(written(f), before);
    room(f, false);
    assert_int_equal(asked(f, &r, SECRETARY, NULL, NULL, NULL, &b), 'Y');
    assert_int_equal(written(f), before + 1);
    buf_release(&b);
    buf_release(&body);
}

/* Longer than any text may be: refused before it is read, in characters. */
static void too_long_a_text_is_said(void **state)
{
    struct fix *f = *state;
    struct buf b, body;
    struct row r = {.method = "POST", .target = "/manuscripts/{m}"};
    buf_init(&b, 0);
    buf_init(&body, 0);
    buf_z(&body, "seq=0&text=");
    for (int i = 0; i < 400000; i++)
        buf_z(&body, "%E5%AD%97");
    buf_char(&body, '\0');
    r.body = body.p;
    assert_int_equal(asked(f, &r, SECRETARY, NULL, NULL, NULL, &b), 'm');
    expect(&b, "413", "一份文稿最多100000个字");
    buf_release(&b);
    buf_release(&body);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address_is_in_the_table),
        cmocka_unit_test(another_page_writes_nothing),
        cmocka_unit_test(no_such_thing),
        cmocka_unit_test(everybody_asks),
        cmocka_unit_test(fields_that_nobody_types),
        cmocka_unit_test(a_full_disk_is_said),
        cmocka_unit_test(too_long_a_text_is_said),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, open_all, close_all);
}
