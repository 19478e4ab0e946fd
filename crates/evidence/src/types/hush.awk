# Passes a dump on without comments and without values that look like secrets. What is
# taken away stands as `?`, and the line stays a line of its file.
function hush(l,  t, o, m, at) {
  gsub(/[ \t]-p(\\.|[^ \t,\\])+/, " -p?", l)
  t = tolower(l)
  while (match(t, /(pass(word|wd|phrase)?|pwd|secret|token|api_?key|credentials?)=("[^"]*"|(\\.|[^ \t,\\])+)|(bearer|basic)[ \t]+[^ \t"]+|crypto[ \t]+pw[ \t]+[^ \t]+/)) {
    m = substr(l, RSTART, RLENGTH)
    at = index(m, "=")
    if (!at) { match(m, /[^ \t]+$/); at = RSTART - 1; match(t, /(pass(word|wd|phrase)?|pwd|secret|token|api_?key|credentials?)=("[^"]*"|(\\.|[^ \t,\\])+)|(bearer|basic)[ \t]+[^ \t"]+|crypto[ \t]+pw[ \t]+[^ \t]+/) }
    o = o substr(l, 1, RSTART - 1) substr(m, 1, at) "?"
    l = substr(l, RSTART + RLENGTH)
    t = substr(t, RSTART + RLENGTH)
  }
  return o l
}
/^ [ \t]*#/ && !/^ [ \t]*#(include|[0-9])/ { print " #"; next }
/^ / { print hush($0); next }
{ print }
