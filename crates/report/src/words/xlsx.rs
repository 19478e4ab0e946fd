//! The words of the spreadsheet.

use super::{Counted, Phrase, phrase};

phrases! {
    // names of sheets; at most 31 characters, none of []:*?/\
    SHEET_SUMMARY = "概要", "Summary";
    SHEET_LIST = "整改清单", "To put right";
    SHEET_CHANGES = "变化", "Changes";
    SHEET_SUBJECTS = "检查对象一览", "Subjects";
    SHEET_EVIDENCE = "证据清单", "Evidence";
    SHEET_REST = "其余检查对象", "Other subjects";
    SHEET_SUBJECT = "检查对象", "Subject";

    REASON = "风险说明或原因", "Reason";
    SEEN_OLDEST = "最早采集时间", "Seen (oldest)";
    SHEET = "工作表", "Sheet";
    COUNTS = "按结论和严重程度计数", "Counts by result and severity";
    SHEETS = "本工作簿的工作表", "Sheets of this workbook";
    ABOUT_LIST = "不通过、未知、出错和未检查的全部结果，供安排整改；后三列由贵方填写", "All failing, unknown, erroneous and unchecked results; the last three columns are yours to fill in";
    ABOUT_CHANGES = "与上次可比对的运行相比的变化", "What changed since the last comparable results";
    ABOUT_SUBJECTS = "各检查对象的结果数，点击名称可转到其工作表", "Counts of each subject with a link to its sheet";
    ABOUT_EVIDENCE = "全部证据及其哈希值", "All evidence with its digests";
    ABOUT_SUBJECT = "该检查对象的全部结果", "All results of one subject";
    ABOUT_REST = "未单独设工作表的检查对象的全部结果", "All results of the subjects without a sheet of their own";

    NOTES = "说明", "How to read this";
    NOTE_UNKNOWN = "“未知”表示证据没有采集到、不完整或已过期，不视为通过。", "Unknown means that evidence was not had, lacks a part or is too old. It is not a pass.";
    NOTE_CLAUSES = "条款对应关系由本产品编制，除条款编号外，不是标准原文。", "The clauses are mapped by this product; apart from their numbers no text here is that of a standard.";
    NOTE_TEXT = "采集到的值按文本存放，不含公式；不可见字符写作 \\n、\\t 或 \\xNN，过长的值截断并以“…”结尾。", "Collected values are stored as text, never as formulas. Characters that cannot be seen are written as \\n, \\t or \\xNN; a value that is too long is cut and ends with …";
    NOTE_CSV = "另存为 CSV 会失去这层保护，请改用 anji report 给程序用的格式。", "Saving this as CSV loses that protection; use the forms of anji report that are made for programs.";
    PAGE = "第 &P 页，共 &N 页", "Page &P of &N";
    HINT_STATUS = "请从列表中选择", "Choose from the list";
    STATUS_OPEN = "待整改", "open";
    STATUS_DOING = "整改中", "in progress";
    STATUS_REVIEW = "待复核", "to be verified";
    STATUS_DONE = "已完成", "done";
    STATUS_ACCEPTED = "暂不整改（已批准）", "accepted with approval";
}

counted! {
    NOTE_SHEETS = "检查对象超过 {max} 个：问题最多的 {max} 个各有工作表，其余 {n} 个的全部结果列在“{sheet}”中。", "There are more than {max} subjects: the {max} with the most findings have sheets of their own; the results of the other {n} stand in “{sheet}”. Nothing is left out.", "There are more than {max} subjects: the {max} with the most findings have sheets of their own; the results of the other {n} stand in “{sheet}”. Nothing is left out.";
}

/// The names that sheets have in every workbook.
pub(crate) const FIXED: [Phrase; 6] =
    [SHEET_SUMMARY, SHEET_LIST, SHEET_CHANGES, SHEET_SUBJECTS, SHEET_EVIDENCE, SHEET_REST];
