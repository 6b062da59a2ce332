#include "office/schema.h"

#include "store/blob.h"

/* Ids are made by the application (base/id.h); flags are 0 or 1; days are 'YYYY-MM-DD' or ''; instants are UTC ms.
 * References between nouns are kept by the nouns, not by foreign keys: deletion is a mark. */

static const char library_sql[] =
    /* The feed the corpus follows: office/index.c. */
    "CREATE TABLE counter (name @TEXT PRIMARY KEY, value @INT NOT NULL);"
    "INSERT INTO counter (name, value) VALUES ('change', 0);"
    "CREATE TABLE change (seq @INT PRIMARY KEY, op @INT NOT NULL, document @INT NOT NULL);"

    "CREATE TABLE issuer (id @ID, name @TEXT NOT NULL UNIQUE, authority @INT NOT NULL);"

    "CREATE TABLE category (id @ID, parent @INT NOT NULL, name @TEXT NOT NULL, position @INT NOT "
    "NULL,"
    " UNIQUE (parent, name));"

    "CREATE TABLE document (id @ID, title @TEXT NOT NULL, title_key @TEXT NOT NULL,"
    " printed_key @TEXT NOT NULL,"
    " docno @TEXT NOT NULL, docno_key @TEXT NOT NULL, issuer @INT NOT NULL, day @TEXT NOT NULL,"
    " genre @INT NOT NULL, addressee @TEXT NOT NULL, level @INT NOT NULL, status @INT NOT NULL,"
    " superseded_by @INT NOT NULL, category @INT NOT NULL, authority @INT NOT NULL,"
    " unproofed @INT NOT NULL, format @TEXT NOT NULL, blob @TEXT NOT NULL, file_name @TEXT NOT "
    "NULL,"
    " source @TEXT NOT NULL, size @INT NOT NULL, chars @INT NOT NULL, text_version @INT NOT NULL,"
    " origin @INT NOT NULL, parent @INT NOT NULL, registrar @INT NOT NULL, registered @INT NOT "
    "NULL,"
    " revision @INT NOT NULL, changed_by @INT NOT NULL, changed @INT NOT NULL, deleted @INT NOT "
    "NULL);"
    /* Bytes that are there are there once; a deleted document lets the same bytes come again. */
    "CREATE UNIQUE INDEX document_blob ON document (blob) WHERE deleted = 0;"
    "CREATE INDEX document_title_key ON document (title_key, printed_key);"
    "CREATE INDEX document_printed_key ON document (printed_key);"
    "CREATE INDEX document_coverage ON document (authority, level, day, deleted);"
    "CREATE INDEX document_docno_key ON document (docno_key);"
    "CREATE INDEX document_issuer ON document (issuer, level, deleted);"
    "CREATE INDEX document_category ON document (category);"
    "CREATE INDEX document_registered ON document (registered, id);"
    "CREATE INDEX document_parent ON document (parent);"

    "CREATE TABLE doc_text (document @INT NOT NULL, version @INT NOT NULL, text @TEXT NOT NULL,"
    " digest @TEXT NOT NULL, structure @BLOB NOT NULL, made @INT NOT NULL,"
    " PRIMARY KEY (document, version));"
    "CREATE TABLE doc_field (document @INT NOT NULL, position @INT NOT NULL, field @TEXT NOT NULL,"
    " value @TEXT NOT NULL, begin_cp @INT NOT NULL, end_cp @INT NOT NULL, confidence @INT NOT NULL,"
    " origin @TEXT NOT NULL, PRIMARY KEY (document, position));"
    "CREATE TABLE doc_signature (document @INT PRIMARY KEY, signature @BLOB NOT NULL);"
    "CREATE TABLE near_band (band @INT NOT NULL, document @INT NOT NULL,"
    " PRIMARY KEY (band, document)) @KEYED;"

    "CREATE TABLE citation (document @INT NOT NULL, position @INT NOT NULL, target @INT NOT NULL,"
    " begin_cp @INT NOT NULL, end_cp @INT NOT NULL, title @TEXT NOT NULL, title_key @TEXT NOT NULL,"
    " docno @TEXT NOT NULL, docno_key @TEXT NOT NULL, article @TEXT NOT NULL,"
    " PRIMARY KEY (document, position));"
    "CREATE INDEX citation_target ON citation (target);"
    "CREATE INDEX citation_title_key ON citation (title_key, target);"
    "CREATE INDEX citation_docno_key ON citation (docno_key, target);"

    "CREATE TABLE repeal (document @INT NOT NULL, position @INT NOT NULL, title @TEXT NOT NULL,"
    " title_key @TEXT NOT NULL, docno_key @TEXT NOT NULL, begin_cp @INT NOT NULL,"
    " end_cp @INT NOT NULL, PRIMARY KEY (document, position));"
    "CREATE INDEX repeal_title_key ON repeal (title_key, docno_key);"
    "CREATE INDEX repeal_docno_key ON repeal (docno_key);"

    "CREATE TABLE edition_group (id @ID, name @TEXT NOT NULL, reason @TEXT NOT NULL,"
    " state @INT NOT NULL, made @INT NOT NULL, decided @INT NOT NULL, decided_by @INT NOT NULL);"
    "CREATE INDEX edition_group_state ON edition_group (state, id);"
    "CREATE TABLE edition_member (edition @INT NOT NULL, document @INT NOT NULL,"
    " position @INT NOT NULL, label @TEXT NOT NULL, percent @INT NOT NULL,"
    " PRIMARY KEY (edition, document));"
    "CREATE INDEX edition_member_document ON edition_member (document);"

    "CREATE TABLE subscription (id @ID, person @INT NOT NULL, kind @INT NOT NULL, value @TEXT NOT "
    "NULL,"
    " created @INT NOT NULL, UNIQUE (person, kind, value));"
    "CREATE TABLE subscription_mark (person @INT PRIMARY KEY, seen @INT NOT NULL);"

    "CREATE TABLE held (id @ID, file_name @TEXT NOT NULL, source @TEXT NOT NULL, format @TEXT NOT "
    "NULL,"
    " blob @TEXT NOT NULL, size @INT NOT NULL, created @INT NOT NULL, registrar @INT NOT NULL,"
    " level @INT NOT NULL, category @INT NOT NULL, origin @INT NOT NULL, state @INT NOT NULL,"
    " document @INT NOT NULL, decided @INT NOT NULL, decided_by @INT NOT NULL);"
    "CREATE INDEX held_state ON held (state, id);"
    "CREATE UNIQUE INDEX held_blob ON held (blob) WHERE state = 0;"

    "CREATE TABLE import_job (id @ID, started @INT NOT NULL, finished @INT NOT NULL, actor @INT "
    "NOT NULL,"
    " origin @INT NOT NULL, subject @TEXT NOT NULL, seen @INT NOT NULL, taken @INT NOT NULL,"
    " duplicate @INT NOT NULL, held @INT NOT NULL, refused @INT NOT NULL, failed @INT NOT NULL,"
    " bytes @INT NOT NULL);"
    "CREATE TABLE import_entry (job @INT NOT NULL, position @INT NOT NULL, outcome @INT NOT NULL,"
    " path @TEXT NOT NULL, reason @TEXT NOT NULL, document @INT NOT NULL, PRIMARY KEY (job, "
    "position));";

/* office/intake.h */
static const char intake_sql[] =
    "CREATE TABLE intake_source (id @ID, kind @INT NOT NULL, name @TEXT NOT NULL UNIQUE,"
    " place @TEXT NOT NULL, config @TEXT NOT NULL, level @INT NOT NULL, category @INT NOT NULL,"
    " every @INT NOT NULL, enabled @INT NOT NULL, next_run @INT NOT NULL, last_run @INT NOT NULL,"
    " leased_until @INT NOT NULL, failures @INT NOT NULL, error @TEXT NOT NULL, state @TEXT NOT "
    "NULL,"
    " made @INT NOT NULL, made_by @INT NOT NULL);"
    "CREATE TABLE intake_seen (source @INT NOT NULL, item @TEXT NOT NULL, stamp @TEXT NOT NULL,"
    " outcome @INT NOT NULL, reason @TEXT NOT NULL, document @INT NOT NULL, seen @INT NOT NULL,"
    " PRIMARY KEY (source, item));"
    "CREATE TABLE intake_run (id @ID, source @INT NOT NULL, started @INT NOT NULL,"
    " finished @INT NOT NULL, found @INT NOT NULL, taken @INT NOT NULL, duplicate @INT NOT NULL,"
    " held @INT NOT NULL, refused @INT NOT NULL, failed @INT NOT NULL, error @TEXT NOT NULL);"
    "CREATE INDEX intake_run_source ON intake_run (source, id);";

