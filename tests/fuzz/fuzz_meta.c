/* Any bytes: every value lies inside the text, and what is copied verbatim is there to be found. */
#include <stdint.h>
#include <string.h>

#include "text/authority.h"
#include "text/meta.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void inside(const struct meta_value *v, size_t n)
{
    if (v->text.n && (v->at.begin >= v->at.end || v->at.end > n || v->sure == 0 || v->sure > 100))
        __builtin_trap();
}

static void day_inside(const struct meta_day *d, size_t n)
{
    if (d->date.year && (d->at.begin >= d->at.end || d->at.end > n || d->date.month < 1))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str in = {(const char *)data, n};
    struct arena a;
    struct meta m;
    struct meta_name name;

    arena_init(&a);
    meta_read(&a, in, NULL, &m);
    inside(&m.title, n);
    inside(&m.docno, n);
    inside(&m.issuer, n);
    inside(&m.addressee, n);
    inside(&m.signature, n);
    inside(&m.signer, n);
    inside(&m.speaker, n);
    inside(&m.cc, n);
    inside(&m.printer, n);
    inside(&m.source, n);
    inside(&m.repealed, n);
    day_inside(&m.issued, n);
    day_inside(&m.adopted, n);
    day_inside(&m.published, n);
    day_inside(&m.in_force, n);
    day_inside(&m.printed, n);
    for (size_t i = 0; i < m.n_attachments; i++)
        inside(&m.attachments[i], n);
    for (size_t i = 0; i < m.n_repeals; i++)
        inside(&m.repeals[i], n);
    if (authority_of(m.issuer.text) < AUTHORITY_UNKNOWN)
        __builtin_trap();
    meta_from_name(&a, str_sub(in, 0, 200), &name);
    inside(&name.title, n);
    inside(&name.docno, n);
    day_inside(&name.date, n);
    arena_release(&a);
    return 0;
}
