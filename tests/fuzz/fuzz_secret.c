/* Any bytes: a span lies inside; and a mark line put before any text is found. */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "text/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str in = {(const char *)data, n};
    struct secret_mark m;
    struct buf b;

    if (secret_find(in, &m) && (m.at.begin >= m.at.end || m.at.end > n || m.level == SECRET_NONE))
        __builtin_trap();
    if (secret_find_header(in, &m) && (m.at.begin >= m.at.end || m.at.end > n))
        __builtin_trap();
    buf_init(&b, 0);
    buf_z(&b, "机密★1年\n");
    buf_str(&b, in);
    if (!secret_find(buf_view(&b), &m) || m.at.begin != 0 || m.level != SECRET_MID)
        __builtin_trap();
    buf_release(&b);
    return 0;
}
