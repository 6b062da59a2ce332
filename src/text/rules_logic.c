/* Dates, figures and their sums. The passes are in logic_dates.c, logic_sums.c and logic_tables.c. */
#include "text/logic_int.h"
#include "text/rule_chars.h"

static const struct rule table[] = {
    {"D01", "日期不存在", CHECK_LOGIC, CHECK_ERROR, STRENGTH_MUST, "公历", false, 0,
        "会议定于2026年2月30日召开。", "会议定于2026年2月27日召开。", logic_dates},
    {"D02", "星期与日期不符", CHECK_LOGIC, CHECK_ERROR, STRENGTH_MUST, "公历", false, 0,
        "定于2026年11月23日（星期二）召开。", "定于2026年11月23日（星期一）召开。", logic_dates},
    {"D03", "起止时间颠倒", CHECK_LOGIC, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "培训时间为2025年3月5日至2025年2月7日。", "培训时间为2025年3月5日至2025年3月7日。",
        logic_spans},
    {"D04", "限期早于成文日期", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "关于报送总结的通知\n各部门：\n请于2025年3月5日前报送总结。\n公司办公室\n2025年4月1日",
        "关于报送总结的通知\n各部门：\n请于2025年4月15日前报送总结。\n公司办公室\n2025年4月1日",
        logic_dates},
    {"D05", "截至的日期晚于成文日期", CHECK_LOGIC, CHECK_HINT, STRENGTH_MUST, "惯例", false, 0,
        "关于工作情况的报告\n集团公司：\n截至2025年6月30日，已完成12项任务。\n特此报告。\n某某公司"
        "\n2025年4月1日",
        "关于工作情况的报告\n集团公司：\n截至2025年3月31日，已完成12项任务。\n特此报告。\n某某公司"
        "\n2025年4月1日",
        logic_dates},
    {"D06", "五年规划时期与年份不符", CHECK_LOGIC, CHECK_ERROR, STRENGTH_MUST,
        "国民经济和社会发展五年规划", false, 0, "“十五五”时期（2025—2029年）是关键时期。",
        "“十五五”时期（2026—2030年）是关键时期。", logic_spans},
    {"A01", "总数不等于分项之和", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第二十条", false, 0, "参评单位共12家（一类5家、二类8家）。",
        "参评单位共13家（一类5家、二类8家）。", logic_sums},
    {"A02", "表中合计不等于各项之和", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第二十条", false, 0,
        "单位\t人数\t金额\n甲部\t5\t10\n乙部\t8\t20\n合计\t12\t30",
        "单位\t人数\t金额\n甲部\t5\t10\n乙部\t8\t20\n合计\t13\t30", logic_tables},
    {"A03", "占比之和超过100%", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "三类企业分别占30%、40%和50%。", "三类企业分别占30%、40%和30%。", logic_sums},
    {"A04", "增减幅度与数字不符", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第二十条", false, 0, "产量由100吨增加到115吨，增长12%。",
        "产量由100吨增加到115吨，增长15%。", logic_growth},
    {"A05", "百分比之差未用百分点", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "覆盖率由40%提高到45%，提高5%。", "覆盖率由40%提高到45%，提高5个百分点。", logic_growth},
    {"A06", "增减方向与数字不符", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "事故由8起下降到9起。", "事故由8起下降到7起。", logic_growth},
    {"A08", "范围的起点大于终点", CHECK_LOGIC, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "工期为30天～15天。", "工期为15天～30天。", logic_spans},
};
const struct rule_table rules_logic = {table, COUNT(table)};
