#include "web/route.h"

#include <string.h>

#include "base/id.h"
#include "office/audit.h"

#define GET  METHOD_GET
#define POST METHOD_POST

/* clang-format off */
const struct route routes[] = {
    {GET,  "/",                       NEED_PERSON,  0,           page_portal,        LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/login",                  NEED_NOTHING, 0,           page_login,         LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/login",                  NEED_NOTHING, 0,           do_login,           LANE_SIGN, BODY_FORM,  ENTRY_NONE},
    {POST, "/logout",                 NEED_SESSION, 0,           do_logout,          LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/password",               NEED_SESSION, 0,           page_password,      LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/password",               NEED_SESSION, 0,           do_password,        LANE_SIGN, BODY_FORM,  ENTRY_NONE},
    {GET,  "/account",                NEED_PERSON,  0,           page_account,       LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/account/phrases",        NEED_PERSON,  0,           do_phrase,          LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {POST, "/account/sessions",       NEED_PERSON,  0,           do_session_end,     LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/static/*",               NEED_NOTHING, 0,           page_static,        LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/api/schema",             NEED_PERSON,  0,           page_schema,        LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/api/openapi.json",       NEED_PERSON,  0,           page_openapi,       LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/live",                   NEED_WATCH,   0,           page_live,          LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/help",                   NEED_PERSON,  0,           page_help,          LANE_PAGE, BODY_NONE,  ENTRY_NONE},

    {GET,  "/library",                NEED_ACTION,  ACT_READ,    page_library,       LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/library/pick",           NEED_ACTION,  ACT_EDIT,    page_pick,          LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/library/:id",            NEED_ACTION,  ACT_READ,    page_document,      LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/library/:id/original",   NEED_ACTION,  ACT_READ,    page_original,      LANE_WORK, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/library/:id/edit",       NEED_ACTION,  ACT_EDIT,    page_document_edit, LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {POST, "/library/:id/edit",       NEED_ACTION,  ACT_EDIT,    do_document_edit,   LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {POST, "/library/:id/delete",     NEED_ACTION,  ACT_DELETE,  do_document_delete, LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {GET,  "/search",                 NEED_ACTION,  ACT_READ,    page_search,        LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/search/suggest",         NEED_ACTION,  ACT_READ,    page_suggest,       LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/compare",                NEED_ACTION,  ACT_READ,    page_compare,       LANE_WORK, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/compare/redline",        NEED_ACTION,  ACT_READ,    page_redline,       LANE_WORK, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/editions",               NEED_ACTION,  ACT_CONFIRM, page_editions,      LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {POST, "/editions/:id",           NEED_ACTION,  ACT_CONFIRM, do_edition,         LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {GET,  "/subscriptions",          NEED_ACTION,  ACT_READ,    page_subscriptions, LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {POST, "/subscriptions",          NEED_ACTION,  ACT_READ,    do_subscribe,       LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {POST, "/subscriptions/seen",     NEED_ACTION,  ACT_READ,    do_news_seen,       LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {POST, "/subscriptions/:id/remove", NEED_ACTION, ACT_READ,   do_unsubscribe,     LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {GET,  "/categories",             NEED_ACTION,  ACT_EDIT,    page_categories,    LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {POST, "/categories",             NEED_ACTION,  ACT_EDIT,    do_category_add,    LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},
    {POST, "/categories/:id",         NEED_ACTION,  ACT_EDIT,    do_category,        LANE_WORK, BODY_FORM,  ENTRY_LIBRARY},

    {GET,  "/terms",                  NEED_ACTION,  ACT_READ,    page_terms,         LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/terms/new",              NEED_ACTION,  ACT_TERMS,   page_term,          LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/terms/new",              NEED_ACTION,  ACT_TERMS,   do_term,            LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/terms/export",           NEED_ACTION,  ACT_READ,    page_term_export,   LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/terms/import",           NEED_ACTION,  ACT_TERMS,   do_term_import,     LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {GET,  "/terms/candidates",       NEED_ACTION,  ACT_TERMS,   page_candidates,    LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/terms/candidates",       NEED_ACTION,  ACT_TERMS,   do_candidates,      LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/terms/holders",          NEED_ACTION,  ACT_READ,    page_holders,       LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/terms/holders/new",      NEED_ACTION,  ACT_TERMS,   page_holder,        LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/terms/holders/new",      NEED_ACTION,  ACT_TERMS,   do_holder,          LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/terms/holders/:id",      NEED_ACTION,  ACT_READ,    page_holder,        LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/terms/holders/:id",      NEED_ACTION,  ACT_TERMS,   do_holder,          LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/terms/:id",              NEED_ACTION,  ACT_READ,    page_term,          LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/terms/:id",              NEED_ACTION,  ACT_TERMS,   do_term,            LANE_WORK, BODY_FORM,  ENTRY_DRAFT},

    {GET,  "/import",                 NEED_ACTION,  ACT_IMPORT,  page_upload,        LANE_PAGE, BODY_NONE,  ENTRY_IN},
    {POST, "/import",                 NEED_ACTION,  ACT_IMPORT,  do_upload,          LANE_WORK, BODY_FILES, ENTRY_IN},
    {GET,  "/import/:id",             NEED_ACTION,  ACT_IMPORT,  page_import_job,    LANE_PAGE, BODY_NONE,  ENTRY_IN},
    {GET,  "/held",                   NEED_ACTION,  ACT_CONFIRM, page_held,          LANE_WORK, BODY_NONE,  ENTRY_IN},
    {GET,  "/held/:id",               NEED_ACTION,  ACT_CONFIRM, page_held,          LANE_WORK, BODY_NONE,  ENTRY_IN},
    {GET,  "/held/:id/page/:id",      NEED_ACTION,  ACT_CONFIRM, page_held_image,    LANE_WORK, BODY_NONE,  ENTRY_IN},
    {POST, "/held/:id",               NEED_ACTION,  ACT_CONFIRM, do_held,            LANE_WORK, BODY_FORM,  ENTRY_IN},

    /* boxes, calendar, thread */
    {GET,  "/items",                  NEED_ACTION,  ACT_ITEMS,   page_items,         LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/calendar/feeds",         NEED_ACTION,  ACT_ITEMS,   page_calendar_feeds, LANE_PAGE, BODY_NONE, ENTRY_PORTAL},
    {POST, "/calendar/feeds",         NEED_ACTION,  ACT_ITEMS,   do_calendar_feed,   LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/calendar/feeds/:id",     NEED_ACTION,  ACT_ITEMS,   do_calendar_feed_revoke, LANE_WORK, BODY_FORM, ENTRY_PORTAL},
    {GET,  "/calendar/feed/*",        NEED_NOTHING, 0,           page_calendar_feed, LANE_WORK, BODY_NONE,  ENTRY_PORTAL}, /* the address is the right */
    {GET,  "/calendar",               NEED_ACTION,  ACT_ITEMS,   page_calendar,      LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/items/:id/thread",       NEED_ACTION,  ACT_ITEMS,   page_thread,        LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/ledgers/*",              NEED_ACTION,  ACT_ITEMS,   page_ledger,        LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/ledgers/*/print",        NEED_ACTION,  ACT_ITEMS,   page_ledger_print,  LANE_WORK, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/ledgers/*/board",        NEED_ACTION,  ACT_ITEMS,   page_board,         LANE_WORK, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/lights",                 NEED_ACTION,  ACT_ITEMS,   page_lights,        LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/ledgers/*/export",       NEED_ACTION,  ACT_ITEMS,   page_ledger_export, LANE_WORK, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/figures/*",              NEED_ACTION,  ACT_ITEMS,   page_figures,       LANE_WORK, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/ledgers/*/template",     NEED_ACTION,  ACT_ITEMS,   page_ledger_template, LANE_WORK, BODY_NONE, ENTRY_TRACK},
    {GET,  "/ledgers/*/import",       NEED_ACTION,  ACT_ITEMS,   page_ledger_import, LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/ledgers/*/import",       NEED_ACTION,  ACT_ITEMS,   do_ledger_import,   LANE_WORK, BODY_FILES, ENTRY_TRACK},
    {POST, "/ledgers/*/import/do",    NEED_ACTION,  ACT_ITEMS,   do_ledger_import_rows, LANE_WORK, BODY_FORM, ENTRY_TRACK},
    {GET,  "/numbers/*",              NEED_ACTION,  ACT_ITEMS,   page_numbers,       LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/numbers/*",              NEED_ACTION,  ACT_ITEMS,   do_numbers,         LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {POST, "/ledgers/*/views",        NEED_ACTION,  ACT_ITEMS,   do_ledger_view,     LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {POST, "/items/read",             NEED_ACTION,  ACT_ITEMS,   do_items_read,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},

    {GET,  "/kinds",                  NEED_ACTION,  ACT_READ,    page_kinds,         LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/kinds/*",                NEED_ACTION,  ACT_READ,    page_kind,          LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/kinds/*",                NEED_ACTION,  ACT_KINDS,   do_kind_switch,     LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {POST, "/kinds/*/newer",          NEED_ACTION,  ACT_KINDS,   do_kind_newer,      LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/kinds/*/edit",           NEED_ACTION,  ACT_KINDS,   page_kind_edit,     LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/kinds/*/edit",           NEED_ACTION,  ACT_KINDS,   do_kind_edit,       LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/people",                 NEED_ACTION,  ACT_UNLOCK,  page_people,        LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/people",                 NEED_ACTION,  ACT_PEOPLE,  do_person_add,      LANE_SIGN, BODY_FORM,  ENTRY_NONE},
    {POST, "/people/:id",             NEED_ACTION,  ACT_UNLOCK,  do_person,          LANE_SIGN, BODY_FORM,  ENTRY_NONE},
    {GET,  "/audit/reads",            NEED_ACTION,  ACT_ACCESSES, page_reads,         LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/audit",                  NEED_ACTION,  ACT_AUDIT,   page_audit,         LANE_WORK, BODY_NONE,  ENTRY_NONE},

    {GET,  "/items/new",              NEED_ACTION,  ACT_ITEMS,   page_item_new,      LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/new",              NEED_ACTION,  ACT_ITEMS,   do_item_new,        LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {POST, "/items/unsent",           NEED_ACTION,  ACT_ITEMS,   do_unsent,          LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/unsent/:id/drop",  NEED_ACTION,  ACT_ITEMS,   do_unsent_drop,     LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/items/pick/*",           NEED_ACTION,  ACT_ITEMS,   page_choose,        LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/items/:id",              NEED_ACTION,  ACT_ITEMS,   page_item,          LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/items/:id/edit",         NEED_ACTION,  ACT_ITEMS,   page_item_edit,     LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/:id/edit",         NEED_ACTION,  ACT_ITEMS,   do_item_edit,       LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {POST, "/items/:id/move",         NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {POST, "/items/:id/remark",       NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/withdraw",     NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/return",       NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/hand-over",    NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/extend",       NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/merge",        NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/reopen",       NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/link",         NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/unlink",       NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/archive",      NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/discard",      NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/upgrade",      NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/verify",       NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/upload",           NEED_ACTION,  ACT_ITEMS,   do_item_loose,      LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {GET,  "/items/:id/split",        NEED_ACTION,  ACT_ITEMS,   page_item_split,    LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/:id/split",        NEED_ACTION,  ACT_ITEMS,   do_item_split,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/attach",       NEED_ACTION,  ACT_ITEMS,   do_item_attach,     LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {POST, "/items/:id/detach",       NEED_ACTION,  ACT_ITEMS,   do_item_detach,     LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/items/:id/files/:id",    NEED_ACTION,  ACT_ITEMS,   page_item_file,     LANE_WORK, BODY_NONE,  ENTRY_PORTAL},

    {GET,  "/check",                  NEED_ACTION,  ACT_CHECK,   page_check,         LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/check",                  NEED_ACTION,  ACT_CHECK,   do_check,           LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {GET,  "/check/:id",              NEED_ACTION,  ACT_CHECK,   page_check_result,  LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/check/:id/print",        NEED_ACTION,  ACT_CHECK,   page_check_print,   LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/check/:id/docx",         NEED_ACTION,  ACT_CHECK,   page_check_docx,    LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/check/:id/format",       NEED_ACTION,  ACT_CHECK,   page_check_format,  LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/check/:id/format/docx",  NEED_ACTION,  ACT_CHECK,   page_check_mended,  LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/check/:id/text",         NEED_ACTION,  ACT_CHECK,   page_check_text,    LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/check/:id/decide",       NEED_ACTION,  ACT_CHECK,   do_check_decide,    LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/check/:id/remove",       NEED_ACTION,  ACT_CHECK,   do_check_remove,    LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/rules",                  NEED_ACTION,  ACT_CHECK,   page_rules,         LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/rules",                  NEED_ACTION,  ACT_RULES,   do_rule,            LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/rules/never/:id",        NEED_ACTION,  ACT_RULES,   do_never_withdraw,  LANE_WORK, BODY_FORM,  ENTRY_DRAFT},

    /* what the desk asks while one writes */
    {POST, "/desk/findings",          NEED_ACTION,  ACT_CHECK,   do_desk_findings,   LANE_PAGE, BODY_TEXT,  ENTRY_DRAFT},
    {POST, "/desk/pages",             NEED_ACTION,  ACT_ITEMS,   do_desk_pages,      LANE_PAGE, BODY_TEXT,  ENTRY_DRAFT},
    {POST, "/desk/lacks",             NEED_ACTION,  ACT_ITEMS,   do_desk_lacks,      LANE_PAGE, BODY_TEXT,  ENTRY_DRAFT},
    {POST, "/desk/passages",          NEED_ACTION,  ACT_READ,    do_desk_passages,   LANE_PAGE, BODY_FORM,  ENTRY_DRAFT},

    /* printed forms, slips, scores */
    {GET,  "/items/:id/forms/*",      NEED_ACTION,  ACT_ITEMS,   page_paper,         LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/items/:id/slips",        NEED_ACTION,  ACT_ITEMS,   page_slips,         LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/slips",                  NEED_ACTION,  ACT_ITEMS,   page_slip_log,      LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/items/:id/slips",        NEED_ACTION,  ACT_ITEMS,   do_slips,           LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/kinds/*/form",           NEED_ACTION,  ACT_KINDS,   page_kind_form,     LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/kinds/*/form",           NEED_ACTION,  ACT_KINDS,   do_kind_form,       LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/kinds/*/try",            NEED_ACTION,  ACT_KINDS,   do_kind_trial,      LANE_WORK, BODY_NONE,  ENTRY_NONE},
    {POST, "/kinds/*/try",            NEED_ACTION,  ACT_KINDS,   do_kind_trial,      LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/kinds/*/score",          NEED_ACTION,  ACT_ITEMS,   page_scores,        LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/kinds/*/score",          NEED_ACTION,  ACT_KINDS,   do_scores,          LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/asks/:id",               NEED_ACTION,  ACT_ITEMS,   page_ask,           LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/asks/:id/live",          NEED_WATCH,   0,           page_ask_live,      LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/items/:id/asks/live",    NEED_WATCH,   0,           page_asks_live,     LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/asks/:id/answer",        NEED_ACTION,  ACT_ITEMS,   do_ask_answer,      LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {POST, "/asks/:id/relay",         NEED_ACTION,  ACT_ITEMS,   do_ask_relay,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/asks/answer",            NEED_ACTION,  ACT_ITEMS,   do_asks_answer,     LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/asks/remind",            NEED_ACTION,  ACT_ITEMS,   do_asks_remind,     LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/asks/withdraw",          NEED_ACTION,  ACT_ITEMS,   do_asks_withdraw,   LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/matrix",                 NEED_ACTION,  ACT_ITEMS,   page_matrix,        LANE_PAGE, BODY_NONE,  ENTRY_IN},
    {GET,  "/matrix/export",          NEED_ACTION,  ACT_ITEMS,   page_matrix_export, LANE_WORK, BODY_NONE,  ENTRY_IN},
    {GET,  "/items/:id/asks",         NEED_ACTION,  ACT_ITEMS,   page_asks,          LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/items/:id/ask",          NEED_ACTION,  ACT_ITEMS,   page_ask_send,      LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/:id/ask",          NEED_ACTION,  ACT_ITEMS,   do_ask_send,        LANE_WORK, BODY_FORM,  ENTRY_PORTAL},

    {GET,  "/notices",                NEED_ACTION,  ACT_ITEMS,   page_notices,       LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/notices/:id",            NEED_ACTION,  ACT_ITEMS,   page_notice,        LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/notices/read",           NEED_ACTION,  ACT_ITEMS,   do_notices_read,    LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/account/notices",        NEED_ACTION,  ACT_ITEMS,   page_notice_settings, LANE_PAGE, BODY_NONE, ENTRY_NONE},
    {POST, "/account/notices",        NEED_ACTION,  ACT_ITEMS,   do_notice_settings, LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {POST, "/account/hooks",          NEED_ACTION,  ACT_ITEMS,   do_hook_add,        LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {POST, "/account/hooks/:id/remove", NEED_ACTION, ACT_ITEMS,  do_hook_remove,     LANE_WORK, BODY_FORM,  ENTRY_NONE},

    {GET,  "/items/:id/replies",      NEED_ACTION,  ACT_ITEMS,   page_replies,       LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/:id/replies",      NEED_ACTION,  ACT_ITEMS,   do_replies,         LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/recurring",              NEED_ACTION,  ACT_ITEMS,   page_recurring,     LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/recurring",              NEED_ACTION,  ACT_ITEMS,   do_recurring,       LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/recurring/new",          NEED_ACTION,  ACT_ITEMS,   page_recurring_new, LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/recurring/:id",          NEED_ACTION,  ACT_ITEMS,   page_recurring_one, LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/recurring/:id",          NEED_ACTION,  ACT_ITEMS,   do_recurring,       LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/cover",                  NEED_ACTION,  ACT_ITEMS,   page_cover,         LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/cover",                  NEED_ACTION,  ACT_ITEMS,   do_cover,           LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {POST, "/cover/:id/end",          NEED_ACTION,  ACT_ITEMS,   do_cover_end,       LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/hand-over",              NEED_ACTION,  ACT_ITEMS,   page_hand_over,     LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/hand-over",              NEED_ACTION,  ACT_ITEMS,   do_hand_over,       LANE_WORK, BODY_FORM,  ENTRY_NONE},

    /* registering papers; paper originals */
    {GET,  "/register",               NEED_ACTION,  ACT_IMPORT,  page_register,      LANE_PAGE, BODY_NONE,  ENTRY_IN},
    {POST, "/register",               NEED_ACTION,  ACT_IMPORT,  do_register,        LANE_WORK, BODY_FILES, ENTRY_IN},
    {POST, "/register/read",          NEED_ACTION,  ACT_IMPORT,  do_register_read,   LANE_WORK, BODY_FILES, ENTRY_IN},
    {GET,  "/register/same",          NEED_ACTION,  ACT_IMPORT,  page_register_same, LANE_PAGE, BODY_NONE,  ENTRY_IN},
    /* remarks of leaders */
    {GET,  "/remarks",                NEED_ACTION,  ACT_ITEMS,   page_remarks,       LANE_WORK, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/leaders",                NEED_ACTION,  ACT_ITEMS,   page_leaders,       LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/leaders/:id",            NEED_ACTION,  ACT_ITEMS,   do_leader,          LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/leaders/:id/catch-up",   NEED_ACTION,  ACT_ITEMS,   page_catch_up,      LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/leaders/:id/catch-up",   NEED_ACTION,  ACT_ITEMS,   do_catch_up,        LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/oral",                   NEED_ACTION,  ACT_ITEMS,   page_oral,          LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/oral",                   NEED_ACTION,  ACT_ITEMS,   do_oral,            LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/remarks/verify",         NEED_ACTION,  ACT_ITEMS,   page_remark_queue,  LANE_PAGE, BODY_NONE,  ENTRY_LIBRARY},
    {GET,  "/items/:id/remarks",      NEED_ACTION,  ACT_ITEMS,   page_remark_form,   LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/:id/remarks",      NEED_ACTION,  ACT_ITEMS,   do_remark_enter,    LANE_WORK, BODY_FILES, ENTRY_PORTAL},
    {GET,  "/items/:id/remarks/:id",  NEED_ACTION,  ACT_ITEMS,   page_remark,        LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/items/:id/remarks/:id/verify", NEED_ACTION, ACT_ITEMS, do_remark_verify, LANE_WORK, BODY_FORM, ENTRY_PORTAL},
    {POST, "/items/:id/remarks/:id/ask", NEED_ACTION, ACT_ITEMS, do_remark_ask,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/items/:id/pictures/:id", NEED_ACTION,  ACT_ITEMS,   page_picture,       LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    /* duties, absences, load, arrival */
    {GET,  "/responsibilities",       NEED_ACTION,  ACT_ITEMS,   page_responsibilities, LANE_PAGE, BODY_NONE, ENTRY_NONE},
    {GET,  "/responsibilities/new",   NEED_ACTION,  ACT_ITEMS,   page_responsibility_new, LANE_PAGE, BODY_NONE, ENTRY_NONE},
    {POST, "/responsibilities/new",   NEED_ACTION,  ACT_ITEMS,   do_responsibility,  LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/responsibilities/:id",   NEED_ACTION,  ACT_ITEMS,   page_responsibility_one, LANE_PAGE, BODY_NONE, ENTRY_NONE},
    {POST, "/responsibilities/:id",   NEED_ACTION,  ACT_ITEMS,   do_responsibility,  LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/absences",               NEED_ACTION,  ACT_ITEMS,   page_absences,      LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/absences",               NEED_ACTION,  ACT_ITEMS,   do_absence,         LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {POST, "/absences/:id",           NEED_ACTION,  ACT_ITEMS,   do_absence,         LANE_WORK, BODY_FORM,  ENTRY_NONE},
    {GET,  "/load",                   NEED_ACTION,  ACT_ITEMS,   page_load,          LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/arrival",                NEED_ACTION,  ACT_ITEMS,   page_arrival_own,   LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/arrival/me",             NEED_ACTION,  ACT_ITEMS,   page_arrival,       LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/arrival/:id",            NEED_ACTION,  ACT_ITEMS,   page_arrival,       LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {GET,  "/section-texts/*",        NEED_ACTION,  ACT_ITEMS,   page_section_text,  LANE_PAGE, BODY_NONE,  ENTRY_NONE},
    {POST, "/section-texts/*",        NEED_ACTION,  ACT_ITEMS,   do_section_text,    LANE_WORK, BODY_FORM,  ENTRY_NONE},
    /* who is on duty, urgent matters */
    {GET,  "/duty",                    NEED_ACTION,  ACT_ITEMS,   page_roster,        LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/duty/export",             NEED_ACTION,  ACT_ITEMS,   page_duty_export,   LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/generate",           NEED_ACTION,  ACT_ITEMS,   do_duty_generate,   LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/duty/shifts",             NEED_ACTION,  ACT_ITEMS,   do_duty_shift,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/duty/shifts/new",         NEED_ACTION,  ACT_ITEMS,   page_duty_shift,    LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/duty/shifts/:id",         NEED_ACTION,  ACT_ITEMS,   page_duty_shift,    LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/shifts/:id",         NEED_ACTION,  ACT_ITEMS,   do_duty_shift,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/duty/swaps",              NEED_ACTION,  ACT_ITEMS,   do_duty_swap_ask,   LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/duty/swaps/:id",          NEED_ACTION,  ACT_ITEMS,   do_duty_swap,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/duty/setup",              NEED_ACTION,  ACT_ITEMS,   page_duty_setup,    LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/setup",              NEED_ACTION,  ACT_ITEMS,   do_duty_setup,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/duty/contacts",           NEED_ACTION,  ACT_ITEMS,   page_duty_contacts, LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/contacts/:id",       NEED_ACTION,  ACT_ITEMS,   do_duty_phones,     LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/duty/log",                NEED_ACTION,  ACT_ITEMS,   page_duty_log,      LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/duty/log/:id",            NEED_ACTION,  ACT_ITEMS,   page_duty_log,      LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/log/:id",            NEED_ACTION,  ACT_ITEMS,   do_duty_entry,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/duty/entries/:id/item",   NEED_ACTION,  ACT_ITEMS,   do_duty_entry_item, LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/duty/urgent",             NEED_ACTION,  ACT_ITEMS,   page_duty_urgent,   LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/urgent",             NEED_ACTION,  ACT_ITEMS,   do_duty_urgent,     LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/duty/climbs/:id",         NEED_ACTION,  ACT_ITEMS,   page_climb,         LANE_PAGE, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/duty/climbs/:id",         NEED_ACTION,  ACT_ITEMS,   do_climb,           LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    /* inspection packs */
    {GET,  "/evidence",               NEED_ACTION,  ACT_ITEMS,   page_evidence,      LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/evidence",               NEED_ACTION,  ACT_ITEMS,   do_evidence,        LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/evidence/:id",           NEED_ACTION,  ACT_ITEMS,   page_evidence_one,  LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {POST, "/evidence/:id/make",      NEED_ACTION,  ACT_ITEMS,   do_evidence_make,   LANE_WORK, BODY_FORM,  ENTRY_TRACK},
    {GET,  "/evidence/:id/pdf",       NEED_ACTION,  ACT_ITEMS,   page_evidence_pdf,  LANE_WORK, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/evidence/:id/book",      NEED_ACTION,  ACT_ITEMS,   page_evidence_book, LANE_WORK, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/evidence/:id/zip",       NEED_ACTION,  ACT_ITEMS,   page_evidence_zip,  LANE_WORK, BODY_NONE,  ENTRY_TRACK},

    {GET,  "/originals",              NEED_ACTION,  ACT_ITEMS,   page_originals,     LANE_PAGE, BODY_NONE,  ENTRY_IN},
    {POST, "/originals",              NEED_ACTION,  ACT_ITEMS,   do_originals,       LANE_WORK, BODY_FORM,  ENTRY_IN},
    {GET,  "/originals/slips",        NEED_ACTION,  ACT_ITEMS,   page_original_slips, LANE_PAGE, BODY_NONE, ENTRY_IN},
    {GET,  "/originals/receipt",      NEED_ACTION,  ACT_ITEMS,   page_original_receipt, LANE_PAGE, BODY_NONE, ENTRY_IN},
    {GET,  "/o/*",                    NEED_ACTION,  ACT_ITEMS,   page_handed,        LANE_PAGE, BODY_NONE,  ENTRY_IN},
    {POST, "/o/*",                    NEED_ACTION,  ACT_ITEMS,   do_handed,          LANE_WORK, BODY_FORM,  ENTRY_IN},
    {GET,  "/items/:id/originals",    NEED_ACTION,  ACT_ITEMS,   page_item_originals, LANE_PAGE, BODY_NONE, ENTRY_PORTAL},
    {POST, "/items/:id/originals",    NEED_ACTION,  ACT_ITEMS,   do_item_originals,  LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    /* the error ledger */
    /* texts under work */
    /* what an item issues: its manuscript, the final copy, printing, seals, the archive package */
    {POST, "/items/:id/carry",        NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {POST, "/items/:id/renew",        NEED_ACTION,  ACT_ITEMS,   do_item_verb,       LANE_WORK, BODY_FORM,  ENTRY_PORTAL},
    {GET,  "/items/:id/text",         NEED_ACTION,  ACT_ITEMS,   page_item_text,     LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/items/:id/final",        NEED_ACTION,  ACT_ITEMS,   page_final,         LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/items/:id/print",        NEED_ACTION,  ACT_ITEMS,   do_print,           LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/items/:id/print/:id",    NEED_ACTION,  ACT_ITEMS,   page_print_run,     LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/items/:id/print/:id",    NEED_ACTION,  ACT_ITEMS,   do_print_spoil,     LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/items/:id/package",      NEED_ACTION,  ACT_ITEMS,   do_package,         LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/items/:id/package/:id",  NEED_ACTION,  ACT_ITEMS,   page_package,       LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/items/:id/package/:id",  NEED_ACTION,  ACT_ITEMS,   do_package_verify,  LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/manuscripts/:id/begin",  NEED_ACTION,  ACT_ITEMS,   do_manuscript_begin, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/printers",               NEED_ACTION,  ACT_ITEMS,   page_printers,      LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/printers",               NEED_ACTION,  ACT_ITEMS,   do_printers,        LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/printers/:id/sheet",     NEED_ACTION,  ACT_ITEMS,   page_printer_sheet, LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/seals",                  NEED_ACTION,  ACT_ITEMS,   page_seals,         LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/seals",                  NEED_ACTION,  ACT_ITEMS,   do_seals,           LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {GET,  "/seals/:id/picture",      NEED_ACTION,  ACT_ITEMS,   page_seal_picture,  LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/manuscripts",            NEED_ACTION,  ACT_ITEMS,   page_manuscripts,   LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/manuscripts/new",        NEED_ACTION,  ACT_ITEMS,   page_manuscript_new, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/new",        NEED_ACTION,  ACT_ITEMS,   do_manuscript_new,  LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/manuscripts/word",       NEED_ACTION,  ACT_ITEMS,   page_manuscript_word, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/word",       NEED_ACTION,  ACT_ITEMS,   do_manuscript_word, LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {POST, "/manuscripts/word/take",  NEED_ACTION,  ACT_ITEMS,   do_manuscript_word_take, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id",        NEED_ACTION,  ACT_ITEMS,   page_manuscript,    LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/manuscripts/:id",        NEED_ACTION,  ACT_ITEMS,   do_manuscript_save, LANE_WORK, BODY_TEXT,  ENTRY_DRAFT},
    {POST, "/manuscripts/:id/people", NEED_ACTION,  ACT_ITEMS,   do_manuscript_people, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/name",   NEED_ACTION,  ACT_ITEMS,   do_manuscript_name, LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/manuscripts/:id/lock",   NEED_ACTION,  ACT_ITEMS,   do_manuscript_lock, LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/manuscripts/:id/give-up", NEED_ACTION, ACT_ITEMS,   do_manuscript_give_up, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/versions", NEED_ACTION, ACT_ITEMS,  page_manuscript_versions, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/versions", NEED_ACTION, ACT_ITEMS,  do_manuscript_versions, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/compare", NEED_ACTION, ACT_ITEMS,   page_manuscript_compare, LANE_WORK, BODY_NONE, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/redline", NEED_ACTION, ACT_ITEMS,   page_manuscript_redline, LANE_WORK, BODY_NONE, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/docx",   NEED_ACTION, ACT_ITEMS,    page_manuscript_docx, LANE_WORK, BODY_NONE, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/files",  NEED_ACTION, ACT_ITEMS,    page_manuscript_files, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/files",  NEED_ACTION, ACT_ITEMS,    do_manuscript_files, LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/files/:id", NEED_ACTION, ACT_ITEMS, page_manuscript_file, LANE_WORK, BODY_NONE, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/notes",  NEED_ACTION, ACT_ITEMS,    page_manuscript_notes, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/notes",  NEED_ACTION, ACT_ITEMS,    do_manuscript_notes, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/parts",  NEED_ACTION, ACT_ITEMS,    page_manuscript_parts, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/parts",  NEED_ACTION, ACT_ITEMS,    do_manuscript_parts, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/passes", NEED_ACTION, ACT_ITEMS,    page_manuscript_passes, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/passes", NEED_ACTION, ACT_ITEMS,    do_manuscript_passes, LANE_WORK, BODY_TEXT, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/pens",   NEED_ACTION, ACT_ITEMS,    page_manuscript_pens, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/pens",   NEED_ACTION, ACT_ITEMS,    do_manuscript_pens, LANE_WORK, BODY_FORM, ENTRY_DRAFT},
    {GET,  "/pens/:id",               NEED_ACTION, ACT_ITEMS,    page_pen,           LANE_WORK, BODY_NONE, ENTRY_DRAFT},
    {POST, "/pens/:id",               NEED_ACTION, ACT_ITEMS,    do_pen,             LANE_WORK, BODY_TEXT, ENTRY_DRAFT},
    {POST, "/pens/:id/sheets",        NEED_ACTION, ACT_ITEMS,    do_pen_sheets,      LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {GET,  "/pens/:id/sheets/:id",    NEED_ACTION, ACT_ITEMS,    page_pen_sheet,     LANE_WORK, BODY_NONE, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/changes", NEED_ACTION, ACT_ITEMS,   page_manuscript_changes, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/changes", NEED_ACTION, ACT_ITEMS,   do_manuscript_changes, LANE_WORK, BODY_TEXT, ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/live",   NEED_WATCH,   0,           page_manuscript_live, LANE_PAGE, BODY_NONE, ENTRY_DRAFT},
    {POST, "/manuscripts/:id/here",   NEED_ACTION,  ACT_ITEMS,   do_manuscript_here, LANE_PAGE, BODY_FORM,  ENTRY_DRAFT},

    /* speeches to be written */
    {GET,  "/speeches",               NEED_ACTION,  ACT_ITEMS,   page_speeches,      LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/speeches/:id",           NEED_ACTION,  ACT_ITEMS,   do_speech,          LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/reading", NEED_ACTION, ACT_ITEMS,   page_reading,       LANE_WORK, BODY_NONE,  ENTRY_DRAFT},
    /* earlier texts of one's own house */
    {GET,  "/samples",                NEED_ACTION,  ACT_ITEMS,   page_samples,       LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/samples/new",            NEED_ACTION,  ACT_ITEMS,   page_sample_new,    LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/samples/new",            NEED_ACTION,  ACT_ITEMS,   do_sample_new,      LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/samples/:id",            NEED_ACTION,  ACT_ITEMS,   page_sample,        LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/samples/:id",            NEED_ACTION,  ACT_ITEMS,   do_sample,          LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/manuscripts/:id/reuse",  NEED_ACTION,  ACT_ITEMS,   page_reuse,         LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/desk/reuse",             NEED_ACTION,  ACT_ITEMS,   do_desk_reuse,      LANE_PAGE, BODY_TEXT,  ENTRY_DRAFT},

    /* templates */
    {GET,  "/templates",              NEED_ACTION,  ACT_ITEMS,   page_templates,     LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {GET,  "/templates/new",          NEED_ACTION,  ACT_ITEMS,   page_template_new,  LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/templates/new",          NEED_ACTION,  ACT_ITEMS,   do_template_new,    LANE_WORK, BODY_FILES, ENTRY_DRAFT},
    {GET,  "/templates/*",            NEED_ACTION,  ACT_ITEMS,   page_template,      LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/templates/*",            NEED_ACTION,  ACT_ITEMS,   do_template,        LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {GET,  "/templates/*/edit",       NEED_ACTION,  ACT_ITEMS,   page_template_edit, LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/templates/*/edit",       NEED_ACTION,  ACT_ITEMS,   do_template_edit,   LANE_WORK, BODY_TEXT,  ENTRY_DRAFT},

    {GET,  "/mistakes",               NEED_ACTION,  ACT_ITEMS,   page_mistakes,      LANE_PAGE, BODY_NONE,  ENTRY_DRAFT},
    {POST, "/mistakes",               NEED_ACTION,  ACT_ITEMS,   do_mistake,         LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/mistakes/:id/propose",   NEED_ACTION,  ACT_TERMS,   do_mistake_propose, LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/mistakes/:id/rule",      NEED_ACTION,  ACT_RULES,   do_mistake_rule,    LANE_WORK, BODY_FORM,  ENTRY_DRAFT},
    {POST, "/rules/proposals/:id",    NEED_ACTION,  ACT_RULES,   do_rule_proposal,   LANE_WORK, BODY_FORM,  ENTRY_DRAFT},

    {GET,  "/brief",                  NEED_ACTION,  ACT_BRIEF,   page_brief,         LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    {GET,  "/brief/pdf",              NEED_ACTION,  ACT_BRIEF,   page_brief_pdf,     LANE_WORK, BODY_NONE,  ENTRY_PORTAL},
    {POST, "/brief/note",             NEED_ACTION,  ACT_BRIEF,   do_brief_note,      LANE_WORK, BODY_FORM,  ENTRY_PORTAL},

    /* addresses that entrances had before they had pages of their own */
    {GET,  "/supervision",            NEED_ACTION,  ACT_ITEMS,   page_supervision,   LANE_PAGE, BODY_NONE,  ENTRY_TRACK},
    {GET,  "/meetings",               NEED_ACTION,  ACT_ITEMS,   page_meetings,      LANE_PAGE, BODY_NONE,  ENTRY_MEET},
    {0, NULL, 0, 0, NULL, 0, 0, 0},
};
/* clang-format on */

/* Prints and exports of a ledger are noted by their handlers, which know how many rows were taken. */
static const struct read_note notes[] = {
    {"/items/:id", ACCESS_READ, NULL},
    {"/items/:id/thread", ACCESS_READ, "办理脉络"},
    {"/items/:id/forms/*", ACCESS_PRINT, "单据"},
    {"/items/:id/slips", ACCESS_READ, "催办单"},
    {"/items/:id/originals", ACCESS_READ, "纸质原件"},
    {"/o/*", ACCESS_READ, "纸质原件"},
    {"/originals/slips", ACCESS_PRINT, "原件二维码条"},
    {"/originals/receipt", ACCESS_PRINT, "原件签收单"},
    {"/items/:id/files/:id", ACCESS_DOWNLOAD, "附件"},
    {"/items/:id/remarks", ACCESS_READ, "批示"},
    {"/items/:id/remarks/:id", ACCESS_READ, "批示"},
    {"/items/:id/pictures/:id", ACCESS_READ, "批示图片"},
    {"/brief", ACCESS_READ, "今日要情"},
    {"/brief/pdf", ACCESS_PRINT, "今日要情"},
    {"/ledgers/*/export", ACCESS_EXPORT, "台账"},
    {"/ledgers/*/print", ACCESS_PRINT, "台账"},
    {"/duty/contacts", ACCESS_READ, "紧急联系树"},
    {"/manuscripts/:id", ACCESS_READ, "文稿"},
    {"/manuscripts/:id/reuse", ACCESS_READ, "文稿"},
    {"/manuscripts/:id/reading", ACCESS_PRINT, "诵读稿"},
    {"/samples/:id", ACCESS_READ, "范文"},
    {"/manuscripts/:id/compare", ACCESS_READ, "文稿各稿对照"},
    {"/manuscripts/:id/redline", ACCESS_DOWNLOAD, "文稿红线稿"},
    {"/manuscripts/:id/docx", ACCESS_DOWNLOAD, "文稿Word稿"},
    {"/items/:id/text", ACCESS_READ, "文稿各稿"},
    {"/items/:id/final", ACCESS_READ, "正本预览"},
    {"/items/:id/print/:id", ACCESS_PRINT, "正本"},
    {"/items/:id/package/:id", ACCESS_DOWNLOAD, "归档包"},
    {"/seals/:id/picture", ACCESS_READ, "印章图片"},
};

const struct read_note *route_note(const struct route *r)
{
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
        if (r->method == METHOD_GET && strcmp(notes[i].pattern, r->pattern) == 0)
            return &notes[i];
    return NULL;
}

static bool match(const char *pattern, struct str path, int64_t ids[2])
{
    struct str want = str_z(pattern), p, s;
    int n = 0;
    for (;;) {
        struct err e;
        bool more_p = str_next(&want, S("/"), &p), more_s = str_next(&path, S("/"), &s);
        if (!more_p || !more_s)
            return more_p == more_s;
        if (str_eq(p, S("*")))
            continue;
        if (str_eq(p, S(":id"))) {
            if (n == 2 || id_parse(s, &ids[n++], &e) != OK)
                return false;
        } else if (!str_eq(p, s)) {
            return false;
        }
    }
}

const struct route *route_find(enum method m, struct str path, int64_t ids[2], bool *other)
{
    if (m == METHOD_HEAD)
        m = METHOD_GET;
    *other = false;
    for (const struct route *r = routes; r->pattern; r++) {
        int64_t found[2] = {0, 0};
        if (!match(r->pattern, path, found))
            continue;
        if (r->method == m) {
            ids[0] = found[0];
            ids[1] = found[1];
            return r;
        }
        *other = true;
    }
    return NULL;
}
