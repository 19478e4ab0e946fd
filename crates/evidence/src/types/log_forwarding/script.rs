//! The capture bodies.

/// The programs that handle messages, of those that run outside containers.
///
/// ```text
/// process rsyslogd             by its name
/// args syslogd<tab>-R<tab>...  the arguments of a plain syslogd
/// hidden                       processes cannot be seen
/// seen                         all processes were looked at
/// ```
pub(super) const PROGRAMS_BODY: &str = r#"[ -z "$R" ] || return 46
[ -r /proc/self/comm ] || return 45
[ -r /proc/1/comm ] || printf 'hidden\n'
own=$(readlink /proc/self/ns/pid 2>/dev/null)
for d in /proc/[0-9]*; do
  c=
  { IFS= read -r c < "$d/comm"; } 2>/dev/null
  case $c in
    rsyslogd | syslog-ng | syslogd | filebeat | auditbeat | journalbeat | elastic-agent | fluentd) ;;
    fluent-bit | td-agent* | promtail | vector | nxlog | splunkd | wazuh-agentd | ossec-agentd) ;;
    ilogtail | loongcollector | otelcol* | alloy | audisp-remote | audisp-syslog) ;;
    busybox | systemd-journal) ;;
    *) continue ;;
  esac
  ns=$(readlink "$d/ns/pid" 2>/dev/null)
  [ -z "$ns" ] || [ "$ns" = "$own" ] || continue
  case $c in
    systemd-journal)
      l=
      { IFS= read -r l < "$d/cmdline"; } 2>/dev/null
      case $l in
        *systemd-journal-upload*) c=systemd-journal-upload ;;
        *systemd-journal-remote*) c=systemd-journal-remote ;;
        *systemd-journald*) c=systemd-journald ;;
        *) continue ;;
      esac ;;
    busybox | syslogd)
      a=$( { tr '\000\n\t' '\t  ' < "$d/cmdline"; } 2>/dev/null)
      case $a in *syslogd*) printf 'args %s\n' "$(anji_esc "$a")"; c=syslogd ;; *) continue ;; esac ;;
  esac
  printf 'process %s\n' "$c"
done
printf 'seen\n'"#;

/// Takes passwords, keys and tokens out of configuration lines: what follows a
/// name that tells of one, logins of databases, logins in addresses, and the
/// command lines of programs.
pub(super) const BLOT: &str = concat!(
    r#"sed -E "#,
    r#"-e 's/(([Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|[Kk][Ee][Yy]|[Hh][Ee][Aa][Dd][Ee][Rr]|[Cc][Rr][Ee][Dd]|[Bb][Ii][Nn][Aa][Rr][Yy])[A-Za-z0-9_.-]*[[:space:]]*=[[:space:]]*)("([^"\\]|\\.)*("|$)|[^[:space:]")]+)/\1"***"/g' "#,
    r#"-e 's/(([Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|[Kk][Ee][Yy]|[Hh][Ee][Aa][Dd][Ee][Rr]|[Cc][Rr][Ee][Dd])[A-Za-z0-9_-]*[[:space:]]*\()("([^"\\]|\\.)*("|$)|[^")])*/\1"***"/g' "#,
    r#"-e 's/^( [[:space:]]*\$[A-Za-z]*([Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|[Kk][Ee][Yy])[A-Za-z]*[[:space:]]).*/\1***/' "#,
    r#"-e 's/(:om(mysql|pgsql|libdbi|mongodb|prog)[a-z]*:).*/\1***/' "#,
    r#"-e 's/^( [^#"]*[[:space:]][>^]).*/\1***/' "#,
    r#"-e 's,://[^/@[:space:]"]*@,://***@,g'"#
);
