/* t_words - where words end, by the dictionary and by what it does not know. */
#include <pthread.h>

#include "base/utf8.h"
#include "paper/words.h"
#include "paper_test.h"

enum { CP_MAX = 2000, THREADS = 4, ROUNDS = 50 };

/* Words parted by '/', words of one term by '~', doubt by '?'. */
static struct str parted(struct arena *a, struct str s)
{
    static const char sign[] = {[WORD_DOUBT] = '?', [WORD_TERM] = '~', [WORD_END] = '/'};
    uint32_t cp[CP_MAX] = {0};
    uint8_t gap[CP_MAX];
    size_t at[CP_MAX + 1], n = 0;
    struct buf b;
    struct str out;

    for (size_t off = 0; off < s.n; n++) {
        at[n] = off;
        cp[n] = utf8_next(s, &off);
    }
    at[n] = s.n;
    words_find(cp, n, gap);
    buf_init(&b, 0);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && gap[i] != WORD_INSIDE)
            buf_str(&b, (struct str){&sign[gap[i]], 1});
        buf_str(&b, str_sub(s, at[i], at[i + 1] - at[i]));
    }
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

static const char *const cases[] = {
    /* the dictionary */
    "关于/做好/汛期/安全~生产/工作/的/通知",
    "设立/轨道~交通/研究院",
    /* which reads 整｜改进｜展 and 代表｜人的 */
    "巡察/整改/进展/情况",
    "法定~代表人/的/公告",
    /* characters it leaves alone: two are a word, one belongs to what is beside it */
    "关于/印发/《/扬尘/管理~办法/》/的/通知",
    "合作社/许可证/使用权",
    "公司/办公室/印发",
    "全集团/新技术/应用",
    "保税区/高水平/开放",
    /* little words stay for themselves */
    "在/桥梁/和/隧道/中/应用",
    /* numbers */
    "2026年度/计划",
    "2026年/年中/会议",
    "2026年~7月~13日/印发",
    "第十五届~全国/职工",
    "第二~季度",
    "“/6·12/”/事故",
    "3.5%/的/股权",
    "2026—2030年/规划",
    "十九大",
    "建党/103周年/大会",
    "30名/职工",
    /* other writing */
    "BIM/技术/和/PPP/项目",
    "5G/网络",
    "",
};

static void words_end(void **state)
{
    struct arena a;
    int bad = 0;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str want = str_z(cases[i]), got;
        struct buf b;
        buf_init(&b, 0);
        for (size_t k = 0; k < want.n; k++)
            if (want.p[k] != '/' && want.p[k] != '~')
                buf_str(&b, str_sub(want, k, 1));
        got = parted(&a, buf_view(&b));
        buf_release(&b);
        if (!str_eq(got, want)) {
            print_error("%.*s instead of %s\n", (int)got.n, got.p, cases[i]);
            bad++;
        }
    }
    arena_release(&a);
    assert_int_equal(bad, 0);
}

/* Longer than one look into the dictionary takes, and characters of two UTF-16 units: nothing out of place. */
static void long_and_rare(void **state)
{
    uint32_t cp[CP_MAX] = {0};
    uint8_t gap[CP_MAX];

    (void)state;
    for (size_t i = 0; i < CP_MAX; i++)
        cp[i] = i % 3 ? 0x5B89 : 0x20000 + (uint32_t)i;
    memset(gap, 0xFF, sizeof gap);
    words_find(cp, CP_MAX, gap);
    assert_int_equal(gap[0], WORD_END);
    for (size_t i = 0; i < CP_MAX; i++)
        assert_true(gap[i] <= WORD_END);
}

static void *walk(void *arg)
{
    struct arena a;

    arena_init(&a);
    for (int i = 0; i < ROUNDS; i++) {
        struct str got = parted(&a, S("关于巡察整改进展情况的报告"));
        *(bool *)arg = str_eq(got, S("关于/巡察/整改/进展/情况/的/报告"));
        arena_clear(&a);
    }
    arena_release(&a);
    return NULL;
}

static void threads(void **state)
{
    pthread_t t[THREADS];
    bool right[THREADS] = {0};

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, walk, &right[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(t[i], NULL), 0);
        assert_true(right[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads), /* first: what ICU opens once is opened by several at once */
        cmocka_unit_test(words_end), cmocka_unit_test(long_and_rare)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
