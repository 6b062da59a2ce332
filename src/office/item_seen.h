/* office/item_seen.h - what a viewer sees, and which stays a filter means, as conditions of SQL: for lists and figures.
 *
 * The parameters have fixed numbers, so that one function binds them for every statement: ?1-?20 the viewer, ?69-?80 the stay. */
#ifndef OFFICE_ITEM_SEEN_H
#define OFFICE_ITEM_SEEN_H

#include "office/item_int.h"
#include "office/item_step.h"

/* ?2-?20: the principals of the viewer. */
#define WHO(g)                                                                            \
    "((" g ".kind = 1 AND " g ".principal IN (?2, ?3, ?4, ?5)) OR (" g ".kind = 2 AND " g \
    ".principal IN (?6, ?7, ?8, ?9)) OR (" g ".kind = 4 AND " g                           \
    ".principal IN (?10, ?11, ?12, ?13)) OR (" g ".kind = 3 AND " g                       \
    ".principal IN (?14, ?15, ?16, ?17, ?18, ?19, ?20)))"
/* ?1: the highest level that is read by role, -1: none. A value, not EXISTS: PostgreSQL would otherwise read all rows of the viewer into
 * a hash first. */
#define SEEN                                                                           \
    " AND (i.level <= ?1 OR (SELECT 1 FROM item_grant g WHERE g.item = i.id AND " WHO( \
        "g") " LIMIT 1) = 1)"
/* The same as rows of a table, to be joined from: each principal is then one range of the index of its rows. */
#define WHO_TABLE                                                                         \
    "w(kind, principal) AS (VALUES (1, ?2), (1, ?3), (1, ?4), (1, ?5), (2, ?6), (2, ?7)," \
    " (2, ?8), (2, ?9), (4, ?10), (4, ?11), (4, ?12), (4, ?13), (3, ?14), (3, ?15),"      \
    " (3, ?16), (3, ?17), (3, ?18), (3, ?19), (3, ?20))"
enum { ROLE_BITS = 7 };
struct seen {
    struct seat seat[SEATS_MAX];
    int n;
    int level; /* read by role; -1: none */
};
MUST_USE enum code seen_read(
    struct db *db, const struct actor *by, struct seen *out, struct err *e);
/* Number i of his persons, of the units he acts for, of those he is chief of (which 0, 1, 2), each once; i below SEAT_PLACES. 0: none. */
int64_t seen_seat(const struct seen *s, int i, int which);
uint32_t seen_roles(const struct seen *s);
void seen_bind(struct stmt *q, const struct seen *s);

/* item_load.c: those of the ids that are seen, in the order given. */
MUST_USE enum code item_load(struct db *db, struct arena *a, const struct actor *by,
    const struct seen *seen, const int64_t *ids, size_t n, struct item **out, size_t *n_out,
    struct err *e);

/* Of a row s of item_step; an ask that was taken back or lapsed with its item is none.
 * The day that counted is that of the closing, of the end of the stay, or of as_of. */
#define STEP_AT \
    "(CASE WHEN s.closed = 1 THEN s.entered WHEN s.left_at > ?72 THEN ?72 ELSE s.left_at END)"
#define STEP_DUE_ROW                                                                           \
    "SELECT 1 FROM item_step d WHERE d.item = s.item AND d.what = 3 AND d.entered <= " STEP_AT \
    " AND d.left_at > " STEP_AT
#define STEP_FITS                                                                                  \
    "(s.result < 2 OR s.left_at > ?72) AND s.what = ?69 AND s.entered >= ?70 AND s.entered < ?71 " \
    "AND s.noted <= ?72"                                                                           \
    " AND (?73 = 0 OR s.seq = 1) AND (?74 = 0 OR (?74 = 1 AND s.closed = 1)"                       \
    " OR (?74 = -1 AND s.closed = 0)) AND (?75 = '' OR s.state = ?75)"                             \
    " AND (?76 = 0 OR s.unit = ?76) AND (?77 = 0 OR s.person = ?77)"                               \
    " AND (?78 = 0 OR s.urgency = ?78 - 1)"                                                        \
    " AND (?79 = 0 OR (?79 = 1 AND s.left_at > ?72) OR (?79 = -1 AND s.left_at <= ?72))"           \
    " AND (?80 = 0 OR (?80 = 1 AND EXISTS (" STEP_DUE_ROW " AND d.due > " STEP_AT "))"             \
    " OR (?80 = 2 AND EXISTS (" STEP_DUE_ROW " AND d.due <= " STEP_AT "))"                         \
    " OR (?80 = 3 AND NOT EXISTS (" STEP_DUE_ROW ")))"
void step_bind(struct stmt *q, const struct step_filter *f);

#endif
