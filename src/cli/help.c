/* help.c - help pages, bash completion and the man page, all out of the table of commands, so that
 * they cannot drift from what the program takes. */
#include <string.h>

#include "cli/cli_int.h"

const struct cli_option help_common[] = {
    {"data", "目录", "数据目录；不写时取环境变量 QIANSHAO_DATA，再没有就是 ./qianshao-data"},
    {"json", NULL, "以 JSON 输出，每行一个对象"},
    {"help", NULL, "显示本命令的用法"},
    {NULL, NULL, NULL},
};

static const char *const what_it_is =
    "前哨：秘书科的工作平台。资料收入、检索，文稿校对，网页服务，数据维护";
static const char *const statuses =
    "退出状态：0 完成；1 有发现、没找到或有文件未收；2 用法或输入有误；3 内部错误";

static void pad(FILE *f, struct str s, size_t columns)
{
    (void)fprintf(f, "%.*s", SF(s));
    for (size_t w = display_width(s); w < columns; w++)
        (void)fputc(' ', f);
}

static void one_line(FILE *f, const struct command *cmd)
{
    (void)fputs("  ", f);
    pad(f, str_z(cmd->name), 20);
    (void)fprintf(f, "%s\n", cmd->summary);
}

void help_overview(FILE *f)
{
    (void)fprintf(f, "%s\n\n用法：qianshao 命令 [选项] [参数]\n\n命令：\n", what_it_is);
    for (const struct command *const *c = cli_commands(); *c; c++)
        if (!(*c)->quiet)
            one_line(f, *c);
    (void)fprintf(
        f, "\n每个命令的用法：qianshao 命令 --help\n版本：qianshao --version\n%s\n", statuses);
}

bool help_is_group(struct str word)
{
    for (const struct command *const *c = cli_commands(); *c; c++) {
        struct str rest = str_z((*c)->name);
        if (str_eat(&rest, word) && str_starts(rest, S(" ")))
            return true;
    }
    return false;
}

void help_group(FILE *f, struct str group)
{
    (void)fprintf(f, "用法：qianshao %.*s 子命令 [选项] [参数]\n\n子命令：\n", SF(group));
    for (const struct command *const *c = cli_commands(); *c; c++) {
        struct str rest = str_z((*c)->name);
        if (str_eat(&rest, group) && str_starts(rest, S(" ")))
            one_line(f, *c);
    }
    (void)fprintf(f, "\n每个子命令的用法：qianshao %.*s 子命令 --help\n", SF(group));
}

