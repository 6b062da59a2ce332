#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): syscall(), O_PATH */
#include "paper/cage.h"
#include "paper/oserr.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 64, PROGRAM_DESCRIPTORS = 1024, CPU_HARD = 3600 };

/* Rights newer than the header of Debian 12's kernel (ABI 1 and 2), from landlock(7): a later
 * kernel refuses them too, an older one is not asked. */
#define FS_ABI1     (((uint64_t)1 << 13) - 1)
#define FS_REFER    ((uint64_t)1 << 13) /* ABI 2 */
#define FS_TRUNCATE ((uint64_t)1 << 14) /* ABI 3 */
#define FS_IOCTL    ((uint64_t)1 << 15) /* ABI 5 */
#define FS_READ \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_ON_FILE                                                                               \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | \
        FS_TRUNCATE)

/* ---- limits ---- */

static void limit(int what, rlim_t n)
{
    struct rlimit r = {n, n};

    (void)setrlimit((__rlimit_resource_t)what, &r); /* lowering cannot fail */
}

void cage_cpu(int seconds)
{
    struct rusage used;
    struct rlimit r;

    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &r) != 0)
        return;
    r.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 2 + seconds);
    if (r.rlim_cur > r.rlim_max)
        r.rlim_cur = r.rlim_max;
    (void)setrlimit(RLIMIT_CPU, &r);
}

bool cage_follow_parent(int parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

static enum code begin(size_t memory, size_t output, struct err *e)
{
    if (!CAGE_SANITIZED)
        limit(RLIMIT_AS, memory);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, output);
    limit(RLIMIT_CPU, CPU_HARD);
    limit(RLIMIT_NOFILE, output > 0 ? PROGRAM_DESCRIPTORS : DESCRIPTORS);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return FAIL(e, E_IO, "无法关闭提权（no_new_privs）：%s", os_error(errno).z);
    return OK;
}

/* ---- landlock ---- */

int cage_landlock_abi(void)
{
    long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    return v > 0 ? (int)v : 0;
}

static uint64_t handled(int abi)
{
    return FS_ABI1 | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) |
           (abi >= 5 ? FS_IOCTL : 0);
}

static void allow_path(int rules, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr at = {.allowed_access = rights};

    at.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (at.parent_fd < 0)
        return; /* not on this machine */
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &at, 0);
    (void)close(at.parent_fd);
}

/* What converters read. Fonts and their cache, shared libraries, poppler's CJK maps, OCR models. */
static const char *const program_reads[] = {"/usr", "/lib", "/lib64", "/bin", "/etc/fonts",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/alternatives", "/etc/libreoffice",
    "/var/cache/fontconfig", "/proc/self", "/sys/devices/system/cpu"};

/* Without programs nothing at all is left; a program writes nowhere. */
static enum code landlock(bool program, struct err *e)
{
    int abi = cage_landlock_abi(), rules;
    struct landlock_ruleset_attr attr = {.handled_access_fs = handled(abi)};
    enum code c = OK;

    if (abi == 0)
        return OK; /* the pool reports it, and runs no converter; seccomp still forbids open */
    rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
    if (rules < 0)
        return FAIL(e, E_IO, "无法建立文件沙箱（landlock）：%s", os_error(errno).z);
    for (size_t i = 0; program && i < sizeof(program_reads) / sizeof(program_reads[0]); i++) {
        bool file = str_starts(str_z(program_reads[i]), S("/etc/ld"));
        allow_path(rules, program_reads[i], file ? LANDLOCK_ACCESS_FS_READ_FILE : FS_READ);
    }
    if (program) {
        uint64_t null_rights = FS_ON_FILE & handled(abi) & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
        allow_path(rules, "/dev/null", null_rights);
        allow_path(rules, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE);
    }
    if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        c = FAIL(e, E_IO, "无法进入文件沙箱（landlock）：%s", os_error(errno).z);
    (void)close(rules);
    return c;
}

/* ---- seccomp ---- */

