//! Asking the evidence of a run, or of a recording, in the language of checks.

use crate::content;
use crate::context::{Actor, Home};
use crate::error::AppError;
use crate::evidence::run_of;
use anji_engine::{
    Answer, EngineError, Environment, NamedEvidence, Param, ParamType, ParamValue, Query,
    RegisterUse, Stricter,
};
use anji_evidence::{KindDescription, SelectorKind};
use anji_model::{
    AbsPath, AuditOutcome, Diagnostic, Digest, EvidenceKey, EvidenceType, Reason, Register, RunId,
    Selector, Snapshot, Subject, Text,
};
use anji_store::{NewAudit, Store};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most bytes of a recording.
const RECORDING_MAX: u64 = 512 << 20;
/// The most characters of an expression that the audit log keeps.
const AUDITED_MAX: usize = 300;

/// What is asked about.
#[derive(Debug, Clone, Default)]
pub struct QueryRequest {
    /// About whom; none means everybody in the run, and this machine where no
    /// run is named either.
    pub subject: Option<Subject>,
    /// Of which run; none means the last about the subject.
    pub run: Option<RunId>,
    /// A recording instead of a run.
    pub recording: Option<PathBuf>,
    /// More evidence under names: `shadow=file.stat[/etc/shadow]`.
    pub bindings: Vec<String>,
    /// Parameters: `max=4`.
    pub params: Vec<String>,
    /// Whether personal values are wanted: of a run that leaves audit entries.
    pub personal: bool,
}

/// Evidence that can be asked, any number of times.
#[derive(Debug, Clone)]
pub struct QuerySession {
    evidence: Vec<NamedEvidence>,
    params: Vec<Param>,
    values: Vec<ParamValue>,
    registers: Vec<RegisterUse>,
    lists: Vec<Option<Vec<String>>>,
    now: Timestamp,
    personal: bool,
    /// The run; none for a recording.
    pub run: Option<RunId>,
    /// What people call those whom it is about, or the recording's file.
    pub subject_name: String,
}

/// An answer with the type of the expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The type in the words of the language.
    pub ty: String,
    /// The answer.
    pub answer: Answer,
}

/// A piece of evidence that can be asked, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryName {
    /// The name.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// Whether it was collected.
    pub is_collected: bool,
    /// Why it is not known; none where it is, and where it is absent by fact.
    pub reason: Option<Reason>,
}

impl QuerySession {
    /// Opens the evidence of a stored run, or of a recording.
    ///
    /// # Errors
    /// When there is no such run or file, a binding or parameter cannot be read,
    /// or content or store cannot.
    pub fn open(home: &Home, request: &QueryRequest) -> Result<Self, AppError> {
        let bound =
            request.bindings.iter().map(|text| binding(text)).collect::<Result<Vec<_>, _>>()?;
        let given = request.params.iter().map(|text| param(text)).collect::<Result<Vec<_>, _>>()?;
        once(bound.iter().map(|(name, _)| name))?;
        once(given.iter().map(|(param, _)| &param.name))?;
        let (params, values) = given.into_iter().unzip();
        let keys: Vec<_> = bound.iter().map(|(_, key)| key.clone()).collect();
        let content = content::load(home.content.as_deref())?;
        let registers: Vec<RegisterUse> = content
            .registers()
            .iter()
            .map(|id| RegisterUse {
                name: id.as_str().replace(['-', '.'], "_"),
                register: id.clone(),
            })
            .collect();
        let blank = Self {
            evidence: Vec::new(),
            params,
            values,
            lists: vec![None; registers.len()],
            registers,
            now: Timestamp::UNIX_EPOCH,
            personal: request.personal,
            run: None,
            subject_name: String::new(),
        };
        match &request.recording {
            Some(file) => blank.with_recording(file, &bound, &keys),
            None => blank.with_run(home, request, &bound),
        }
    }

    fn with_recording(
        self,
        file: &Path,
        bound: &[(String, EvidenceKey)],
        keys: &[EvidenceKey],
    ) -> Result<Self, AppError> {
        let bytes = bytes_of(file)?;
        let name = file.display().to_string();
        let (snapshot, now) =
            anji_engine::recorded(&name, &bytes, keys).map_err(|error| match error {
                EngineError::DamagedRecording { detail, .. } => AppError::Recording {
                    path: file.to_owned(),
                    detail: Text { zh: format!("已损坏（{detail}）"), en: detail },
                },
                other => other.into(),
            })?;
        Ok(Self { evidence: named(bound, &snapshot), now, subject_name: name, ..self })
    }

