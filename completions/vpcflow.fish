# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vpcflow_global_optspecs
    string join \n no-config h/help V/version
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

complete -c vpcflow -n "__fish_vpcflow_needs_command" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -s V -l version -d 'Print version'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "top" -d 'The largest groups of flows, by any fields and any measure'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "rejects" -d 'Who was refused most, and how widely they tried'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "ports" -d 'The histogram of ports and protocols'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "interfaces" -d 'One row per network interface: traffic in and out, own address, peers'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "summary" -d 'The totals: records, flows, bytes, time span, action split, protocol mix'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "timeline" -d 'Flows over time, in buckets, with a sparkline'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "compare" -d 'A window of time against the same window earlier'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "diff" -d 'What is new, gone, more or less in one set of logs against another'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "outliers" -d 'Points of a time series that the points before them do not explain'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "anomalies" -d 'What is unusual: numbers of flows, and kinds of flows'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "explain" -d 'Which values make a spike, or a dip'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "fields" -d 'What each field holds: how many values, the smallest, the largest, the most frequent'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "records" -d 'The matching records themselves, as they are read'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "search" -d 'The matching records themselves, as they are read'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "convert" -d 'The matching records as Parquet, CSV, NDJSON, documents or lines, in a file or a directory of files'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "run" -d 'Run a saved question, or one of those that come with vpcflow'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "save" -d 'Save a question under a name, for `vpcflow run`'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "completions" -d 'Print completions for a shell'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "man" -d 'Print the manual page, or write all pages into a directory'
complete -c vpcflow -n "__fish_vpcflow_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l by -d 'Fields to group by, separated by commas' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l agg -d 'Measures to show, separated by commas: flows, accepts, rejects, reject_pct, packets, bytes, first_seen, last_seen, bpp, duration, distinct(FIELD), min(FIELD), max(FIELD), avg(FIELD), sum(FIELD), pNN(FIELD)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l sort -d 'Measure to sort by, largest first; it is shown, too' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l min-share -d 'Only rows whose share is at least so large: 0.01, or 1%' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l having -d 'Only rows that meet a condition on their columns, such as \'rejects > 100 and bytes < 1M\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
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
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l asc -l bottom -d 'Smallest first'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l cum-share -d 'Add a column cum_share: what this row and those above it have together'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l approx -d 'Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l by -d 'Fields to group by, separated by commas (`vpcflow top --help` lists them)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l min-share -d 'Only rows whose share is at least so large: 0.01, or 1%' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l having -d 'Only rows that meet a condition on their columns, such as \'rejects > 100 and bytes < 1M\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
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
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l asc -l bottom -d 'Smallest first'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l cum-share -d 'Add a column cum_share: what this row and those above it have together'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l approx -d 'Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l side -d 'Which port of a flow' -r -f -a "dst\t'The destination port'
src\t'The source port'
service\t'The port that looks like the service'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l sort -d 'Measure to sort by, largest first (any that `vpcflow top` knows)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l bin-width -d 'Group so many ports at a time' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l min-share -d 'Only rows whose share is at least so large: 0.01, or 1%' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l having -d 'Only rows that meet a condition on their columns, such as \'rejects > 100 and bytes < 1M\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
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
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l asc -l bottom -d 'Smallest first'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l cum-share -d 'Add a column cum_share: what this row and those above it have together'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l approx -d 'Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l having -d 'Only rows that meet a condition on their columns, such as \'rejects > 100 and bytes < 1M\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
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
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand interfaces" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
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
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand summary" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l bucket -d 'Length of a bucket, such as 90s, 5m or 1h30m [default: the smallest of 1m, 5m, 15m, 1h, 6h, 1d that makes at most 120]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l by -d 'Field: one series for each of its values (`vpcflow top --help` lists the fields)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -s n -l limit -d 'Series to show with --by, those with the most flows (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l load -d 'Where a record that spans buckets counts [default: start, or what --time-field says]' -r -f -a "start\t'In the bucket of its start'
end\t'In the bucket of its end'
proportional\t'Bytes and packets shared out by time'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l trend -d 'A straight line through the flows of each series, and where it leads in the next N buckets (10 where N is not given)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l box -d 'Smallest, largest and quartiles of a field in each bucket (bytes where FIELD is not given), in place of the sums; the bucket is 1h unless --bucket says otherwise' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l compare -d 'Flows so much earlier besides, such as 1d; a whole number of buckets' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l mark -d 'Mark buckets with too many or too few flows for the ten before them'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l shift -d 'How much earlier the other windows are; 1d*5:avg folds five of them, a day apart, into their mean (or min, max)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l before -d 'The other window in place of a shift: FROM..TO, or paths of other logs (one for each --before)' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l bucket -d 'Length of a bucket, such as 5m or 1h [default: with --by the whole window, else one of 1m, 5m, 15m, 1h, 6h and 1d that makes at most 48]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -s n -l limit -d 'Rows to show with --by and without --bucket (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l by -d 'Fields: one series for each of their values (`vpcflow top --help` lists the fields)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l agg -d 'Measures to look at, separated by commas (`vpcflow top --help` lists them)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l by -d 'Fields to group by, separated by commas (`vpcflow top --help` lists the fields)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l agg -d 'Measures to show, separated by commas; the first tells what has changed' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l only -d 'Kinds of rows to show [default: all but same]' -r -f -a "new\t''
gone\t''
grown\t''
shrunk\t''
same\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l threshold -d 'Percent that a group has to grow or shrink by to count as such' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l fail-if -d 'Exit with status 1 if this holds, such as \'new > 0 or grown >= 5\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l bucket -d 'Length of a bucket, such as 90s, 5m or 1h30m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l window -d 'Buckets before a point that it is held against' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l threshold -d 'Deviations from the mean that are still usual' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l consecutive -d 'Points outside in a row that make a violation' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l sort -d 'Order of the rows: time, or deviation, the largest first' -r -f -a "time\t'By time, then by the keys'
deviation\t'By how many deviations a point lies from the mean'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l by -d 'Fields: one series for each of their values (`vpcflow top --help` lists the fields)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l agg -d 'Measures to look at, separated by commas (`vpcflow top --help` lists them)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l robust -d 'Median and median absolute deviation, and no outliers in later windows'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l all -d 'Every point that is judged, not only violations'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l bucket -d 'Length of a bucket, such as 5m, 15m or 1h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l min-score -d 'With rate: findings with at least this score, 0 to 100 [default: 25]' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l by -d 'With rate, fields: one series for each of their values (`vpcflow top --help` lists the fields)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l only -d 'With patterns: kinds of rows to show [default: all]' -r -f -a "new\t'First seen in the last tenth of the time'
gone\t'Last seen before the last tenth'
rare\t'Less than 0.1 % of the flows'
steady\t'None of these'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l at -d 'A time in the middle of the spike [default: the bucket that lies farthest from those about it]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l deviation -d 'The window of the spike: FROM..TO' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l baseline -d 'The window it is held against' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l bucket -d 'Length of the buckets that spikes are looked for in [default: a 75th of the data\'s time, rounded up]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l fields -d 'Fields whose values are tested [default: addresses, ports, protocol, action, ids, direction, flags, services, and those made from files that are named, such as --asn]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l test -d 'How values are tested' -r -f -a "g\t'A one-sided G-test with a false discovery rate'
elastic\t'The score of Elastic\'s log rate analysis'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l fdr -d 'With --test g: the part of the rows that may be there by chance' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -s n -l limit -d 'Rows to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l group -d 'Rows are the values that go together, not each by itself'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l only -d 'Only these fields, separated by commas, in this order (`vpcflow top --help` lists them)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand fields" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l fields -d 'Fields to show, separated by commas; all: every field that occurs, before those named [default: those of the log\'s own format]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l sort -d 'Order of the records' -r -f -a "none\t'That of the input'
time\t'The earliest start first'
-time\t'The latest start first'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -s n -l limit -d 'Records to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'
raw\t'the original lines, with the header lines that make them a log again'
long\t'one field a line, decoded, with file and line number'
ecs\t'one Elastic Common Schema document a line, as Elastic\'s AWS integration makes them'
ocsf\t'one OCSF 1.1.0 event a line (network activity, class 4001)'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l fields -d 'Fields to show, separated by commas; all: every field that occurs, before those named [default: those of the log\'s own format]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l sort -d 'Order of the records' -r -f -a "none\t'That of the input'
time\t'The earliest start first'
-time\t'The latest start first'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -s n -l limit -d 'Records to show (0: all)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -s o -l output -d 'Format of the result' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'
raw\t'the original lines, with the header lines that make them a log again'
long\t'one field a line, decoded, with file and line number'
ecs\t'one Elastic Common Schema document a line, as Elastic\'s AWS integration makes them'
ocsf\t'one OCSF 1.1.0 event a line (network activity, class 4001)'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l color -d 'Colour; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l raw -d 'Exact numbers in tables, instead of 1.2 GB'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l csv-safe -d 'No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand search" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l to -d 'What the records become' -r -f -a "parquet\t'columns with AWS\'s names and types, for DuckDB, Athena and such'
csv\t'RFC 4180, with a header row'
ndjson\t'one JSON object a record'
raw\t'the original lines, with the header lines that make them a log again'
ecs\t'documents in Elastic Common Schema, one a line'
ocsf\t'OCSF network activity events, one a line'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l out -d 'File, or directory (that is, or ends in /): empty, or not there yet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l partition -d 'Folders for account, region and day, named as AWS names them' -r -f -a "none\t'One folder'
hive\t'Folders for account, region and day'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l codec -d 'Compression [default: zstd for Parquet; for text gzip if --out ends in .gz, else none]' -r -f -a "zstd\t'Only for Parquet'
snappy\t'Only for Parquet'
gzip\t''
none\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l fields -d 'Fields to convert, separated by commas [default: every field that occurs]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l anonymize -d 'Replace addresses, accounts, ids and names, under the key in this file' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l log-format -d 'Format of text without a header line: v2 (the default), v5, tgw, field names, or \'${version} ...\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l flow-logs -d 'What `aws ec2 describe-flow-logs` printed: the formats of text without a header line' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l include -d 'Read only files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l exclude -d 'Leave out files whose path below PATH matches (may be given again)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -s j -l threads -d 'Worker threads (default: one per processor)' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l max-memory -d 'Memory that the run may take, about: 256M, 2GB (default: half of the machine\'s, or of the limit it runs under)' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l src-ip -d 'Source address or network (CIDR), or @FILE with one a line' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l dst-ip -d 'Destination address or network' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l ip -d 'Address or network of either side' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l src-port -d 'Source port, or range such as 8000-8100' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l dst-port -d 'Destination port, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l port -d 'Port of either side, or range' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l protocol -d 'Protocol: keyword (tcp), number (6) or pattern (\'ipv6*\')' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l action -d 'ACCEPT or REJECT' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l interface -d 'Network interface: id or pattern such as \'eni-0a*\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l account -d 'Account: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l region -d 'Region: name or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l vpc -d 'VPC: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l subnet -d 'Subnet: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l instance -d 'Instance: id or pattern' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l direction -d 'ingress or egress' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l drop-internal -d 'Leave out records both of whose addresses lie in these networks' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l since -d 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l until -d 'Before this time' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l last -d 'Only the end of the data: so long before the newest record\'s end, such as 5h or 90m' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l time-field -d 'The time that --since, --until and --last look at' -r -f -a "start\t''
end\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l lateness -d 'How late a record may be delivered, at most; all: open files of any age' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -s w -l where -d 'An expression: \'action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8\'' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l inside -d 'One\'s own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]' -r -f
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l labels -d 'Names for networks, for src-label and dst-label: lines of cidr,label' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l aws-ranges -d 'AWS\'s ip-ranges.json, for src-aws-service, src-aws-region and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l enis -d 'What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l subnets -d 'What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l instances -d 'What `aws ec2 describe-instances` printed, for instance-name' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l security-groups -d 'What `aws ec2 describe-security-groups` printed: the names of groups' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l geo -d 'Database of countries or cities (MaxMind\'s or DB-IP\'s .mmdb), for src-country, src-city and such' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l asn -d 'Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l addr -d 'Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip' -r -f -a "pkt\t'Those of the packets, where the log has them'
iface\t'Those that the interface saw'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l progress -d 'Progress on standard error; auto: when that is a terminal' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l stats -d 'The account of every line read, on standard error' -r -f -a "text\t''
json\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l csv-safe -d 'No formulas for spreadsheets: in CSV, text that begins with = + - @ gets a \' before it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l follow -d 'Follow symbolic links in directories'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l dedup -d 'Count records that repeat another once: of overlapping flow logs, or delivered twice'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l no-prune -d 'Open every file, whatever its path tells of account, region and time'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -s q -l quiet -d 'No warnings, not even about files that could not be read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l strict -d 'A malformed line makes the exit status 3'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -s o -l output -d 'Format of the list' -r -f -a "table\t'for people: human units, bars, fitted to the terminal'
csv\t'RFC 4180, with a header row'
tsv\t'tabs between values, with a header row'
ndjson\t'one JSON object a row'
json\t'an array of the same objects'
markdown\t'a table for issues, pull requests and job summaries'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l color -d 'Colour of the list; auto: on a terminal, unless NO_COLOR is set' -r -f -a "auto\t''
always\t''
never\t''"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l list -d 'List the questions: name, what for, command, and the file it comes from'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l show -d 'Print the command line that the question stands for, and do not run it'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand save" -l about -d 'What it is for, for `vpcflow run --list`' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand save" -l user -d 'Save in the user\'s file (~/.config/vpcflow/config.toml) instead of .vpcflow.toml'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand save" -l force -d 'Replace a question of that name'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand save" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand save" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand completions" -l words -d 'Print the words of a kind, one a line, with what they mean: for the scripts' -r -f -a "keys\t'What records are grouped by'
fields\t'The fields of a record, and `all`'
measures\t''
questions\t'The names of saved questions'"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand completions" -l current -d 'The word as far as it is typed' -r
complete -c vpcflow -n "__fish_vpcflow_using_subcommand completions" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand man" -l out -d 'Write every page into this directory' -r -F
complete -c vpcflow -n "__fish_vpcflow_using_subcommand man" -l no-config -d 'Read no configuration file (`vpcflow run --help` says what they hold)'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand man" -s h -l help -d 'Print help'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "top" -d 'The largest groups of flows, by any fields and any measure'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "rejects" -d 'Who was refused most, and how widely they tried'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "ports" -d 'The histogram of ports and protocols'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "interfaces" -d 'One row per network interface: traffic in and out, own address, peers'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "summary" -d 'The totals: records, flows, bytes, time span, action split, protocol mix'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "timeline" -d 'Flows over time, in buckets, with a sparkline'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "compare" -d 'A window of time against the same window earlier'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "diff" -d 'What is new, gone, more or less in one set of logs against another'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "outliers" -d 'Points of a time series that the points before them do not explain'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "anomalies" -d 'What is unusual: numbers of flows, and kinds of flows'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "explain" -d 'Which values make a spike, or a dip'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "fields" -d 'What each field holds: how many values, the smallest, the largest, the most frequent'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "records" -d 'The matching records themselves, as they are read'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "convert" -d 'The matching records as Parquet, CSV, NDJSON, documents or lines, in a file or a directory of files'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "run" -d 'Run a saved question, or one of those that come with vpcflow'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "save" -d 'Save a question under a name, for `vpcflow run`'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "completions" -d 'Print completions for a shell'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "man" -d 'Print the manual page, or write all pages into a directory'
complete -c vpcflow -n "__fish_vpcflow_using_subcommand help; and not __fish_seen_subcommand_from top rejects ports interfaces summary timeline compare diff outliers anomalies explain fields records convert run save completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'

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
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l agg -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l agg -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand top" -l sort -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l sort -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand rejects" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand ports" -l sort -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand timeline" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand compare" -l agg -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand diff" -l agg -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand outliers" -l agg -x -k -a "(__fish_vpcflow_known measures)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand anomalies" -l by -x -k -a "(__fish_vpcflow_known keys)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand explain" -l fields -x -k -a "(__fish_vpcflow_known fields)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand run" -l fields -x -k -a "(__fish_vpcflow_known fields)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand records" -l fields -x -k -a "(__fish_vpcflow_known fields)"
complete -c vpcflow -n "__fish_vpcflow_using_subcommand convert" -l fields -x -k -a "(__fish_vpcflow_known fields)"
