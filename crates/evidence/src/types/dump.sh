# --- Files as they stand ------------------------------------------------------

# anji_dump PATTERN...: the lines of regular files, with mode and owner. A
# pattern is an absolute path; its last component may hold `*` and `?`.
#
#   //F 81a4 0 0 123 /etc/login.defs  a file: its mode in hex, owner, group, size
#    a line of it                     behind one blank
#   //E 0                             its end; 1 says that it was not read whole
#   //D /etc/pam.d/*                  all names of this pattern are told
#   //- denied /etc/shadow            not read, and why: absent, denied, loop,
#                                     kind (no regular file), large, failed
#
# What an ordinary account may not read is asked of sudo, where a rule allows it.
anji_dump() {
  anji_left=$#
  while [ "$anji_left" -gt 0 ]; do
    anji_left=$((anji_left - 1))
    anji_want=$1
    shift
    case $anji_want in
      *[*?]*) ;;
      *)
        set -- "$@" "$anji_want"
        continue
        ;;
    esac
    anji_path "${anji_want%/*}" >/dev/null
    if [ -d "$anji_at" ] && [ -r "$anji_at" ] && [ -x "$anji_at" ]; then
      for anji_name in "$anji_at"/${anji_want##*/}; do
        if [ -e "$anji_name" ] || [ -h "$anji_name" ]; then
          set -- "$@" "${anji_want%/*}/${anji_name##*/}"
        fi
      done
      printf '//D %s\n' "$anji_want"
    elif [ -d "$anji_at" ]; then
      anji_dump_folder
    else
      anji_dump_why
    fi
  done
  anji_left=$#
  anji_names=
  while [ "$anji_left" -gt 0 ]; do
    anji_left=$((anji_left - 1))
    anji_want=$1
    shift
    anji_path "$anji_want" >/dev/null
    if [ ! -f "$anji_at" ]; then
      anji_dump_why
    elif [ ! -r "$anji_at" ]; then
      anji_dump_closed
    else
      set -- "$@" "$anji_at"
      anji_dump_name
      anji_names="$anji_names$anji_name
"
    fi
  done
  if [ "$#" -eq 0 ]; then return 0; fi
  anji_facts=
  if anji_have stat; then anji_facts=$(stat -L -c '%f %u %g %s' "$@" 2>/dev/null); fi
  awk '
    BEGIN {
      told = split(ARGV[1], facts, "\n")
      split(ARGV[2], names, "\n")
      files = ARGC - 3
      for (i = 1; i <= files; i++) {
        fact = told == files ? facts[i] : "- - - -"
        split(fact, field, " ")
        size = field[4]
        if (size != "-" && size + 0 > 4194304) { print "//- large " names[i]; continue }
        print "//F " fact " " names[i]
        bytes = 0
        while ((got = (getline line < ARGV[i + 2])) > 0) {
          print " " line
          bytes += length(line) + 1
          if (bytes > 4194305) break
        }
        close(ARGV[i + 2])
        # A file that ends without a newline has one byte less than its lines.
        whole = got == 0 && (size == "-" || bytes == size + 0 || bytes == size + 1)
        print "//E " (whole ? 0 : 1)
      }
      exit
    }' "$anji_facts" "$anji_names" "$@"
}

# $anji_name: $anji_want as one lossless line.
anji_dump_name() {
  case $anji_want in
    *[!0-9A-Za-z/._@%+=:,~-]*) anji_name=$(anji_esc "$anji_want") ;;
    *) anji_name=$anji_want ;;
  esac
}

# Why $anji_want, which is $anji_at, is no regular file or no folder.
anji_dump_why() {
  anji_why=kind
  if [ ! -e "$anji_at" ]; then
    anji_why=absent
    if [ -h "$anji_at" ]; then
      case $(ls -ldL "$anji_at" 2>&1) in
        *'ermission denied') anji_why=denied ;;
        *': No such file or directory' | *': Not a directory') ;;
        *) anji_why=loop ;;
      esac
    fi
    case $anji_at in /unresolved-link*) anji_why=loop ;; esac
    anji_above=$anji_at
    while anji_above=${anji_above%/*} && [ -n "$anji_above" ]; do
      if [ -d "$anji_above" ]; then
        if [ ! -x "$anji_above" ]; then anji_why=denied; fi
        break
      fi
    done
  fi
  anji_dump_name
  printf '//- %s %s\n' "$anji_why" "$anji_name"
}

# A file that this account may not read.
anji_dump_closed() {
  anji_dump_name
  if [ -z "$R" ] && anji_text=$(anji_sudo /usr/bin/cat "$anji_want" 2>/dev/null); then
    printf '//F - - - - %s\n' "$anji_name"
    if [ -n "$anji_text" ]; then printf '%s\n' "$anji_text" | awk '{ print " " $0 }'; fi
    printf '//E 0\n'
  else
    printf '//- denied %s\n' "$anji_name"
  fi
}

# A folder that this account may not list. The program holds no blank, so that
# sudo can compare its arguments exactly; it is also in the printed sudo rules.
anji_dump_folder() {
  if [ -z "$R" ] && anji_sudo /usr/bin/find -L "${anji_want%/*}" -maxdepth 1 -type f \
    -name "${anji_want##*/}" -exec /usr/bin/awk \
    'FNR==1{if(o)print"//E";f=FILENAME;gsub(/[^!-~]/,"?",f);print"//F\t-\t-\t-\t-\t"f;o=1}{print"\040"$0}END{if(o)print"//E"}' \
    '{}' + 2>/dev/null; then
    printf '//D %s\n' "$anji_want"
  else
    printf '//- denied %s\n' "$anji_want"
  fi
}
