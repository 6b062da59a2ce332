/* base/err.h - the one error type of the whole program.
 *
 * A function that can fail returns enum code and takes struct err * last. On
 * failure *e holds the code, the place where it was first seen and one line for
 * the person in front of the screen; the function's other outputs are untouched. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_USE           __attribute__((warn_unused_result))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* Only failures a caller may want to tell apart get a code of their own. */
enum code {
    OK = 0,
    E_INPUT,    /* what the person gave is wrong: command line exits 2, HTTP answers 400 */
    E_NOTFOUND, /* no such thing, or none that this person may see */
    E_CONFLICT, /* somebody else was first: same name, same bytes, newer revision */
    E_DENIED,   /* known, but not allowed */
    E_LIMIT,    /* a named limit was passed; the message names it */
    E_SECRET,   /* bears a secrecy mark: refused before anything is stored (design 10.1) */
    E_BUSY,     /* held by another process, or stopping; trying later can help */
    E_FULL,     /* no room on the disk: nothing of it was written; HTTP answers 507 */
    E_IO,       /* disk, database, network, child process */
    E_BUG       /* our mistake; command line exits 3, HTTP answers 500 */
};

struct err {
    enum code code;
    int line;
    const char *file; /* where the failure was first seen; static storage */
    char msg[480];    /* UTF-8 Chinese, one line, no full stop; safe to show to the user */
};

/* Fill *e and return `code`, so that a failing branch is one line. `fmt` is a
 * Chinese message that says what, where and what to do, with the subject in “”. */
#define FAIL(e, code, ...) err_set((e), (code), __FILE__, __LINE__, __VA_ARGS__)
enum code err_set(struct err *e, enum code code, const char *file, int line, const char *fmt, ...)
    PRINTF(5, 6);

/* Put more context in front of the message of a failure that is passed up, e.g.
 * err_context(e, "文件“%s”", path) gives “文件“a.docx”：<old message>”. Returns e->code. */
enum code err_context(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* Pass a failure up unchanged. Only where nothing is held that must be released. */
#define TRY(call)                  \
    do {                           \
        enum code try_c_ = (call); \
        if (try_c_ != OK)          \
            return try_c_;         \
    } while (0)

/* A broken invariant of our own that could harm stored data: E_BUG in release too. */
#define CHECK_BUG(e, cond)                                                        \
    do {                                                                          \
        if (!(cond))                                                              \
            return FAIL((e), E_BUG, "程序内部错误（%s:%d）", __FILE__, __LINE__); \
    } while (0)

/* Out of memory ends the process: sizes from input are held to named limits first. */
void *mem_alloc(unsigned long n);              /* zeroed */
void *mem_grow(void *p, unsigned long n);      /* realloc that cannot fail */
char *mem_dup(const char *p, unsigned long n); /* copy with a NUL behind it */

#endif
