//! The words of a result's history.

use super::{Counted, Phrase, phrase};

phrases! {
    ONCE = "{since}，目前只有一次运行", "{since}, seen by one run so far";
    ONCE_THEN = "{since}，只在一次运行中", "{since}, in one run";
    OPEN = "{since} 起，最近一次 {until}", "since {since}, last seen {until}";
    CLOSED = "{since} 至 {until}", "{since} to {until}";
    SO_FAR = "已持续 {span}", "{span} so far";
    SET_BACK = "其间系统时钟被调回", "the clock was set back in between";
    LASTED = "持续 {span}", "for {span}";
}

counted! {
    LESS_THAN_MINUTES = "不到 {n} 分钟", "less than {n} minute", "less than {n} minutes";
}
