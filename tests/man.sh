#!/bin/sh
# Do the manual pages say what the program does? man.sh PROGRAM FOLDER
#
# 1. Every command has a page that lists its options; persist.1 lists the common ones; no page names an option that there is none.
# 2. Every model in persist-model(5) is valid for the datastore in the comment before its display: .\" model DATASTORE
# 3. mandoc finds nothing to complain about. Without mandoc the test counts as skipped (77) when the rest holds.
set -u

program=$(realpath "$1")
folder=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "man.sh: $*" >&2
    failures=$((failures + 1))
}

# The options in the lists of a page: .It Fl m , Fl \-model Ar NAME
listed() {
    sed -n 's/^\.It //p' "$1" | grep -o 'Fl \\-[a-z-]*' | sed 's/Fl \\-/--/' | sort -u
}

# Every long option that a page names, in macros and in displays.
named() {
    sed 's/Fl \\-/--/g' "$1" | grep -Eo '(^|[^-[:alnum:]])--[a-z][a-z-]*' | grep -o -- '--.*' | sort -u
}

check_tables() {
    "$program" --tables >"$work/tables" || fail "$program --tables failed"
    awk '$1 == "command" { print $2 }' "$work/tables" >"$work/commands"
    awk '$1 == "option" { print $3 }' "$work/tables" | sort -u >"$work/known"
    printf '%s\n' --help --tables --version | sort -u - "$work/known" >"$work/all"
    [ -s "$work/commands" ] || fail "the program knows no command"
}

# A page and the name under which the tables have its options.
check_list() {
    [ -f "$1" ] || { fail "there is no page $1"; return; }
    awk -v name="$2" '$1 == "option" && $2 == name { print $3 }' "$work/tables" | sort -u >"$work/wanted"
    listed "$1" >"$work/listed"
    for option in $(comm -23 "$work/wanted" "$work/listed"); do
        fail "$1 does not list $option"
    done
    if [ "$2" = '*' ]; then
        printf '%s\n' --tables --version | sort -u - "$work/wanted" >"$work/allowed"
    else
        cp "$work/wanted" "$work/allowed"
    fi
    for option in $(comm -13 "$work/allowed" "$work/listed"); do
        fail "$1 lists $option, which is none of its options"
    done
}

check_pages() {
    check_list "$folder/persist.1" '*'
    while read -r command; do
        check_list "$folder/persist-$command.1" "$command"
        grep -q "^\.It Cm $command\$" "$folder/persist.1" || fail "persist.1 does not list the command $command"
    done <"$work/commands"
    for page in "$folder"/*.[157]; do
        for option in $(named "$page" | comm -23 - "$work/all"); do
            fail "$page names $option, which does not exist"
        done
    done
}

# Writes the models of a page to the work folder: <number>.<datastore>, and gives how many there are.
extract_models() {
    awk -v work="$work" '
        /^\.\\" model / { datastore = $3; next }
        datastore && /^\.Bd / { file = work "/" ++count "." datastore; datastore = ""; next }
        file && /^\.Ed/ { close(file); file = ""; next }
        file { gsub(/\\e/, "\\"); print > file }
        END { print count + 0 }' "$1"
}

check_models() {
    count=$(extract_models "$folder/persist-model.5")
    [ "$count" -gt 0 ] || fail "persist-model.5 has no model"
    mkdir -p "$work/project/persist"
    for model in "$work"/[0-9]*.*; do
        cp "$model" "$work/project/persist/model.bal"
        grep -q '^import ' "$model" || { echo 'import ballerina/persist as _;'; cat "$model"; } >"$work/project/persist/model.bal"
        "$program" validate -q -C "$work/project" --datastore "${model##*.}" 2>"$work/messages" || {
            fail "model $(basename "$model") of persist-model.5 is not valid:"
            cat "$work/messages" >&2
        }
    done
}

check_tables
check_pages
check_models
if command -v mandoc >/dev/null; then
    mandoc -Tlint -W warning "$folder"/*.[157] || fail "mandoc complains"
fi
[ "$failures" -eq 0 ] || exit 1
command -v mandoc >/dev/null || exit 77