    fn with_run(
        self,
        home: &Home,
        request: &QueryRequest,
        bound: &[(String, EvidenceKey)],
    ) -> Result<Self, AppError> {
        Store::open_read_only(&home.state)?.read(|reader| {
            let (run, names) = run_of(reader, request.subject.as_ref(), request.run.as_ref())?;
            let (subject, subject_name) =
                names.into_iter().next().ok_or_else(|| AppError::NoSuchRun(run.clone()))?;
            let snapshot = reader.snapshot_of(&run, &subject)?;
            let manifest = crate::history::stored(reader, &run)?.signed.manifest;
            let (started, now) = (manifest.started_at, manifest.as_of);
            let list = |used: &RegisterUse| -> Result<Option<Vec<String>>, AppError> {
                let versions = reader.register_history(&used.register, &subject)?;
                let list = in_force(versions, started);
                Ok(list.map(|list| list.entries.into_iter().map(|one| one.value).collect()))
            };
            let lists = self.registers.iter().map(list).collect::<Result<_, _>>()?;
            let evidence = named(bound, &snapshot);
            Ok(Self { evidence, lists, now, run: Some(run), subject_name, ..self })
        })
    }

    /// What can be asked, by name.
    pub fn names(&self) -> Vec<QueryName> {
        let name = |one: &NamedEvidence| {
            let kind = anji_evidence::find(&one.key.kind)?;
            Some(QueryName {
                name: one.name.clone(),
                title: kind.title(),
                is_collected: one.is_collected(),
                reason: one.reason().cloned(),
            })
        };
        self.evidence.iter().filter_map(name).collect()
    }

    /// The fields of the evidence under that name.
    ///
    /// # Errors
    /// When nothing has that name.
    pub fn describe(&self, name: &str) -> Result<KindDescription, AppError> {
        let found = self.evidence.iter().find(|one| one.name == name);
        let kind = found.and_then(|one| anji_evidence::find(&one.key.kind));
        let described = kind.and_then(|kind| anji_evidence::describe(kind).ok());
        let Some(mut described) = described else {
            let names = self.evidence.iter().map(|one| one.name.as_str());
            let near = anji_engine::did_you_mean(name, names);
            return Err(AppError::NoSuchName { name: name.to_owned(), near });
        };
        for field in &mut described.fields {
            field.ty = type_word(&field.ty);
        }
        Ok(described)
    }

    /// Evaluates an expression, at the time of the run or recording. What it
    /// says of personal values is refused unless they are wanted; then, of a
    /// run, an entry of the audit log comes first.
    ///
    /// # Errors
    /// [`AppError::Expression`] with every problem, [`AppError::Personal`], and
    /// when the audit log cannot be written.
    pub fn ask(
        &self,
        home: &Home,
        actor: &Actor,
        at: Timestamp,
        text: &str,
    ) -> Result<Asked, AppError> {
        let bindings: Vec<_> =
            self.evidence.iter().map(|one| (one.name.clone(), one.key.clone())).collect();
        let query = Query::compile(text, &bindings, &self.params, &self.registers)
            .map_err(|problems| AppError::Expression(problems.into_iter().map(told).collect()))?;
        let personal = query.personal();
        if !self.personal && !personal.is_empty() {
            return Err(AppError::Personal(personal));
        }
        if self.personal {
            self.audit(home, actor, at, &audited(&query, text))?;
        }
        let env = Environment {
            bindings: self.evidence.iter().map(NamedEvidence::bound).collect(),
            params: &self.values,
            registers: self.lists.iter().map(Option::as_deref).collect(),
            now: self.now,
        };
        Ok(Asked { ty: query.type_name(), answer: query.ask(&env, self.personal) })
    }

    fn audit(
        &self,
        home: &Home,
        actor: &Actor,
        at: Timestamp,
        detail: &str,
    ) -> Result<(), AppError> {
        let Some(run) = &self.run else { return Ok(()) };
        Store::open(&home.state)?.write(|writer| {
            writer.append_audit(&NewAudit {
                at,
                actor: actor.name.clone(),
                use_case: "evidence.show-personal".to_owned(),
                object: format!("a query of {run}"),
                outcome: AuditOutcome::Done,
                detail: detail.to_owned(),
            })?;
            Ok(())
        })
    }
}

/// A problem in the words of somebody who asks: there is no check.
fn told(mut problem: Diagnostic) -> Diagnostic {
    let name = problem.line_text.chars().skip(problem.column.saturating_sub(1));
    let name: String = name.take(problem.length).collect();
    if problem.code == "unknown-param" {
        problem.message = Text {
            zh: format!("没有给出参数 `{name}`"),
            en: format!("no parameter `{name}` is given"),
        };
        problem.help = problem.help.or_else(|| {
            Some(Text {
                zh: format!("用 --param 给出，例如 --param {name}=4"),
                en: format!("give it with --param, for instance --param {name}=4"),
            })
        });
    } else if problem.code == "unknown-register" {
        problem.message = Text {
            zh: format!("没有登记清单 `{name}`"),
            en: format!("there is no approved list `{name}`"),
        };
    }
    problem
}

