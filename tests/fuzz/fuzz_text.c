/* txt, csv and rtf in any encoding. Oracle: fuzz_paper.h. */
#include "fuzz_paper.h"

static enum code read_one(struct job *j, struct str bytes)
{
    if (str_starts(bytes, S("{\\rtf")))
        return read_rtf(j, bytes);
    if (bytes.n > 0 && bytes.p[0] == ',')
        return read_csv(j, str_sub(bytes, 1, bytes.n));
    return read_txt(j, bytes, S("a.txt"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(read_one, (struct str){(const char *)data, size});
}