/* unit.h person.h session.h access.h audit.h */
static const char account_sql[] =
    "CREATE TABLE unit (id @ID, parent @INT NOT NULL, code @TEXT NOT NULL UNIQUE,"
    " name @TEXT NOT NULL, short_name @TEXT NOT NULL, initials @TEXT NOT NULL,"
    " rank @INT NOT NULL, active @INT NOT NULL);"
    "CREATE INDEX unit_parent ON unit (parent);"
    "CREATE TABLE person (id @ID, login @TEXT NOT NULL UNIQUE, name @TEXT NOT NULL,"
    " initials @TEXT NOT NULL, unit @INT NOT NULL, title @TEXT NOT NULL, roles @INT NOT NULL,"
    " rank @INT NOT NULL, active @INT NOT NULL, password @TEXT NOT NULL,"
    " password_set @INT NOT NULL, must_change @INT NOT NULL);"
    "CREATE INDEX person_unit ON person (unit);"
    /* By login; for one that nobody bears by '?' and its SM3. */
    "CREATE TABLE sign_in_failure (login @TEXT PRIMARY KEY, failures @INT NOT NULL,"
    " locked_until @INT NOT NULL, at @INT NOT NULL);"
    "CREATE TABLE sign_in (id @ID, at @INT NOT NULL, person @INT NOT NULL, outcome @INT NOT NULL,"
    " address @TEXT NOT NULL);"
    "CREATE INDEX sign_in_person ON sign_in (person, id);"
    "CREATE TABLE session (id @ID, token @TEXT NOT NULL UNIQUE, person @INT NOT NULL,"
    " csrf @TEXT NOT NULL, created @INT NOT NULL, seen @INT NOT NULL, last @INT NOT NULL,"
    " last_address @TEXT NOT NULL, failures @INT NOT NULL, address @TEXT NOT NULL,"
    " agent @TEXT NOT NULL);"
    "CREATE INDEX session_person ON session (person, id);"
    "CREATE TABLE grant_row (document @INT NOT NULL, kind @INT NOT NULL, principal @INT NOT NULL,"
    " granted @INT NOT NULL, granted_by @INT NOT NULL, PRIMARY KEY (document, kind, principal));"
    "CREATE INDEX grant_principal ON grant_row (kind, principal, document);"
    "CREATE INDEX document_registrar ON document (registrar, level, deleted);"
    "CREATE INDEX document_level ON document (level, registrar, deleted);"
    "CREATE TABLE audit_event (seq @INT PRIMARY KEY, at @INT NOT NULL, actor @INT NOT NULL,"
    " verb @TEXT NOT NULL, kind @TEXT NOT NULL, subject @INT NOT NULL, salt @BLOB NOT NULL,"
    " payload @TEXT NOT NULL, payload_digest @TEXT NOT NULL, erased @INT NOT NULL,"
    " digest @TEXT NOT NULL);"
    "CREATE INDEX audit_event_subject ON audit_event (kind, subject, seq);"
    "CREATE TABLE access_entry (id @ID, at @INT NOT NULL, person @INT NOT NULL, kind @INT NOT NULL,"
    " document @INT NOT NULL);"
    "CREATE INDEX access_entry_person ON access_entry (person, id);"
    "CREATE INDEX access_entry_document ON access_entry (document, id);";

/* The figures beside the lists are counted in the corpus: nothing asks these indexes any more, and
 * every import paid for them. */
static const char counts_sql[] = "DROP INDEX document_coverage; DROP INDEX document_issuer;";

/* office/term.h. Lists hold one form a line. */
static const char term_sql[] =
    "CREATE TABLE term (id @ID, kind @INT NOT NULL, state @INT NOT NULL, canonical @TEXT NOT NULL,"
    " wrong @TEXT NOT NULL, old @TEXT NOT NULL, also @TEXT NOT NULL, items @TEXT NOT NULL,"
    " from_day @TEXT NOT NULL, to_day @TEXT NOT NULL, source @TEXT NOT NULL, note @TEXT NOT NULL,"
    " revision @INT NOT NULL, changed @INT NOT NULL, changed_by @INT NOT NULL,"
    " UNIQUE (kind, canonical, from_day));"
    "CREATE TABLE holder (id @ID, state @INT NOT NULL, person @TEXT NOT NULL, title @TEXT NOT NULL,"
    " body @TEXT NOT NULL, from_day @TEXT NOT NULL, to_day @TEXT NOT NULL, source @TEXT NOT NULL,"
    " revision @INT NOT NULL, changed @INT NOT NULL, changed_by @INT NOT NULL,"
    " UNIQUE (person, title, body, from_day));"
    /* Candidates that a person did not want: they are not proposed again. */
    "CREATE TABLE phrase_dismissed (phrase @TEXT PRIMARY KEY, at @INT NOT NULL, by_person @INT NOT "
    "NULL);";

/* How far the keys of office/near.c have followed the feed; so far they were written with each document. */
static const char near_sql[] = "INSERT INTO counter (name, value)"
                               " SELECT 'near', value FROM counter WHERE name = 'change';";

/* proof.h rulebook.h */
static const char proof_sql[] =
    "CREATE TABLE proof (id @ID, title @TEXT NOT NULL, file_name @TEXT NOT NULL,"
    " format @TEXT NOT NULL, blob @TEXT NOT NULL, text @TEXT NOT NULL, outline @BLOB NOT NULL,"
    " day @TEXT NOT NULL, genre @INT NOT NULL, owner @INT NOT NULL, made @INT NOT NULL,"
    " chars @INT NOT NULL, deleted @INT NOT NULL);"
    "CREATE INDEX proof_owner ON proof (owner, id);"
    "CREATE TABLE proof_finding (proof @INT NOT NULL, rule @TEXT NOT NULL, place @TEXT NOT NULL,"
    " words @TEXT NOT NULL, verdict @INT NOT NULL, decided_by @INT NOT NULL, decided @INT NOT NULL,"
    " PRIMARY KEY (proof, rule, place));"
    "CREATE TABLE rule_setting (rule @TEXT PRIMARY KEY, level @INT NOT NULL, genres @INT NOT NULL,"
    " note @TEXT NOT NULL, changed_by @INT NOT NULL, changed @INT NOT NULL);"
    "CREATE TABLE rule_figure (rule @TEXT PRIMARY KEY, shown @INT NOT NULL, accepted @INT NOT NULL,"
    " ignored @INT NOT NULL);"
    "CREATE TABLE rule_never (id @ID, rule @TEXT NOT NULL, text @TEXT NOT NULL,"
    " made_by @INT NOT NULL, made @INT NOT NULL, UNIQUE (rule, text));";

/* What OCR read in a file that waits (office/held.h): a page takes seconds, and the person comes back to it. Gone
 * when somebody has decided. secret: the mark that was found; then no text is kept. */
static const char held_reading_sql[] =
    "CREATE TABLE held_reading (held @INT PRIMARY KEY, secret @TEXT NOT NULL, doc @BLOB NOT NULL);";

/* office/audit.h: how far the chain had come at the end of a day. */
static const char seal_sql[] =
    "CREATE TABLE audit_seal (day @INT PRIMARY KEY, seq @INT NOT NULL UNIQUE, head @TEXT NOT NULL,"
    " digest @TEXT NOT NULL);";

/* office/term.h: what the last mining found. */
static const char phrase_sql[] = "CREATE TABLE phrase_candidate (phrase @TEXT PRIMARY KEY, "
                                 "position @INT NOT NULL, mined @INT NOT "
                                 "NULL);";

/* office/item_event.h. The seal of a day covers its rows of item_seal; those of day 0 wait for one. */
static const char item_event_sql[] =
    "CREATE TABLE item_event (item @INT NOT NULL, seq @INT NOT NULL, at @INT NOT NULL,"
    " actor @INT NOT NULL, for_person @INT NOT NULL, verb @TEXT NOT NULL, salt @BLOB NOT NULL,"
    " payload @TEXT NOT NULL, payload_digest @BLOB NOT NULL, erased @INT NOT NULL,"
    " digest @BLOB NOT NULL, PRIMARY KEY (item, seq)) @KEYED;"
    "CREATE TABLE item_seal (day @INT NOT NULL, item @INT NOT NULL, seq @INT NOT NULL,"
    " PRIMARY KEY (day, item)) @KEYED;"
    "ALTER TABLE audit_seal ADD COLUMN chains @TEXT NOT NULL DEFAULT '';";

/* office/kind.h: the newest version of a kind is the row that counts; running items keep theirs. */
static const char kind_sql[] =
    "CREATE TABLE kind_version (id @ID, kind @TEXT NOT NULL, version @INT NOT NULL, name @TEXT NOT "
    "NULL,"
    " status @INT NOT NULL, yaml @TEXT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL,"
    " UNIQUE (kind, version));";

