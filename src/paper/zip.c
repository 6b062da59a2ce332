/* zip: an office file in disguise, or a container whose members are parts. */
#include <string.h>

#include "base/utf8.h"
#include "paper/charset.h"
#include "paper/formats.h"
#include "paper/zipin.h"

enum kind { KIND_PLAIN, KIND_DOCX, KIND_XLSX, KIND_OFD, KIND_PPTX, KIND_ODF };

static bool any_under(const struct zipin *z, const char *folder)
{
    bool utf8;

    for (size_t i = 0; i < zipin_count(z); i++)
        if (str_starts(zipin_name(z, i, &utf8), str_z(folder)))
            return true;
    return false;
}

static enum kind kind_of(const struct zipin *z)
{
    if (zipin_has(z, "OFD.xml"))
        return KIND_OFD;
    if (zipin_has(z, "[Content_Types].xml"))
        return any_under(z, "word/")  ? KIND_DOCX
               : any_under(z, "xl/")  ? KIND_XLSX
               : any_under(z, "ppt/") ? KIND_PPTX
                                      : KIND_PLAIN;
    if (zipin_has(z, "mimetype") && zipin_has(z, "content.xml"))
        return KIND_ODF;
    return KIND_PLAIN;
}

/* A member's name: UTF-8 if it says so or looks so, else the GBK of Chinese Windows. */
static struct str shown_name(struct job *j, struct str prefix, struct str raw, bool utf8)
{
    struct buf b = {0};
    struct str name;

    buf_str(&b, prefix);
    if (utf8)
        buf_str(&b, raw);
    else
        (void)charset_decode(
            &b, raw, str_eq(charset_detect(raw).name, S("UTF-8")) ? S("UTF-8") : S("GB18030"));
    name = job_member_name(j, buf_view(&b));
    buf_release(&b);
    return name;
}

/* What systems put beside the files. */
static bool is_litter(struct str name)
{
    return str_ends(name, S("/")) || str_starts(name, S("__MACOSX/")) ||
           str_ends(name, S(".DS_Store")) || str_ends(name, S("Thumbs.db")) ||
           str_ends(name, S("desktop.ini"));
}

/* NOLINTBEGIN(misc-no-recursion): limits.depth */
static void members(struct job *j, struct zipin *z, struct str prefix);

static void inner_zip(struct job *j, struct str bytes, struct str name, bool *plain)
{
    struct zipin *z = NULL;
    struct str prefix = arena_cat(j->a, name, S("/"));

    *plain = true;
    if (!str_starts(bytes, S("PK")) || sniff(str_sub(bytes, 0, SNIFF_BYTES), name) != SNIFF_ZIP)
        return;
    if (zipin_open(j, bytes, &z) != OK || kind_of(z) != KIND_PLAIN)
        return;
    *plain = false;
    if (j->depth + 1 > j->lim->depth) {
        (void)JOB_FAIL(j, E_LIMIT, "压缩包套压缩包超过上限 %d 层，请解开后再导入", j->lim->depth);
        return;
    }
    j->depth++;
    members(j, z, prefix);
    j->depth--;
}

static void members(struct job *j, struct zipin *z, struct str prefix)
{
    size_t locked = 0, files = 0;

    for (size_t i = 0; i < zipin_count(z) && job_ok(j); i++) {
        bool utf8 = false, plain = true;
        struct str raw = zipin_name(z, i, &utf8), bytes = {"", 0};
        struct str name = shown_name(j, prefix, raw, utf8);
        if (++j->members > j->lim->members)
            (void)JOB_FAIL(j, E_LIMIT, "里面的文件超过上限 %zu 个，请拆开再导入", j->lim->members);
        if (is_litter(raw))
            continue;
        files++;
        if (zipin_is_encrypted(z, i)) {
            locked++;
            job_warn(j, "“%.*s”已加密，未读取", SF(name));
            continue;
        }
        if (!zipin_read_at(z, i, &bytes))
            return;
        inner_zip(j, bytes, name, &plain);
        if (!plain || !job_ok(j))
            continue;
        job_part(j, name, bytes);
        job_block(j, BLOCK_ATTACH, 0, name);
    }
    if (files > 0 && locked == files && j->depth == 0)
        (void)JOB_FAIL(j, E_INPUT, "压缩包已加密，请用密码解压后再导入");
}

/* NOLINTEND(misc-no-recursion) */

enum code read_zip(struct job *j, struct str bytes)
{
    struct zipin *z = NULL;

    TRY(zipin_open(j, bytes, &z));
    switch (kind_of(z)) {
    case KIND_DOCX:
        return read_docx_zip(j, z);
    case KIND_XLSX:
        return read_xlsx_zip(j, z);
    case KIND_OFD:
        return read_ofd_zip(j, z);
    case KIND_PPTX:
        return JOB_FAIL(j, E_INPUT, "是演示文稿，暂不能读取，请另存为 pdf 再导入");
    case KIND_ODF:
        return JOB_FAIL(j, E_INPUT, "是 OpenDocument 文件，请另存为 docx 或 xlsx 再导入");
    case KIND_PLAIN:
    default:
        j->d.format = FORMAT_ZIP;
        members(j, z, S(""));
        return j->failed;
    }
}
