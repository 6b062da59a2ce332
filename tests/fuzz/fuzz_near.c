/* Two texts parted by a form feed: likeness is symmetric and within 0..1, a text is a copy of itself, a packed
 * signature is read back as it was, equal texts have equal keys. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/near.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool is_share(double x)
{
    return x >= 0.0 && x <= 1.0;
}

static void check_signature(const struct near_sign *s)
{
    unsigned char packed[NEAR_BYTES];
    int64_t keys[NEAR_KEYS], again[NEAR_KEYS];
    struct near_sign back;
    size_t n = near_keys(s, keys);

    near_pack(s, packed);
    check(near_unpack((struct str){(const char *)packed, NEAR_BYTES}, &back));
    check(!near_unpack((struct str){(const char *)packed, NEAR_BYTES - 1}, &back));
    check(back.chars == s->chars && memcmp(back.bins, s->bins, sizeof(s->bins)) == 0);
    check(n == (s->chars < NEAR_CP_MIN ? 0 : NEAR_KEYS) && near_keys(&back, again) == n);
    check(n == 0 || memcmp(keys, again, sizeof(keys)) == 0);
    check(near_estimate(s, &back) == (n ? 1.0 : 0.0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str x = {"", 0}, rest = {(const char *)data, size}, y;
    struct near_result ab, ba, self;
    struct near_sign s, t;
    struct arena a;

    (void)str_next(&rest, S("\f"), &x);
    y = rest;
    arena_init(&a);
    near_compare(&a, x, y, &ab);
    near_compare(&a, y, x, &ba);
    near_compare(&a, x, x, &self);
    check(is_share(ab.jaccard) && is_share(ab.contained) && ab.jaccard <= ab.contained);
    check(ab.kind == ba.kind || x.n == 0 || y.n == 0);
    check(ab.jaccard == ba.jaccard && ab.contained == ba.contained);
    check(x.n == 0 || self.kind == NEAR_SAME);
    near_sign(x, &s);
    near_sign(y, &t);
    check_signature(&s);
    check(is_share(near_estimate(&s, &t)) && near_estimate(&s, &t) == near_estimate(&t, &s));
    check(is_share(near_dice(&a, x, y)) && near_dice(&a, x, y) == near_dice(&a, y, x));
    check(near_dice(&a, x, x) == 1.0);
    arena_release(&a);
    return 0;
}