/* office/item.h and its neighbours. Every list has an index that ends in (opened, item), so that pages go by key. item.due is the
 * greatest number where no limit runs. item_grant: who takes part, why (bits), and in which box it lies for him. */
static const char item_sql[] =
    "CREATE TABLE item (id @ID, kind @TEXT NOT NULL, kind_version @INT NOT NULL,"
    " number @TEXT NOT NULL, title @TEXT NOT NULL, state @TEXT NOT NULL, level @INT NOT NULL,"
    " urgency @INT NOT NULL, owner @INT NOT NULL, unit @INT NOT NULL, opener @INT NOT NULL,"
    " opened @INT NOT NULL, entered @INT NOT NULL, closed @INT NOT NULL, due @INT NOT NULL,"
    " fields @TEXT NOT NULL, revision @INT NOT NULL);"
    "CREATE INDEX item_opened ON item (opened, id);"
    "CREATE INDEX item_kind ON item (kind, opened, id);"
    "CREATE INDEX item_state ON item (kind, state, opened, id);"
    "CREATE INDEX item_due ON item (kind, due, id);"
    "CREATE INDEX item_next_due ON item (due, id);"
    "CREATE INDEX item_number_key ON item (kind, number, id);"
    "CREATE INDEX item_unit ON item (unit, opened, id);"
    "CREATE INDEX item_opener ON item (opener, opened, id);"
    "CREATE TABLE item_value (item @INT NOT NULL, field @TEXT NOT NULL, position @INT NOT NULL,"
    " kind @TEXT NOT NULL, opened @INT NOT NULL, number @INT NOT NULL, text @TEXT NOT NULL,"
    " sort @TEXT NOT NULL, PRIMARY KEY (item, field, position)) @KEYED;"
    "CREATE INDEX item_value_sort ON item_value (kind, field, sort, opened, item);"
    "CREATE TABLE item_grant (item @INT NOT NULL, kind @INT NOT NULL, principal @INT NOT NULL,"
    " why @INT NOT NULL, box @INT NOT NULL, opened @INT NOT NULL,"
    " PRIMARY KEY (item, kind, principal)) @KEYED;"
    "CREATE INDEX item_grant_box ON item_grant (kind, principal, box, opened, item);"
    "CREATE INDEX item_grant_all ON item_grant (kind, principal, opened, item);"
    "CREATE TABLE item_number (kind @TEXT NOT NULL, year @INT NOT NULL, serial @INT NOT NULL,"
    " state @INT NOT NULL, item @INT NOT NULL, at @INT NOT NULL, by_person @INT NOT NULL,"
    " number @TEXT NOT NULL, why @TEXT NOT NULL, PRIMARY KEY (kind, year, serial)) @KEYED;"
    "CREATE TABLE item_clock (item @INT NOT NULL, clock @TEXT NOT NULL, run @INT NOT NULL,"
    " state @INT NOT NULL, started @INT NOT NULL, due @INT NOT NULL, original @INT NOT NULL,"
    " paused @INT NOT NULL, met @INT NOT NULL, wanted @TEXT NOT NULL, wanted_at @INT NOT NULL,"
    " wanted_by @INT NOT NULL, PRIMARY KEY (item, clock, run)) @KEYED;"
    "CREATE INDEX item_clock_due ON item_clock (state, due);"
    "CREATE TABLE item_light (item @INT NOT NULL, from_at @INT NOT NULL, until_at @INT NOT NULL,"
    " colour @INT NOT NULL, due @INT NOT NULL, text @TEXT NOT NULL,"
    " PRIMARY KEY (item, from_at)) @KEYED;"
    "CREATE INDEX item_light_colour ON item_light (colour, until_at, from_at, item);"
    "CREATE TABLE ask (id @ID, item @INT NOT NULL, kind @TEXT NOT NULL, to_kind @INT NOT NULL,"
    " to_id @INT NOT NULL, by_person @INT NOT NULL, parent @INT NOT NULL, purpose @TEXT NOT NULL,"
    " answers @TEXT NOT NULL, wait @INT NOT NULL, state @INT NOT NULL, turn @INT NOT NULL, final "
    "@INT NOT NULL,"
    " made @INT NOT NULL, sent @INT NOT NULL, seen @INT NOT NULL, answered @INT NOT NULL,"
    " due @INT NOT NULL, answered_by @INT NOT NULL, word @TEXT NOT NULL, text @TEXT NOT NULL,"
    " reminded @INT NOT NULL);"
    "CREATE INDEX ask_item ON ask (item, id);"
    "CREATE INDEX ask_to ON ask (to_kind, to_id, state, sent);"
    "CREATE INDEX ask_kind ON ask (kind, to_kind, sent);"
    "CREATE TABLE item_link (id @ID, from_kind @INT NOT NULL, from_id @INT NOT NULL,"
    " from_begin @INT NOT NULL, from_end @INT NOT NULL, to_kind @INT NOT NULL,"
    " to_id @INT NOT NULL, to_begin @INT NOT NULL, to_end @INT NOT NULL, relation @TEXT NOT NULL,"
    " at @INT NOT NULL, by_person @INT NOT NULL,"
    " UNIQUE (from_kind, from_id, from_begin, from_end, to_kind, to_id, to_begin, to_end,"
    " relation));"
    "CREATE INDEX item_link_to ON item_link (to_kind, to_id);"
    "CREATE TABLE delegation (id @ID, person @INT NOT NULL, to_person @INT NOT NULL,"
    " from_day @TEXT NOT NULL, to_day @TEXT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL);"
    "CREATE INDEX delegation_to ON delegation (to_person, to_day);";

/* office/item_step.h: a stay that is not over ends at the greatest number. */
static const char item_step_sql[] =
    "CREATE TABLE item_step (item @INT NOT NULL, what @INT NOT NULL, ask @INT NOT NULL,"
    " seq @INT NOT NULL, kind @TEXT NOT NULL, state @TEXT NOT NULL, closed @INT NOT NULL,"
    " person @INT NOT NULL, unit @INT NOT NULL, urgency @INT NOT NULL, entered @INT NOT NULL,"
    " noted @INT NOT NULL, left_at @INT NOT NULL, result @INT NOT NULL, due @INT NOT NULL,"
    " PRIMARY KEY (item, what, ask, seq)) @KEYED;"
    "CREATE INDEX item_step_entered ON item_step (kind, what, entered, item);"
    "CREATE INDEX item_step_left ON item_step (kind, what, left_at, item);";
/* An item is found by what is printed on its paper. */
static const char item_named_sql[] =
    "CREATE INDEX item_number_text ON item_number (number, state);";
/* office/ask.h: words that want text or evidence, the evidence, and when the first word came. */
static const char ask_words_sql[] =
    "ALTER TABLE ask ADD COLUMN need_text @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE ask ADD COLUMN need_files @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE ask ADD COLUMN files @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE ask ADD COLUMN received @INT NOT NULL DEFAULT 0;";
/* office/slip.h: 催办单; office/item_score.h: what a matter counts, in hundredths; office/kind_draft.h: a kind being changed. */
static const char paper_sql[] =
    "CREATE TABLE slip (id @ID, item @INT NOT NULL, year @INT NOT NULL, serial @INT NOT NULL,"
    " unit @INT NOT NULL, at @INT NOT NULL, by_person @INT NOT NULL, number @TEXT NOT NULL,"
    " colour @INT NOT NULL, reason @TEXT NOT NULL, due @TEXT NOT NULL, purpose @TEXT NOT NULL,"
    " asked @INT NOT NULL, ask_due @INT NOT NULL, void_at @INT NOT NULL, void_why @TEXT NOT NULL,"
    " void_by @INT NOT NULL, UNIQUE (year, serial));"
    "CREATE INDEX slip_item ON slip (item, id);"
    "CREATE TABLE item_score_rule (kind @TEXT NOT NULL, name @TEXT NOT NULL, value @INT NOT NULL,"
    " PRIMARY KEY (kind, name)) @KEYED;"
    "CREATE TABLE kind_draft (kind @TEXT NOT NULL, person @INT NOT NULL, seen @INT NOT NULL,"
    " yaml @TEXT NOT NULL, saved @INT NOT NULL, PRIMARY KEY (kind, person)) @KEYED;";
/* office/item_file.h, what ends an item besides its kind, words entered for another, and delegation that was taken back.
 * item.gone: a draft given up. */
