/* From bytes to the reader of their format. */
#include <string.h>

#include "paper/formats.h"

static enum code read_text(struct job *j, struct str bytes, struct str name)
{
    struct ext x = name_ext(name);

    if (strcmp(x.z, "csv") == 0)
        return read_csv(j, bytes);
    if (strcmp(x.z, "md") == 0 || strcmp(x.z, "markdown") == 0)
        return read_md(j, bytes);
    return read_txt(j, bytes, name);
}

enum code read_any(struct job *j, struct str bytes, struct str name)
{
    j->file_bytes = bytes.n;
    switch (sniff(str_sub(bytes, 0, SNIFF_BYTES), name)) {
    case SNIFF_EMPTY:
        return JOB_FAIL(j, E_INPUT, "是空文件，没有内容");
    case SNIFF_ZIP:
        return read_zip(j, bytes);
    case SNIFF_HTML:
        return read_html(j, bytes, S(""));
    case SNIFF_EML:
        return read_eml(j, bytes);
    case SNIFF_RTF:
        return read_rtf(j, bytes);
    case SNIFF_WORDXML:
        return JOB_FAIL(
            j, E_INPUT, "是 Word 2003 的 XML 文件，请在 Word 或 WPS 中另存为 docx 再导入");
    case SNIFF_PACKED:
        return JOB_FAIL(j, E_INPUT, "是 rar、7z 或 gz 压缩包，请解压后导入里面的文件，或改用 zip");
    case SNIFF_PROGRAM:
        return JOB_FAIL(j, E_INPUT, "是可执行程序，不能导入");
    case SNIFF_TEXT:
        return read_text(j, bytes, name);
    case SNIFF_PDF:
    case SNIFF_OLE:
    case SNIFF_PNG:
    case SNIFF_JPEG:
    case SNIFF_TIFF:
    case SNIFF_IMAGE:
    default:
        return JOB_FAIL(j, E_BUG, "程序内部错误：转换前的文件到了读取进程");
    }
}
