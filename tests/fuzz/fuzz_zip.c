/* Any zip, as it is: plain, docx, xlsx, ofd. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(read_zip, (struct str){(const char *)data, size});
}
