#!/usr/bin/env bash
# Trunk calls this for a release, before the files go to dist/: style sheets become one, and what only people who read the
# source need is left out. $1: the folder with index.html.
set -Eeuo pipefail
cd "$1"
page=index.html

# Style sheets in the order of the page, without comments, indents and line ends.
sheets=$(sed -n 's/.*<link rel="stylesheet" href="\.\/\([^"]*\.css\)".*/\1/p' $page)
[ -n "$sheets" ] || { echo "shrink.sh: $page names no style sheet" >&2; exit 1; }
# shellcheck disable=SC2086 # a list of names without spaces
cat $sheets | sed -E -e 's/^ *//' -e 's/ \{$/{/' -e 's/^([a-z-]*): /\1:/' -e '/[{};,]$/!s/$/ /' | tr -d '\n' |
  sed -E 's#/\*[^*]*\*+([^/*][^*]*\*+)*/ ?##g' >style.css
# shellcheck disable=SC2086
rm $sheets
style="style-$(cksum <style.css | awk '{ print $1 }').css"
mv style.css "$style"
first=${sheets%%$'\n'*}
sed -i.bak -e "s#\./$first#./$style#g" -e '/<link rel="stylesheet" href="\.\/style-/!{/<link rel="stylesheet"/d;}' $page
rm $page.bak

# The schema holds no line ends within texts, so that what begins a line is no part of them.
sed 's/^ *//' design.schema.json | tr -d '\n' >schema.tmp
mv schema.tmp design.schema.json

# What wasm-bindgen writes: indents and comments.
for file in headroom-*.js; do
  sed -e 's/^ *//' -e '/^\/\*\*/,/\*\/$/d' -e '/^\/\//d' -e '/^$/d' "$file" >script.tmp
  mv script.tmp "$file"
done
