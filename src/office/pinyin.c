/* office/pinyin.c - pinyin initials, for pickers. The 3,755 characters of the first level of GB 2312 stand in
 * the order of their readings, so that the code alone tells the initial: the table holds where each letter
 * begins. Characters beyond that level are known only if they are surnames of the list below; surnames
 * that are read otherwise than in common speech are in it too. */
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"
#include "office/person.h"

static const struct {
    unsigned first; /* code of the first character */
    char letter;
} begins[] = {
    {0xB0A1, 'a'},
    {0xB0C5, 'b'},
    {0xB2C1, 'c'},
    {0xB4EE, 'd'},
    {0xB6EA, 'e'},
    {0xB7A2, 'f'},
    {0xB8C1, 'g'},
    {0xB9FE, 'h'},
    {0xBBF7, 'j'},
    {0xBFA6, 'k'},
    {0xC0AC, 'l'},
    {0xC2E8, 'm'},
    {0xC4C3, 'n'},
    {0xC5B6, 'o'},
    {0xC5BE, 'p'},
    {0xC6DA, 'q'},
    {0xC8BB, 'r'},
    {0xC8F6, 's'},
    {0xCBFA, 't'},
    {0xCDDA, 'w'},
    {0xCEF4, 'x'},
    {0xD1B9, 'y'},
    {0xD4D1, 'z'},
    {0xD7FA, 0},
};

/* Read so at the head of a name. */
static const struct {
    struct str surname;
    char letter;
} surnames[] = {
    {SC("单"), 's'},
    {SC("解"), 'x'},
    {SC("仇"), 'q'},
    {SC("查"), 'z'},
    {SC("区"), 'o'},
    {SC("朴"), 'p'},
    {SC("盖"), 'g'},
    {SC("尉"), 'y'},
    {SC("繁"), 'p'},
    {SC("种"), 'c'},
    {SC("翟"), 'z'},
    {SC("闫"), 'y'},
    {SC("覃"), 'q'},
    {SC("佟"), 't'},
    {SC("冼"), 'x'},
    {SC("阚"), 'k'},
    {SC("郜"), 'g'},
    {SC("郦"), 'l'},
    {SC("嵇"), 'j'},
    {SC("鄢"), 'y'},
    {SC("晏"), 'y'},
    {SC("臧"), 'z'},
    {SC("褚"), 'c'},
    {SC("靳"), 'j'},
    {SC("岑"), 'c'},
    {SC("郗"), 'x'},
    {SC("隗"), 'w'},
    {SC("邬"), 'w'},
    {SC("祁"), 'q'},
    {SC("亓"), 'q'},
    {SC("逄"), 'p'},
    {SC("邝"), 'k'},
    {SC("佘"), 's'},
    {SC("麴"), 'q'},
    {SC("瞿"), 'q'},
    {SC("戚"), 'q'},
    {SC("芮"), 'r'},
    {SC("羿"), 'y'},
    {SC("濮"), 'p'},
    {SC("滕"), 't'},
    {SC("郐"), 'k'},
    {SC("邸"), 'd'},
    {SC("麻"), 'm'},
    {SC("昝"), 'z'},
    {SC("奚"), 'x'},
    {SC("荀"), 'x'},
    {SC("禹"), 'y'},
    {SC("郄"), 'q'},
    {SC("虢"), 'g'},
    {SC("鞠"), 'j'},
};

static char initial(iconv_t gb, struct str one)
{
    char utf8[4], code[8], *from = utf8, *to = code;
    size_t in = one.n, room = sizeof(code);
    if (one.n > sizeof(utf8))
        return 0;
    memcpy(utf8, one.p, one.n);
    if (iconv(gb, &from, &in, &to, &room) == (size_t)-1 || to - code != 2)
        return 0;
    unsigned v = (unsigned)(unsigned char)code[0] << 8 | (unsigned char)code[1];
    char letter = 0;
    if ((v & 0xff) < 0xA1) /* of GBK, between the rows of GB 2312 */
        return 0;
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]) && v >= begins[i].first; i++)
        letter = begins[i].letter;
    return letter;
}

static char surname(struct str one)
{
    for (size_t i = 0; i < sizeof(surnames) / sizeof(surnames[0]); i++)
        if (str_eq(one, surnames[i].surname))
            return surnames[i].letter;
    return 0;
}

struct str initials_of(struct arena *a, struct str text)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): that is how the standard says "none" */
    iconv_t none = (iconv_t)-1;
    iconv_t gb = iconv_open("GB18030", "UTF-8");
    struct buf b;
    buf_init(&b, 0);
    for (size_t at = 0, next = 0; at < text.n; at = next) {
        uint32_t cp = utf8_next(text, &next);
        struct str one = str_sub(text, at, next - at);
        char letter = 0;
        if (cp < 128)
            letter = (char)(cp >= 'A' && cp <= 'Z' ? cp + 'a' - 'A' : cp);
        else if (at == 0)
            letter = surname(one);
        if (letter == 0 && cp >= 128 && gb != none)
            letter = initial(gb, one);
        if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
            buf_char(&b, letter);
    }
    if (gb != none)
        iconv_close(gb);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}
