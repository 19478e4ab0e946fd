//! The capture bodies.

use super::super::capture;
use super::resolve::FOLDERS;
use super::{MODULES, RULES, SETTINGS, settings};
use crate::shell::quote;
use anji_model::{Capture, Limits, Source};

/// Arguments that are carried as they stand: `name` or `name=...`.
const HARMLESS: &str = "nullok nullok_secure nullresetok use_authtok use_first_pass \
    try_first_pass forward_pass shadow obscure likeauth broken_shadow remember minlen minclass \
    dcredit ucredit lcredit ocredit difok maxrepeat maxclassrepeat maxsequence gecoscheck \
    dictcheck usercheck usersubstr enforcing enforce_for_root local_users_only retry \
    reject_username min max passphrase match similar random enforce disable_firstupper_lastdigit \
    config md5 bigcrypt sha256 sha512 blowfish des gost_yescrypt yescrypt sm3 rounds preauth \
    authfail authsucc deny unlock_time fail_interval root_unlock_time even_deny_root \
    even_deny_root_account lock_time per_user onerr magic_root no_magic_root conf dir silent \
    audit no_log_info nodelay delay admin_group use_uid group trust root_only nouserok alwaysok localifdown \
    isregular issystem quiet close open revoke force force_revoke no_pass_expiry no_warn standard";

/// Takes the arguments out of the lines of rules, but for those that are harmless.
const PROJECTION: &str = include_str!("project.awk");

const WITHOUT_COMMENTS: &str = "/^\\/\\// { print; next } { sub(/#.*/, \"\"); print }";

/// The names of installed modules, and whether this is of Debian's family.
///
/// ```text
/// debian
/// module pam_unix.so
/// end
/// ```
const MODULES_BODY: &str = r#"anji_pam_modules() {
  anji_path "$1" >/dev/null
  [ -d "$anji_at" ] || return 0
  if [ ! -r "$anji_at" ] || [ ! -x "$anji_at" ]; then closed=1; return 0; fi
  for f in "$anji_at"/*.so; do
    [ -e "$f" ] || continue
    f=${f##*/}
    case $f in *[!0-9A-Za-z_.+-]*) ;; *) printf 'module %s\n' "$f" ;; esac
  done
}
closed=
anji_path /etc/debian_version >/dev/null
if [ -e "$anji_at" ]; then printf 'debian\n'; fi
for d in /lib /lib64 /usr/lib /usr/lib64; do
  case $d in /lib*) if [ "$R$d" -ef "$R/usr$d" ]; then continue; fi ;; esac
  anji_pam_modules "$d/security"
  anji_path "$d" >/dev/null
  for t in "$anji_at"/*-linux-*; do
    [ ! -d "$t/security" ] || anji_pam_modules "$d/${t##*/}/security"
  done
done
[ -z "$closed" ] || return 43
printf 'end\n'"#;

pub(super) fn rule_patterns() -> Vec<String> {
    let mut patterns: Vec<String> = FOLDERS.iter().map(|folder| format!("{folder}/*")).collect();
    patterns.push("/etc/pam.conf".to_owned());
    patterns
}

pub(super) fn captures(limits: Limits) -> Vec<Capture> {
    let words = |patterns: Vec<String>| {
        let words: Vec<String> = patterns.iter().map(|pattern| quote(pattern)).collect();
        words.join(" ")
    };
    let files = |id, patterns: Vec<String>, awk: &str| {
        let command = format!("anji_dump {} |\n  {awk}", words(patterns));
        capture(id, Source::Files, limits, &command)
    };
    let harmless: Vec<&str> = HARMLESS.split_ascii_whitespace().collect();
    let project = format!("awk -v harmless='{}' '{PROJECTION}'", harmless.join(" "));
    let settings = settings::patterns().into_iter().map(str::to_owned).collect();
    vec![
        files(RULES, rule_patterns(), &project),
        files(SETTINGS, settings, &format!("awk '{WITHOUT_COMMENTS}'")),
        capture(MODULES, Source::Files, limits, MODULES_BODY),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_fit_into_quotes() {
        for program in [PROJECTION, WITHOUT_COMMENTS, HARMLESS] {
            assert!(!program.contains('\''), "{program}");
        }
    }
}
