//! The words of `anji check --timings`.

use super::{Counted, Phrase, phrase};

phrases! {
    TITLE = "脚本在目标上的开销", "What the script cost the host";
    COLUMN_MS = "毫秒", "ms";
    COLUMN_BYTES = "字节", "bytes";
    COLUMN_EXIT = "退出码", "exit";
    COLUMN_CAPTURE = "采集项", "capture";
    CUT = "达到字节上限被截断", "cut at its byte limit";
    LATE = "达到时间上限被结束", "ended at its time limit";
    DAMAGED = "帧已损坏", "frame damaged";
    OWN = "本程序自身耗用 CPU {ms} 毫秒", "This program itself used {ms} ms of CPU";
    NONE = "没有运行任何命令", "No command ran.";
}

counted! {
    TOTAL = "合计 {n} 个采集项", "{n} capture in all", "{n} captures in all";
}
