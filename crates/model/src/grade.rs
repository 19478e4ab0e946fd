//! How grave a check is and which harm it guards against.

use serde::{Deserialize, Serialize};

/// How grave a failure of a check is. Ordered: `Info < Low < ... < Critical`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; weight 0.
    Info,
    /// 低.
    Low,
    /// 中.
    Medium,
    /// 高.
    High,
    /// 严重: a failing critical check makes its system red whatever the rate.
    Critical,
}

/// One of the three harms that the product keeps at zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guard {
    /// 系统中断: systems go down.
    Interruption,
    /// 数据出事: data gets out, is lost or altered.
    Data,
    /// 合规踩线: rules get broken.
    Compliance,
}
