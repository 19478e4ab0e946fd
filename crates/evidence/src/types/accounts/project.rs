//! The capture bodies: awk programs that run on the target and let no secret out.
//!
//! A projected line has the file's own form with the password field replaced:
//! `x` (points to the shadow file), `empty`, `disabled`, `set,SCHEME` or
//! `locked,SCHEME`. A line without enough fields becomes `?LINE`,
//! a comment or blank line `#`, and one with an unusual number of fields begins
//! with `~NUMBER `. Every other
//! field that looks like a hash becomes `?redacted`.

use super::super::WHY_FUNCTION;

/// Larger files are not read whole: awk holds a line of any length in the
/// target's memory. The programs say so of what has grown, or has no true size.
macro_rules! bytes_max {
    () => {
        "4194304"
    };
}

/// Counts what was read, and refuses lines too long to be taken apart (some
/// awks need a hundred times their length for it) and lines with a NUL byte, which end at the
/// NUL for some readers. The pipe turns NUL into 001 before awk, as not every
/// awk keeps it; through sudo there is no pipe.
macro_rules! guard {
    ($nul:literal) => {
        concat!(
            "{ n += length($0) + 1 } ",
            "END { if (n > ",
            bytes_max!(),
            ") exit 47 } length($0) > 65536 || ",
            $nul,
            " { print \"?\" FNR; next } "
        )
    };
}

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
    guard!("/\\001/ || ((z = sprintf(\"%c\", 0)) != \"\" && index($0, z))"),
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
    guard!("/\\001/ || NF > 99"),
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 || (NF < 4 && $1 !~ /^[-+]/) { print \"?\" FNR; next } ",
    "{ l = (NF == 7 && $1 !~ /^~/ ? \"\" : \"~\" NF \" \") c($1); ",
    "l = l \":\" ($2 == \"x\" || $2 == \"##\" $1 ? \"x\" : p($2)); ",
    "for (i = 3; i <= 6; i++) l = l \":\" c($i); ",
    "r = $7; for (i = 8; i <= NF; i++) r = r \":\" $i; print l \":\" c(r) }"
);

const GROUP_PROGRAM: &str = concat!(
    "function c(f) { return f ~ /[$][0-9A-Za-z]+[$]|[$]md5,/ ? \"?redacted\" : f } ",
    guard!("/\\001/"),
    "/^ *(#|$)/ { print \"#\"; next } NF < 2 || (NF < 3 && $1 !~ /^[-+]/) { print \"?\" FNR; next } ",
    "{ print c($1) \":x:\" c($3) \":\" c($4) }"
);

pub(super) fn passwd_body() -> String {
    reading("/etc/passwd", PASSWD_PROGRAM, "")
}

pub(super) fn group_body() -> String {
    reading("/etc/group", GROUP_PROGRAM, "")
}

/// Functions of the bodies. `anji_plain PATH` says whether it is a file of a
/// bearable size, and else why not; its size is told by the folder, so that no
/// rights to read it are needed. `anji_project PATH PROGRAM` reads no more than
/// that size, and counts only if each part of the pipe succeeded.
const FILE_FUNCTIONS: &str = concat!(
    r#"anji_plain() {
  o=$(ls -ldnL "$1" 2>/dev/null) || { anji_why "$1"; return; }
  set -f
  set -- "$1" $o
  set +f
  case $2 in
    -*) ;;
    *) printf 'not a regular file\n' >&2; return 48 ;;
  esac
  if [ "$6" -gt "#,
    bytes_max!(),
    r#" ]; then
    printf 'larger than an account file may be\n' >&2
    return 47
  fi
}
anji_project() {
  { s=$({
    { head -c 4194400 "$1"; printf 'h%s' "$?" >&4; } |
      { tr '\000' '\001'; printf 't%s' "$?" >&4; } |
      { awk -F: "$2" >&3; printf 'a%s' "$?" >&4; }
  } 4>&1); } 3>&1
  case $s in
    h0t0a0) return 0 ;;
    h0t0a47) printf 'larger than an account file may be\n' >&2; return 47 ;;
    *) return 1 ;;
  esac
}"#
);

/// The shadow file is the one that needs more rights: there the very same
/// program runs through sudo, so that not even the account that collects sees a
/// hash. What it may hold in memory is limited, as nothing bounds its input.
pub(super) fn shadow_body() -> String {
    let sudo = "if [ -z \"$R\" ]; then\n  w=0\n  \
                (ulimit -v 524288 2>/dev/null; anji_sudo /usr/bin/awk -F: \"$a\" /etc/shadow) || w=$?\n  \
                [ \"$w\" = 43 ] || return \"$w\"\nfi\n";
    reading("/etc/shadow", &shadow_program(), sudo)
}

fn reading(file: &str, program: &str, otherwise: &str) -> String {
    format!(
        "{WHY_FUNCTION}\n{FILE_FUNCTIONS}\na='{program}'\np=$(anji_path {file})\n\
         anji_plain \"$p\" || return\n\
         if [ -r \"$p\" ]; then anji_project \"$p\" \"$a\"; return; fi\n\
         {otherwise}anji_why \"$p\""
    )
}

pub(super) fn nsswitch_body() -> String {
    format!(
        "{WHY_FUNCTION}\n{FILE_FUNCTIONS}\np=$(anji_path /etc/nsswitch.conf)\n\
         anji_plain \"$p\" || return\n\
         if [ -r \"$p\" ]; then\n  \
         o=$(head -c {} \"$p\") || return\n  \
         printf '%s\\n' \"$o\" | sed -n '/^ *passwd *:/p'\n  return\nfi\n\
         anji_why \"$p\"",
        bytes_max!()
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