static const char item_more_sql[] =
    "CREATE TABLE item_file (id @ID, item @INT NOT NULL, field @TEXT NOT NULL, blob @TEXT NOT NULL,"
    " name @TEXT NOT NULL, size @INT NOT NULL, at @INT NOT NULL, by_person @INT NOT NULL,"
    " readable @INT NOT NULL, removed @INT NOT NULL, removed_by @INT NOT NULL,"
    " why @TEXT NOT NULL);"
    "CREATE INDEX item_file_item ON item_file (item, id);"
    "CREATE INDEX item_file_blob ON item_file (blob);"
    "ALTER TABLE item ADD COLUMN archived @INT NOT NULL DEFAULT 0;"
    "ALTER TABLE item ADD COLUMN archive_no @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item ADD COLUMN gone @INT NOT NULL DEFAULT 0;"
    "CREATE INDEX item_archive ON item (archive_no) WHERE archive_no <> '';"
    "CREATE INDEX item_number_item ON item_number (item, kind);"
    "ALTER TABLE item_clock ADD COLUMN why @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE delegation ADD COLUMN revoked @INT NOT NULL DEFAULT 0;"
    "CREATE INDEX delegation_from ON delegation (person, to_day);"
    "CREATE TABLE item_proxy (item @INT NOT NULL, seq @INT NOT NULL, for_person @INT NOT NULL,"
    " entered_by @INT NOT NULL, at @INT NOT NULL, verified_by @INT NOT NULL,"
    " verified @INT NOT NULL, verdict @INT NOT NULL, PRIMARY KEY (item, seq)) @KEYED;"
    "CREATE INDEX item_proxy_open ON item_proxy (verified, at);";
/* office/notice.h: what came for whom; notice_out: what of it leaves by mail or robot (state 0 waits, 1 claimed, 2 on its way, 3 sent,
 * 4 given up, 5 not known whether it arrived). remind_due: when which reminder of an item fires. */
static const char notice_sql[] =
    "CREATE TABLE notice (id @ID, person @INT NOT NULL, item @INT NOT NULL, kind @INT NOT NULL,"
    " about @INT NOT NULL, seq @INT NOT NULL, at @INT NOT NULL, by_person @INT NOT NULL,"
    " n @INT NOT NULL, text @TEXT NOT NULL, unread @INT NOT NULL, read_at @INT NOT NULL,"
    " routed @INT NOT NULL, UNIQUE (person, item, kind, about));"
    "CREATE INDEX notice_person ON notice (person, unread, at, id);"
    "CREATE INDEX notice_item ON notice (item, kind, about);"
    "CREATE INDEX notice_read ON notice (read_at) WHERE unread = 0;"
    "CREATE INDEX notice_routed ON notice (id) WHERE routed = 0;"
    "CREATE TABLE notice_out (notice @INT NOT NULL, channel @INT NOT NULL, target @INT NOT NULL,"
    " state @INT NOT NULL, tries @INT NOT NULL, next_at @INT NOT NULL, claim @INT NOT NULL,"
    " error @TEXT NOT NULL, PRIMARY KEY (notice, channel)) @KEYED;"
    "CREATE INDEX notice_out_due ON notice_out (state, next_at);"
    "CREATE TABLE notice_setting (person @INT PRIMARY KEY, mail @TEXT NOT NULL,"
    " mail_kinds @INT NOT NULL, hook_kinds @INT NOT NULL, quiet_from @INT NOT NULL,"
    " quiet_to @INT NOT NULL, rhythm @INT NOT NULL);"
    "CREATE TABLE notice_hook (id @ID, unit @INT NOT NULL, name @TEXT NOT NULL,"
    " host @TEXT NOT NULL, next_at @INT NOT NULL, error @TEXT NOT NULL, made @INT NOT NULL,"
    " made_by @INT NOT NULL);"
    "CREATE TABLE remind_due (item @INT NOT NULL, rule @INT NOT NULL, step @INT NOT NULL,"
    " run @INT NOT NULL, due @INT NOT NULL, at @INT NOT NULL,"
    " PRIMARY KEY (item, rule, step)) @KEYED;"
    "CREATE INDEX remind_due_at ON remind_due (at, item);";
/* office/unsent.h */
static const char unsent_sql[] =
    "CREATE TABLE unsent (id @ID, person @INT NOT NULL, form @TEXT NOT NULL, title @TEXT NOT NULL,"
    " body @TEXT NOT NULL, saved @INT NOT NULL);"
    "CREATE INDEX unsent_person ON unsent (person, saved);";

/* office/ledger_view.h; and the orders in which ledgers are asked for. */
static const char ledger_sql[] =
    "CREATE TABLE ledger_view (id @ID, person @INT NOT NULL, kind @TEXT NOT NULL,"
    " name @TEXT NOT NULL, columns @TEXT NOT NULL, query @TEXT NOT NULL, changed @INT NOT NULL,"
    " UNIQUE (person, kind, name));"
    "CREATE INDEX item_kind_closed ON item (kind, closed, id);"
    "CREATE INDEX item_kind_urgency ON item (kind, urgency, id);"
    "CREATE INDEX item_kind_owner ON item (kind, owner, id);"
    "CREATE INDEX item_kind_unit ON item (kind, unit, id);";
/* The log of reading holds more than documents: items with their history, ledgers that were taken away. */
static const char access_subject_sql[] =
    "ALTER TABLE access_entry ADD COLUMN item @INT NOT NULL DEFAULT 0;"
    "ALTER TABLE access_entry ADD COLUMN what @TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX access_entry_item ON access_entry (item, id);";
/* office/person.h: units somebody works in besides his own. */
static const char person_post_sql[] =
    "CREATE TABLE person_post (person @INT NOT NULL, unit @INT NOT NULL, roles @INT NOT NULL,"
    " PRIMARY KEY (person, unit)) @KEYED;"
    "CREATE INDEX person_post_unit ON person_post (unit, person);";

/* Lists are counted in their index alone: what every list asks of an item stands in it. What is open is little, and has one of its own. */
static const char item_lists_sql[] =
    "DROP INDEX item_opened; DROP INDEX item_kind; DROP INDEX item_state; DROP INDEX item_due;"
    "DROP INDEX item_next_due; DROP INDEX item_number_key; DROP INDEX item_unit;"
    "DROP INDEX item_opener;"
    "CREATE INDEX item_opened ON item (opened, id, gone, level);"
    "CREATE INDEX item_kind ON item (kind, opened, id, gone, level);"
    "CREATE INDEX item_state ON item (kind, state, opened, id, gone, level);"
    "CREATE INDEX item_due ON item (kind, due, id, gone, level);"
    "CREATE INDEX item_next_due ON item (due, id, gone, level);"
    "CREATE INDEX item_number_key ON item (kind, number, id, gone, level);"
    "CREATE INDEX item_unit ON item (unit, opened, id, gone, level);"
    "CREATE INDEX item_opener ON item (opener, opened, id, gone, level);"
    "CREATE INDEX item_open ON item (kind, opened, id, gone, level) WHERE closed = 0;";

static const char role_request_sql[] =
    "CREATE TABLE role_request (person @INT PRIMARY KEY, roles @INT NOT NULL,"
    " by_person @INT NOT NULL, at @INT NOT NULL);";
/* office/recurring.h */
static const char recurring_sql[] =
    "CREATE TABLE recurring (id @ID, kind @TEXT NOT NULL, title @TEXT NOT NULL,"
    " fields @TEXT NOT NULL, owner @INT NOT NULL, rule_on @INT NOT NULL, months @INT NOT NULL,"
    " month @INT NOT NULL, n @INT NOT NULL, shift @INT NOT NULL, lead @INT NOT NULL,"
    " lead_working @INT NOT NULL, from_day @TEXT NOT NULL, until_day @TEXT NOT NULL,"
    " paused @INT NOT NULL, next_day @TEXT NOT NULL, next_at @INT NOT NULL,"
    " last_day @TEXT NOT NULL, last_item @INT NOT NULL, error @TEXT NOT NULL,"
    " made @INT NOT NULL, made_by @INT NOT NULL);"
    "CREATE INDEX recurring_next ON recurring (paused, next_at);";

/* Whoever sees no more than his own rows finds by them what runs and what is of a kind: stage 1 it runs, 0 it has ended, -1 a draft given up.
 * A light knows its kind and when the item was opened, so that those of a kind are read in order. */
static const char item_grant_kind_sql[] =
    "ALTER TABLE item_grant ADD COLUMN item_kind @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item_grant ADD COLUMN stage @INT NOT NULL DEFAULT 0;"
    "DROP INDEX item_grant_all;"
    "UPDATE item_grant SET item_kind = (SELECT i.kind FROM item i WHERE i.id = item_grant.item),"
    " stage = (SELECT CASE WHEN i.gone <> 0 THEN -1 WHEN i.closed = 0 THEN 1 ELSE 0 END"
    " FROM item i WHERE i.id = item_grant.item);"
    "CREATE INDEX item_grant_all ON item_grant (kind, principal, opened, item, stage);"
    "CREATE INDEX item_grant_kind ON item_grant (kind, principal, item_kind, opened, item, stage);"
    "CREATE INDEX item_grant_runs ON item_grant (kind, principal, stage, opened, item, item_kind)"
    " WHERE stage = 1;"
    "ALTER TABLE item_light ADD COLUMN item_kind @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE item_light ADD COLUMN opened @INT NOT NULL DEFAULT 0;"
    "UPDATE item_light SET item_kind = (SELECT i.kind FROM item i WHERE i.id = item_light.item),"
    " opened = (SELECT i.opened FROM item i WHERE i.id = item_light.item);"
    "CREATE INDEX item_light_kind ON item_light (item_kind, colour, opened, item, until_at,"
    " from_at);";

