# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vpcflow_global_optspecs
    string join \n h/help V/version
end

function __fish_vpcflow_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_vpcflow_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_vpcflow_using_subcommand
    set -l cmd (__fish_vpcflow_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c vpcflow -n "__fish_vpcflow_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -s V -l version -d 'Print version'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "top" -d 'The largest groups of flows, by any fields and any measure'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "rejects" -d 'Who was refused most, and how widely they tried'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "ports" -d 'The histogram of ports and protocols'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "interfaces" -d 'One row per network interface: traffic in and out, own address, peers'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "summary" -d 'The totals: records, flows, bytes, time span, action split, protocol mix'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "completions" -d 'Print completions for a shell'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "man" -d 'Print the manual page, or write all pages into a directory'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l by -d 'Fields to group by, separated by commas' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l agg -d 'Measures to show, separated by commas: flows, accepts, rejects, reject_pct, packets, bytes, first_seen, last_seen, distinct(FIELD), min(FIELD), max(FIELD), avg(FIELD), sum(FIELD)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l sort -d 'Measure to sort by, largest first; shown, too' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l log-format -d 'Format of text without a header line: v2 (the default), v5, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l asc -d 'Smallest first'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l by -d 'Fields to group by, separated by commas (`vpcflow top --help` lists them)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l log-format -d 'Format of text without a header line: v2 (the default), v5, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l side -d 'Which port of a flow' -r -f -a "dst\t'The destination port'
src\t'The source port'
service\t'The port that looks like the service'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l sort -d 'Measure to sort by, largest first (any that `vpcflow top` knows)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l bin-width -d 'Group so many ports at a time' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l log-format -d 'Format of text without a header line: v2 (the default), v5, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l log-format -d 'Format of text without a header line: v2 (the default), v5, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l log-format -d 'Format of text without a header line: v2 (the default), v5, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand completions" -s h -l help -d 'Print help'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand man" -l out -d 'Write every page into this directory' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand man" -s h -l help -d 'Print help'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "top" -d 'The largest groups of flows, by any fields and any measure'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "rejects" -d 'Who was refused most, and how widely they tried'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "ports" -d 'The histogram of ports and protocols'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "interfaces" -d 'One row per network interface: traffic in and out, own address, peers'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "summary" -d 'The totals: records, flows, bytes, time span, action split, protocol mix'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "completions" -d 'Print completions for a shell'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "man" -d 'Print the manual page, or write all pages into a directory'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
