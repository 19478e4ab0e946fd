//! The evidence that the verdicts rest on.

use super::{Safe, Sheet, markup};
use crate::told;
use crate::words;
use crate::words::document;
use anji_model::{EvidenceRecord, EvidenceStatus, Subject};
use maud::{Markup, html};
use std::collections::BTreeMap;

pub(super) fn evidence(sheet: &Sheet<'_>) -> Markup {
    let lang = sheet.lang();
    let mut by_subject: BTreeMap<&Subject, Vec<&EvidenceRecord>> = BTreeMap::new();
    for record in &sheet.view.records {
        by_subject.entry(&record.subject).or_default().push(record);
    }
    html! {
        section #evidence aria-labelledby="evidence-title" {
            h2 #evidence-title { (document::EVIDENCE.get(lang)) " " span.count { (words::grouped(sheet.view.records.len() as u64)) } }
            @if by_subject.is_empty() {
                p { (document::EVIDENCE_NONE.get(lang)) }
            } @else {
                p { (markup::prose(document::EVIDENCE_INTRO, lang, &[])) }
            }
            @for (subject, records) in by_subject {
                details.records {
                    summary { h3 {
                        (Safe(told::path(sheet.view.subject_name(subject)))) " "
                        span.count { (words::grouped(records.len() as u64)) }
                    } }
                    (table(sheet, &records))
                }
            }
        }
    }
}

fn table(sheet: &Sheet<'_>, records: &[&EvidenceRecord]) -> Markup {
    let lang = sheet.lang();
    let columns = [
        document::COLUMN_KEY,
        document::COLUMN_STATE,
        document::COLUMN_SEEN,
        document::COLUMN_SOURCE,
        document::COLUMN_DIGEST,
    ];
    html! {
        table.wide {
            thead { tr { @for column in columns { th scope="col" { (column.get(lang)) } } } }
            tbody { @for record in records { tr {
                td { code { (Safe(told::path(&record.key.to_string()))) } }
                td { (state(sheet, record)) }
                td.nowrap { (sheet.style.time(record.observed_at)) }
                td {
                    (Safe(told::value(&record.collector.transport))) " " (Safe(told::value(&record.collector.version)))
                    " · " (words::privilege(record.privilege).get(lang))
                }
                td { @if let Some(body) = &record.body { code.digest { (body) } } }
            } } }
        }
    }
}

fn state(sheet: &Sheet<'_>, record: &EvidenceRecord) -> Markup {
    let lang = sheet.lang();
    html! {
        @match &record.status {
            EvidenceStatus::Collected if record.gaps.is_empty() => (words::STATE_COLLECTED.get(lang)),
            EvidenceStatus::Collected => {
                (words::STATE_PARTIAL.get(lang))
                @for gap in &record.gaps {
                    br;
                    (Safe(words::GAP.fill(lang, &[
                        ("path", &told::path(&gap.path)),
                        ("kind", words::gap_kind(gap.kind).get(lang)),
                        ("category", words::failure(gap.category).get(lang)),
                    ])))
                }
            },
            EvidenceStatus::Absent { detail } => {
                (words::STATE_ABSENT.get(lang)) (words::SEMICOLON.get(lang))
                (Safe(words::ORIGINAL.fill(lang, &[("text", &told::path(detail))])))
            },
            EvidenceStatus::Failed { category, detail } => {
                (words::STATE_FAILED.fill(lang, &[("category", words::failure(*category).get(lang))]))
                @if !detail.is_empty() {
                    (words::SEMICOLON.get(lang))
                    (Safe(words::ORIGINAL.fill(lang, &[("text", &told::path(detail))])))
                }
            },
        }
    }
}
