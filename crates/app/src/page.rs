//! The pages of documentation that content has in itself.

use crate::content;
use crate::context::Home;
use crate::error::AppError;
use anji_engine::{AbsentAnswer, Check, Content, Decides, Param, Stricter};
use anji_model::{
    CheckPage, ClauseId, Decision, EvidenceType, PageClause, PageEvidence, PageParam, RelatedCheck,
    Source, StricterWay, Text, WhenAbsent,
};
use std::collections::BTreeSet;

/// How many related checks a page names.
const RELATED_MAX: usize = 6;

/// The page of one check, by id or alias.
///
/// # Errors
/// When the content has problems or there is no such check.
pub fn check_page(home: &Home, name: &str) -> Result<CheckPage, AppError> {
    let content = content::load(home.content.as_deref())?;
    let id = crate::plan::check_id(&content, name)?;
    let check = content
        .check(id.as_str())
        .ok_or_else(|| AppError::NoSuchCheck { name: name.to_owned(), near: None })?;
    Ok(page(&content, check))
}

/// The pages of all checks, by id.
///
/// # Errors
/// When the content has problems.
pub fn check_pages(home: &Home) -> Result<Vec<CheckPage>, AppError> {
    let content = content::load(home.content.as_deref())?;
    Ok(content.checks().iter().map(|check| page(&content, check)).collect())
}

fn page(content: &Content, check: &Check) -> CheckPage {
    CheckPage {
        check: check.info.clone(),
        decision: match check.decides {
            Decides::Both => Decision::Both,
            Decides::Fail => Decision::FailOnly,
            Decides::Pass => Decision::PassOnly,
            Decides::Nothing => Decision::Neither,
        },
        evidence: check.bindings.iter().map(evidence).collect(),
        params: check.params.iter().map(param).collect(),
        clauses: clauses(content, check),
        related: related(content, check),
    }
}

fn evidence(binding: &anji_engine::Binding) -> PageEvidence {
    let kind = anji_evidence::find(&binding.key.kind);
    let selectors: Vec<_> = binding.key.selector.iter().cloned().collect();
    let name = binding.key.kind.to_string();
    let needs_rights = |kind: &&dyn anji_evidence::EvidenceKind| {
        kind.captures(&selectors).iter().any(|capture| !capture.sudo.is_empty())
    };
    PageEvidence {
        name: binding.name.clone(),
        key: binding.key.clone(),
        title: kind.map_or_else(|| Text { zh: name.clone(), en: name.clone() }, |k| k.title()),
        source: kind.map_or(Source::Live, |kind| kind.source()),
        needs_rights: kind.as_ref().is_some_and(needs_rights),
        when_absent: match binding.when_absent {
            Some(AbsentAnswer::Pass) => WhenAbsent::Pass,
            Some(AbsentAnswer::Fail) => WhenAbsent::Fail,
            Some(AbsentAnswer::NotApplicable) => WhenAbsent::NotApplicable,
            None => WhenAbsent::Unknown,
        },
        empty_decides: binding.empty_ok,
        age_seconds_max: kind
            .map_or(u32::MAX, |kind| kind.limits().age_seconds_max)
            .min(binding.age_seconds_max.unwrap_or(u32::MAX)),
    }
}

fn param(param: &Param) -> PageParam {
    PageParam {
        name: param.name.clone(),
        kind: param.kind.word(),
        default: serde_json::to_string(&param.default).unwrap_or_default(),
        stricter: match param.stricter {
            Stricter::Lower => StricterWay::Lower,
            Stricter::Higher => StricterWay::Higher,
            Stricter::Subset => StricterWay::Subset,
            Stricter::Superset => StricterWay::Superset,
            Stricter::None => StricterWay::None,
        },
    }
}

fn clauses(content: &Content, check: &Check) -> Vec<PageClause> {
    let mut found = Vec::new();
    for mapping in content.mappings() {
        for line in mapping.clauses.iter().filter(|line| line.checks.contains(&check.info.id)) {
            found.push(PageClause {
                framework: mapping.framework.clone(),
                framework_title: mapping.title.clone(),
                clause: line.clause.clone(),
                status: line.status,
                how: line.how.clone(),
                left: line.left.clone(),
                confidence: line.confidence.clone(),
            });
        }
    }
    found
}

/// Checks with the most evidence types and clauses in common.
fn related(content: &Content, check: &Check) -> Vec<RelatedCheck> {
    let types = |check: &Check| -> BTreeSet<EvidenceType> {
        check.bindings.iter().map(|binding| binding.key.kind.clone()).collect()
    };
    let clauses = |check: &Check| -> BTreeSet<ClauseId> {
        check.info.clauses.iter().map(|link| link.clause.clone()).collect()
    };
    let (own_types, own_clauses) = (types(check), clauses(check));
    let others = content.checks().iter().filter(|other| other.info.id != check.info.id);
    let mut found: Vec<RelatedCheck> = others
        .map(|other| RelatedCheck {
            id: other.info.id.clone(),
            title: other.info.title.clone(),
            evidence: types(other).intersection(&own_types).cloned().collect(),
            clauses: clauses(other).intersection(&own_clauses).cloned().collect(),
        })
        .filter(|other| !other.evidence.is_empty() || !other.clauses.is_empty())
        .collect();
    // Stable: checks come by id, and the closest are first.
    found.sort_by_key(|other| std::cmp::Reverse(other.evidence.len() * 2 + other.clauses.len()));
    found.truncate(RELATED_MAX);
    found
}
