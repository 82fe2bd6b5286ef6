# Completion of persist for bash. What there is to complete comes from the program's own tables (persist --tables).
_persist() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words

    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(persist --tables 2>/dev/null | awk '$1 == "command" {print $2}')
    elif [[ $word == -* ]]; then
        words=$(persist --tables 2>/dev/null | awk -v command="$command" '$1 == "option" && ($2 == command || $2 == "*") {print $3}')
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --model ]]; then
        words=$(find persist -maxdepth 2 -name '*.bal' 2>/dev/null | sed -e 's|^persist/||' -e 's|/model.bal$||' -e 's|\.bal$||')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _persist persist