/* office/absence.h */
static const char absence_sql[] =
    "CREATE TABLE absence (id @ID, person @INT NOT NULL, from_day @TEXT NOT NULL,"
    " to_day @TEXT NOT NULL, why @TEXT NOT NULL, made_by @INT NOT NULL, made @INT NOT NULL,"
    " item @INT NOT NULL, deputy @INT NOT NULL, ended @INT NOT NULL);"
    "CREATE INDEX absence_person ON absence (person, to_day);"
    "CREATE INDEX absence_days ON absence (to_day, from_day);"
    "CREATE INDEX absence_item ON absence (item) WHERE item <> 0;"
    "ALTER TABLE delegation ADD COLUMN absence @INT NOT NULL DEFAULT 0;"
    "CREATE INDEX delegation_absence ON delegation (to_day) WHERE absence <> 0;";
/* The last event of an item that contradicts who saw it before; of what is there already, nobody can say. */
static const char item_stand_sql[] = "ALTER TABLE item ADD COLUMN stand @INT NOT NULL DEFAULT 0;"
                                     "UPDATE item SET stand = revision;";
/* office/remark.h: words of leaders, and the pairs of characters by which a phrase in them is found. */
static const char remark_sql[] =
    "CREATE TABLE remark (item @INT NOT NULL, seq @INT NOT NULL, leader @INT NOT NULL,"
    " day @TEXT NOT NULL, at @INT NOT NULL, kind @INT NOT NULL, ask @INT NOT NULL,"
    " state @INT NOT NULL, by_person @INT NOT NULL, words @TEXT NOT NULL, files @TEXT NOT NULL,"
    " PRIMARY KEY (item, seq)) @KEYED;"
    "CREATE INDEX remark_day ON remark (day, item, seq);"
    "CREATE INDEX remark_leader ON remark (leader, day, item, seq);"
    "CREATE TABLE remark_gram (gram @INT NOT NULL, day @TEXT NOT NULL, item @INT NOT NULL,"
    " seq @INT NOT NULL, PRIMARY KEY (gram, day, item, seq)) @KEYED;"
    "CREATE INDEX remark_gram_item ON remark_gram (item, seq);"
    "CREATE TABLE remark_ask (ask @INT PRIMARY KEY, item @INT NOT NULL, seq @INT NOT NULL);"
    "CREATE INDEX remark_ask_item ON remark_ask (item, seq);";

/* office/responsibility.h; each version stays in responsibility_past */
/* office/leader.h: through whom a leader is reached; what went past him while he was away. */
static const char leader_sql[] =
    "CREATE TABLE leader_contact (leader @INT PRIMARY KEY, contact @INT NOT NULL);"
    "CREATE TABLE catch_up (ask @INT PRIMARY KEY, item @INT NOT NULL, leader @INT NOT NULL,"
    " purpose @TEXT NOT NULL, why @TEXT NOT NULL, at @INT NOT NULL, done @INT NOT NULL,"
    " seq @INT NOT NULL, done_by @INT NOT NULL DEFAULT 0);"
    "CREATE INDEX catch_up_leader ON catch_up (leader, done, at);";

static const char responsibility_sql[] =
    "CREATE TABLE responsibility (id @ID, revision @INT NOT NULL, unit @INT NOT NULL,"
    " name @TEXT NOT NULL, what @TEXT NOT NULL, how @TEXT NOT NULL, comes @TEXT NOT NULL,"
    " recurring @INT NOT NULL, a @INT NOT NULL, b @INT NOT NULL, since @TEXT NOT NULL,"
    " rank @INT NOT NULL, gone @INT NOT NULL, changed @INT NOT NULL, by_person @INT NOT NULL);"
    "CREATE INDEX responsibility_unit ON responsibility (unit, rank);"
    "CREATE INDEX responsibility_a ON responsibility (a);"
    "CREATE INDEX responsibility_b ON responsibility (b);"
    "CREATE TABLE responsibility_past (id @INT NOT NULL, revision @INT NOT NULL,"
    " unit @INT NOT NULL, name @TEXT NOT NULL, what @TEXT NOT NULL, how @TEXT NOT NULL,"
    " comes @TEXT NOT NULL, recurring @INT NOT NULL, a @INT NOT NULL, b @INT NOT NULL,"
    " since @TEXT NOT NULL, rank @INT NOT NULL, gone @INT NOT NULL, changed @INT NOT NULL,"
    " by_person @INT NOT NULL, PRIMARY KEY (id, revision)) @KEYED;"
    "CREATE INDEX responsibility_past_unit ON responsibility_past (unit, changed);";
/* What falls due next among what runs: the portal and the calendar read it from its beginning. */
static const char item_open_due_sql[] =
    "CREATE INDEX item_open_due ON item (due, id, gone, level) WHERE closed = 0;";
/* office/duty.h, duty_log.h, climb.h: the roster, what was changed in it, swaps; entries of the log, each with a digest over the one before;
 * calls of urgent matters (state 1 calling, 2 acknowledged, 3 ended) and their steps. Phones of people: person.h. */
static const char duty_sql[] =
    "ALTER TABLE person ADD COLUMN phone @TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE person ADD COLUMN mobile @TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE duty_rule (id @ID, body @TEXT NOT NULL, made @INT NOT NULL,"
    " made_by @INT NOT NULL);"
    "CREATE TABLE duty_shift (id @ID, day @INT NOT NULL, from_at @INT NOT NULL,"
    " to_at @INT NOT NULL, sort @INT NOT NULL, a @INT NOT NULL, b @INT NOT NULL,"
    " leader @INT NOT NULL, note @TEXT NOT NULL, changes @INT NOT NULL, made @INT NOT NULL,"
    " made_by @INT NOT NULL);"
    "CREATE INDEX duty_shift_from ON duty_shift (from_at, to_at);"
    "CREATE INDEX duty_shift_to ON duty_shift (to_at, from_at);"
    "CREATE INDEX duty_shift_sort ON duty_shift (sort, from_at);"
    "CREATE TABLE duty_change (id @ID, shift @INT NOT NULL, seat @INT NOT NULL, old @INT NOT NULL,"
    " now @INT NOT NULL, swap @INT NOT NULL, why @TEXT NOT NULL, at @INT NOT NULL,"
    " by_person @INT NOT NULL);"
    "CREATE INDEX duty_change_shift ON duty_change (shift, id);"
    "CREATE TABLE duty_swap (id @ID, shift @INT NOT NULL, seat @INT NOT NULL, person @INT NOT NULL,"
    " other @INT NOT NULL, other_seat @INT NOT NULL, to_person @INT NOT NULL, why @TEXT NOT NULL,"
    " asked @INT NOT NULL, state @INT NOT NULL, answered @INT NOT NULL, noted @INT NOT NULL,"
    " noted_by @INT NOT NULL);"
    "CREATE INDEX duty_swap_to ON duty_swap (to_person, state);"
    "CREATE TABLE duty_entry (id @ID, shift @INT NOT NULL, n @INT NOT NULL UNIQUE,"
    " kind @INT NOT NULL, at @INT NOT NULL, made @INT NOT NULL, by_person @INT NOT NULL,"
    " caller @TEXT NOT NULL, phone @TEXT NOT NULL, text @TEXT NOT NULL, done @TEXT NOT NULL,"
    " told @TEXT NOT NULL, open @INT NOT NULL, about @INT NOT NULL, item @INT NOT NULL,"
    " digest @TEXT NOT NULL);"
    "CREATE INDEX duty_entry_shift ON duty_entry (shift, n);"
    "CREATE INDEX duty_entry_about ON duty_entry (about, kind);"
    "CREATE INDEX duty_entry_open ON duty_entry (n) WHERE open = 1;"
    "CREATE TABLE climb (id @ID, item @INT NOT NULL, state @INT NOT NULL, round @INT NOT NULL,"
    " seat @INT NOT NULL, next_at @INT NOT NULL, started @INT NOT NULL, raised_by @INT NOT NULL,"
    " acked_by @INT NOT NULL, acked @INT NOT NULL, for_person @INT NOT NULL);"
    "CREATE INDEX climb_item ON climb (item, id);"
    "CREATE INDEX climb_due ON climb (state, next_at);"
    "CREATE TABLE climb_step (climb @INT NOT NULL, n @INT NOT NULL, at @INT NOT NULL,"
    " round @INT NOT NULL, seat @INT NOT NULL, person @INT NOT NULL, skipped @TEXT NOT NULL,"
    " PRIMARY KEY (climb, n)) @KEYED;";