/// What the audit log says of an expression: the personal values that it reads
/// or shows, its digest, and itself as far as there is room.
fn audited(query: &Query, text: &str) -> String {
    let paths: BTreeSet<_> = query.personal().into_iter().chain(query.personal_shown()).collect();
    let paths: Vec<_> = paths.into_iter().collect();
    let read = match paths.as_slice() {
        [] => "no personal value".to_owned(),
        paths => paths.join(", "),
    };
    let text = text.trim();
    let digest = Digest(Sha256::digest(text).into());
    let mut shown: String = text.chars().take(AUDITED_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("reads {read}; SHA-256 of the expression {digest}; {shown}")
}

/// The bytes of a recording: of a regular file, and not more than one has.
fn bytes_of(file: &Path) -> Result<Vec<u8>, AppError> {
    let failed = |zh: String, en: String| AppError::Recording {
        path: file.to_owned(),
        detail: Text { zh, en },
    };
    let unreadable = |error: std::io::Error| failed(error.to_string(), error.to_string());
    let irregular = || failed("不是普通文件".to_owned(), "not a regular file".to_owned());
    // Before it is opened: opening a pipe waits for somebody who writes.
    if !std::fs::metadata(file).map_err(unreadable)?.is_file() {
        return Err(irregular());
    }
    let opened = std::fs::File::open(file).map_err(unreadable)?;
    if !opened.metadata().map_err(unreadable)?.is_file() {
        return Err(irregular());
    }
    let mut bytes = Vec::new();
    opened.take(RECORDING_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > RECORDING_MAX {
        return Err(failed(
            "超过录制的最大长度".to_owned(),
            "larger than any recording".to_owned(),
        ));
    }
    Ok(bytes)
}

/// The version of a list that the run of that time was judged by: versions come
/// oldest first, and what was approved later says nothing about it.
fn in_force(versions: Vec<Register>, at: Timestamp) -> Option<Register> {
    versions.into_iter().take_while(|version| version.approval.at <= at).last()
}

/// Refuses a name that comes twice.
fn once<'n>(names: impl Iterator<Item = &'n String>) -> Result<(), AppError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(AppError::NamedTwice(name.clone()));
        }
    }
    Ok(())
}

/// The word of the language for a type that a schema describes: `list<text>?`
/// is `list<string>?`.
fn type_word(described: &str) -> String {
    if let Some(inner) = described.strip_suffix('?') {
        return format!("{}?", type_word(inner));
    }
    if let Some(element) = described.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
        return format!("list<{}>", type_word(element));
    }
    match described {
        "text" => "string".to_owned(),
        other => other.to_owned(),
    }
}

/// Every type without a selector under its own name, and what was bound.
fn named(bound: &[(String, EvidenceKey)], snapshot: &Snapshot) -> Vec<NamedEvidence> {
    let plain = anji_evidence::registry()
        .iter()
        .filter(|kind| kind.selector() == SelectorKind::None)
        .map(|kind| {
            let key = EvidenceKey { kind: kind.name(), selector: None };
            (name_of(&kind.name()), key)
        });
    let free = |name: &String| bound.iter().all(|(taken, _)| taken != name);
    plain
        .filter(|(name, _)| free(name))
        .chain(bound.iter().cloned())
        .map(|(name, key)| NamedEvidence::new(name, key, snapshot))
        .collect()
}

/// What a type is called in an expression: its own name, unless that begins
/// with a word that expressions reserve; then `_` stands for its dots.
fn name_of(kind: &EvidenceType) -> String {
    let name = kind.as_str();
    match name.split('.').next() {
        Some("package") => name.replace('.', "_"),
        _ => name.to_owned(),
    }
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(plain)
        && !["params", "registers", "now", "true", "false", "in"].contains(&name)
}

/// `shadow=file.stat[/etc/shadow]`.
fn binding(text: &str) -> Result<(String, EvidenceKey), AppError> {
    let bad = || AppError::BadBinding(text.to_owned());
    let (name, key) = text.split_once('=').ok_or_else(bad)?;
    let (kind, selector) = match key.split_once('[') {
        Some((kind, rest)) => {
            let path = rest.strip_suffix(']').ok_or_else(bad)?;
            (kind, Some(Selector::Path(AbsPath::new(path).map_err(|_| bad())?)))
        }
        None => (key, None),
    };
    let kind = EvidenceType::new(kind).map_err(|_| bad())?;
    let known = anji_evidence::find(&kind).ok_or_else(bad)?;
    let selected = known.selector() == SelectorKind::Path;
    if !is_name(name) || selected != selector.is_some() {
        return Err(bad());
    }
    Ok((name.to_owned(), EvidenceKey { kind, selector }))
}

