/* assetgen - static files into the program: each as it is and compressed, under a name that changes with
 * its bytes, so that a browser may keep it for ever.
 * usage: assetgen OUTDIR NAME=PATH... ; writes OUTDIR/assets.S, OUTDIR/assets.c and the .gz files. */
#include <zlib.h>

#include "gen.h"

static void gzip_to(const char *path, struct str s)
{
    gzFile z = gzopen(path, "wb9");
    if (!z || gzwrite(z, s.p, (unsigned)s.n) != (int)s.n || gzclose(z) != Z_OK) {
        fprintf(stderr, "%s: cannot write\n", path);
        _Exit(2);
    }
}

static const char *type_of(struct str name)
{
    if (str_ends(name, S(".js")))
        return "text/javascript; charset=utf-8";
    if (str_ends(name, S(".css")))
        return "text/css; charset=utf-8";
    return "image/svg+xml";
}

static FILE *create(struct arena *a, const char *dir, const char *name)
{
    FILE *f = fopen(arena_z(a, arena_printf(a, "%s/%s", dir, name)), "wb");
    if (!f) {
        perror(name);
        _Exit(2);
    }
    return f;
}

int main(int argc, char **argv)
{
    struct arena a;
    FILE *s, *c;
    if (argc < 3)
        return 2;
    arena_init(&a);
    s = create(&a, argv[1], "assets.S");
    c = create(&a, argv[1], "assets.c");
    fputs("    .section .rodata\n", s);
    fputs("/* Made by tools/assetgen.c. */\n#include \"web/assets.h\"\n\n", c);
    for (int i = 2; i < argc; i++)
        fprintf(c,
            "extern const char asset_%d[], asset_%d_end[], asset_%d_gz[], asset_%d_gz_end[];\n", i,
            i, i, i);
    fputs("\nconst struct asset assets[] = {\n", c);
    for (int i = 2; i < argc; i++) {
        struct str name, path, bytes;
        if (!str_cut(str_z(argv[i]), S("="), &name, &path))
            return 2;
        bytes = gen_read(&a, arena_z(&a, path));
        gzip_to(arena_z(&a, arena_printf(&a, "%s/%.*s.gz", argv[1], SF(name))), bytes);
        fprintf(s,
            "    .global asset_%d, asset_%d_end, asset_%d_gz, asset_%d_gz_end\n"
            "asset_%d:\n    .incbin \"%.*s\"\nasset_%d_end:\n"
            "asset_%d_gz:\n    .incbin \"%s/%.*s.gz\"\nasset_%d_gz_end:\n    .byte 0\n",
            i, i, i, i, i, SF(path), i, i, argv[1], SF(name), i);
        fprintf(c,
            "    {\"%.*s\", \"%s\", \"/static/%.*s?v=%016llx\", \"\\\"%016llx\\\"\", asset_%d, "
            "asset_%d_end, asset_%d_gz, asset_%d_gz_end},\n",
            SF(name), type_of(name), SF(name), (unsigned long long)str_hash(bytes),
            (unsigned long long)str_hash(bytes), i, i, i, i);
    }
    fprintf(c, "};\nconst unsigned long n_assets = %d;\n", argc - 2);
    fputs("    .section .note.GNU-stack,\"\",%progbits\n", s);
    arena_release(&a);
    return fclose(s) != 0 || fclose(c) != 0 ? 2 : 0;
}
