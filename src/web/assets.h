/* web/assets.h - the static files inside the program; the table is made by tools/assetgen.c. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

struct asset {
    const char *name, *type;
    const char *url;  /* with the hash of the bytes: may be kept for ever */
    const char *etag; /* with its quotes */
    const char *begin, *end, *gz, *gz_end;
};
extern const struct asset assets[];
extern const unsigned long n_assets;

#endif
