/* office/typeset.h - a plain text as a secretary types it, taken as an official document (公文): which line is the mark, the number, the
 * title, 主送, a heading, the signature, 版记. What meta_read and draft_read find is used; nothing is worded anew.
 *
 * What cannot be told by its place may be said in front of the text, one a line: 版式：信函, 份号：000001, 紧急程度：特急, 发文机关：甲、乙,
 * 标志：×××文件, 签发人：×××, 编印：×××, 用印：是|否|签名章, 讲话人：×××, 文号：第12期. What was said so wins.
 *
 * What a notice of 印发, 转发 or 批转 or an order carries (text/carried.h) begins behind its date with its own title; where that cannot be told, a
 * line 印发件 stands in front of it, which is not printed.
 *
 * A table is lines with tabs: a cell of “<<” belongs to the one at its left, “^^” to the one above, “↵” parts lines in a cell. A picture is a
 * line [图：名称] or [图：名称，宽8厘米] (毫米 too); its block has the name as text, whoever has the file puts its bytes in. The line behind it is its caption where it begins with 图 and a
 * number. */
#ifndef OFFICE_TYPESET_H
#define OFFICE_TYPESET_H

#include "paper/layout.h"
#include "paper/official.h"
#include "text/draft.h"

struct typeset_read {
    struct str *notes; /* for the person: 没有认出标题，第一行按标题排 */
    size_t n_notes;
};
/* `kinds` as for meta_read, or NULL. Borrows `text`; the rest in `a`. E_INPUT names the line of a wrong word in front; E_SECRET is the
 * caller's to find out (describe_secret). */
MUST_USE enum code typeset_read(struct arena *a, struct str text, const uint8_t *kinds,
    struct official *out, struct typeset_read *told, struct err *e);

/* How many bytes the words in front take, with the empty lines among and behind them; *lines of it. */
size_t typeset_front(struct str text, size_t *lines);
/* Is this line a picture, [图：名称] or [图：名称，宽8厘米]? Its name, a view of it, and how wide it is said to be; mm, 0: not said. */
bool typeset_picture(struct str line, struct str *name, double *width_mm);
/* ，宽8厘米, to stand behind the name; rounded to a millimetre. */
struct str typeset_picture_width(struct arena *a, double width_mm);
/* The form by its name: 文件 信函 命令 纪要 简报 讲话稿 诵读稿 白头; N_OFFICIAL_FORM: none of them. */
enum official_form typeset_form(struct str name);

#endif
