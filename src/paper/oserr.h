/* paper/oserr.h - the system's reason as text, safe beside other threads: os_error(errno).z. Private to
 * the layer. */
#ifndef PAPER_OSERR_H
#define PAPER_OSERR_H

#include <string.h>

struct os_error {
    char z[96];
};

static inline struct os_error os_error(int n)
{
    struct os_error e = {""};

#ifdef _GNU_SOURCE /* two functions of one name: this one may answer with text of its own */
    const char *said = strerror_r(n, e.z, sizeof(e.z));
    if (said != e.z) {
        size_t len = strnlen(said, sizeof(e.z) - 1);
        memcpy(e.z, said, len);
        e.z[len] = '\0';
    }
#else
    (void)strerror_r(n, e.z, sizeof(e.z));
#endif
    return e;
}

#endif
