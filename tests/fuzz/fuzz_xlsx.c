/* xlsx: workbook, sheet, shared strings, styles, parted by form feeds, packed into a zip. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"

static const char package[] =
    "<Relationships>" FUZZ_REL("officeDocument", "xl/workbook.xml") "</Relationships>";
static const char rels[] = "<Relationships>" FUZZ_REL("worksheet", "sheet.xml")
    FUZZ_REL("sharedStrings", "shared.xml") FUZZ_REL("styles", "styles.xml") "</Relationships>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct fuzz_member m[] = {{"[Content_Types].xml", S("<x/>")}, {"_rels/.rels", str_z(package)},
        {"xl/_rels/workbook.xml.rels", str_z(rels)}, {"xl/workbook.xml", fuzz_piece(&rest)},
        {"xl/sheet.xml", fuzz_piece(&rest)}, {"xl/shared.xml", fuzz_piece(&rest)},
        {"xl/styles.xml", fuzz_piece(&rest)}};
    size_t n = sizeof(m) / sizeof(*m);
    struct buf zip = {0};

    while (m[n - 1].bytes.n == 0 && n > 4)
        n--;
    fuzz_zip(&zip, m, n);
    (void)fuzz_read(read_zip, buf_view(&zip));
    buf_release(&zip);
    return 0;
}
