/* Web pages in any encoding. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"

static enum code read_one(struct job *j, struct str bytes)
{
    return read_html(j, bytes, S(""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(read_one, (struct str){(const char *)data, size});
}
