/* Mail. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"
#include "paper/warm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool warm; /* GMime is set up once for a process */

    if (!warm)
        mail_warm();
    warm = true;
    return fuzz_read(read_eml, (struct str){(const char *)data, size});
}
