/* What pdftotext writes, and what tesseract writes. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size};

    return size > 0 && data[0] == '\f' ? fuzz_read(read_ocrtext, in) : fuzz_read(read_pdftext, in);
}
