#include "text/match.h"

#include <stdlib.h>
#include <string.h>

#include "text/match_int.h"
#include "text/norm.h"
#include "text/pos.h"

/* Which documents of a part may be a source. */
static void texts_of(struct matcher *m, uint32_t part, struct texts *out)
{
    const struct snap_part *p = &m->snap->part[part];
    const struct batch *tail = p->seg ? NULL : m->snap->tail->b;
    const int64_t *ids = p->seg ? p->seg->ids : tail->ids;
    const struct frozen *f = p->frozen;
    bool trivial = filter_trivial(m->f, f);

    out->part = part;
    out->seg = p->seg;
    out->n_docs = f->n_docs;
    out->units = p->seg ? p->seg->stream[STREAM_TEXT].units : tail->folded[STREAM_TEXT];
    out->start = p->seg ? p->seg->stream[STREAM_TEXT].start : tail->start[STREAM_TEXT];
    out->pass = ARENA_ARRAY(m->scratch, uint64_t, f->n_docs / 64 + (size_t)1);
    memcpy(out->pass, f->live, (f->n_docs / 64 + (size_t)1) * sizeof(*out->pass));
    for (uint32_t d = 0; d < f->n_docs; d++) {
        bool no = (!trivial && !filter_passes(m->f, ids[d], &f->attrs[d])) ||
                  filter_has_id(m->o.exclude, m->o.n_exclude, ids[d]);
        if (no)
            out->pass[d / 64] &= ~((uint64_t)1 << d % 64);
    }
}

static enum code check_options(struct matcher *m, struct err *e)
{
    struct match_options *o = &m->o;

    o->min_chars = o->min_chars ? o->min_chars : MATCH_CHARS_MIN;
    o->max_sources = o->max_sources ? o->max_sources : MATCH_SOURCES;
    if (o->max_error == 0)
        o->max_error = 0.25;
    if (o->min_chars < GRAM_CHARS || o->max_sources > MATCH_SOURCES_MAX || o->max_error < 0 ||
        o->max_error > 0.5)
        return FAIL(e, E_INPUT, "比对的参数不对：片段至少%d个字，出处最多%d个，差错率在0到0.5之间",
            (int)GRAM_CHARS, (int)MATCH_SOURCES_MAX);
    return OK;
}

static enum code read_draft(struct matcher *m, struct str draft, struct err *e)
{
    struct norm n;
    uint16_t *u;
    uint32_t *at;

    if (draft.n > (size_t)4 * MATCH_UNITS_MAX)
        return FAIL(e, E_LIMIT, "稿件太长，一次最多比对%d个字，请分段比对", (int)MATCH_UNITS_MAX);
    TRY(norm_text(m->scratch, draft, &n, e));
    if (n.n > MATCH_UNITS_MAX)
        return FAIL(
            e, E_LIMIT, "稿件有%zu个字，一次最多比对%d个字，请分段比对", n.n, (int)MATCH_UNITS_MAX);
    u = ARENA_ARRAY(m->scratch, uint16_t, n.n + 1);
    if (n.n)
        memcpy(u, n.units, n.n * sizeof(*u));
    m->draft = u;
    m->draft_units = (uint32_t)n.n;
    u = ARENA_ARRAY(m->scratch, uint16_t, n.n + 2);
    at = ARENA_ARRAY(m->scratch, uint32_t, n.n + 1);
    m->q = view_fill(m->draft, 0, m->draft_units, u, at);
    return OK;
}

static enum code match(
    struct matcher *m, struct arena *a, struct str draft, struct match *out, struct err *e)
{
    struct pos_map map;

    TRY(check_options(m, e));
    TRY(read_draft(m, draft, e));
    match_grams(m);
    pos_map_init(m->scratch, &map, draft);
    m->texts = ARENA_ARRAY(m->scratch, struct texts, m->snap->n + (size_t)1);
    for (uint32_t i = 0; i < m->snap->n; i++) {
        texts_of(m, i, &m->texts[i]);
        TRY(match_seeds(m, &m->texts[i], e));
        match_chains(m, &m->texts[i]);
        if (m->damaged)
            return segment_damaged(m->texts[i].seg, e);
        out->indexed += m->snap->part[i].frozen->n_live;
    }
    out->chars = (int64_t)map.end.cp;
    TRY(match_passages(m, a, &map, out, e));
    out->clipped = m->clipped;
    return OK;
}

/* As match.h declares it. NOLINTNEXTLINE(readability-function-size) */
enum code corpus_match(struct corpus *c, struct arena *a, struct str draft,
    const struct corpus_filter *f, const struct match_options *o, struct match *out, struct err *e)
{
    struct arena scratch;
    struct matcher m = {.f = f, .scratch = &scratch};
    struct match result = {0};
    struct snap *snap = snap_take(c);
    enum code code;

    if (o)
        m.o = *o;
    arena_init(&scratch);
    m.snap = snap;
    code = match(&m, a, draft, &result, e);
    free(m.seeds);
    arena_release(&scratch);
    snap_release(snap);
    if (code == OK)
        *out = result;
    return code;
}
