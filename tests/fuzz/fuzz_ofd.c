/* ofd: OFD.xml, document, page, template, parted by form feeds, packed into a zip. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct fuzz_member m[] = {{"OFD.xml", fuzz_piece(&rest)}, {"D.xml", fuzz_piece(&rest)},
        {"P.xml", fuzz_piece(&rest)}, {"T.xml", fuzz_piece(&rest)}};
    struct buf zip = {0};

    fuzz_zip(&zip, m, sizeof(m) / sizeof(*m));
    (void)fuzz_read(read_zip, buf_view(&zip));
    buf_release(&zip);
    return 0;
}
