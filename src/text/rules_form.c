/* Structure and form: GB/T 9704-2012, 《党政机关公文处理工作条例》 and practice. The passes are in form_*.c. */
#include "text/form_int.h"
#include "text/rule_chars.h"

#define ACT    "《党政机关公文处理工作条例》"
#define GBT    "GB/T 9704—2012 "
#define NOTICE "关于报送总结的通知\n各部门：\n"
#define SIGNED "\n公司办公室\n2025年4月1日"

/* more than 5,000 characters, for the pair of S29 */
#define T50                                                                                                                                      \
    "各部门要结合实际认真研究并提出具体措施明确责任人员和完成时限按照职责分工抓好落实同时加强沟通" \
    "协调配合。"
#define T500  T50 T50 T50 T50 T50 T50 T50 T50 T50 T50
#define T5000 T500 T500 T500 T500 T500 T500 T500 T500 T500 T500

static const struct rule table[] = {
    /* the standard says “可以”: a hint, and only where the document itself uses （一） */
    {"S01", "层次序数跳级", CHECK_FORM, CHECK_HINT, STRENGTH_MAY, GBT "7.3.3", false, 0,
        "一、总体要求\n（一）指导思想\n（二）工作目标\n二、主要任务\n1.加强管理\n2.健全制度",
        "一、总体要求\n（一）指导思想\n（二）工作目标\n二、主要任务\n（一）加强管理\n（二）健全制"
        "度",
        form_sequence},
    {"S02", "序号不连续或者重复", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "一、总体要求\n二、主要任务\n四、保障措施", "一、总体要求\n二、主要任务\n三、保障措施",
        form_sequence},
    {"S03", "只有一个下级项目", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "一、总体要求\n（一）指导思想\n二、主要任务", "一、总体要求\n二、主要任务", form_sequence},
    {"S05", "标题行末尾用了句号", CHECK_FORM, CHECK_WARN, STRENGTH_SHOULD, "惯例", false, 0,
        "一、总体要求。\n要提高认识。\n二、主要任务", "一、总体要求\n要提高认识。\n二、主要任务",
        form_sequence},
    {"S06", "发文字号格式", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, GBT "7.2.5", false, 0,
        "根据国发[2012]07号文件要求，", "根据国发〔2012〕7号文件要求，", form_numbers},
    {"S07", "标题没有文种", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, ACT "第九条", false, 0,
        "关于报送年度工作总结的有关事项\n各部门：\n请按时报送。" SIGNED,
        NOTICE "请按时报送。" SIGNED, form_title},
    {"S08", "标题中的标点", CHECK_FORM, CHECK_WARN, STRENGTH_SHOULD, "惯例", false, 0,
        "关于报送总结的通知。\n各部门：\n请按时报送。" SIGNED, NOTICE "请按时报送。" SIGNED,
        form_title},
    {"S09", "标题有两个文种", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, ACT "第八条", false, 0,
        "关于购置设备的请示报告\n集团公司：\n现将情况报告如下。" SIGNED,
        "关于购置设备的请示\n集团公司：\n现将情况请示如下。\n妥否，请批示。" SIGNED, form_title},
    {"S10", "介词重复", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "关于对办公场所维修的批复\n甲公司：\n《关于维修的请示》收悉。" SIGNED,
        "关于办公场所维修的批复\n甲公司：\n《关于维修的请示》收悉。" SIGNED, form_title},
    {"S12", "主送机关缺少冒号", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, GBT "7.3.2", false, 0,
        "关于报送总结的通知\n各部门、各单位\n请按时报送。" SIGNED,
        "关于报送总结的通知\n各部门、各单位：\n请按时报送。" SIGNED, form_addressee},
    {"S14", "请示主送多个机关", CHECK_FORM, CHECK_WARN, STRENGTH_SHOULD, ACT "第十五条", false, 0,
        "关于购置设备的请示\n集团公司、省国资委：\n妥否，请批示。" SIGNED,
        "关于购置设备的请示\n集团公司：\n妥否，请批示。" SIGNED, form_addressee},
    {"S15", "报告夹带请示事项", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, ACT "第十五条", false, 0,
        "关于设备情况的报告\n集团公司：\n拟购置设备一台，请批示。" SIGNED,
        "关于设备情况的报告\n集团公司：\n现有设备一台。\n特此报告。" SIGNED, form_genre},
    {"S16", "请示一文多事", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, ACT "第十五条", false, 0,
        "关于购置设备的请示\n集团公司：\n拟购置设备一台，请审批。\n拟增加人员一名。\n妥否，请批示"
        "。" SIGNED,
        "关于购置设备的请示\n集团公司：\n拟购置设备一台。\n妥否，请批示。" SIGNED, form_genre},
    {"S17", "结语与文种不符", CHECK_FORM, CHECK_WARN, STRENGTH_SHOULD, "惯例", false, 0,
        "关于购置设备的请示\n集团公司：\n拟购置设备一台。\n特此报告。" SIGNED,
        "关于购置设备的请示\n集团公司：\n拟购置设备一台。\n妥否，请批示。" SIGNED, form_genre},
    {"S18", "批复未引来文", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "关于办公场所维修的批复\n甲公司：\n同意维修。\n此复。" SIGNED,
        "关于办公场所维修的批复\n甲公司：\n《关于维修的请示》收悉。同意维修。\n此复。" SIGNED,
        form_genre},
    {"S19", "用语与行文方向不符", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "关于商请派员的函\n甲公司：\n请务必派员参加。" SIGNED,
        "关于商请派员的函\n甲公司：\n请派员参加为盼。" SIGNED, form_genre},
    {"S20", "附件说明的格式", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, GBT "7.3.4", false, 0,
        NOTICE "请按时报送。\n附件：1.格式；\n2.名单。" SIGNED,
        NOTICE "请按时报送。\n附件：1.格式\n2.名单" SIGNED, form_attachments},
    {"S21", "附件与附件说明不一致", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, GBT "7.3.7", false, 0,
        NOTICE "格式见附件3。\n附件：1.格式\n2.名单" SIGNED,
        NOTICE "格式见附件1。\n附件：1.格式\n2.名单" SIGNED, form_attachments},
    {"S22", "成文日期", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, GBT "7.3.5.4", false, 0,
        NOTICE "请按时报送。\n公司办公室\n二〇二五年四月一日", NOTICE "请按时报送。" SIGNED,
        form_dates},
    {"S23", "抄送机关之后缺少句号", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, GBT "7.4.1", true, 0,
        NOTICE "请按时报送。" SIGNED "\n抄送：集团公司",
        NOTICE "请按时报送。" SIGNED "\n抄送：集团公司。", form_imprint},
    {"S24", "下行文标注了签发人", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, ACT "第九条", false, 0,
        "甲公司文件\n甲公司办〔2025〕3号　签发人：王某\n" NOTICE "请按时报送。" SIGNED,
        "甲公司文件\n甲公司办〔2025〕3号\n" NOTICE "请按时报送。" SIGNED, form_imprint},
    /* practice of some state-owned groups only: a unit that wants it switches it on */
    {"S25", "请示没有附注联系人", CHECK_FORM, CHECK_OFF, STRENGTH_MAY, "惯例", false, 0,
        "关于购置设备的请示\n集团公司：\n妥否，请批示。" SIGNED,
        "关于购置设备的请示\n集团公司：\n妥否，请批示。" SIGNED
        "\n（联系人：王某，电话：见通讯录）",
        form_imprint},
    {"S28", "标题写了紧急程度", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, ACT "第九条", false, 0,
        "关于报送总结的紧急通知\n各部门：\n请按时报送。" SIGNED, NOTICE "请按时报送。" SIGNED,
        form_title},
    {"S29", "篇幅过长", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD,
        "《整治形式主义为基层减负若干规定》", false, 0, NOTICE T5000 T50 SIGNED, NOTICE T50 SIGNED,
        form_vague},
    {"S30", "相对时间", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        NOTICE "近日检查发现问题。" SIGNED, NOTICE "2025年3月25日检查发现问题。" SIGNED,
        form_vague},
    {"S31", "时限不明确", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        NOTICE "请尽快报送。" SIGNED, NOTICE "请于2025年4月20日前报送。" SIGNED, form_vague},
    {"S32", "简称重复定义或者先用后定义", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "甲乙建设公司（以下简称“甲乙公司”）报名。甲乙建造公司（以下简称“甲乙公司”）也报名。请甲乙公"
        "司准备。",
        "甲乙建设公司（以下简称“甲乙公司”）报名。请甲乙公司准备。", form_short},
    {"S36", "占位符没有填写", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "会议由×××主持。", "会议由公司负责人主持。", form_left},
    {"S37", "其他工具的残留", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "## 总体要求\n要**提高**认识。", "总体要求\n要提高认识。", form_left},
    {"S39", "所说的项数与列出的不符", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "重点做好以下三个方面工作：一是抓学习；二是抓落实。",
        "重点做好以下两个方面工作：一是抓学习；二是抓落实。", form_counts},
    {"S40", "一人既出席又请假", CHECK_FORM, CHECK_ERROR, STRENGTH_MUST, "惯例", false, 0,
        "出席：王建国、李明华、张文\n请假：李明华", "出席：王建国、张文\n请假：李明华",
        form_present},
    {"S44", "标题用语多余", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "关于请求购置设备的请示\n集团公司：\n妥否，请批示。" SIGNED,
        "关于购置设备的请示\n集团公司：\n妥否，请批示。" SIGNED, form_title},
    {"S45", "简称定义后没有使用", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "甲乙建设公司（以下简称“甲乙公司”）已经报名。", "甲乙建设公司已经报名。", form_short},
    {"S46", "定义简称后又用全称", CHECK_FORM, CHECK_HINT, STRENGTH_SHOULD, "惯例", false, 0,
        "甲乙建设工程公司（以下简称“甲乙公司”）报名。请甲乙公司准备。甲乙建设工程公司应当按时到场"
        "。",
        "甲乙建设工程公司（以下简称“甲乙公司”）报名。请甲乙公司准备，甲乙公司应当按时到场。",
        form_short},
    {"S47", "段内序号不连续或者重复", CHECK_FORM, CHECK_WARN, STRENGTH_MUST, "惯例", false, 0,
        "一是抓学习；三是抓落实。", "一是抓学习；二是抓落实。", form_inline},
};
const struct rule_table rules_form = {table, COUNT(table)};
