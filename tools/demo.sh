#!/bin/sh
# Make the demonstration office (demo/) in a new data directory.
#   tools/demo.sh PROGRAM DATA [DATABASE]      DATABASE: an empty PostgreSQL database, postgresql://…
# It is made aside and renamed when it is whole, so that a start that was broken off leaves nothing half done.
set -eu
cd "$(dirname "$0")/.."
prog=$1 data=$2 database=${3:-}
aside=$data.making
rm -rf "$aside"
trap 'rm -rf "$aside"' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$(dirname "$data")"
"$prog" init --data "$aside" --demo ${database:+--database "$database"} --units demo/units.tsv --people demo/people.tsv
"$prog" term import --data "$aside" demo/terms.tsv
"$prog" term import --data "$aside" --holders demo/holders.tsv
"$prog" import --data "$aside" demo/documents

# What nobody can read out of a text: categories, which rules are in force, what people want to hear of.
quiet() {
    "$prog" "$@" --data "$aside" >"$aside.said" || { cat "$aside.said" >&2; exit 1; }
    rm -f "$aside.said"
}
category() { # NAME QUERY
    quiet category add "$1"
    quiet label "$2" --category "$1"
}
category 上级来文 '机关:云岭省'
category 制度汇编 '机关:山河建设集团 (标题:办法 | 标题:细则)'
category 集团发文 '机关:山河建设集团、集团党委办公室 -类别:制度汇编 -文种:纪要 -标题:草稿 年份:2024-2025'
category 会议纪要 '文种:纪要'
category 下级来文 '机关:云岭山河 -机关:山河建设集团'
category 台账和登记簿 '标题:台账 | 标题:登记簿'
quiet label '类别:制度汇编 状态:未标注' --status 现行
quiet label '类别:上级来文 状态:未标注 -文种:批复 -文种:通报 -标题:试行' --status 现行
# The rest is for those with an account in the office (内部); this much everybody may read.
quiet label '机关:省人民政府办公厅' --level 公开
quiet label '标题:表彰 | 标题:简报 | 标题:工作要点 | 标题:清单管到底' --level 公开
for login in qiuzh quanwj zhangsan lisi wangwu; do
    quiet user subscribe $login 云岭省国有资产监督管理委员会 中共云岭省委办公厅
    quiet user subscribe $login 督查督办 --kind 关键词
done
quiet user subscribe yuest 中共云岭省委办公厅
quiet user subscribe pingbl 安全生产 --kind 关键词
quiet item run demo/items.jsonl
[ -z "${PRACTICE:-}" ] || quiet practice start # a practice office: PRACTICE=1 tools/demo.sh PROGRAM DATA
mv "$aside" "$data"
trap - EXIT
