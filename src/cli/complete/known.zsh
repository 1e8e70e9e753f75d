# Fields, measures and saved questions: vpcflow itself knows them.
_vpcflow_known() {
    local word about
    local -a names shown suffix
    while IFS=$'\t' read -r word about; do
        names+=("${word##*,}")
        shown+=("${word##*,}${about:+  -- $about}")
    done < <(vpcflow completions --words $1 --current "${(Q)PREFIX}" 2>/dev/null)
    # A list may go on.
    if [[ $1 != questions ]]; then
        compset -P '*,'
        suffix=(-S '')
    fi
    compadd -V known -l -d shown "${suffix[@]}" -a names
}
_vpcflow_keys() { _vpcflow_known keys }
_vpcflow_fields() { _vpcflow_known fields }
_vpcflow_measures() { _vpcflow_known measures }
# The name of a question, then the options of its command and paths.
_vpcflow_question() {
    if (( CURRENT == 1 )); then
        _vpcflow_known questions
        return
    fi
    local option=$words[CURRENT-1]
    # In --by=src-ip the value is a part of the word.
    if [[ $PREFIX == --*=* ]]; then
        option=${PREFIX%%=*}
        compset -P '--*='
    fi
    case $option in
        @CASES@
        *) _files ;;
    esac
}
