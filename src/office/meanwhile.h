/* office/meanwhile.h - what is said to whoever saves a row that another has saved since he opened it. */
#ifndef OFFICE_MEANWHILE_H
#define OFFICE_MEANWHILE_H

#include "store/store.h"

/* Never OK: nobody's change may be overwritten unseen. q: when the row was changed and by whom, bound, not yet stepped; it ends. E_CONFLICT
 * with both, of `what` (这件资料); E_NOTFOUND, of `gone` (资料), where there is no such row. */
MUST_USE enum code changed_meanwhile(
    struct stmt *q, const char *gone, const char *what, struct err *e);

#endif
