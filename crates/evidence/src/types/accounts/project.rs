//! The capture bodies: awk programs that run on the target and let no secret out.
//!
//! A projected line has the file's own form with the password field replaced:
//! `x` (points to the shadow file), `empty`, `disabled`, `set,SCHEME` or
//! `locked,SCHEME`. A line without enough fields becomes `?LINE`,
//! a comment or blank line `#`, and one with an unusual number of fields begins
//! with `~NUMBER `. Every other
//! field that looks like a hash becomes `?redacted`.

/// The state of a password field. Written on one line without quotes, because
/// the shadow program is also a sudoers entry.
macro_rules! state_function {
    () => {
        concat!(
            "function s(h) { ",
            "if (h ~ /^[$]1[$]/) return \"md5\"; ",
            "if (h ~ /^[$]2[abxy]?[$]/) return \"bcrypt\"; ",
            "if (h ~ /^[$]3[$]/) return \"nthash\"; ",
            "if (h ~ /^[$]5[$]/) return \"sha256\"; ",
            "if (h ~ /^[$]6[$]/) return \"sha512\"; ",
            "if (h ~ /^[$]7[$]/) return \"scrypt\"; ",
            "if (h ~ /^[$]y[$]/) return \"yescrypt\"; ",
            "if (h ~ /^[$]gy[$]/) return \"gost-yescrypt\"; ",
            "if (h ~ /^[$]sm3[$]/) return \"sm3\"; ",
            "if (h ~ /^[$]sm3y[$]/) return \"sm3-yescrypt\"; ",
            "if (h ~ /^[$]md5/) return \"sunmd5\"; ",
            "if (h ~ /^[$]sha1[$]/) return \"sha1\"; ",
            "if (h ~ /^[$]/) return \"other\"; ",
            "if (h ~ /^_[.\\/0-9A-Za-z]+$/ && length(h) == 20) return \"bsdi-des\"; ",
            "if (h ~ /^[.\\/0-9A-Za-z]+$/ && length(h) % 11 == 2 && length(h) > 2) return \"des\"; ",
            "return \"\" } ",
            "function p(f, h) { ",
            "if (f == \"\") return \"empty\"; ",
            "h = s(f); if (h != \"\") return \"set,\" h; ",
            "sub(/^[!*]+/, \"\", f); h = s(f); if (h != \"\") return \"locked,\" h; ",
            "return \"disabled\" } ",
            "function c(f) { return f ~ /[$][0-9A-Za-z]+[$]|[$]md5,/ ? \"?redacted\" : f } ",
        )
    };
}

/// Projects a shadow file.
pub(super) const SHADOW_PROGRAM: &str = concat!(
    state_function!(),
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 { print \"?\" FNR; next } ",
    "{ l = (NF == 9 && $1 !~ /^~/ ? \"\" : \"~\" NF \" \") c($1) \":\" p($2); ",
    "for (i = 3; i <= 8; i++) l = l \":\" c($i); print l \":\" }"
);

const PASSWD_PROGRAM: &str = concat!(
    state_function!(),
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 || (NF < 4 && $1 !~ /^[-+]/) { print \"?\" FNR; next } ",
    "{ l = (NF == 7 && $1 !~ /^~/ ? \"\" : \"~\" NF \" \") c($1); ",
    "l = l \":\" ($2 == \"x\" ? \"x\" : p($2)); ",
    "for (i = 3; i <= 6; i++) l = l \":\" c($i); ",
    "r = $7; for (i = 8; i <= NF; i++) r = r \":\" $i; print l \":\" c(r) }"
);

const GROUP_PROGRAM: &str = concat!(
    "function c(f) { return f ~ /[$][0-9A-Za-z]+[$]|[$]md5,/ ? \"?redacted\" : f } ",
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 || (NF < 3 && $1 !~ /^[-+]/) { print \"?\" FNR; next } ",
    "{ print c($1) \":x:\" c($3) \":\" c($4) }"
);

/// Reads file `$f` through awk program `$a`; the branch of "there, but not
/// readable" stays open.
const READ: &str = r#"p=$(anji_path "$f") || return 44
if [ -r "$p" ] && [ -f "$p" ]; then
  awk -F: "$a" "$p"
elif [ -e "$p" ]; then"#;

pub(super) fn passwd_body() -> String {
    format!("f=/etc/passwd a='{PASSWD_PROGRAM}'\n{READ}\n  return 43\nelse\n  return 44\nfi")
}

pub(super) fn group_body() -> String {
    format!("f=/etc/group a='{GROUP_PROGRAM}'\n{READ}\n  return 43\nelse\n  return 44\nfi")
}

pub(super) fn shadow_body() -> String {
    format!(
        "f=/etc/shadow a='{SHADOW_PROGRAM}'\n{READ}\n  [ -z \"$R\" ] || return 43\n  \
         anji_sudo /usr/bin/awk -F: \"$a\" /etc/shadow || return 43\nelse\n  return 44\nfi"
    )
}

pub(super) const NSSWITCH_BODY: &str = r#"p=$(anji_path /etc/nsswitch.conf) || return 44
if [ -r "$p" ]; then
  sed -n '/^[[:blank:]]*passwd[[:blank:]]*:/p' "$p"
elif [ -e "$p" ]; then
  return 43
else
  return 44
fi"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_fit_into_quotes_and_one_line() {
        for program in [SHADOW_PROGRAM, PASSWD_PROGRAM, GROUP_PROGRAM] {
            assert!(!program.contains(['\'', '\n']), "{program}");
        }
    }
}
