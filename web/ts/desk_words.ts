// The editor's own words in Chinese.
import { EditorState } from "@codemirror/state";

export const chinese = EditorState.phrases.of({
  "Find": "查找", "Replace": "替换为", "next": "下一处", "previous": "上一处", "all": "全选", "match case": "区分大小写", "by word": "整词", "regexp": "正则",
  "replace": "替换", "replace all": "全部替换", "close": "关闭", "current match": "当前一处", "replaced match on line $": "已替换第$行的一处", "replaced $ matches": "替换了$处",
  "on line": "在第", "Go to line": "到第几行", "go": "去", "Control character": "控制字符", "Selection deleted": "已删除选中的文字",
});
