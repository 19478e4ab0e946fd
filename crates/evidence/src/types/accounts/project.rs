//! The capture bodies: awk programs that run on the target and let no secret out.
//!
//! A projected line has the file's own form with the password field replaced:
//! `x` (points to the shadow file), `empty`, `disabled`, `set,SCHEME` or
//! `locked,SCHEME`. A line without enough fields becomes `?LINE`,
//! a comment or blank line `#`, and one with an unusual number of fields begins
//! with `~NUMBER `. Every other
//! field that looks like a hash becomes `?redacted`.

use super::super::WHY_FUNCTION;

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
            "if (f == \"*NP*\") return \"?elsewhere\"; ",
            "h = s(f); if (h != \"\") return \"set,\" h; ",
            "sub(/^[!*]+/, \"\", f); h = s(f); if (h != \"\") return \"locked,\" h; ",
            "return \"disabled\" } ",
            "function c(f) { return f ~ /[$][0-9A-Za-z]+[$]|[$]md5,/ ? \"?redacted\" : f } ",
        )
    };
}

const SHADOW_PROGRAM: &str = concat!(
    state_function!(),
    "/^\\040*(#|$)/ { print \"#\"; next } NF < 2 { print \"?\" FNR; next } ",
    "{ l = (NF == 9 && $1 !~ /^~/ ? \"\" : \"~\" NF \"\\040\") c($1) \":\" p($2); ",
    "for (i = 3; i <= 8; i++) l = l \":\" c($i); print l \":\" }"
);

/// Projects a shadow file. Tabs stand where blanks would: sudo compares the
/// arguments of a command as one text joined by blanks, so that a program with
/// blanks could be given in pieces, as another program that prints the hashes.
pub(super) fn shadow_program() -> String {
    SHADOW_PROGRAM.replace(' ', "\t")
}

const PASSWD_PROGRAM: &str = concat!(
    state_function!(),
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 || (NF < 4 && $1 !~ /^[-+]/) { print \"?\" FNR; next } ",
    "{ l = (NF == 7 && $1 !~ /^~/ ? \"\" : \"~\" NF \" \") c($1); ",
    "l = l \":\" ($2 == \"x\" || $2 == \"##\" $1 ? \"x\" : p($2)); ",
    "for (i = 3; i <= 6; i++) l = l \":\" c($i); ",
    "r = $7; for (i = 8; i <= NF; i++) r = r \":\" $i; print l \":\" c(r) }"
);

const GROUP_PROGRAM: &str = concat!(
    "function c(f) { return f ~ /[$][0-9A-Za-z]+[$]|[$]md5,/ ? \"?redacted\" : f } ",
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 || (NF < 3 && $1 !~ /^[-+]/) { print \"?\" FNR; next } ",
    "{ print c($1) \":x:\" c($3) \":\" c($4) }"
);

pub(super) fn passwd_body() -> String {
    reading("/etc/passwd", PASSWD_PROGRAM, "")
}

pub(super) fn group_body() -> String {
    reading("/etc/group", GROUP_PROGRAM, "")
}

/// The shadow file is the one that needs more rights: there the very same
/// program runs through sudo, so that not even the account that collects sees a hash.
pub(super) fn shadow_body() -> String {
    let sudo = "[ -n \"$R\" ] || { anji_sudo /usr/bin/awk -F: \"$a\" /etc/shadow && return 0; }\n";
    reading("/etc/shadow", &shadow_program(), sudo)
}

/// Larger account files are not given to awk, which would hold a line of any
/// length in the target's memory.
const FILE_BYTES_MAX: u64 = 4 << 20;

fn reading(file: &str, program: &str, otherwise: &str) -> String {
    format!(
        "{WHY_FUNCTION}\na='{program}'\np=$(anji_path {file})\n\
         if [ -r \"$p\" ] && [ -f \"$p\" ]; then\n\
         if [ \"$(wc -c < \"$p\")\" -gt {FILE_BYTES_MAX} ]; then\n\
         echo 'larger than an account file may be' >&2; return 1; fi\n\
         awk -F: \"$a\" \"$p\"; return; fi\n\
         {otherwise}anji_why \"$p\""
    )
}

pub(super) fn nsswitch_body() -> String {
    format!(
        "{WHY_FUNCTION}\np=$(anji_path /etc/nsswitch.conf)\n\
         if [ -r \"$p\" ]; then sed -n '/^ *passwd *:/p' \"$p\"; return; fi\n\
         anji_why \"$p\""
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_fit_into_quotes_and_one_line() {
        for program in [shadow_program().as_str(), PASSWD_PROGRAM, GROUP_PROGRAM] {
            assert!(!program.contains(['\'', '\n']), "{program}");
        }
    }
}