/* office/evidence.h: what an inspection is handed, and what was missing. */
static const char evidence_sql[] =
    "CREATE TABLE evidence (id @ID, person @INT NOT NULL, at @INT NOT NULL, finished @INT NOT NULL,"
    " item @INT NOT NULL, kind @TEXT NOT NULL, clause @TEXT NOT NULL, from_day @TEXT NOT NULL,"
    " to_day @TEXT NOT NULL, zip @INT NOT NULL, said @TEXT NOT NULL, state @INT NOT NULL,"
    " claimed @INT NOT NULL, done @INT NOT NULL, total @INT NOT NULL, items @INT NOT NULL,"
    " gaps @INT NOT NULL, pages @INT NOT NULL, level @INT NOT NULL, message @TEXT NOT NULL,"
    " pdf @TEXT NOT NULL, pdf_size @INT NOT NULL, book @TEXT NOT NULL, book_size @INT NOT NULL,"
    " pack @TEXT NOT NULL, pack_size @INT NOT NULL);"
    "CREATE INDEX evidence_person ON evidence (person, id);"
    "CREATE INDEX evidence_waits ON evidence (state, id) WHERE state IN (1, 3);"
    "CREATE TABLE evidence_gap (evidence @INT NOT NULL, position @INT NOT NULL, rule @TEXT NOT "
    "NULL,"
    " item @INT NOT NULL, number @TEXT NOT NULL, title @TEXT NOT NULL, said @TEXT NOT NULL,"
    " PRIMARY KEY (evidence, position)) @KEYED;";

/* office/phrase.h */
static const char own_phrase_sql[] =
    "CREATE TABLE own_phrase (id @ID, person @INT NOT NULL, position @INT NOT NULL,"
    " text @TEXT NOT NULL);"
    "CREATE INDEX own_phrase_person ON own_phrase (person, position);";

/* office/original.h: paper originals and their way from hand to hand. */
static const char original_sql[] =
    "CREATE TABLE original (id @ID, item @INT NOT NULL, copy @INT NOT NULL, code @TEXT NOT NULL,"
    " state @INT NOT NULL, holder_kind @INT NOT NULL, holder @INT NOT NULL, place @TEXT NOT NULL,"
    " since @INT NOT NULL, step @INT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL,"
    " UNIQUE (item, copy), UNIQUE (code));"
    "CREATE INDEX original_since ON original (since, id);"
    "CREATE INDEX original_holder ON original (holder_kind, holder, since, id);"
    "CREATE TABLE original_step (original @INT NOT NULL, seq @INT NOT NULL, at @INT NOT NULL,"
    " by_person @INT NOT NULL, verb @INT NOT NULL, state @INT NOT NULL, holder_kind @INT NOT NULL,"
    " holder @INT NOT NULL, place @TEXT NOT NULL, note @TEXT NOT NULL, undone @INT NOT NULL,"
    " PRIMARY KEY (original, seq)) @KEYED;";
/* office/section_text.h; each version stays. A practice office (office/practice.h) has a row in `practice`. */
static const char section_text_sql[] =
    "CREATE TABLE section_text (unit @INT NOT NULL, sort @INT NOT NULL, revision @INT NOT NULL,"
    " body @TEXT NOT NULL, changed @INT NOT NULL, by_person @INT NOT NULL,"
    " PRIMARY KEY (unit, sort)) @KEYED;"
    "CREATE TABLE section_text_past (unit @INT NOT NULL, sort @INT NOT NULL,"
    " revision @INT NOT NULL, body @TEXT NOT NULL, changed @INT NOT NULL,"
    " by_person @INT NOT NULL, PRIMARY KEY (unit, sort, revision)) @KEYED;"
    "CREATE TABLE practice (id @ID, since @INT NOT NULL);";
/* office/brief.h */
static const char brief_sql[] =
    "CREATE TABLE brief (day @TEXT NOT NULL, audience @INT NOT NULL, made @INT NOT NULL,"
    " body @TEXT NOT NULL, PRIMARY KEY (day, audience)) @KEYED;"
    "CREATE INDEX brief_audience ON brief (audience, day);"
    "CREATE TABLE brief_note (day @TEXT NOT NULL, text @TEXT NOT NULL, by_person @INT NOT NULL,"
    " at @INT NOT NULL, PRIMARY KEY (day)) @KEYED;"
    "CREATE TABLE brief_mail (day @TEXT NOT NULL, audience @INT NOT NULL, person @INT NOT NULL,"
    " state @INT NOT NULL, tries @INT NOT NULL, next_at @INT NOT NULL, error @TEXT NOT NULL,"
    " PRIMARY KEY (day, audience, person)) @KEYED;"
    "CREATE INDEX brief_mail_due ON brief_mail (next_at) WHERE state IN (0, 1, 2);";

/* office/sent.h: keys of what was sent. */
static const char sent_sql[] =
    "CREATE TABLE sent (person @INT NOT NULL, key @TEXT NOT NULL, at @INT NOT NULL,"
    " PRIMARY KEY (person, key)) @KEYED;";

/* office/rule_proposal.h: one that waits for each rule at most. */
static const char rule_proposal_sql[] =
    "CREATE TABLE rule_proposal (id @ID, rule @TEXT NOT NULL, was @INT NOT NULL,"
    " level @INT NOT NULL, reason @TEXT NOT NULL, item @INT NOT NULL, state @INT NOT NULL,"
    " by_person @INT NOT NULL, at @INT NOT NULL, decided_by @INT NOT NULL, decided @INT NOT NULL,"
    " answer @TEXT NOT NULL);"
    "CREATE UNIQUE INDEX rule_proposal_waits ON rule_proposal (rule) WHERE state = 1;";
/* office/manuscript.h, manuscript_edit.h, manuscript_version.h: texts under work. */
static const char manuscript_sql[] =
    "CREATE TABLE manuscript (id @ID, title @TEXT NOT NULL, genre @INT NOT NULL,"
    " level @INT NOT NULL, owner @INT NOT NULL, unit @INT NOT NULL, template @TEXT NOT NULL,"
    " item @INT NOT NULL, seq @INT NOT NULL, chars @INT NOT NULL, locked @INT NOT NULL,"
    " locked_by @INT NOT NULL, lock_why @TEXT NOT NULL, made @INT NOT NULL, changed @INT NOT NULL,"
    " changed_by @INT NOT NULL);"
    "CREATE INDEX manuscript_changed ON manuscript (changed, id);"
    "CREATE INDEX manuscript_item ON manuscript (item) WHERE item <> 0;"
    "CREATE TABLE manuscript_person (manuscript @INT NOT NULL, person @INT NOT NULL,"
    " writes @INT NOT NULL, invited @INT NOT NULL, invited_by @INT NOT NULL,"
    " PRIMARY KEY (manuscript, person)) @KEYED;"
    "CREATE INDEX manuscript_person_of ON manuscript_person (person, manuscript);"
    "CREATE TABLE manuscript_update (manuscript @INT NOT NULL, seq @INT NOT NULL,"
    " client @TEXT NOT NULL, number @INT NOT NULL, changes @TEXT NOT NULL, at @INT NOT NULL,"
    " by_person @INT NOT NULL, PRIMARY KEY (manuscript, seq)) @KEYED;"
    "CREATE UNIQUE INDEX manuscript_update_sent ON manuscript_update (manuscript, client, number)"
    " WHERE client <> '';"
    "CREATE TABLE manuscript_text (manuscript @INT NOT NULL, seq @INT NOT NULL,"
    " body @TEXT NOT NULL, PRIMARY KEY (manuscript, seq));"
    "CREATE TABLE manuscript_version (id @ID, manuscript @INT NOT NULL, number @INT NOT NULL,"
    " seq @INT NOT NULL, name @TEXT NOT NULL, digest @TEXT NOT NULL, chars @INT NOT NULL,"
    " body @TEXT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL,"
    " UNIQUE (manuscript, number));";
/* office/template.h: what a unit has of its own, and what it has switched off (an empty body). */
static const char template_sql[] =
    "CREATE TABLE template (unit @INT NOT NULL, id @TEXT NOT NULL, name @TEXT NOT NULL,"
    " sort @TEXT NOT NULL, about @TEXT NOT NULL, body @TEXT NOT NULL, off @INT NOT NULL,"
    " revision @INT NOT NULL, changed @INT NOT NULL, by_person @INT NOT NULL,"
    " PRIMARY KEY (unit, id)) @KEYED;";

