/* Zips made in the test. */
#ifndef ZIP_TEST_H
#define ZIP_TEST_H

#include <zip.h>

#include "paper_test.h"

struct member {
    const char *name;
    const char *text; /* NULL ends a list */
};

static inline struct str zip_make_n(struct arena *a, const struct member *m, size_t n)
{
    zip_error_t ze;
    zip_source_t *out, *kept;
    zip_stat_t st;
    zip_t *z;
    char *p;

    zip_error_init(&ze);
    out = zip_source_buffer_create(NULL, 0, 0, &ze);
    assert_non_null(out);
    zip_source_keep(out);
    kept = out;
    z = zip_open_from_source(out, ZIP_TRUNCATE, &ze);
    assert_non_null(z);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *s = zip_source_buffer(z, m[i].text, strlen(m[i].text), 0);
        assert_true(zip_file_add(z, m[i].name, s, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(z), 0);
    assert_int_equal(zip_source_open(kept), 0);
    zip_stat_init(&st);
    assert_int_equal(zip_source_stat(kept, &st), 0);
    p = arena_alloc(a, st.size + 1);
    assert_int_equal(zip_source_read(kept, p, st.size), (zip_int64_t)st.size);
    (void)zip_source_close(kept);
    zip_source_free(kept);
    zip_error_fini(&ze);
    return (struct str){p, st.size};
}
#define ZIP_MAKE(a, ...)                                  \
    zip_make_n((a), (const struct member[]){__VA_ARGS__}, \
        sizeof((const struct member[]){__VA_ARGS__}) / sizeof(struct member))

#define W_NS                                                                    \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" " \
    "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" " \
    "xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:wps=\"urn:wps\" xmlns:r=\"urn:r\""
#define W_REL   "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define W_TYPES "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
#define W_PACKAGE                                          \
    "<Relationships><Relationship Id=\"r1\" Type=\"" W_REL \
    "officeDocument\" Target=\"word/document.xml\"/></Relationships>"
#define W_RELS                                                                               \
    "<Relationships><Relationship Id=\"s\" Type=\"" W_REL "styles\" Target=\"styles.xml\"/>" \
    "<Relationship Id=\"n\" Type=\"" W_REL "numbering\" Target=\"numbering.xml\"/>"          \
    "<Relationship Id=\"f\" Type=\"" W_REL "footnotes\" Target=\"footnotes.xml\"/>"          \
    "<Relationship Id=\"c\" Type=\"" W_REL "comments\" Target=\"/word/comments.xml\"/>"      \
    "<Relationship Id=\"h1\" Type=\"" W_REL "header\" Target=\"header1.xml\"/>"              \
    "<Relationship Id=\"h2\" Type=\"" W_REL "footer\" Target=\"footer1.xml\"/></Relationships>"
#define W_DOC(body) "<w:document " W_NS "><w:body>" body "</w:body></w:document>"
#define W_P(text)   "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"

/* A docx of this body, with styles and numbering (may be ""). */
static inline struct str docx_make(
    struct arena *a, const char *document, const char *styles, const char *numbering)
{
    return ZIP_MAKE(a, {"[Content_Types].xml", W_TYPES}, {"_rels/.rels", W_PACKAGE},
        {"word/document.xml", document}, {"word/_rels/document.xml.rels", W_RELS},
        {*styles ? "word/styles.xml" : "word/no-styles", styles},
        {*numbering ? "word/numbering.xml" : "word/no-numbering", numbering});
}

#endif
