# Completion of persist for bash. What there is to complete comes from the program's own tables (persist --tables).
_persist() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words

    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(persist --tables 2>/dev/null | awk '$1 == "command" {print $2}')
    elif [[ $word == -* ]]; then
        words=$(persist --tables 2>/dev/null | awk -v command="$command" '$1 == "option" && ($2 == command || $2 == "*") {print $3}')
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --model ]]; then
        words=$(find persist -maxdepth 2 -name '*.bal' 2>/dev/null | sed -e 's|^persist/||' -e 's|/model.bal$||' -e 's|\.bal$||')
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --target ]]; then
        # targets.NAME = …, and NAME = … below [tool.persist.targets]
        words=$(cat persist.toml Ballerina.toml 2>/dev/null |
            awk '/^ *\[/ {inside = /tool\.persist\.targets/} sub(/^ *targets\./, "") || (inside && /=/) {sub(/[ =].*/, ""); print}')
    elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == --to || $command == baseline ]]; then
        words=$(find persist -mindepth 2 -maxdepth 4 -path '*migrations*' -type d -name '[0-9]*_*' 2>/dev/null | sed 's|.*/||')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _persist persist
