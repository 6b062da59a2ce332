#include <string.h>

#include "paper/formats.h"

static const struct {
    struct str magic;
    enum sniff is;
} magics[] = {
    {SC("PK\x03\x04"), SNIFF_ZIP},
    {SC("PK\x05\x06"), SNIFF_ZIP},
    {SC("PK\x07\x08"), SNIFF_ZIP},
    {SC("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), SNIFF_OLE},
    {SC("{\\rtf"), SNIFF_RTF},
    {SC("\x89PNG\r\n\x1A\n"), SNIFF_PNG},
    {SC("\xFF\xD8\xFF"), SNIFF_JPEG},
    {SC("II*\0"), SNIFF_TIFF},
    {SC("MM\0*"), SNIFF_TIFF},
    {SC("GIF87a"), SNIFF_IMAGE},
    {SC("GIF89a"), SNIFF_IMAGE},
    {SC("Rar!\x1A\x07"), SNIFF_PACKED},
    {SC("7z\xBC\xAF\x27\x1C"), SNIFF_PACKED},
    {SC("\x1F\x8B\x08"), SNIFF_PACKED},
    {SC("BZh"), SNIFF_PACKED},
    {SC("\xFD"
        "7zXZ"),
        SNIFF_PACKED},
    {SC("\x7F"
        "ELF"),
        SNIFF_PROGRAM},
};

struct ext name_ext(struct str name)
{
    struct str before, after;
    struct ext x = {{0}};

    if (!str_cut_last(name, S("."), &before, &after) || after.n >= sizeof(x.z))
        return x;
    for (size_t i = 0; i < after.n; i++) {
        char c = after.p[i];
        x.z[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return x;
}

static bool is_ext(struct str name, const char *ext)
{
    return strcmp(name_ext(name).z, ext) == 0;
}

/* The head in lower case without NULs (so that UTF-16 shows its tags), as far as it fits. */
static size_t fold(struct str head, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < head.n && n < max; i++) {
        char c = head.p[i];
        if (c != 0)
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return n;
}

static bool is_html(struct str head, struct str name)
{
    static const struct str tags[] = {SC("<!doctype html"), SC("<html"), SC("<head"), SC("<body"),
        SC("<meta"), SC("<title"), SC("<table"), SC("<div"), SC("<p>"), SC("<p "), SC("<span"),
        SC("<script"), SC("<style"), SC("<h1"), SC("<font")};
    char low[2048];
    struct str s = {low, fold(head, low, sizeof(low))};

    (void)(str_eat(&s, S("\xEF\xBB\xBF")) || str_eat(&s, S("\xFF\xFE")) ||
           str_eat(&s, S("\xFE\xFF")));
    s = str_trim(s);
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (str_starts(s, tags[i]))
            return true;
    if (str_starts(s, S("<!--")) || str_starts(s, S("<?xml")) || str_starts(s, S("<!doctype")))
        return str_has(s, S("<html"));
    return (is_ext(name, "html") || is_ext(name, "htm")) && str_has(s, S("<"));
}

static bool is_wordxml(struct str head)
{
    struct str s = head;

    (void)str_eat(&s, S("\xEF\xBB\xBF"));
    return str_starts(str_trim(s), S("<?xml")) &&
           (str_has(head, S("<w:wordDocument")) || str_has(head, S("<pkg:package")) ||
               str_has(head, S("progid=\"Word.Document\"")));
}

/* A header field "Name:" at the beginning of a line, and one of them that only mail has. */
static bool is_eml(struct str head, struct str name)
{
    static const struct str sure[] = {SC("return-path:"), SC("received:"), SC("message-id:"),
        SC("mime-version:"), SC("delivered-to:"), SC("x-mailer:"), SC("content-type: multipart/"),
        SC("dkim-signature:")};
    char low[SNIFF_BYTES + 1] = "\n";
    size_t n = fold(head, low + 1, SNIFF_BYTES), i = 1;
    struct str s = {low, n + 1};
    struct str end = S("\n\n");
    size_t stop;

    while (i < s.n && ((low[i] >= 'a' && low[i] <= 'z') || low[i] == '-'))
        i++;
    if (i < 3 || i >= s.n || low[i] != ':')
        return false;
    stop = str_find(s, end, 0);
    if (stop != SIZE_MAX)
        s = str_sub(s, 0, stop + 1);
    for (i = 0; i < sizeof(sure) / sizeof(sure[0]); i++) {
        size_t at = str_find(s, sure[i], 0);
        if (at != SIZE_MAX && low[at - 1] == '\n')
            return true;
    }
    return is_ext(name, "eml") && (str_has(s, S("\nfrom:")) || str_has(s, S("\nsubject:")));
}

enum sniff sniff(struct str head, struct str name)
{
    size_t pdf;

    if (head.n == 0)
        return SNIFF_EMPTY;
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
        if (str_starts(head, magics[i].magic))
            return magics[i].is;
    pdf = str_find(str_sub(head, 0, 1024), S("%PDF-"), 0);
    if (pdf == 0 || (pdf != SIZE_MAX && is_ext(name, "pdf")))
        return SNIFF_PDF;
    if (str_starts(head, S("BM")) && is_ext(name, "bmp"))
        return SNIFF_IMAGE;
    if (str_starts(head, S("RIFF")) && str_starts(str_sub(head, 8, 4), S("WEBP")))
        return SNIFF_IMAGE;
    if (str_starts(head, S("MZ")) && memchr(head.p, 0, head.n))
        return SNIFF_PROGRAM;
    if (is_wordxml(head))
        return SNIFF_WORDXML;
    if (is_html(head, name))
        return SNIFF_HTML;
    return is_eml(head, name) ? SNIFF_EML : SNIFF_TEXT;
}
