/* cli/settings.h - DIR/qianshao.yaml: the keys there are, and opening an office as it says. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "base/conf.h"
#include "cli/command.h"

/* All defaults where there is no file. E_INPUT names file, line and key. */
MUST_USE enum code settings_load(struct cli *c, const struct conf **out, struct err *e);
/* What `init` writes: every key with its help, commented out, and what is not the default. */
void settings_write(struct buf *b, struct str database, bool demo);

enum open_mode { OPEN_OWN, OPEN_READ };
/* The office of c->data, on the database its settings name. */
MUST_USE enum code settings_open(
    struct cli *c, enum open_mode mode, struct office **o, struct err *e);
/* Take a damaged index away, so that the office opens and builds it anew from the database. */
MUST_USE enum code settings_drop_index(struct cli *c, struct err *e);

#endif
