# Fields, measures and saved questions: vpcflow itself knows them.
_vpcflow_or_known() {
    local command="" option="${COMP_WORDS[COMP_CWORD-1]}" cur="$2" known="" word
    # In --by=src-ip, bash takes = for a word.
    if [[ "${COMP_WORDS[COMP_CWORD]}" == "=" ]]; then
        cur=""
    elif [[ "${option}" == "=" ]]; then
        option="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ "${word}" != -* ]]; then
            command="${word}"
            break
        fi
    done
    case "${command},${option}" in
        @CASES@
        run,run | run,--show) known=questions ;;
    esac
    if [[ -z "${known}" || "${cur}" == -* ]]; then
        _vpcflow "$@"
        return
    fi
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        if [[ "${word}" == "${cur}"* ]]; then
            COMPREPLY+=("${word}")
        fi
    done < <("$1" completions --words "${known}" --current "${cur}" 2>/dev/null)
    # A list may go on.
    if [[ "${known}" != questions ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
