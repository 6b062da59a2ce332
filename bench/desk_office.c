/* The preview of the desk: how long one changed character takes to a drawn page.
 * usage: desk_office [CHARACTERS]       30,000 by default */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "office/desk.h"
#include "paper/face_pool.h"
#include "paper/layout_out.h"

enum { ROUNDS = 60, P95 = ROUNDS * 95 / 100, MEDIAN = ROUNDS / 2, PARA_CP = 118 };

static struct str draft(struct arena *a, long chars, int round)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    buf_z(&b, "版式：文件\n发文机关：云岭集团\n关于加强安全生产工作的通知\n各部门，各所属单位：\n");
    for (long i = 0; i * PARA_CP < chars; i++)
        buf_printf(&b,
            "（一）会议指出，现行文件规定仍然适用的，不再重复发文；能够通过电话、当面协商解决的事项"
            "，不发正式公文。"
            "第%ld项任务由责任单位牵头，相关单位配合，%ld月底前完成%s并报送情况，"
            "统筹推进重点工作，确保按时完成各项任务。\n",
            i, i % 12 + 1, i * PARA_CP * 2 < chars && round % 2 ? "改" : "");
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

/* Microseconds to the drawn page; pages in *n. */
static int64_t once(struct face_pool *pool, long chars, int round, size_t *n)
{
    struct arena a;
    struct faces *f;
    struct desk_pages p;
    struct buf svg;
    struct err e = {0};
    int64_t began, us;

    arena_init(&a);
    buf_init(&svg, 0);
    struct str text = draft(&a, chars, round);
    began = clock_mono_us();
    if (face_pool_take(pool, &f, &e) != OK || desk_pages(&a, f, text, NULL, &p, &e) != OK) {
        fprintf(stderr, "%s\n", e.msg);
        exit(1);
    }
    layout_svg_plain(&p.layout, p.layout.n / 2, &svg);
    us = clock_mono_us() - began;
    *n = p.layout.n;
    face_pool_give(pool, f);
    buf_release(&svg);
    arena_release(&a);
    return us;
}

int main(int argc, char **argv)
{
    long chars = argc > 1 ? strtol(argv[1], NULL, 10) : 30000;
    struct face_pool *pool = face_pool_new();
    int64_t us[ROUNDS], cold;
    size_t pages;

    cold = once(pool, chars, 0, &pages);
    for (int i = 0; i < ROUNDS; i++)
        us[i] = once(pool, chars, i, &pages);
    qsort(us, ROUNDS, sizeof(*us), by_size);
    printf("%ld characters, %zu pages: first %.1f ms, then median %.1f ms, 95%% %.1f ms\n", chars,
        pages, (double)cold / 1000, (double)us[MEDIAN] / 1000, (double)us[P95] / 1000);
    face_pool_free(pool);
    return 0;
}
