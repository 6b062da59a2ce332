#include "base/sm3.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* struct sm3 is OpenSSL's context under our name; it is never looked into. */
static EVP_MD_CTX *context(struct sm3 *h)
{
    return (EVP_MD_CTX *)h;
}

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "%s不可用，程序退出\n", what);
    abort();
}

struct sm3 *sm3_new(void)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();

    need(c && EVP_DigestInit_ex(c, EVP_sm3(), NULL) == 1, "OpenSSL 的 SM3 ");
    return (struct sm3 *)c;
}

void sm3_add(struct sm3 *h, const void *p, size_t n)
{
    need(EVP_DigestUpdate(context(h), p, n) == 1, "OpenSSL 的 SM3 ");
}

void sm3_end(struct sm3 *h, struct digest *out)
{
    need(EVP_DigestFinal_ex(context(h), out->b, NULL) == 1, "OpenSSL 的 SM3 ");
    EVP_MD_CTX_free(context(h));
}

struct digest sm3(struct str s)
{
    struct digest d;
    struct sm3 *h = sm3_new();

    sm3_add(h, s.p, s.n);
    sm3_end(h, &d);
    return d;
}

/* RFC 2104 with a block of 64 bytes. Written out because it is five lines, and OpenSSL's own needs
 * a fetched MAC object and a parameter list for the same. */
struct digest sm3_hmac(struct str key, struct str s)
{
    unsigned char pad[64] = {0};
    struct digest d;
    struct sm3 *h;

    if (key.n > sizeof(pad)) {
        d = sm3(key);
        memcpy(pad, d.b, sizeof(d.b));
    } else if (key.n) {
        memcpy(pad, key.p, key.n);
    }
    for (size_t i = 0; i < sizeof(pad); i++)
        pad[i] ^= 0x36;
    h = sm3_new();
    sm3_add(h, pad, sizeof(pad));
    sm3_add(h, s.p, s.n);
    sm3_end(h, &d);
    for (size_t i = 0; i < sizeof(pad); i++)
        pad[i] ^= 0x36 ^ 0x5c;
    h = sm3_new();
    sm3_add(h, pad, sizeof(pad));
    sm3_add(h, d.b, sizeof(d.b));
    sm3_end(h, &d);
    secret_wipe(pad, sizeof(pad));
    return d;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->b, b->b, SM3_SIZE) == 0;
}

bool secret_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

void secret_wipe(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}

void random_bytes(void *p, size_t n)
{
    unsigned char *at = p;

    while (n) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        need(got > 0, "系统随机数");
        at += got;
        n -= (size_t)got;
    }
}

/* ---- hex ---- */

static const char hex_digits[] = "0123456789abcdef";

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void hex_write(struct buf *b, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        char two[2] = {hex_digits[c >> 4], hex_digits[c & 15]};
        buf_add(b, two, 2);
    }
}

bool hex_read(struct str hex, unsigned char *out, size_t n)
{
    if (hex.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (hex_value(hex.p[2 * i]) < 0 || hex_value(hex.p[2 * i + 1]) < 0)
            return false;
    for (const char *at = hex.p; at < hex.p + hex.n; at += 2)
        *out++ = (unsigned char)(hex_value(at[0]) << 4 | hex_value(at[1]));
    return true;
}

struct str digest_hex(const struct digest *d, char out[SM3_HEX + 1])
{
    char *at = out;

    for (size_t i = 0; i < SM3_SIZE; i++) {
        *at++ = hex_digits[d->b[i] >> 4];
        *at++ = hex_digits[d->b[i] & 15];
    }
    *at = '\0';
    return (struct str){out, SM3_HEX};
}

bool digest_from_hex(struct str hex, struct digest *out)
{
    return hex_read(hex, out->b, SM3_SIZE);
}

/* ---- base64url ---- */

static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_write(struct buf *b, struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;

    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t n = bytes.n - i < 3 ? bytes.n - i : 3;
        uint32_t v = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (n > 2 ? (uint32_t)p[i + 2] : 0);
        char four[4] = {b64[v >> 18], b64[v >> 12 & 63], b64[v >> 6 & 63], b64[v & 63]};
        buf_add(b, four, n + 1);
    }
}

static bool b64_value(char c, uint32_t *v)
{
    const char *at = c ? strchr(b64, c) : NULL;

    if (!at)
        return false;
    *v = (uint32_t)(at - b64);
    return true;
}

bool base64url_read(struct buf *b, struct str text)
{
    size_t before = b->n;

    for (size_t i = 0; i < text.n; i += 4) {
        size_t n = text.n - i < 4 ? text.n - i : 4;
        uint32_t v = 0, six = 0;
        bool ok = n > 1;
        for (size_t k = 0; k < 4 && ok; k++) {
            ok = k >= n || b64_value(text.p[i + k], &six);
            v = v << 6 | (k < n ? six : 0);
        }
        unsigned char three[3] = {
            (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v};
        if (!ok || (n < 4 && three[n - 1])) { /* bits left over must be 0: one text, one value */
            b->n = before;
            if (b->p)
                b->p[before] = '\0';
            return false;
        }
        buf_add(b, three, n - 1);
    }
    return true;
}
