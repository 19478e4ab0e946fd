//! `anji doctor`: what is missing on this machine, what that costs, and what
//! mends it.

use super::parts;
use super::plan::bytes;
use crate::escape;
use crate::layout::{Page, Paint, glued, span, text};
use crate::style::Style;
use crate::view::DoctorView;
use crate::words::{self, doctor as phrases};
use anji_model::{EvidenceKey, Finding, Health, Symptom, Topic};

/// How many checks or keys of one finding are named.
const NAMED: usize = 12;
/// The most characters of a command; one that is cut short would do something else.
const COMMAND_MAX: usize = 10_000;

/// The findings by part, each with its state, its costs and the command that mends it.
pub fn doctor(view: &DoctorView, style: &Style) -> String {
    let mut page = Page::new(style);
    let lang = style.lang;
    let time = style.time(view.at);
    page.wrap(0, 2, &[span(phrases::TITLE.fill(lang, &[("time", &time)]), Paint::Strong)]);
    for topic in Topic::ALL {
        let of_topic: Vec<_> = view.findings.iter().filter(|one| one.topic == topic).collect();
        if !of_topic.is_empty() {
            page.heading(phrases::topic(topic).get(lang));
        }
        for one in of_topic {
            finding(&mut page, one);
        }
    }
    page.blank();
    let missing = view.findings.iter().filter(|one| one.health == Health::Missing).count() as u64;
    match missing {
        0 => page.wrap(0, 2, &[span(phrases::NOTHING.get(lang), Paint::Good)]),
        n => page.wrap(0, 2, &[span(phrases::LACKING.get(lang, n), Paint::Bad)]),
    }
    page.finish()
}

fn finding(page: &mut Page<'_>, one: &Finding) {
    let lang = page.style.lang;
    let (symbol, paint) = phrases::health_symbol(one.health, page.style.ascii);
    let word = phrases::health(one.health).get(lang);
    let sentence = sentence(&one.symptom, page.style);
    page.wrap(2, 6, &[glued(format!("{symbol} {word}"), paint), parts::dot(), text(sentence)]);
    if !one.checks.is_empty() {
        let mut checks = parts::ids(one.checks.iter().take(NAMED), lang);
        let rest = one.checks.len().saturating_sub(NAMED) as u64;
        if rest > 0 {
            checks = format!("{checks} {}", words::MORE_VALUES.get(lang, rest));
        }
        page.wrap(6, 8, &[text(phrases::COSTS.fill(lang, &[("checks", &checks)]))]);
    }
    if let Some(command) = &one.mend {
        page.wrap(
            6,
            8,
            &phrases::MEND.spans(lang, &[("command", &escape::bounded(command, COMMAND_MAX))]),
        );
    }
}

/// The finding in words.
pub(crate) fn sentence(symptom: &Symptom, style: &Style) -> String {
    let lang = style.lang;
    let fill = |phrase: words::Phrase, values: &[(&str, &str)]| phrase.fill(lang, values);
    match symptom {
        Symptom::Root => phrases::ROOT.get(lang).to_owned(),
        Symptom::RootClosed { keys } => {
            fill(phrases::ROOT_CLOSED, &[("keys", &named(keys, style))])
        }
        Symptom::SudoRule { allowed, of } => {
            let phrase = if allowed == of { phrases::SUDO_ALL } else { phrases::SUDO_SOME };
            fill(phrase, &[("allowed", &allowed.to_string()), ("of", &of.to_string())])
        }
        Symptom::NoRights { verdicts } => {
            let plain = phrases::NO_RIGHTS.get(lang);
            match verdicts {
                Some(n) if *n > 0 => {
                    let more = phrases::WOULD_ADD.get(lang, *n);
                    format!("{plain}{}{more}", words::SEMICOLON.get(lang))
                }
                _ => plain.to_owned(),
            }
        }
        Symptom::ToolsThere { count } => phrases::TOOLS.get(lang, *count),
        Symptom::ToolMissing { tool, keys, lost } => {
            let phrase = match lost {
                Some(true) => phrases::TOOL_LOST,
                Some(false) => phrases::TOOL_OTHER_WAY,
                None => phrases::TOOL_UNCERTAIN,
            };
            fill(phrase, &[("tool", &parts::value(tool)), ("keys", &named(keys, style))])
        }
        Symptom::ToolsOptional { tools } => {
            fill(phrases::TOOLS_OPTIONAL, &[("tools", &tools.join(words::LIST.get(lang)))])
        }
        Symptom::Folder { .. }
        | Symptom::NoFolder { .. }
        | Symptom::FolderUnusable { .. }
        | Symptom::Space { .. }
        | Symptom::Store
        | Symptom::StoreUnreadable { .. }
        | Symptom::Key
        | Symptom::KeyDamaged
        | Symptom::KeyUnusable { .. } => of_state(symptom, style),
        _ => of_runs(symptom, style),
    }
}

