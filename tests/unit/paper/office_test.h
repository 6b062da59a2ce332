/* A folder of its own, and a real LibreOffice on the files in it. For a test program that defines _GNU_SOURCE. */
#ifndef OFFICE_TEST_H
#define OFFICE_TEST_H

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paper_test.h"

static char folder[] = "/tmp/qianshao-office-XXXXXX";

static inline bool office_begin(void)
{
    return mkdtemp(folder) != NULL;
}

static inline int office_end(void)
{
    char rm[] = "/usr/bin/rm", rf[] = "-rf";
    char *argv[] = {rm, rf, folder, NULL}, *env[] = {NULL};
    pid_t pid = 0;
    int status = 0;

    return posix_spawn(&pid, rm, NULL, NULL, argv, env) == 0 && waitpid(pid, &status, 0) == pid
               ? status
               : -1;
}

static inline const char *in_folder(struct arena *a, const char *name)
{
    return arena_printf(a, "%s/%s", folder, name).p;
}

static inline void write_file(struct arena *a, const char *name, struct str bytes)
{
    FILE *f = fopen(in_folder(a, name), "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

/* LibreOffice as anyone would start it, with no cage, on files of the folder; its exit status. */
enum { OFFICE_FILES = 64 };
static inline int plain_office_all(
    struct arena *a, const char *to, const char *const *names, size_t n)
{
    char soffice[] = "/usr/bin/soffice", headless[] = "--headless", convert[] = "--convert-to",
         outdir[] = "--outdir", path[] = "PATH=/usr/bin:/bin", utf8[] = "LC_ALL=C.UTF-8";
    char *home = arena_z(a, arena_printf(a, "HOME=%s", folder));
    char *profile = arena_z(a, arena_printf(a, "-env:UserInstallation=file://%s/profile", folder));
    char *argv[OFFICE_FILES + 8] = {
        soffice, profile, headless, convert, arena_z(a, str_z(to)), outdir, folder};
    char *env[] = {path, home, utf8, NULL};
    posix_spawn_file_actions_t fa;
    pid_t pid = 0;
    int status = -1;

    assert_true(n <= OFFICE_FILES);
    for (size_t i = 0; i < n; i++)
        argv[7 + i] = arena_z(a, str_z(in_folder(a, names[i])));
    (void)posix_spawn_file_actions_init(&fa);
    (void)posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
    assert_int_equal(posix_spawn(&pid, soffice, &fa, NULL, argv, env), 0);
    (void)posix_spawn_file_actions_destroy(&fa);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static inline int plain_office(struct arena *a, const char *to, const char *name)
{
    return plain_office_all(a, to, &name, 1);
}

static inline struct str slurp(struct arena *a, const char *name)
{
    FILE *f = fopen(in_folder(a, name), "rb");
    struct buf b = {0};
    struct str s;
    char part[65536];
    size_t n;

    if (!f)
        fail_msg("LibreOffice has not written %s", name);
    while ((n = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(&b, part, n);
    (void)fclose(f);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

#endif
