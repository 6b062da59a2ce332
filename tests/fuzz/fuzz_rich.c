/* docx with its looks, comments and tracked changes: document, styles, numbering, comments, footnotes, parted by form feeds, packed into a zip. Oracle:
 * fuzz_paper.h. */
#include "fuzz_paper.h"
#include "paper/rich_int.h"

static const char package[] =
    "<Relationships>" FUZZ_REL("officeDocument", "word/document.xml") "</Relationships>";
static const char rels[] = "<Relationships>" FUZZ_REL("styles", "styles.xml")
    FUZZ_REL("numbering", "numbering.xml") FUZZ_REL("comments", "comments.xml")
        FUZZ_REL("footnotes", "footnotes.xml") "</Relationships>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct fuzz_member m[] = {{"[Content_Types].xml", S("<x/>")}, {"_rels/.rels", str_z(package)},
        {"word/_rels/document.xml.rels", str_z(rels)}, {"word/document.xml", fuzz_piece(&rest)},
        {"word/styles.xml", fuzz_piece(&rest)}, {"word/numbering.xml", fuzz_piece(&rest)},
        {"word/comments.xml", fuzz_piece(&rest)}, {"word/footnotes.xml", fuzz_piece(&rest)}};
    size_t n = sizeof(m) / sizeof(*m);
    struct buf zip = {0};

    while (m[n - 1].bytes.n == 0 && n > 4)
        n--; /* a part that is not there, instead of an empty one */
    fuzz_zip(&zip, m, n);
    (void)fuzz_read(rich_job, buf_view(&zip));
    buf_release(&zip);
    return 0;
}