fn of_state(symptom: &Symptom, style: &Style) -> String {
    let lang = style.lang;
    match symptom {
        Symptom::Folder { path } => phrases::FOLDER.fill(lang, &[("path", &parts::path(path))]),
        Symptom::NoFolder { path } => {
            phrases::NO_FOLDER.fill(lang, &[("path", &parts::path(path))])
        }
        Symptom::FolderUnusable { path, problem } => {
            let problem = phrases::folder_problem(*problem).get(lang);
            let values = [("path", parts::path(path)), ("problem", problem.to_owned())];
            phrases::FOLDER_UNUSABLE.fill(lang, &values.each_ref().map(|(k, v)| (*k, v.as_str())))
        }
        Symptom::Space { free, used, short } => {
            let phrase = if *short { phrases::SPACE_SHORT } else { phrases::SPACE };
            phrase.fill(lang, &[("free", &bytes(*free)), ("used", &bytes(*used))])
        }
        Symptom::Store => phrases::STORE.get(lang).to_owned(),
        Symptom::StoreUnreadable { problem } => {
            phrases::STORE_UNREADABLE.fill(lang, &[("problem", &parts::path(problem))])
        }
        Symptom::Key => phrases::KEY.get(lang).to_owned(),
        Symptom::KeyDamaged => phrases::KEY_DAMAGED.get(lang).to_owned(),
        Symptom::KeyUnusable { problem } if problem.is_empty() => {
            phrases::KEY_GONE.get(lang).to_owned()
        }
        Symptom::KeyUnusable { problem } => {
            phrases::KEY_UNUSABLE.fill(lang, &[("problem", &parts::path(problem))])
        }
        _ => String::new(),
    }
}

fn of_runs(symptom: &Symptom, style: &Style) -> String {
    let lang = style.lang;
    match symptom {
        Symptom::LastRun { run, age_seconds, privilege, partial } => {
            let age = parts::roughly(*age_seconds, lang);
            let rights = words::privilege(*privilege).get(lang);
            let values = [("run", run.as_str()), ("age", &age), ("rights", rights)];
            let told = phrases::LAST_RUN.fill(lang, &values);
            if *partial {
                let partial = phrases::PARTIAL.get(lang);
                format!("{told}{}{partial}", words::SEMICOLON.get(lang))
            } else {
                told
            }
        }
        Symptom::NoRun => phrases::NO_RUN.get(lang).to_owned(),
        Symptom::ChainHolds { runs } => phrases::CHAIN_HOLDS.get(lang, *runs),
        Symptom::ChainBroken { problems } => phrases::CHAIN_BROKEN.get(lang, *problems),
        Symptom::ChainUnverified { runs } => phrases::CHAIN_UNVERIFIED.get(lang, *runs),
        Symptom::NoData => phrases::DATA_NONE.get(lang).to_owned(),
        Symptom::SystemUnknown => phrases::SYSTEM_UNKNOWN.get(lang).to_owned(),
        Symptom::DataFits { set, days } => {
            let fits = phrases::DATA_FITS.fill(lang, &[("set", &parts::value(set))]);
            let age = phrases::DAYS_OLD.get(lang, *days);
            format!("{fits}{}{age}", words::SEMICOLON.get(lang))
        }
        Symptom::DataOfOthers { system } => {
            phrases::DATA_OTHERS.fill(lang, &[("system", &parts::value(system))])
        }
        Symptom::ListsAdopted { count } => phrases::LISTS_ADOPTED.get(lang, *count),
        Symptom::NoList { register } => {
            phrases::NO_LIST.fill(lang, &[("register", register.as_str())])
        }
        _ => of_surroundings(symptom, style),
    }
}

fn of_surroundings(symptom: &Symptom, style: &Style) -> String {
    let lang = style.lang;
    match symptom {
        Symptom::Clock { at } => phrases::CLOCK.fill(lang, &[("at", &style.time(*at))]),
        Symptom::ClockImplausible { at } => {
            phrases::CLOCK_IMPLAUSIBLE.fill(lang, &[("at", &style.time(*at))])
        }
        Symptom::ClockSetBack { at, last } => {
            let values = [("at", style.time(*at)), ("last", style.time(*last))];
            phrases::CLOCK_BACK.fill(lang, &values.each_ref().map(|(k, v)| (*k, v.as_str())))
        }
        Symptom::Characters { locale } => {
            let none = phrases::NO_LOCALE.get(lang).to_owned();
            let locale = if locale.is_empty() { none } else { parts::value(locale) };
            phrases::CHARACTERS.fill(lang, &[("locale", &locale)])
        }
        Symptom::CharactersPoor { locale } => {
            phrases::CHARACTERS_POOR.fill(lang, &[("locale", &parts::value(locale))])
        }
        Symptom::Zone { zone } => phrases::ZONE.fill(lang, &[("zone", &parts::value(zone))]),
        Symptom::NoZone => phrases::NO_ZONE.get(lang).to_owned(),
        Symptom::Content { checks } => phrases::CONTENT.get(lang, *checks),
        Symptom::ContentInvalid { problem } => {
            phrases::CONTENT_INVALID.fill(lang, &[("problem", &parts::path(problem))])
        }
        _ => String::new(),
    }
}

fn named(keys: &[EvidenceKey], style: &Style) -> String {
    let names: Vec<_> = keys.iter().take(NAMED).map(|key| parts::path(&key.to_string())).collect();
    let mut names = names.join(words::LIST.get(style.lang));
    let rest = keys.len().saturating_sub(NAMED) as u64;
    if rest > 0 {
        names = format!("{names} {}", words::MORE_VALUES.get(style.lang, rest));
    }
    names
}
