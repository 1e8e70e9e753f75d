# Fields, measures and saved questions: vpcflow itself knows them.
function __fish_vpcflow_known
    set -l word (commandline -ct | string replace -r '^--[^=]*=' '' | string trim -l -c '\'"' | string unescape)
    vpcflow completions --words $argv[1] --current "$word" 2>/dev/null
end
function __fish_vpcflow_needs_question
    __fish_vpcflow_using_subcommand run
    and contains -- (commandline -opc)[-1] run --show
end
complete -c vpcflow -n __fish_vpcflow_needs_question -f -k -a "(__fish_vpcflow_known questions)"
