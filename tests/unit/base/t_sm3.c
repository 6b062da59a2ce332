#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/sm3.h"

static struct str bytes(const void *p, size_t n)
{
    return (struct str){p, n};
}

/* GB/T 32905-2016, appendix A: the two examples. */
static void digests_of_the_standard(void **state)
{
    char hex[SM3_HEX + 1], abcd[64];
    struct digest d = sm3(S("abc")), again;
    struct sm3 *h = sm3_new();
    (void)state;
    assert_string_equal(
        digest_hex(&d, hex).p, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    for (size_t i = 0; i < sizeof(abcd); i++)
        abcd[i] = (char)('a' + i % 4);
    for (size_t i = 0; i < sizeof(abcd); i += 5)
        sm3_add(h, abcd + i, i + 5 < sizeof(abcd) ? 5 : sizeof(abcd) - i);
    sm3_end(h, &d);
    assert_string_equal(
        digest_hex(&d, hex).p, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    assert_true(digest_from_hex(str_z(hex), &again));
    assert_true(digest_eq(&d, &again));
    again.b[31] ^= 1;
    assert_false(digest_eq(&d, &again));
    hex[10] = 'g';
    assert_false(digest_from_hex(str_z(hex), &again));
}

/* Against `openssl dgst -sm3 -hmac key`. A key longer than a block counts as its digest. */
static void keyed_digests(void **state)
{
    char hex[SM3_HEX + 1], key[100];
    struct digest d = sm3_hmac(S("key"), S("The quick brown fox jumps over the lazy dog"));
    struct digest k, a, b;
    (void)state;
    assert_string_equal(
        digest_hex(&d, hex).p, "bd4a34077888162b210645b8ebf74b9af357303789357a27c7fc457244ebd398");
    memset(key, 'k', sizeof(key));
    k = sm3(bytes(key, sizeof(key)));
    a = sm3_hmac(bytes(key, sizeof(key)), S("x"));
    b = sm3_hmac(bytes(k.b, sizeof(k.b)), S("x"));
    assert_true(digest_eq(&a, &b));
}

static void base64url_both_ways(void **state)
{
    const char *bad[] = {"A", "AB=", "AB==", "A+", "A/aa", "AB\n", "AAAAA", "AR", "AAB", "中"};
    struct buf b, back;
    (void)state;
    buf_init(&b, 0);
    buf_init(&back, 0);
    for (size_t n = 0; n < 70; n++) {
        unsigned char raw[70];
        random_bytes(raw, sizeof(raw));
        buf_clear(&b);
        buf_clear(&back);
        base64url_write(&b, bytes(raw, n));
        assert_int_equal(b.n, (n * 4 + 2) / 3);
        assert_true(base64url_read(&back, buf_view(&b)));
        assert_true(str_eq(buf_view(&back), bytes(raw, n)));
    }
    buf_clear(&b);
    base64url_write(&b, S("\xfb\xff\xfe?"));
    assert_string_equal(b.p, "-__-Pw");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        buf_clear(&back);
        buf_z(&back, "kept");
        assert_false(base64url_read(&back, str_z(bad[i])));
        assert_string_equal(back.p, "kept");
    }
    buf_release(&b);
    buf_release(&back);
}

static void hex_and_secrets(void **state)
{
    unsigned char raw[4];
    char a[32] = {0}, b[32] = {0};
    struct buf hex;
    (void)state;
    buf_init(&hex, 0);
    hex_write(&hex, S("\x01\xfe\x80 "));
    assert_string_equal(hex.p, "01fe8020");
    assert_true(hex_read(S("01FE8020"), raw, 4));
    assert_memory_equal(raw, "\x01\xfe\x80 ", 4);
    assert_false(hex_read(S("01fe802"), raw, 4));
    assert_true(secret_eq(S("token"), S("token")));
    assert_false(secret_eq(S("token"), S("tokeN")));
    assert_false(secret_eq(S("token"), S("toke")));
    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    secret_wipe(a, sizeof(a));
    memset(b, 0, sizeof(b));
    assert_memory_equal(a, b, sizeof(a));
    buf_release(&hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_of_the_standard),
        cmocka_unit_test(keyed_digests),
        cmocka_unit_test(base64url_both_ways),
        cmocka_unit_test(hex_and_secrets),
    };
    return cmocka_run_group_tests_name("sm3", tests, NULL, NULL);
}