/* office/notice_post.h: mails that belong to no matter leave by notice_out as well. What became of the sheets of the morning is taken over;
 * one that was still waiting cannot be written anew here, and says so. Negative numbers: no id of ours is one. */
static const char notice_letter_sql[] =
    "CREATE TABLE notice_letter (id @ID, person @INT NOT NULL, about @TEXT NOT NULL,"
    " name @TEXT NOT NULL, subject @TEXT NOT NULL, text @TEXT NOT NULL, path @TEXT NOT NULL,"
    " at @INT NOT NULL);"
    "CREATE INDEX notice_letter_about ON notice_letter (about);"
    "INSERT INTO notice_letter (id, person, about, name, subject, text, path, at)"
    " SELECT -row_number() OVER (ORDER BY m.day, m.audience, m.person), m.person,"
    " 'brief ' || m.day, 'brief-' || m.day || '-' || m.audience || '-' || m.person,"
    " '[前哨] 今日要情 ' || m.day, '', '/brief?day=' || m.day, b.made FROM brief_mail m"
    " JOIN brief b ON b.day = m.day AND b.audience = m.audience;"
    "INSERT INTO notice_out (notice, channel, target, state, tries, next_at, claim, error)"
    " SELECT l.id, 3, m.person, CASE WHEN m.state < 2 THEN 4 WHEN m.state = 2 THEN 5"
    " ELSE m.state END, m.tries, m.next_at, 0, CASE WHEN m.state < 2 THEN"
    " '升级时还没有发出，请在平台上看' WHEN m.state = 2 THEN '发送时中断，不能确定是否送到'"
    " ELSE m.error END FROM brief_mail m JOIN notice_letter l"
    " ON l.name = 'brief-' || m.day || '-' || m.audience || '-' || m.person;"
    "DROP TABLE brief_mail;";
/* office/item_text.h: which manuscript an item carries, what of it was submitted and signed. */
static const char item_text_sql[] =
    "CREATE TABLE item_text (item @ID, manuscript @INT NOT NULL, version @INT NOT NULL,"
    " number @INT NOT NULL, seq @INT NOT NULL, digest @TEXT NOT NULL, final @INT NOT NULL,"
    " final_number @INT NOT NULL, final_at @INT NOT NULL, final_by @INT NOT NULL,"
    " final_digest @TEXT NOT NULL);";

/* The form that went with the text; empty for what was sent before. */
static const char item_text_form_sql[] =
    "ALTER TABLE item_text ADD COLUMN form @TEXT NOT NULL DEFAULT '';";

/* What stood passed over when the text was sent, and when it was signed. */
static const char item_text_passes_sql[] =
    "ALTER TABLE item_text ADD COLUMN passes @INT NOT NULL DEFAULT 0;"
    "ALTER TABLE item_text ADD COLUMN final_passes @INT NOT NULL DEFAULT 0;";

/* office/seal.h, office/print_run.h: pictures of seals and their uses; printing of final copies. */
static const char print_sql[] =
    "CREATE TABLE seal (id @ID, name @TEXT NOT NULL, png @TEXT NOT NULL, stamp @INT NOT NULL,"
    " gone @INT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL);"
    "CREATE TABLE seal_keeper (seal @INT NOT NULL, person @INT NOT NULL,"
    " PRIMARY KEY (seal, person)) @KEYED;"
    "CREATE TABLE seal_use (id @ID, seal @INT NOT NULL, item @INT NOT NULL,"
    " version @INT NOT NULL, at @INT NOT NULL, by_person @INT NOT NULL);"
    "CREATE INDEX seal_use_item ON seal_use (item);"
    "CREATE INDEX seal_use_seal ON seal_use (seal);"
    "CREATE TABLE print_tray (id @ID, printer @TEXT NOT NULL, tray @TEXT NOT NULL,"
    " preprinted @INT NOT NULL, shift_x @INT NOT NULL, shift_y @INT NOT NULL,"
    " changed @INT NOT NULL, changed_by @INT NOT NULL);"
    "CREATE TABLE print_run (id @ID, item @INT NOT NULL, version @INT NOT NULL, at @INT NOT NULL,"
    " by_person @INT NOT NULL, copies @INT NOT NULL, first_no @INT NOT NULL, tray @INT NOT NULL,"
    " preprinted @INT NOT NULL, shift_x @INT NOT NULL, shift_y @INT NOT NULL,"
    " again @INT NOT NULL, why @TEXT NOT NULL, fonts @TEXT NOT NULL, fonts_why @TEXT NOT NULL,"
    " spoiled @INT NOT NULL, spoiled_why @TEXT NOT NULL, printer @TEXT NOT NULL);"
    "CREATE INDEX print_run_item ON print_run (item);"
    /* office/archive_pack.h */
    "CREATE TABLE archive_pack (id @ID, item @INT NOT NULL, at @INT NOT NULL,"
    " by_person @INT NOT NULL, size @INT NOT NULL, digest @TEXT NOT NULL,"
    " manifest @TEXT NOT NULL);"
    "CREATE INDEX archive_pack_item ON archive_pack (item);";

/* office/sample.h */
static const char sample_sql[] =
    "CREATE TABLE sample (id @ID, unit @INT NOT NULL, manuscript @INT NOT NULL,"
    " version @INT NOT NULL UNIQUE, title @TEXT NOT NULL, genre @INT NOT NULL, level @INT NOT NULL,"
    " occasion @TEXT NOT NULL, topic @TEXT NOT NULL, speaker @TEXT NOT NULL, day @TEXT NOT NULL,"
    " chars @INT NOT NULL, body @TEXT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL);"
    "CREATE INDEX sample_unit ON sample (unit, day, id);";
/* office/agenda.h: addresses of calendars; of the secret its digest alone. */
static const char calendar_feed_sql[] =
    "CREATE TABLE calendar_feed (id @ID, person @INT NOT NULL, name @TEXT NOT NULL,"
    " digest @TEXT NOT NULL UNIQUE, made @INT NOT NULL, used @INT NOT NULL);"
    "CREATE INDEX calendar_feed_person ON calendar_feed (person);";

/* office/manuscript_note.h */
static const char manuscript_note_sql[] =
    "CREATE TABLE manuscript_note (id @ID, manuscript @INT NOT NULL, parent @INT NOT NULL,"
    " sort @INT NOT NULL, state @INT NOT NULL, seq @INT NOT NULL, from_unit @INT NOT NULL,"
    " to_unit @INT NOT NULL, quote @TEXT NOT NULL, words @TEXT NOT NULL, put @TEXT NOT NULL,"
    " by_person @INT NOT NULL, made @INT NOT NULL, done_by @INT NOT NULL, done @INT NOT NULL);"
    "CREATE INDEX manuscript_note_of ON manuscript_note (manuscript, state);";

/* office/manuscript_part.h */
static const char manuscript_part_sql[] =
    "CREATE TABLE manuscript_part (id @ID, manuscript @INT NOT NULL, person @INT NOT NULL,"
    " due @INT NOT NULL, seq @INT NOT NULL, from_unit @INT NOT NULL, to_unit @INT NOT NULL,"
    " name @TEXT NOT NULL, was @TEXT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL,"
    " handed @INT NOT NULL, handed_by @INT NOT NULL, handed_was @TEXT NOT NULL,"
    " remind @INT NOT NULL, remind_at @INT NOT NULL);"
    "CREATE INDEX manuscript_part_of ON manuscript_part (manuscript, person);"
    "CREATE INDEX manuscript_part_mine ON manuscript_part (person, handed, due);"
    "CREATE INDEX manuscript_part_remind ON manuscript_part (remind_at) WHERE remind_at <> 0;";
/* How many characters are asked for; 0: nobody said. */
static const char manuscript_part_words_sql[] =
    "ALTER TABLE manuscript_part ADD COLUMN words @INT NOT NULL DEFAULT 0;";
/* office/manuscript_file.h, and what a version names of them. A version from before has none and keeps its digest. */
static const char manuscript_file_sql[] =
    "CREATE TABLE manuscript_file (id @ID, manuscript @INT NOT NULL, name @TEXT NOT NULL,"
    " blob @TEXT NOT NULL, size @INT NOT NULL, wide @INT NOT NULL, high @INT NOT NULL,"
    " width @INT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL, removed @INT NOT NULL,"
    " removed_by @INT NOT NULL);"
    "CREATE UNIQUE INDEX manuscript_file_name ON manuscript_file (manuscript, name)"
    " WHERE removed = 0;"
    "CREATE INDEX manuscript_file_blob ON manuscript_file (blob);"
    "ALTER TABLE manuscript_version ADD COLUMN files @TEXT NOT NULL DEFAULT '';"
    /* who wrote a note, where it was taken over from a Word file */
    "ALTER TABLE manuscript_note ADD COLUMN author @TEXT NOT NULL DEFAULT '';";

