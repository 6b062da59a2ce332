/* office/schema.h - the numbered migrations of all nouns, in order, for store_migrate.
 * A landed step is never edited; a change of the schema is a new step at the end. */
#ifndef OFFICE_SCHEMA_H
#define OFFICE_SCHEMA_H

#include "store/store.h"

extern const struct migration office_migrations[];
extern const size_t office_n_migrations;

#endif
