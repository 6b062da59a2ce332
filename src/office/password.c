#include "office/password.h"

#include <argon2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/sm3.h"
#include "base/utf8.h"

enum { SALT = 16, HASH = 32, MEMORY_MAX_KIB = 1 << 20, PASSES_MAX = 100, LANES_MAX = 64 };

struct hasher {
    struct password_cost cost;
    char dummy[HASH_SIZE]; /* of random bytes nobody knows: what unknown people are checked with */
    pthread_mutex_t lock;
    pthread_cond_t free;
    int busy;
};

static void enter(struct hasher *h)
{
    pthread_mutex_lock(&h->lock);
    while (h->busy >= HASHERS)
        pthread_cond_wait(&h->free, &h->lock);
    h->busy++;
    pthread_mutex_unlock(&h->lock);
}

static void leave(struct hasher *h)
{
    pthread_mutex_lock(&h->lock);
    h->busy--;
    pthread_cond_signal(&h->free);
    pthread_mutex_unlock(&h->lock);
}

enum code hasher_new(const struct password_cost *cost, struct hasher **out, struct err *e)
{
    struct hasher *h = mem_alloc(sizeof(*h));
    char random[HASH];
    if (cost)
        h->cost = *cost;
    if (h->cost.memory_kib == 0)
        h->cost.memory_kib = 19 * 1024;
    if (h->cost.passes == 0)
        h->cost.passes = 2;
    if (h->cost.lanes == 0)
        h->cost.lanes = 1;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->free, NULL);
    random_bytes(random, sizeof(random));
    enum code c = OK;
    if (h->cost.memory_kib > MEMORY_MAX_KIB || h->cost.passes > PASSES_MAX ||
        h->cost.lanes > LANES_MAX || h->cost.memory_kib < 8 * h->cost.lanes)
        c = FAIL(e, E_INPUT, "密码散列参数不合规定：内存%u KiB、%u遍、%u路", h->cost.memory_kib,
            h->cost.passes, h->cost.lanes);
    if (c == OK)
        c = password_hash(h, (struct str){random, sizeof(random)}, h->dummy, e);
    secret_wipe(random, sizeof(random));
    if (c != OK) {
        hasher_free(h);
        return c;
    }
    *out = h;
    return OK;
}

void hasher_free(struct hasher *h)
{
    if (!h)
        return;
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->free);
    free(h);
}

/* ---- rules ---- */

/* Bits: lower case, upper case, digit, anything else. */
static int classes_of(struct str s)
{
    unsigned seen = 0;
    int n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        seen |= c >= 'a' && c <= 'z'   ? 1U
                : c >= 'A' && c <= 'Z' ? 2U
                : c >= '0' && c <= '9' ? 4U
                                       : 8U;
    }
    for (; seen; seen >>= 1)
        n += (int)(seen & 1U);
    return n;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}

static bool holds(struct str s, struct str part)
{
    for (size_t i = 0; part.n && i + part.n <= s.n; i++) {
        size_t k = 0;
        while (k < part.n && lower(s.p[i + k]) == lower(part.p[k]))
            k++;
        if (k == part.n)
            return true;
    }
    return false;
}

enum code password_check_rules(struct str password, struct str login, struct err *e)
{
    if (password.n > PASSWORD_MAX)
        return FAIL(e, E_INPUT, "密码不能超过%d个字节", PASSWORD_MAX);
    if (utf8_len_cp(password) < PASSWORD_MIN)
        return FAIL(e, E_INPUT, "密码至少%d个字符", PASSWORD_MIN);
    if (classes_of(password) < PASSWORD_CLASSES)
        return FAIL(
            e, E_INPUT, "密码要含大写字母、小写字母、数字、其他符号中的至少%d类", PASSWORD_CLASSES);
    if (holds(password, login))
        return FAIL(e, E_INPUT, "密码不能包含登录名");
    return OK;
}

/* ---- hashing ---- */

enum code password_hash(struct hasher *h, struct str password, char out[HASH_SIZE], struct err *e)
{
    unsigned char salt[SALT];
    if (password.n > PASSWORD_MAX)
        return FAIL(e, E_INPUT, "密码不能超过%d个字节", PASSWORD_MAX);
    random_bytes(salt, sizeof(salt));
    enter(h);
    int rc = argon2id_hash_encoded(h->cost.passes, h->cost.memory_kib, h->cost.lanes, password.p,
        password.n, salt, sizeof(salt), HASH, out, HASH_SIZE);
    leave(h);
    return rc == ARGON2_OK ? OK : FAIL(e, E_IO, "密码散列失败：%s", argon2_error_message(rc));
}

static bool other_cost(const struct hasher *h, const char *encoded)
{
    char want[64];
    struct buf b;
    bool other;
    buf_init(&b, sizeof(want));
    buf_printf(&b, "$m=%u,t=%u,p=%u$", h->cost.memory_kib, h->cost.passes, h->cost.lanes);
    other = strstr(encoded, b.p) == NULL;
    buf_release(&b);
    return other;
}

bool password_verify(struct hasher *h, const char *encoded, struct str password, bool *old)
{
    bool real = encoded && *encoded;
    if (password.n > PASSWORD_MAX) { /* nobody's; as long as for any other */
        password.n = PASSWORD_MAX;
        real = false;
    }
    enter(h);
    int rc = argon2id_verify(real ? encoded : h->dummy, password.p, password.n);
    leave(h);
    if (old)
        *old = real && other_cost(h, encoded);
    return real && rc == ARGON2_OK;
}

/* ---- one-time passwords ---- */

void password_one_time(char out[ONE_TIME_SIZE])
{
    static const char *const sets[] = {
        "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"};
    unsigned char r[2 * ONE_TIME_SIZE];
    do { /* until every class is in it; about one in six must be drawn again */
        random_bytes(r, sizeof(r));
        for (size_t i = 0; i < ONE_TIME_SIZE - 1; i++) {
            const char *set = sets[r[2 * i] % 3];
            out[i] = set[r[2 * i + 1] % strlen(set)];
        }
        out[ONE_TIME_SIZE - 1] = '\0';
    } while (classes_of(str_z(out)) < PASSWORD_CLASSES);
    secret_wipe(r, sizeof(r));
}
