//! Spans, topics and forms: the stretches of runs that records and results stay the same.

use super::content::is_canonical;
use super::{Problem, Verifier};
use crate::codec::digest;
use crate::span::Kind;
use crate::sql::Fault;
use crate::sql::rows::unsigned;
use anji_model::{Digest, EvidenceKey, ResultIdentity, Subject};
use rusqlite::Row;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Deserialize)]
struct RecordTopic {
    key: EvidenceKey,
    subject: Subject,
}

/// What people call the record or result that a topic is about.
pub(super) fn name(topic: &Value) -> String {
    if let Ok(RecordTopic { key, subject }) = RecordTopic::deserialize(topic) {
        return format!("{key} of {subject}");
    }
    match ResultIdentity::deserialize(topic) {
        Ok(ResultIdentity { check, subject, element, .. }) => {
            let element = element.map_or_else(String::new, |element| format!("[{element}]"));
            format!("{check}{element} of {subject}")
        }
        Err(_) => topic.to_string(),
    }
}

/// Where each form stands: names, and first and last run.
type Uses = HashMap<i64, Vec<(String, (u64, u64))>>;

/// A row of `span`, as it stands.
struct Stretch {
    id: i64,
    topic: i64,
    form: i64,
    first: u64,
    last: u64,
}

impl Stretch {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            topic: row.get(1)?,
            form: row.get(2)?,
            first: unsigned(row, 3)?,
            last: unsigned(row, 4)?,
        })
    }
}

impl Verifier<'_> {
    /// Every span stands for exactly the runs that name it, and nothing is there for nothing.
    pub(super) fn spans(&mut self) -> Result<(), Fault> {
        let names = self.topics()?;
        let mut statement =
            self.conn.prepare("SELECT id, topic, form, first_sequence, last_sequence FROM span")?;
        let stretches = statement.query_map([], Stretch::read)?.collect::<Result<Vec<_>, _>>()?;
        let mut topics: HashSet<i64> = HashSet::new();
        let mut forms: Uses = HashMap::new();
        for span in stretches {
            let name = names.get(&span.topic).cloned().unwrap_or_default();
            topics.insert(span.topic);
            match self.usage.get(&span.id) {
                None => self.found(Problem::Unreferenced { row: format!("span of {name}") }),
                Some(runs) if *runs != (span.first, span.last) => {
                    let what = format!(
                        "stands for runs {} to {}, but runs {} to {} name it",
                        span.first, span.last, runs.0, runs.1
                    );
                    self.found(Problem::SpanChanged { name: name.clone(), what });
                }
                Some(_) => {}
            }
            forms.entry(span.form).or_default().push((name, (span.first, span.last)));
        }
        for (id, name) in names {
            if !topics.contains(&id) {
                self.found(Problem::Unreferenced { row: format!("topic {name}") });
            }
        }
        self.forms(&forms)
    }

    /// The names of all topics by id.
    fn topics(&mut self) -> Result<BTreeMap<i64, String>, Fault> {
        let mut statement = self.conn.prepare("SELECT id, kind, subject, name FROM topic")?;
        let mut rows = statement.query([])?;
        let mut names = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (id, kind): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (subject, text): (String, String) = (row.get(2)?, row.get(3)?);
            let topic: Value = serde_json::from_str(&text).unwrap_or_default();
            let name = if topic.is_null() { text.clone() } else { name(&topic) };
            let subject_fits =
                serde_json::from_str::<Value>(&subject).is_ok_and(|s| s == topic["subject"]);
            let is_record = topic.get("key").is_some();
            let kind_fits = is_record == (kind == Kind::Record as i64);
            if !subject_fits || !kind_fits || !is_canonical(&text) || !is_canonical(&subject) {
                let what = "its kind, subject or name was changed".to_owned();
                self.report.problems.push(Problem::SpanChanged { name: name.clone(), what });
            }
            names.insert(id, name);
        }
        Ok(names)
    }

    /// Every form has its digest. `used` says where it stands.
    fn forms(&mut self, used: &Uses) -> Result<(), Fault> {
        let mut statement = self.conn.prepare("SELECT id, digest, json FROM form")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, json): (i64, String) = (row.get(0)?, row.get(2)?);
            let stored = Digest(row.get(1)?);
            let Some(uses) = used.get(&id) else {
                self.report.problems.push(Problem::Unreferenced { row: format!("form {stored}") });
                continue;
            };
            if digest(&[json.as_bytes()]) != stored {
                let problem = |(name, runs): &(String, (u64, u64))| Problem::FormChanged {
                    name: name.clone(),
                    runs: *runs,
                };
                self.report.problems.extend(uses.iter().map(problem));
            }
        }
        Ok(())
    }
}
