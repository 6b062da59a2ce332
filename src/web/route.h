/* web/route.h - the table of all addresses, greppable by what stands in the browser. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "office/access.h"
#include "web/ctx.h"

enum entry {
    ENTRY_NONE = 0,
    ENTRY_PORTAL,
    ENTRY_IN,
    ENTRY_DRAFT,
    ENTRY_TRACK,
    ENTRY_MEET,
    ENTRY_VOICE,
    ENTRY_LIBRARY
};

enum need {
    NEED_NOTHING = 0, /* open to everybody who reaches the port */
    NEED_SESSION,     /* signed in, also before a one-time password was changed */
    NEED_PERSON,      /* signed in */
    NEED_WATCH,       /* the same; but a page that only stands open is no use of the session */
    NEED_ACTION       /* and may do `action` */
};
enum body {
    BODY_NONE = 0,
    BODY_FORM,
    BODY_FILES,
    BODY_TEXT /* a form with a whole manuscript in it */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which the table is read */
struct route {
    enum method method;
    const char *pattern; /* :id is a decimal id; *: any one segment */
    enum need need;
    enum action action;
    ctx_fn fn;
    enum lane lane;
    enum body body;
    enum entry entry;
};
extern const struct route routes[];

/* NULL: no such address; *other: the address is there, for another method. */
const struct route *route_find(enum method m, struct str path, int64_t ids[2], bool *other);

/* What a GET of this address that was answered is noted as in the log of reading (audit.h); 0: it is not. Documents are noted where
 * they are read (office/reading.c). */
struct read_note {
    const char *pattern;
    int kind;         /* enum access_kind */
    const char *what; /* NULL: the item itself */
};
const struct read_note *route_note(const struct route *r);

/* ---- the handlers, by file ---- */
enum code page_login(struct ctx *c, struct err *e); /* page_access.c */
enum code do_login(struct ctx *c, struct err *e);
enum code do_logout(struct ctx *c, struct err *e);
enum code page_password(struct ctx *c, struct err *e);
enum code do_password(struct ctx *c, struct err *e);
enum code page_account(struct ctx *c, struct err *e);
enum code do_session_end(struct ctx *c, struct err *e);
enum code do_phrase(struct ctx *c, struct err *e);
void access_relogin(struct ctx *c);
bool access_origin(const struct ctx *c);

enum code page_portal(struct ctx *c, struct err *e); /* page_portal.c */
enum code page_meetings(struct ctx *c, struct err *e);
enum code page_supervision(struct ctx *c, struct err *e);
enum code page_help(struct ctx *c, struct err *e);
enum code page_live(struct ctx *c, struct err *e);
enum code page_schema(struct ctx *c, struct err *e);
enum code page_openapi(struct ctx *c, struct err *e); /* openapi.c */
enum code page_static(struct ctx *c, struct err *e);

enum code page_library(struct ctx *c, struct err *e); /* page_library.c */
enum code page_search(struct ctx *c, struct err *e);
enum code page_suggest(struct ctx *c, struct err *e);

enum code page_document(struct ctx *c, struct err *e); /* page_document.c */
enum code page_original(struct ctx *c, struct err *e);
enum code page_document_edit(struct ctx *c, struct err *e); /* page_edit.c */
enum code page_pick(struct ctx *c, struct err *e);
enum code do_document_edit(struct ctx *c, struct err *e);
enum code do_document_delete(struct ctx *c, struct err *e);

enum code page_upload(struct ctx *c, struct err *e); /* page_import.c */
enum code do_upload(struct ctx *c, struct err *e);
enum code page_import_job(struct ctx *c, struct err *e);

enum code page_held(struct ctx *c, struct err *e); /* page_held.c */
enum code page_held_image(struct ctx *c, struct err *e);
enum code do_held(struct ctx *c, struct err *e);

enum code page_compare(struct ctx *c, struct err *e); /* page_versions.c */
enum code page_redline(struct ctx *c, struct err *e);
enum code page_editions(struct ctx *c, struct err *e);
enum code do_edition(struct ctx *c, struct err *e);

enum code page_subscriptions(struct ctx *c, struct err *e); /* page_follow.c */
enum code do_subscribe(struct ctx *c, struct err *e);
enum code do_unsubscribe(struct ctx *c, struct err *e);
enum code do_news_seen(struct ctx *c, struct err *e);
enum code page_categories(struct ctx *c, struct err *e);
enum code do_category_add(struct ctx *c, struct err *e);
enum code do_category(struct ctx *c, struct err *e);

enum code page_check(struct ctx *c, struct err *e); /* page_check.c */
enum code do_check(struct ctx *c, struct err *e);
enum code page_check_result(struct ctx *c, struct err *e);
enum code page_check_print(struct ctx *c, struct err *e);
enum code page_check_docx(struct ctx *c, struct err *e);
enum code page_check_text(struct ctx *c, struct err *e);
enum code page_check_format(struct ctx *c, struct err *e); /* page_format.c */
enum code page_check_mended(struct ctx *c, struct err *e);
enum code page_manuscript_word(struct ctx *c, struct err *e); /* page_word.c */
enum code do_manuscript_word(struct ctx *c, struct err *e);
enum code do_manuscript_word_take(struct ctx *c, struct err *e);
enum code do_check_decide(struct ctx *c, struct err *e);
enum code do_check_remove(struct ctx *c, struct err *e);
enum code page_rules(struct ctx *c, struct err *e); /* page_rules.c */
enum code do_rule(struct ctx *c, struct err *e);
enum code do_never_withdraw(struct ctx *c, struct err *e);
enum code do_rule_proposal(struct ctx *c, struct err *e);

enum code page_terms(struct ctx *c, struct err *e); /* page_terms.c */
enum code page_term(struct ctx *c, struct err *e);
enum code do_term(struct ctx *c, struct err *e);
enum code page_term_export(struct ctx *c, struct err *e);
enum code do_term_import(struct ctx *c, struct err *e);
enum code page_holders(struct ctx *c, struct err *e); /* page_holders.c */
enum code holders_show(struct ctx *c, struct str problem, struct err *e);
enum code page_holder(struct ctx *c, struct err *e);
enum code do_holder(struct ctx *c, struct err *e);
enum code page_candidates(struct ctx *c, struct err *e); /* page_phrases.c */
enum code do_candidates(struct ctx *c, struct err *e);

enum code page_items(struct ctx *c, struct err *e); /* page_box.c */
enum code do_items_read(struct ctx *c, struct err *e);
enum code page_calendar_feeds(struct ctx *c, struct err *e); /* page_feed.c */
enum code do_calendar_feed(struct ctx *c, struct err *e);
enum code do_calendar_feed_revoke(struct ctx *c, struct err *e);
enum code page_calendar_feed(struct ctx *c, struct err *e);
enum code page_calendar(struct ctx *c, struct err *e); /* page_calendar.c */
enum code page_thread(struct ctx *c, struct err *e);   /* page_thread.c */

enum code page_kinds(struct ctx *c, struct err *e); /* page_kinds.c */
enum code page_kind(struct ctx *c, struct err *e);
enum code do_kind_switch(struct ctx *c, struct err *e);
enum code do_kind_newer(struct ctx *c, struct err *e);
enum code page_kind_edit(struct ctx *c, struct err *e);
enum code do_kind_edit(struct ctx *c, struct err *e);
enum code page_kind_form(struct ctx *c, struct err *e); /* kind_form.c */
enum code do_kind_form(struct ctx *c, struct err *e);
enum code do_kind_trial(struct ctx *c, struct err *e);

enum code page_paper(struct ctx *c, struct err *e); /* page_paper.c */
enum code page_slips(struct ctx *c, struct err *e);
enum code page_brief(struct ctx *c, struct err *e); /* page_brief.c */
enum code page_brief_pdf(struct ctx *c, struct err *e);
enum code do_brief_note(struct ctx *c, struct err *e);
enum code page_slip_log(struct ctx *c, struct err *e); /* page_slip_log.c */
enum code do_slips(struct ctx *c, struct err *e);
enum code page_scores(struct ctx *c, struct err *e);
enum code do_scores(struct ctx *c, struct err *e);
enum code page_ask(struct ctx *c, struct err *e); /* page_ask.c */
enum code page_ask_live(struct ctx *c, struct err *e);
enum code do_ask_answer(struct ctx *c, struct err *e);
enum code do_asks_answer(struct ctx *c, struct err *e);
enum code do_ask_relay(struct ctx *c, struct err *e);
enum code page_asks(struct ctx *c, struct err *e); /* page_asks.c */
enum code page_asks_live(struct ctx *c, struct err *e);
enum code do_asks_remind(struct ctx *c, struct err *e);
enum code do_asks_withdraw(struct ctx *c, struct err *e);
enum code page_matrix(struct ctx *c, struct err *e); /* page_matrix.c */
enum code page_matrix_export(struct ctx *c, struct err *e);
enum code page_ask_send(struct ctx *c, struct err *e);
enum code do_ask_send(struct ctx *c, struct err *e);
enum code page_ledger(struct ctx *c, struct err *e); /* page_ledger.c */
enum code page_ledger_print(struct ctx *c, struct err *e);
enum code page_ledger_export(struct ctx *c, struct err *e);
enum code page_board(struct ctx *c, struct err *e);
enum code page_lights(struct ctx *c, struct err *e);
enum code do_ledger_view(struct ctx *c, struct err *e);
enum code page_item_new(struct ctx *c, struct err *e); /* page_item_new.c */
enum code do_item_new(struct ctx *c, struct err *e);
enum code do_unsent(struct ctx *c, struct err *e);
enum code do_unsent_drop(struct ctx *c, struct err *e);
enum code page_choose(struct ctx *c, struct err *e);    /* page_item_pick.c */
enum code page_item(struct ctx *c, struct err *e);      /* page_item.c */
enum code page_item_edit(struct ctx *c, struct err *e); /* page_item_edit.c */
enum code do_item_edit(struct ctx *c, struct err *e);
enum code do_item_verb(struct ctx *c, struct err *e);         /* item_verbs.c */
enum code page_ledger_template(struct ctx *c, struct err *e); /* page_ledger_import.c */
enum code page_ledger_import(struct ctx *c, struct err *e);
enum code do_ledger_import(struct ctx *c, struct err *e);
enum code do_ledger_import_rows(struct ctx *c, struct err *e);
enum code page_numbers(struct ctx *c, struct err *e); /* page_numbers.c */
enum code do_numbers(struct ctx *c, struct err *e);
enum code page_figures(struct ctx *c, struct err *e);  /* page_figures.c */
enum code do_item_verb(struct ctx *c, struct err *e);  /* item_verbs.c */
enum code do_item_loose(struct ctx *c, struct err *e); /* page_item_file.c */
enum code page_item_split(struct ctx *c, struct err *e);
enum code do_item_split(struct ctx *c, struct err *e);
enum code do_item_attach(struct ctx *c, struct err *e);
enum code do_item_detach(struct ctx *c, struct err *e);
enum code page_item_file(struct ctx *c, struct err *e);

enum code page_people(struct ctx *c, struct err *e); /* page_people.c */
enum code do_person_add(struct ctx *c, struct err *e);
enum code do_person(struct ctx *c, struct err *e);
enum code page_audit(struct ctx *c, struct err *e);
enum code page_reads(struct ctx *c, struct err *e); /* page_reads.c */

enum code page_notices(struct ctx *c, struct err *e); /* page_notice.c */
enum code page_notice(struct ctx *c, struct err *e);
enum code do_notices_read(struct ctx *c, struct err *e);
enum code page_notice_settings(struct ctx *c, struct err *e);
enum code do_notice_settings(struct ctx *c, struct err *e);
enum code do_hook_add(struct ctx *c, struct err *e);
enum code do_hook_remove(struct ctx *c, struct err *e);

enum code page_recurring(struct ctx *c, struct err *e); /* page_recurring.c */
enum code do_recurring(struct ctx *c, struct err *e);
enum code page_recurring_new(struct ctx *c, struct err *e);
enum code page_recurring_one(struct ctx *c, struct err *e);

enum code page_roster(struct ctx *c, struct err *e); /* page_duty.c */
enum code page_duty_export(struct ctx *c, struct err *e);
enum code do_duty_generate(struct ctx *c, struct err *e);
enum code page_duty_shift(struct ctx *c, struct err *e);
enum code do_duty_shift(struct ctx *c, struct err *e);
enum code do_duty_swap_ask(struct ctx *c, struct err *e);
enum code do_duty_swap(struct ctx *c, struct err *e);
enum code page_duty_setup(struct ctx *c, struct err *e);
enum code do_duty_setup(struct ctx *c, struct err *e);
enum code page_duty_contacts(struct ctx *c, struct err *e);
enum code do_duty_phones(struct ctx *c, struct err *e);
enum code page_duty_log(struct ctx *c, struct err *e); /* page_duty_log.c */
enum code do_duty_entry(struct ctx *c, struct err *e);
enum code do_duty_entry_item(struct ctx *c, struct err *e);
enum code page_duty_urgent(struct ctx *c, struct err *e); /* page_climb.c */
enum code do_duty_urgent(struct ctx *c, struct err *e);
enum code page_climb(struct ctx *c, struct err *e);
enum code do_climb(struct ctx *c, struct err *e);

enum code page_mistakes(struct ctx *c, struct err *e); /* page_mistake.c */
enum code do_mistake(struct ctx *c, struct err *e);
enum code do_mistake_propose(struct ctx *c, struct err *e);
enum code do_mistake_rule(struct ctx *c, struct err *e);
enum code page_evidence(struct ctx *c, struct err *e); /* page_evidence.c */
enum code do_evidence(struct ctx *c, struct err *e);
enum code page_evidence_one(struct ctx *c, struct err *e);
enum code do_evidence_make(struct ctx *c, struct err *e);
enum code page_evidence_pdf(struct ctx *c, struct err *e);
enum code page_evidence_book(struct ctx *c, struct err *e);
enum code page_evidence_zip(struct ctx *c, struct err *e);
enum code page_cover(struct ctx *c, struct err *e); /* page_cover.c */
enum code do_cover(struct ctx *c, struct err *e);
enum code do_cover_end(struct ctx *c, struct err *e);
enum code page_hand_over(struct ctx *c, struct err *e);
enum code do_hand_over(struct ctx *c, struct err *e);

enum code page_remark_form(struct ctx *c, struct err *e); /* page_remark.c */
enum code do_remark_enter(struct ctx *c, struct err *e);
enum code page_remark(struct ctx *c, struct err *e);
enum code page_remark_queue(struct ctx *c, struct err *e);
enum code do_remark_verify(struct ctx *c, struct err *e);
enum code do_remark_ask(struct ctx *c, struct err *e);
enum code page_picture(struct ctx *c, struct err *e);
/* page_manuscript_files.c */
enum code page_manuscript_files(struct ctx *c, struct err *e);
enum code do_manuscript_files(struct ctx *c, struct err *e);
enum code page_manuscript_file(struct ctx *c, struct err *e);
enum code page_manuscript_docx(struct ctx *c, struct err *e); /* page_word.c */
enum code page_remarks(struct ctx *c, struct err *e);         /* page_remarks.c */
enum code page_oral(struct ctx *c, struct err *e);            /* page_oral.c */
enum code do_oral(struct ctx *c, struct err *e);
enum code page_leaders(struct ctx *c, struct err *e); /* page_leader.c */
enum code do_leader(struct ctx *c, struct err *e);
enum code page_catch_up(struct ctx *c, struct err *e);
enum code do_catch_up(struct ctx *c, struct err *e);
enum code page_responsibilities(struct ctx *c, struct err *e); /* page_duties.c */
enum code page_responsibility_new(struct ctx *c, struct err *e);
enum code page_responsibility_one(struct ctx *c, struct err *e);
enum code do_responsibility(struct ctx *c, struct err *e);
enum code page_absences(struct ctx *c, struct err *e);
enum code do_absence(struct ctx *c, struct err *e);
enum code page_load(struct ctx *c, struct err *e);
enum code page_section_text(struct ctx *c, struct err *e);
enum code do_section_text(struct ctx *c, struct err *e);
enum code page_arrival_own(struct ctx *c, struct err *e);
enum code page_arrival(struct ctx *c, struct err *e); /* page_arrival.c */

enum code page_replies(struct ctx *c, struct err *e); /* page_replies.c */
enum code do_replies(struct ctx *c, struct err *e);

enum code page_register(struct ctx *c, struct err *e); /* page_register.c */
enum code do_register(struct ctx *c, struct err *e);
enum code do_register_read(struct ctx *c, struct err *e);
enum code page_register_same(struct ctx *c, struct err *e);

enum code page_originals(struct ctx *c, struct err *e); /* page_original.c */
enum code do_originals(struct ctx *c, struct err *e);
enum code page_handed(struct ctx *c, struct err *e);
enum code do_handed(struct ctx *c, struct err *e);
enum code page_item_originals(struct ctx *c, struct err *e);
enum code do_item_originals(struct ctx *c, struct err *e);
enum code page_original_slips(struct ctx *c, struct err *e);
enum code page_original_receipt(struct ctx *c, struct err *e);

enum code do_desk_findings(struct ctx *c, struct err *e); /* page_desk.c */
enum code do_desk_pages(struct ctx *c, struct err *e);
enum code do_desk_passages(struct ctx *c, struct err *e);
enum code page_speeches(struct ctx *c, struct err *e); /* page_speech.c */
enum code do_speech(struct ctx *c, struct err *e);
enum code page_reading(struct ctx *c, struct err *e);
enum code page_samples(struct ctx *c, struct err *e); /* page_sample.c */
enum code page_sample(struct ctx *c, struct err *e);
enum code do_sample(struct ctx *c, struct err *e);
enum code page_sample_new(struct ctx *c, struct err *e);
enum code do_sample_new(struct ctx *c, struct err *e);
enum code page_reuse(struct ctx *c, struct err *e);
enum code do_desk_reuse(struct ctx *c, struct err *e);
enum code page_templates(struct ctx *c, struct err *e); /* page_template.c */
enum code page_template_new(struct ctx *c, struct err *e);
enum code do_template_new(struct ctx *c, struct err *e);
enum code page_template(struct ctx *c, struct err *e);
enum code do_template(struct ctx *c, struct err *e);
enum code page_template_edit(struct ctx *c, struct err *e);
enum code do_template_edit(struct ctx *c, struct err *e);
enum code page_item_text(struct ctx *c, struct err *e); /* page_item_text.c */
enum code do_manuscript_begin(struct ctx *c, struct err *e);
enum code page_final(struct ctx *c, struct err *e); /* page_print.c */
enum code do_print(struct ctx *c, struct err *e);
enum code page_print_run(struct ctx *c, struct err *e);
enum code do_print_spoil(struct ctx *c, struct err *e);
enum code do_package(struct ctx *c, struct err *e);
enum code page_package(struct ctx *c, struct err *e);
enum code do_package_verify(struct ctx *c, struct err *e);
enum code page_printers(struct ctx *c, struct err *e);
enum code do_printers(struct ctx *c, struct err *e);
enum code page_printer_sheet(struct ctx *c, struct err *e);
enum code page_seals(struct ctx *c, struct err *e);
enum code do_seals(struct ctx *c, struct err *e);
enum code page_seal_picture(struct ctx *c, struct err *e);
enum code page_manuscripts(struct ctx *c, struct err *e); /* page_manuscript.c */
enum code page_manuscript_new(struct ctx *c, struct err *e);
enum code do_manuscript_new(struct ctx *c, struct err *e);
enum code page_manuscript(struct ctx *c, struct err *e);
enum code do_manuscript_save(struct ctx *c, struct err *e);
enum code do_manuscript_people(struct ctx *c, struct err *e);
enum code do_manuscript_name(struct ctx *c, struct err *e);
enum code do_manuscript_lock(struct ctx *c, struct err *e);
enum code do_manuscript_give_up(struct ctx *c, struct err *e);
enum code page_manuscript_versions(struct ctx *c, struct err *e); /* page_manuscript_versions.c */
enum code do_manuscript_versions(struct ctx *c, struct err *e);
enum code page_manuscript_compare(struct ctx *c, struct err *e);
enum code page_manuscript_redline(struct ctx *c, struct err *e);
enum code page_manuscript_notes(struct ctx *c, struct err *e); /* page_manuscript_notes.c */
enum code do_desk_lacks(struct ctx *c, struct err *e);
enum code do_manuscript_notes(struct ctx *c, struct err *e);
enum code page_manuscript_parts(struct ctx *c, struct err *e); /* page_manuscript_part.c */
enum code do_manuscript_parts(struct ctx *c, struct err *e);
enum code page_manuscript_passes(struct ctx *c, struct err *e); /* page_manuscript_pass.c */
enum code do_manuscript_passes(struct ctx *c, struct err *e);
enum code page_manuscript_pens(struct ctx *c, struct err *e); /* page_manuscript_pen.c */
enum code do_manuscript_pens(struct ctx *c, struct err *e);
enum code page_pen(struct ctx *c, struct err *e);
enum code do_pen(struct ctx *c, struct err *e);
enum code do_pen_sheets(struct ctx *c, struct err *e);
enum code page_pen_sheet(struct ctx *c, struct err *e);
enum code page_manuscript_changes(struct ctx *c, struct err *e); /* page_manuscript_sync.c */
enum code do_manuscript_changes(struct ctx *c, struct err *e);
enum code page_manuscript_live(struct ctx *c, struct err *e);
enum code do_manuscript_here(struct ctx *c, struct err *e);

#endif