/* What parsing, memory and the one socket need. By name, for a table shows what is allowed. */
static const char *const parser_calls[] = {"read", "pread64", "readv", "write", "writev", "recvmsg",
    "recvfrom", "sendmsg", "sendto", "poll", "ppoll", "close", "fstat", "lseek", "mmap", "mremap",
    "munmap", "mprotect", "madvise", "brk", "futex", "clock_gettime", "gettimeofday", "time",
    "rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "exit", "exit_group",
    "getrandom", "getpid", "gettid", "getppid", "sched_yield", "sched_getaffinity", "getrusage",
    "sysinfo", "restart_syscall", "rseq", "set_robust_list", "nanosleep", "clock_nanosleep",
    "fcntl", "membarrier"};

/* Asked for by libraries that can do without: refused, and no reason to die. */
static const char *const parser_refused[] = {"open", "openat", "openat2", "stat", "lstat",
    "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd",
    "uname", "getuid", "geteuid", "getgid", "getegid", "ioctl", "prctl", "getdents64", "statfs"};

/* No converter needs these: networks, other processes, kernel doors. */
static const char *const program_refused[] = {"socket", "socketpair", "connect", "bind", "listen",
    "accept", "accept4", "ptrace", "process_vm_readv", "process_vm_writev", "bpf",
    "perf_event_open", "keyctl", "add_key", "request_key", "mount", "umount2", "pivot_root",
    "chroot", "unshare", "setns", "init_module", "finit_module", "delete_module", "kexec_load",
    "reboot", "swapon", "swapoff", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "open_by_handle_at", "name_to_handle_at", "fsopen", "move_mount",
    "open_tree", "settimeofday", "clock_settime", "sethostname", "quotactl", "acct"};

static int rules_add(scmp_filter_ctx ctx, uint32_t action, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int nr = seccomp_syscall_resolve_name(names[i]), r;
        if (nr == __NR_SCMP_ERROR)
            continue; /* not on this architecture */
        r = seccomp_rule_add(ctx, action, nr, 0);
        if (r != 0)
            return r;
    }
    return 0;
}
#define ADD(ctx, action, table) \
    rules_add((ctx), (action), (table), sizeof(table) / sizeof(*(table)))

/* glibc's fstat is newfstatat(fd, "", …, AT_EMPTY_PATH) since 2.33: no path, so no way out. A
 * process may lower its own limits, and end itself with abort(). */
static int parser_rules(scmp_filter_ctx ctx)
{
    uint64_t self = (uint64_t)getpid();
    int r = ADD(ctx, SCMP_ACT_ALLOW, parser_calls);

    for (size_t i = 0; r == 0 && i < sizeof(parser_refused) / sizeof(*parser_refused); i++) {
        const char *one[] = {parser_refused[i]};
        if (strcmp(one[0], "newfstatat") == 0)
            r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
                SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
        else
            r = rules_add(ctx, SCMP_ACT_ERRNO(EACCES), one, 1);
    }
    if (r == 0)
        r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
            SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
    if (r == 0)
        r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    if (r == 0)
        r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, self));
    return r;
}

static enum code seccomp_enter(bool program, struct err *e)
{
    uint32_t other = CAGE_SANITIZED ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS;
    scmp_filter_ctx ctx = seccomp_init(program ? SCMP_ACT_ALLOW : other);
    int r = -ENOMEM;

    if (ctx) {
        r = program ? ADD(ctx, SCMP_ACT_ERRNO(EPERM), program_refused) : parser_rules(ctx);
        if (r == 0)
            r = seccomp_load(ctx);
        seccomp_release(ctx);
    }
    if (r != 0)
        return FAIL(e, E_IO, "无法进入系统调用沙箱（seccomp）：%s", os_error(-r).z);
    return OK;
}

/* ---- the two cages ---- */

enum code cage_parser(size_t memory, struct err *e)
{
    TRY(begin(memory, 0, e));
    TRY(landlock(false, e));
    return seccomp_enter(false, e);
}

enum code cage_program(const struct cage_program *c, struct err *e)
{
    if (cage_landlock_abi() == 0)
        return FAIL(e, E_IO, "系统内核没有 landlock，不运行外部转换程序");
    TRY(begin(c->memory, c->output, e));
    limit(RLIMIT_CPU, (rlim_t)c->seconds);
    if (c->limits_only)
        return OK;
    TRY(landlock(true, e));
    return seccomp_enter(true, e);
}