/* office/manuscript_pen.h */
static const char manuscript_pen_sql[] =
    "CREATE TABLE manuscript_pen (id @ID, manuscript @INT NOT NULL, version @INT NOT NULL,"
    " person @INT NOT NULL, corrector @TEXT NOT NULL, day @TEXT NOT NULL, state @INT NOT NULL,"
    " result @INT NOT NULL, clerk @INT NOT NULL, begun @INT NOT NULL, done @INT NOT NULL,"
    " checked @INT NOT NULL, check_by @INT NOT NULL, check_at @INT NOT NULL,"
    " check_words @TEXT NOT NULL, body @TEXT NOT NULL);"
    "CREATE INDEX manuscript_pen_of ON manuscript_pen (manuscript, begun);";

/* office/manuscript_pass.h: live is 0 while it is passed over, else its id: one place stands once. */
static const char manuscript_pass_sql[] =
    "CREATE TABLE manuscript_pass (id @ID, manuscript @INT NOT NULL, place @TEXT NOT NULL,"
    " live @INT NOT NULL, rule @TEXT NOT NULL, throughout @INT NOT NULL,"
    " before_words @TEXT NOT NULL, words @TEXT NOT NULL, after_words @TEXT NOT NULL,"
    " level @INT NOT NULL, said @TEXT NOT NULL, why @TEXT NOT NULL, by_person @INT NOT NULL,"
    " made @INT NOT NULL, back_by @INT NOT NULL, back @INT NOT NULL,"
    " UNIQUE (manuscript, live, place));"
    "CREATE TABLE manuscript_pass_list (id @ID, manuscript @INT NOT NULL, version @INT NOT NULL,"
    " at @INT NOT NULL, by_person @INT NOT NULL, n @INT NOT NULL, errors @INT NOT NULL,"
    " digest @TEXT NOT NULL, body @TEXT NOT NULL, UNIQUE (version, digest));";

/* A request by person and unit (0: his own roles): further posts wait as roles do. */
static const char post_request_sql[] =
    "CREATE TABLE role_request_unit (person @INT NOT NULL, unit @INT NOT NULL,"
    " roles @INT NOT NULL, by_person @INT NOT NULL, at @INT NOT NULL,"
    " PRIMARY KEY (person, unit)) @KEYED;"
    "INSERT INTO role_request_unit(person, unit, roles, by_person, at)"
    " SELECT person, 0, roles, by_person, at FROM role_request;"
    "DROP TABLE role_request;"
    "ALTER TABLE role_request_unit RENAME TO role_request;";

/* office/manuscript.h: texts that were given up. */
static const char manuscript_given_up_sql[] =
    "ALTER TABLE manuscript ADD COLUMN given_up @INT NOT NULL DEFAULT 0;"
    "ALTER TABLE manuscript ADD COLUMN given_up_by @INT NOT NULL DEFAULT 0;"
    "ALTER TABLE manuscript ADD COLUMN given_up_why @TEXT NOT NULL DEFAULT '';";

/* office/sample.h: those that entered by themselves when an item was issued. */
static const char sample_issued_sql[] =
    "ALTER TABLE sample ADD COLUMN item @INT NOT NULL DEFAULT 0;"
    "CREATE INDEX sample_item ON sample (item) WHERE item <> 0;";
/* office/item_change.h */
static const char item_change_sql[] =
    "CREATE TABLE item_change (node @INT NOT NULL, seq @INT NOT NULL, item @INT NOT NULL,"
    " PRIMARY KEY (node, seq)) @KEYED;";
/* Who proposed it in the room, where another wrote it down. */
static const char note_proposer_sql[] =
    "ALTER TABLE manuscript_note ADD COLUMN proposer @TEXT NOT NULL DEFAULT '';";

/* office/item_number.h: one run of numbers for each code (机关代字); what was given before has none. */
static const char number_code_sql[] =
    "CREATE TABLE item_number_run (kind @TEXT NOT NULL, code @TEXT NOT NULL, year @INT NOT NULL,"
    " serial @INT NOT NULL, state @INT NOT NULL, item @INT NOT NULL, at @INT NOT NULL,"
    " by_person @INT NOT NULL, number @TEXT NOT NULL, why @TEXT NOT NULL,"
    " PRIMARY KEY (kind, code, year, serial)) @KEYED;"
    "INSERT INTO item_number_run(kind, code, year, serial, state, item, at, by_person, number, why)"
    " SELECT kind, '', year, serial, state, item, at, by_person, number, why FROM item_number;"
    "DROP TABLE item_number;"
    "ALTER TABLE item_number_run RENAME TO item_number;"
    "CREATE INDEX item_number_text ON item_number (number, state);"
    "CREATE INDEX item_number_item ON item_number (item, kind);";

/* office/manuscript_pen_sheet.h, and what a version names of them. */
static const char manuscript_pen_sheet_sql[] =
    "CREATE TABLE manuscript_pen_sheet (id @ID, manuscript @INT NOT NULL, pen @INT NOT NULL,"
    " name @TEXT NOT NULL, blob @TEXT NOT NULL, size @INT NOT NULL, wide @INT NOT NULL,"
    " high @INT NOT NULL, made @INT NOT NULL, made_by @INT NOT NULL, late @INT NOT NULL,"
    " removed @INT NOT NULL, removed_by @INT NOT NULL);"
    "CREATE INDEX manuscript_pen_sheet_of ON manuscript_pen_sheet (manuscript, pen);"
    "CREATE INDEX manuscript_pen_sheet_pen ON manuscript_pen_sheet (pen);"
    "CREATE INDEX manuscript_pen_sheet_blob ON manuscript_pen_sheet (blob);"
    "ALTER TABLE manuscript_version ADD COLUMN paper @TEXT NOT NULL DEFAULT '';";

const struct migration office_migrations[] = {
    {1, "library", library_sql},
    {2, "intake", intake_sql},
    {3, "blob", blob_schema},
    {4, "account", account_sql},
    {5, "counts", counts_sql},
    {6, "term", term_sql},
    {7, "near", near_sql},
    {8, "proof", proof_sql},
    {9, "held_reading", held_reading_sql},
    {10, "seal", seal_sql},
    {11, "phrase", phrase_sql},
    {12, "item_event", item_event_sql},
    {13, "kind", kind_sql},

    {14, "item", item_sql},
    {15, "item_step", item_step_sql},
    {16, "item_named", item_named_sql},
    {17, "ask_words", ask_words_sql},
    {18, "paper", paper_sql},
    {19, "item_more", item_more_sql},
    {20, "notice", notice_sql},
    {21, "ledger", ledger_sql},
    {22, "access_subject", access_subject_sql},
    {23, "person_post", person_post_sql},
    {24, "item_lists", item_lists_sql},
    {25, "unsent", unsent_sql},
    {26, "role_request", role_request_sql},
    {27, "recurring", recurring_sql},
    {28, "item_grant_kind", item_grant_kind_sql},
    {29, "absence", absence_sql},
    {30, "item_stand", item_stand_sql},
    {31, "responsibility", responsibility_sql},
    {32, "remark", remark_sql},
    {33, "item_open_due", item_open_due_sql},
    {34, "own_phrase", own_phrase_sql},
    {35, "leader", leader_sql},
    {36, "original", original_sql},
    {37, "section_text", section_text_sql},
    {38, "duty", duty_sql},
    {39, "brief", brief_sql},
    {40, "evidence", evidence_sql},
    {41, "sent", sent_sql},
    {42, "rule_proposal", rule_proposal_sql},
    {43, "manuscript", manuscript_sql},
    {44, "template", template_sql},
    {45, "notice_letter", notice_letter_sql},
    {46, "sample", sample_sql},
    {47, "item_text", item_text_sql},
    {48, "print", print_sql},
    {49, "calendar_feed", calendar_feed_sql},
    {50, "manuscript_note", manuscript_note_sql},
    {51, "post_request", post_request_sql},
    {52, "manuscript_given_up", manuscript_given_up_sql},
    {53, "sample_issued", sample_issued_sql},
    {54, "manuscript_part", manuscript_part_sql},
    {55, "manuscript_file", manuscript_file_sql},
    {56, "item_change", item_change_sql},
    {57, "note_proposer", note_proposer_sql},
    {58, "number_code", number_code_sql},
    {59, "manuscript_pen", manuscript_pen_sql},
    {60, "item_text_form", item_text_form_sql},
    {61, "manuscript_pass", manuscript_pass_sql},
    {62, "manuscript_part_words", manuscript_part_words_sql},
    {63, "manuscript_pen_sheet", manuscript_pen_sheet_sql},
    {64, "item_text_passes", item_text_passes_sql},
};
const size_t office_n_migrations = sizeof(office_migrations) / sizeof(*office_migrations);
