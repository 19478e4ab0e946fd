//! Planning: what a check would collect, and what each piece serves.

use crate::content;
use crate::context::{Actor, Home, local_subject};
use crate::error::AppError;
use anji_engine::{Baseline, Content, Selection};
use anji_model::{AbsPath, BaselineVersion, CheckId, CheckInfo, CollectionPlan, Plan, Subject};
use std::collections::BTreeSet;

/// The baseline of a machine that no business system has claimed yet.
pub const STARTER: &str = "starter";

/// What a plan is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRequest {
    /// The root file system to look at, where it is not the running machine.
    pub root: Option<AbsPath>,
    /// Ids or aliases of the only checks wanted; empty means all.
    pub only: Vec<String>,
    /// Whether to leave out the walk over the file systems.
    pub skip_walk: bool,
    /// The baseline's name.
    pub baseline: String,
}

/// A plan with what it was made from.
#[derive(Debug)]
pub struct Planned {
    /// Whom it is about.
    pub subject: Subject,
    /// The plan.
    pub plan: Plan,
    /// The shell script that collects it.
    pub script: String,
    /// The checks that it serves.
    pub checks: Vec<CheckInfo>,
}

/// The plan of a check on this machine, or on a root file system of it.
/// Nothing is touched.
///
/// # Errors
/// When the content has problems or a name is unknown.
pub fn plan(home: &Home, request: &PlanRequest) -> Result<Planned, AppError> {
    let content = content::load(home.content.as_deref())?;
    let prepared = Prepared::new(&content, request)?;
    Ok(Planned {
        script: anji_collect::render_script(&prepared.plan.collection),
        checks: prepared.check_infos(),
        subject: prepared.subject,
        plan: prepared.plan,
    })
}

/// The lines for a sudoers file that let `actor` (or `user`) collect
/// everything that the checks of all baselines need.
///
/// # Errors
/// When the content has problems.
pub fn sudoers(home: &Home, actor: &Actor, user: Option<&str>) -> Result<String, AppError> {
    let content = content::load(home.content.as_deref())?;
    let lines = |plan| anji_collect::sudoers_lines(&plan, user.unwrap_or(&actor.name));
    Ok(everything(&content)?.map_or_else(String::new, lines))
}

/// The captures of all baselines as one plan; none without a baseline.
pub(crate) fn everything(content: &Content) -> Result<Option<CollectionPlan>, AppError> {
    let mut captures = Vec::new();
    let mut collection = None;
    for baseline in content.baselines() {
        let request = PlanRequest { baseline: baseline.id.clone(), ..PlanRequest::default() };
        let plan = Prepared::new(content, &request)?.plan.collection;
        captures.extend(plan.captures.iter().cloned());
        collection = Some(plan);
    }
    Ok(collection.map(|plan| CollectionPlan { captures, ..plan }))
}

/// What planning and checking have in common.
pub(crate) struct Prepared<'a> {
    pub(crate) content: &'a Content,
    pub(crate) baseline: &'a Baseline,
    pub(crate) baseline_version: BaselineVersion,
    pub(crate) subject: Subject,
    pub(crate) selection: Selection,
    pub(crate) plan: Plan,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(content: &'a Content, request: &PlanRequest) -> Result<Self, AppError> {
        let baseline = baseline(content, &request.baseline)?;
        let subject = local_subject(request.root.as_ref())?;
        let names = request.only.iter().map(|name| Ok(check_id(content, name)?.to_string()));
        let only = names.collect::<Result<BTreeSet<_>, AppError>>()?;
        let selection =
            Selection { only: (!only.is_empty()).then_some(only), skip_walk: request.skip_walk };
        let plan =
            anji_engine::plan(content, baseline, &selection, &subject, request.root.as_ref());
        let baseline_version = baseline.baseline_version()?;
        Ok(Self { content, baseline, baseline_version, subject, selection, plan })
    }

    /// The readable side of every check of the baseline, by id.
    pub(crate) fn check_infos(&self) -> Vec<CheckInfo> {
        let wanted = |id| self.baseline.checks.binary_search(id).is_ok();
        self.content
            .checks()
            .iter()
            .filter(|check| wanted(&check.info.id))
            .map(|check| check.info.clone())
            .collect()
    }
}

pub(crate) fn baseline<'a>(content: &'a Content, name: &str) -> Result<&'a Baseline, AppError> {
    content.baseline(name).ok_or_else(|| AppError::NoSuchBaseline {
        name: name.to_owned(),
        known: content.baselines().iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// The name of a baseline without its version.
pub(crate) fn baseline_name(version: &BaselineVersion) -> &str {
    let text = version.as_str();
    text.rsplit_once('@').map_or(text, |(name, _)| name)
}

/// The id of the check that `name` names by id or alias, in any case of letters.
pub(crate) fn check_id(content: &Content, name: &str) -> Result<CheckId, AppError> {
    let found = content
        .check(name)
        .or_else(|| content.check(&name.to_ascii_uppercase()))
        .or_else(|| content.check(&name.to_ascii_lowercase()));
    found
        .map(|check| check.info.id.clone())
        .ok_or_else(|| AppError::NoSuchCheck { name: name.to_owned(), near: near(content, name) })
}

/// A check whose id or alias contains what was asked for, for a hint.
fn near(content: &Content, name: &str) -> Option<String> {
    let asked = name.to_ascii_lowercase();
    let digits: String = asked.chars().filter(char::is_ascii_digit).collect();
    let fits = |id: &str, alias: &str| {
        alias.contains(&asked) || (!digits.is_empty() && id.ends_with(&format!("{digits:0>3}")))
    };
    content
        .checks()
        .iter()
        .find(|check| fits(check.info.id.as_str(), &check.info.alias))
        .map(|check| check.info.id.to_string())
}
