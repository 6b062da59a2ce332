#include "office/chain.h"

static void big_endian(uint64_t v, unsigned char out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(v >> (56 - 8 * i));
}

void chain_part(struct sm3 *h, struct str s)
{
    unsigned char n[8];
    big_endian(s.n, n);
    sm3_add(h, n, sizeof(n));
    sm3_add(h, s.p, s.n);
}

void chain_number(struct sm3 *h, int64_t v)
{
    unsigned char b[8];
    big_endian((uint64_t)v, b);
    chain_part(h, (struct str){(const char *)b, sizeof(b)});
}

struct digest chain_payload(struct str salt, struct str payload)
{
    struct sm3 *h = sm3_new();
    struct digest d;
    chain_part(h, salt);
    chain_part(h, payload);
    sm3_end(h, &d);
    return d;
}
