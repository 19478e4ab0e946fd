//! The words of asking evidence.

use super::{Counted, Phrase, phrase};

phrases! {
    TRUE = "真", "true";
    FALSE = "假", "false";
    UNKNOWN = "未知", "unknown";
    ABSENT = "确实不存在", "absent by fact";
    TYPE = "类型 {type}", "of type {type}";
    DOUBTFUL = "以下各项可能在其中，也可能不在：", "these may or may not be among them:";
    LOOKED_AT = "查看了 {path} = {value}", "looked at {path} = {value}";
    PERSONAL = "个人信息", "personal";
    HELP = "每行一个表达式。`types` 列出能问的证据，`type NAME` 列出其字段，Ctrl-D 结束。", "One expression a line. `types` lists what can be asked, `type NAME` its fields, Ctrl-D ends.";
    ASKING = "{subject} 的证据", "The evidence of {subject}";
}

counted! {
    ELEMENTS = "{n} 项", "{n} element", "{n} elements";
}
