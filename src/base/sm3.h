/* base/sm3.h - SM3 (GB/T 32905), random bytes, hex and base64url, comparison without a clue. */
#ifndef BASE_SM3_H
#define BASE_SM3_H

#include "base/buf.h"

#define SM3_SIZE ((size_t)32)
#define SM3_HEX  (2 * SM3_SIZE)

struct digest {
    unsigned char b[SM3_SIZE];
};

/* sm3_new, any number of sm3_add, then sm3_end, which frees. OpenSSL's provider holds SM3 on every
 * system we support; where it does not, the process ends with a message: without digests nothing
 * may be stored. */
struct sm3 *sm3_new(void);
void sm3_add(struct sm3 *h, const void *p, size_t n);
void sm3_end(struct sm3 *h, struct digest *out);

struct digest sm3(struct str s);
struct digest sm3_hmac(struct str key, struct str s); /* HMAC-SM3 */
bool digest_eq(const struct digest *a, const struct digest *b);
struct str digest_hex(const struct digest *d, char out[SM3_HEX + 1]); /* 64 lower-case digits */
bool digest_from_hex(struct str hex, struct digest *out);             /* either case */

/* Same time whatever the bytes are, for equal lengths; the lengths themselves are no secret. */
bool secret_eq(struct str a, struct str b);
/* Overwrite what held a secret; not removed by the compiler. */
void secret_wipe(void *p, size_t n);
/* From the kernel's generator; the process ends if it gives none. */
void random_bytes(void *p, size_t n);

void hex_write(struct buf *b, struct str bytes);
bool hex_read(struct str hex, unsigned char *out, size_t n); /* exactly n bytes, or false */
/* Base64 with - and _, without padding (RFC 4648 section 5). Reading refuses anything else, also
 * padding and bits that are not used. */
void base64url_write(struct buf *b, struct str bytes);
bool base64url_read(struct buf *b, struct str text);

#endif
