/* The matching view: which units of the normal form are compared. */
#include "text/view.h"

static bool digit(uint16_t u)
{
    return (uint16_t)(u - '0') < 10;
}

/* What is no ideograph of the main block. Private characters count: some fonts hide rare names there. */
bool view_keeps_other(const uint16_t *units, size_t i)
{
    uint16_t u = units[i];

    if (u < 0x80)
        return digit(u) || (uint16_t)(u - 'a') < 26 || u == '%' ||
               (u == '.' && i > 0 && digit(units[i - 1]) && digit(units[i + 1]));
    if (u < 0x2000)
        return u >= 0xC0 && u != 0xD7 && u != 0xF7;
    if (u < 0x2E80) /* numbers in words and rings, per mille, degrees */
        return (u >= 0x2150 && u < 0x2190) || (u >= 0x2460 && u < 0x2500) || u == 0x2030 ||
               u == 0x2103;
    if (u < 0x3400)
        return (u >= 0x3005 && u <= 0x3007) || (u >= 0x3021 && u <= 0x3029) ||
               (u >= 0x3041 && u <= 0x318F && u != 0x30A0 && u != 0x30FB) || u >= 0x3200;
    return u < 0x4DC0 || (u >= 0xA000 && u < 0xFE00);
}

struct view view_fill(
    const uint16_t *units, uint32_t begin, uint32_t end, uint16_t *u, uint32_t *at)
{
    struct view v = {u + 1, at, 0};

    u[0] = 0;
    for (uint32_t i = begin; i < end; i++)
        if (view_keeps(units, i)) {
            u[v.n + 1] = units[i];
            at[v.n++] = i;
        }
    u[v.n + 1] = 0;
    return v;
}
