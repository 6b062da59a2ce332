/* main.c - wires the layers; nothing else. */
#include <string.h>

#include "cli/command.h"
#include "paper/reader.h"
#include "web/web.h"

static enum code start(struct office *o, const struct serve_settings *s, void **web,
    struct str *address, struct err *e)
{
    struct web_options w = {.listen = s->listen, .site = s->site, .demo = s->demo};
    return web_start(o, &w, web, address, e);
}

int main(int argc, char **argv)
{
    static const struct cli_services services = {start, web_stop};

    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cli_main(argc, argv, &services);
}