/// `max=4`: JSON where it is some, a date where it is one, else a text.
fn param(text: &str) -> Result<(Param, ParamValue), AppError> {
    let bad = || AppError::BadParam(text.to_owned());
    let (name, value) = text.split_once('=').ok_or_else(bad)?;
    let (kind, value) = match (serde_json::from_str(value), value.parse()) {
        (_, Ok(date)) => (ParamType::Date, ParamValue::Date(date)),
        (Ok(json), _) => typed(json).ok_or_else(bad)?,
        _ => (ParamType::Text, ParamValue::Text(value.to_owned())),
    };
    if !is_name(name) {
        return Err(bad());
    }
    let (name, default) = (name.to_owned(), value.clone());
    Ok((Param { name, kind, default, stricter: Stricter::None }, value))
}

fn typed(json: Value) -> Option<(ParamType, ParamValue)> {
    let text = |value: Value| value.as_str().map(str::to_owned);
    Some(match json {
        Value::Bool(value) => (ParamType::Bool, ParamValue::Bool(value)),
        Value::Number(number) => (ParamType::Int, ParamValue::Int(number.as_i64()?)),
        Value::String(text) => (ParamType::Text, ParamValue::Text(text)),
        Value::Array(items) if items.iter().all(Value::is_i64) && !items.is_empty() => {
            let ints: Option<_> = items.iter().map(Value::as_i64).collect();
            (ParamType::Ints, ParamValue::Ints(ints?))
        }
        Value::Array(items) => {
            let texts: Option<_> = items.into_iter().map(text).collect();
            (ParamType::Texts, ParamValue::Texts(texts?))
        }
        Value::Object(map) => {
            let texts: Option<_> =
                map.into_iter().map(|(name, value)| Some((name, text(value)?))).collect();
            (ParamType::TextMap, ParamValue::TextMap(texts?))
        }
        Value::Null => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_take_the_type_of_their_value() {
        let kind = |text: &str| param(text).map(|(param, _)| param.kind);
        let cases = [
            ("max=4", ParamType::Int),
            ("on=true", ParamType::Bool),
            ("name=root", ParamType::Text),
            ("name=\"4\"", ParamType::Text),
            ("until=2026-11-25", ParamType::Date),
            ("names=[\"a\",\"b\"]", ParamType::Texts),
            ("names=[]", ParamType::Texts),
            ("ports=[22,443]", ParamType::Ints),
            ("by={\"a\":\"b\"}", ParamType::TextMap),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text).expect("a parameter"), expected, "{text}");
        }
        for bad in ["max", "=4", "Max=4", "max=[1,\"a\"]", "max=null", "now=1", "max=1.5"] {
            assert!(kind(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_type_itself_takes_the_word_of_the_language() {
        let cases = [
            ("text", "string"),
            ("list<text>?", "list<string>?"),
            ("list<list<text?>>", "list<list<string?>>"),
            ("context", "context"),
            ("list<textual>", "list<textual>"),
        ];
        for (described, word) in cases {
            assert_eq!(type_word(described), word);
        }
    }

    #[test]
    fn every_type_without_a_selector_can_be_asked_by_its_name() {
        let evidence = named(&[], &Snapshot::empty(Subject::local()));
        let bindings: Vec<_> =
            evidence.iter().map(|one| (one.name.clone(), one.key.clone())).collect();
        assert!(bindings.len() > 30);
        for (name, _) in &bindings {
            let query = Query::compile(name, &bindings, &[], &[]);
            let ty = query.map(|query| query.type_name());
            assert_eq!(ty.as_deref(), Ok("record"), "{name}");
        }
    }

    #[test]
    fn bindings_name_a_whole_key() {
        let (name, key) = binding("shadow=file.stat[/etc/shadow]").expect("a binding");
        assert_eq!((name.as_str(), key.to_string().as_str()), ("shadow", "file.stat[/etc/shadow]"));
        assert!(binding("sshd=sshd.effective").is_ok());
        for bad in [
            "shadow",
            "shadow=file.stat",
            "s=file.stat[etc]",
            "s=file.stat[/a",
            "s=sshd.effective[/a]",
            "S=accounts",
            "s=nothing",
        ] {
            assert!(binding(bad).is_err(), "{bad}");
        }
    }
}
