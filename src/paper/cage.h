/* paper/cage.h - what a process gives up before it touches untrusted bytes. Private to the layer.
 *
 * Two cages. The parser's: no path at all (landlock without rules), an allow-list of system calls
 * without open, socket, exec, kill of others; a forbidden call ends the process. The program's (an
 * external converter): reads /usr, /lib, /etc/fonts and the like, writes no file, no
 * sockets. Both: no new privileges, address space, CPU, file size, descriptors and core limited.
 * Source: landlock(7), seccomp(2), libseccomp; stack.md 5. */
#ifndef PAPER_CAGE_H
#define PAPER_CAGE_H

#include "paper/reader.h"

/* Under a sanitizer the address space cannot be limited (shadow memory), and the sanitizer's own
 * calls are answered with EPERM instead of death. Everything else is the same. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAGE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define CAGE_SANITIZED 1
#endif
#endif
#ifndef CAGE_SANITIZED
#define CAGE_SANITIZED 0
#endif

/* 0: this kernel has no landlock (older than 5.13, or not enabled at boot). */
int cage_landlock_abi(void);
/* Die with the parent; false if it is already gone. */
bool cage_follow_parent(int parent);
/* Soft CPU limit: `seconds` more than used so far. Allowed inside the parser's cage. */
void cage_cpu(int seconds);
MUST_USE enum code cage_parser(size_t memory, struct err *e);
struct cage_program {
    size_t memory;    /* address space */
    size_t output;    /* largest file it may write */
    int seconds;      /* CPU */
    bool limits_only; /* no landlock, no seccomp: it builds its own cage (bubblewrap) */
};
MUST_USE enum code cage_program(const struct cage_program *c, struct err *e);

#endif
