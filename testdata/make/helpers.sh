# Small stand-ins for the helpers of the collection script, for making
# recordings and for testing capture bodies without it.
anji_sudo() { "$@"; }
anji_have() { command -v "$1" >/dev/null 2>&1; }
anji_path() {
  anji_at=$R$1
  printf '%s\n' "$anji_at"
}
anji_esc() {
  printf '%s\n' "$1" | sed -e 's/\\/\\\\/g' -e "s/$(printf '\t')/\\\\t/g" |
    sed -e ':a' -e '$!{' -e 'N' -e 'ba' -e '}' -e 's/\n/\\n/g'
}
