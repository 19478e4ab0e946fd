# Takes the arguments out of the lines of rules, but for those in `harmless`. It
# follows lines and words as libpam does, so that it knows where the arguments
# begin: behind the service (in pam.conf), the kind, the control, which may be
# words in brackets, and the module.
BEGIN {
  n = split(harmless, a, " ")
  for (i = 1; i <= n; i++) ok[a[i]] = 1
}
/^\/\/F / { single = $0 ~ / \/etc\/pam\.conf$/; stage = single ? -1 : 0; inside = 0 }
/^\/\// { print; next }
{
  text = substr($0, 2)
  hash = index(text, "#")
  if (hash) text = substr(text, 1, hash - 1)
  if (length(text) > 1000) {
    # Versions of libpam read such a line differently; the parser is told so.
    for (w = "?"; length(w) <= 1000; ) w = w w
    print " " w
    next
  }
  line = ""
  n = split(text, word, /[ \t]+/)
  for (i = 1; i <= n; i++) {
    w = word[i]
    if (w == "") continue
    if (w == "\\" && i == last(word, n)) { line = line " \\"; continue }
    if (inside) {
      if (stage < 3) line = line " " w
      if (w ~ /\]/) { inside = 0; stage++ }
      continue
    }
    if (stage >= 3) {
      if (w ~ /^\[/) { inside = w !~ /\]/; w = "?" }
      else {
        tail = ""
        if (i == last(word, n) && w ~ /\\$/) { tail = "\\"; sub(/\\$/, "", w) }
        key = w
        sub(/=.*/, "", key)
        if (!(key in ok)) w = "?"
        w = w tail
      }
      line = line " " w
      continue
    }
    line = line " " w
    if (w ~ /^\[/ && w !~ /\]/) { inside = 1; continue }
    if (stage == 0 && tolower(w) ~ /^-?@include/) stage = 2
    else stage++
  }
  print (line == "" ? " " : line)
  if (hash || text !~ /\\[ \t]*$/) { stage = single ? -1 : 0; inside = 0 }
}
function last(word, n) { return n > 1 && word[n] == "" ? n - 1 : n }
