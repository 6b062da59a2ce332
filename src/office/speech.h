/* office/speech.h - what a speech task (kind `speech`) says: who speaks, where, when, for how long, and so how many words his text should have. The
 * item is the record; this reads it. */
#ifndef OFFICE_SPEECH_H
#define OFFICE_SPEECH_H

#include "office/pace.h"

struct speech {
    int64_t item; /* 0: none, or one that the actor does not see */
    int64_t speaker;
    int64_t *writers; /* who writes, named in the task */
    size_t n_writers;
    struct str speaker_name; /* of speech_of */
    struct str occasion, at, audience;
    double minutes;     /* that he is to speak */
    double said, chars; /* how long it was, and of how many characters; 0 before it was given */
    struct pace pace;   /* of speech_of */
    int64_t words;      /* that make the minutes at his pace; of speech_of */
};
/* The fields of an item of the kind; whatever is missing or wrong is 0 or ''. */
void speech_read(struct arena *a, struct str fields, struct speech *out);
/* Has this person to write it: his matter, or he is named. Not what is settled (定稿) already. */
bool speech_to_write(const struct item *it, const struct speech *s, int64_t person);
/* Of the task `item` with its speaker's name and pace; out->item is 0 where that is no speech task that the actor sees. */
MUST_USE enum code speech_of(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct speech *out, struct err *e);

#endif
