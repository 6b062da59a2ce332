/* main.c - wires the layers; nothing else. */
#include <string.h>

#include "paper/reader.h"

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return 0;
}