static void options(FILE *f, const struct cli_option *o)
{
    for (; o && o->name; o++) {
        char left[64];
        (void)snprintf(
            left, sizeof(left), "--%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
        (void)fputs("  ", f);
        pad(f, str_z(left), 24);
        (void)fprintf(f, "%s\n", o->help);
    }
}

void help_command(FILE *f, const struct command *cmd)
{
    (void)fprintf(f, "%s\n\n用法：qianshao %s [选项]%s%s\n", cmd->summary, cmd->name,
        *cmd->args ? " " : "", cmd->args);
    if (*cmd->about)
        (void)fprintf(f, "\n%s\n", cmd->about);
    (void)fputs("\n选项：\n", f);
    options(f, cmd->options);
    options(f, help_common);
    (void)fprintf(f, "\n%s\n", statuses);
}

/* ---- bash completion ---- */

/* The first words, each once. */
static void first_words(FILE *f)
{
    struct str last = {0};
    for (const struct command *const *c = cli_commands(); *c; c++) {
        struct str word = str_z((*c)->name), rest;
        if ((*c)->quiet)
            continue;
        (void)str_cut(word, S(" "), &word, &rest);
        if (!str_eq(word, last))
            (void)fprintf(f, " %.*s", SF(word));
        last = word;
    }
}

static void second_words(FILE *f)
{
    struct str last = {0};
    for (const struct command *const *c = cli_commands(); *c; c++) {
        struct str word = str_z((*c)->name), rest;
        if (!str_cut(word, S(" "), &word, &rest))
            continue;
        if (!str_eq(word, last))
            (void)fprintf(f, "%s        %.*s) words='", last.n ? "' ;;\n" : "", SF(word));
        else
            (void)fputc(' ', f);
        (void)fprintf(f, "%.*s", SF(rest));
        last = word;
    }
    (void)fputs(last.n ? "' ;;\n" : "", f);
}

void help_completion(FILE *f)
{
    (void)fputs(
        "# bash completion for qianshao. Made by `qianshao docs completion`; do not edit.\n"
        "_qianshao() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
        "    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
        "        words='",
        f);
    (void)fputs("--help --version", f);
    first_words(f);
    (void)fputs("'\n"
                "    elif [ \"$COMP_CWORD\" = 2 ] && [[ $cur != -* ]]; then\n"
                "        case $prev in\n",
        f);
    second_words(f);
    (void)fputs("        esac\n"
                "    elif [[ $cur == -* ]]; then\n"
                "        case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
        f);
    for (const struct command *const *c = cli_commands(); *c; c++) {
        if ((*c)->quiet)
            continue;
        (void)fprintf(
            f, "        '%s%s) words='", (*c)->name, strchr((*c)->name, ' ') ? "'" : " '*");
        for (const struct cli_option *o = (*c)->options; o && o->name; o++)
            (void)fprintf(f, "--%s ", o->name);
        (void)fputs("--data --json --help' ;;\n", f);
    }
    (void)fputs(
        "        esac\n"
        "    fi\n"
        "    [ -n \"$words\" ] && mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
        "}\n"
        "complete -o default -F _qianshao qianshao\n",
        f);
}

/* ---- the man page ---- */

/* Text of a man page: '\' and '-' are themselves, and no line begins with '.' or '\''. */
static void man_text(FILE *f, const char *s)
{
    for (const char *p = s; *p; p++) {
        if ((p == s || p[-1] == '\n') && (*p == '.' || *p == '\''))
            (void)fputs("\\&", f);
        if (*p == '\\')
            (void)fputs("\\e", f);
        else if (*p == '-')
            (void)fputs("\\-", f);
        else if (*p == '\n')
            (void)fputs("\n.br\n", f);
        else
            (void)fputc(*p, f);
    }
}

static void man_options(FILE *f, const struct cli_option *o)
{
    for (; o && o->name; o++) {
        (void)fputs(".TP\n.B \\-\\-", f);
        man_text(f, o->name);
        if (o->arg)
            (void)fprintf(f, " \\fI%s\\fR", o->arg);
        (void)fputc('\n', f);
        man_text(f, o->help);
        (void)fputc('\n', f);
    }
}

static void man_command(FILE *f, const struct command *cmd)
{
    (void)fputs(".SS ", f);
    man_text(f, cmd->name);
    (void)fputc(' ', f);
    man_text(f, cmd->args);
    (void)fputc('\n', f);
    man_text(f, cmd->summary);
    (void)fputs("。\n", f);
    if (*cmd->about) {
        (void)fputs(".PP\n", f);
        man_text(f, cmd->about);
        (void)fputc('\n', f);
    }
    man_options(f, cmd->options);
}

void help_man(FILE *f)
{
    (void)fputs(".\\\" Made by `qianshao docs man`; do not edit.\n"
                ".TH QIANSHAO 1 \"\" \"qianshao " QIANSHAO_VERSION "\" \"前哨使用手册\"\n"
                ".ad l\n"
                ".SH 名称\nqianshao \\- ",
        f);
    man_text(f, what_it_is);
    (void)fputs(
        "\n.SH 用法\n.B qianshao\n.I 命令\n[\\fI选项\\fR] [\\fI参数\\fR]\n.SH 通用选项\n", f);
    man_options(f, help_common);
    (void)fputs(".SH 命令\n", f);
    for (const struct command *const *c = cli_commands(); *c; c++)
        if (!(*c)->quiet)
            man_command(f, *c);
    (void)fputs(".SH 退出状态\n"
                ".TP\n.B 0\n完成\n.TP\n.B 1\n有发现、没找到，或有文件未收\n"
                ".TP\n.B 2\n用法或输入有误，标准错误输出一行说明\n.TP\n.B 3\n内部错误\n"
                ".SH 环境变量\n.TP\n.B QIANSHAO_DATA\n数据目录\n"
                ".SH 文件\n"
                ".TP\n.I qianshao.yaml\n数据目录里的配置\n"
                ".TP\n.I qianshao.db\n数据库（用 SQLite 时）：原件、文本、登记\n"
                ".TP\n.I index/\n检索索引，可随时用 \\fBqianshao reindex\\fR 重建\n"
                ".TP\n.I lock\n锁文件：一个数据目录同时只归一个进程\n"
                ".TP\n.I control.sock\n服务运行时，写入类命令经它交给服务执行（只限同一用户）\n"
                ".TP\n.I intake.secret\n收信口令（只限本用户读写，不进备份）\n",
        f);
}
