#include "office/meanwhile.h"

#include "base/clock.h"

enum code changed_meanwhile(struct stmt *q, const char *gone, const char *what, struct err *e)
{
    struct buf said;
    bool found = stmt_step(q);
    enum code c;

    buf_init(&said, 400);
    if (found) {
        buf_str(&said, stmt_str(q, 1));
        buf_z(&said, "已于");
        clock_write_minute(&said, stmt_int(q, 0), ZONE_CHINA);
    }
    c = stmt_end(q, e);
    if (c == OK && !found)
        c = FAIL(e, E_NOTFOUND, "%s不存在，可能已被删除", gone);
    else if (c == OK)
        c = FAIL(e, E_CONFLICT, "%.*s修改过%s，请核对新的内容后再保存", SF(buf_view(&said)), what);
    buf_release(&said);
    return c;
}
