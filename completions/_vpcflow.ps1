
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'vpcflow' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'vpcflow'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'vpcflow' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('top', 'top', [CompletionResultType]::ParameterValue, 'The largest groups of flows, by any fields and any measure')
            [CompletionResult]::new('rejects', 'rejects', [CompletionResultType]::ParameterValue, 'Who was refused most, and how widely they tried')
            [CompletionResult]::new('ports', 'ports', [CompletionResultType]::ParameterValue, 'The histogram of ports and protocols')
            [CompletionResult]::new('interfaces', 'interfaces', [CompletionResultType]::ParameterValue, 'One row per network interface: traffic in and out, own address, peers')
            [CompletionResult]::new('summary', 'summary', [CompletionResultType]::ParameterValue, 'The totals: records, flows, bytes, time span, action split, protocol mix')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Flows over time, in buckets, with a sparkline')
            [CompletionResult]::new('fields', 'fields', [CompletionResultType]::ParameterValue, 'The structure of the data: every field, its values, how many, the most frequent')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print completions for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all pages into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vpcflow;top' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Fields to group by, separated by commas')
            [CompletionResult]::new('--agg', '--agg', [CompletionResultType]::ParameterName, 'Measures to show, separated by commas: flows, accepts, rejects, reject_pct, packets, bytes, first_seen, last_seen, bpp, duration, distinct(FIELD), min(FIELD), max(FIELD), avg(FIELD), sum(FIELD), pNN(FIELD)')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Measure to sort by, largest first; shown, too')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--min-share', '--min-share', [CompletionResultType]::ParameterName, 'Only rows whose share is at least so large: 0.01, or 1%')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--asc', '--asc', [CompletionResultType]::ParameterName, 'Smallest first')
            [CompletionResult]::new('--bottom', '--bottom', [CompletionResultType]::ParameterName, 'Smallest first')
            [CompletionResult]::new('--cum-share', '--cum-share', [CompletionResultType]::ParameterName, 'Add a column cum_share: what this row and those above it have together')
            [CompletionResult]::new('--approx', '--approx', [CompletionResultType]::ParameterName, 'Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;rejects' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Fields to group by, separated by commas (`vpcflow top --help` lists them)')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--min-share', '--min-share', [CompletionResultType]::ParameterName, 'Only rows whose share is at least so large: 0.01, or 1%')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--asc', '--asc', [CompletionResultType]::ParameterName, 'Smallest first')
            [CompletionResult]::new('--bottom', '--bottom', [CompletionResultType]::ParameterName, 'Smallest first')
            [CompletionResult]::new('--cum-share', '--cum-share', [CompletionResultType]::ParameterName, 'Add a column cum_share: what this row and those above it have together')
            [CompletionResult]::new('--approx', '--approx', [CompletionResultType]::ParameterName, 'Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;ports' {
            [CompletionResult]::new('--side', '--side', [CompletionResultType]::ParameterName, 'Which port of a flow')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Measure to sort by, largest first (any that `vpcflow top` knows)')
            [CompletionResult]::new('--bin-width', '--bin-width', [CompletionResultType]::ParameterName, 'Group so many ports at a time')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--min-share', '--min-share', [CompletionResultType]::ParameterName, 'Only rows whose share is at least so large: 0.01, or 1%')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--asc', '--asc', [CompletionResultType]::ParameterName, 'Smallest first')
            [CompletionResult]::new('--bottom', '--bottom', [CompletionResultType]::ParameterName, 'Smallest first')
            [CompletionResult]::new('--cum-share', '--cum-share', [CompletionResultType]::ParameterName, 'Add a column cum_share: what this row and those above it have together')
            [CompletionResult]::new('--approx', '--approx', [CompletionResultType]::ParameterName, 'Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;interfaces' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Rows to show (0: all)')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;summary' {
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;timeline' {
            [CompletionResult]::new('--bucket', '--bucket', [CompletionResultType]::ParameterName, 'Length of a bucket: a number and s, m, h, d or w [default: the smallest of 1m, 5m, 15m, 1h, 6h, 1d that makes at most 120]')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Field to make one series for each value of (`vpcflow top --help` lists them)')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Series to show with --by, those with the most flows (0: all)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Series to show with --by, those with the most flows (0: all)')
            [CompletionResult]::new('--load', '--load', [CompletionResultType]::ParameterName, 'Where a record that spans buckets counts [default: start]')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;fields' {
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these fields, separated by commas, in this order (`vpcflow top --help` lists them)')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...''')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Read only files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out files whose path below PATH matches (may be given again)')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Worker threads (default: one per processor)')
            [CompletionResult]::new('--src-ip', '--src-ip', [CompletionResultType]::ParameterName, 'Source address or network (CIDR), or @FILE with one a line')
            [CompletionResult]::new('--dst-ip', '--dst-ip', [CompletionResultType]::ParameterName, 'Destination address or network')
            [CompletionResult]::new('--ip', '--ip', [CompletionResultType]::ParameterName, 'Address or network of either side')
            [CompletionResult]::new('--src-port', '--src-port', [CompletionResultType]::ParameterName, 'Source port, or range such as 8000-8100')
            [CompletionResult]::new('--dst-port', '--dst-port', [CompletionResultType]::ParameterName, 'Destination port, or range')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of either side, or range')
            [CompletionResult]::new('--protocol', '--protocol', [CompletionResultType]::ParameterName, 'Protocol: keyword, number or pattern')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'ACCEPT or REJECT')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Network interface: id or pattern such as ''eni-0a*''')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Account: id or pattern')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Region: name or pattern')
            [CompletionResult]::new('--vpc', '--vpc', [CompletionResultType]::ParameterName, 'VPC: id or pattern')
            [CompletionResult]::new('--subnet', '--subnet', [CompletionResultType]::ParameterName, 'Subnet: id or pattern')
            [CompletionResult]::new('--instance', '--instance', [CompletionResultType]::ParameterName, 'Instance: id or pattern')
            [CompletionResult]::new('--direction', '--direction', [CompletionResultType]::ParameterName, 'ingress or egress')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this time on: 2026-03-15T10:00 (UTC), 2026-03-15, RFC 3339, seconds, or an age such as 2h')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Before this time')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'The last of the data: so long before the newest record''s end, such as 5h or 90m')
            [CompletionResult]::new('--time-field', '--time-field', [CompletionResultType]::ParameterName, 'The time that --since, --until and --last look at')
            [CompletionResult]::new('--lateness', '--lateness', [CompletionResultType]::ParameterName, 'How late a record may be delivered: files are left unopened by their time stamps with this margin; all: by time, no file is left unopened')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'An expression: ''action == REJECT and dst-port in {22, 3389} and not src-ip in 10.0.0.0/8''')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour; auto: on a terminal, unless NO_COLOR is set')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'Progress on standard error; auto: when that is a terminal')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'The account of every line read, on standard error')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Follow symbolic links in directories')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Exact numbers in tables, instead of 1.2 GB')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No warnings, not even about files that could not be read')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'A malformed line makes the exit status 3')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vpcflow;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'vpcflow;man' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write every page into this directory')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'vpcflow;help' {
            [CompletionResult]::new('top', 'top', [CompletionResultType]::ParameterValue, 'The largest groups of flows, by any fields and any measure')
            [CompletionResult]::new('rejects', 'rejects', [CompletionResultType]::ParameterValue, 'Who was refused most, and how widely they tried')
            [CompletionResult]::new('ports', 'ports', [CompletionResultType]::ParameterValue, 'The histogram of ports and protocols')
            [CompletionResult]::new('interfaces', 'interfaces', [CompletionResultType]::ParameterValue, 'One row per network interface: traffic in and out, own address, peers')
            [CompletionResult]::new('summary', 'summary', [CompletionResultType]::ParameterValue, 'The totals: records, flows, bytes, time span, action split, protocol mix')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Flows over time, in buckets, with a sparkline')
            [CompletionResult]::new('fields', 'fields', [CompletionResultType]::ParameterValue, 'The structure of the data: every field, its values, how many, the most frequent')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print completions for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all pages into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vpcflow;help;top' {
            break
        }
        'vpcflow;help;rejects' {
            break
        }
        'vpcflow;help;ports' {
            break
        }
        'vpcflow;help;interfaces' {
            break
        }
        'vpcflow;help;summary' {
            break
        }
        'vpcflow;help;timeline' {
            break
        }
        'vpcflow;help;fields' {
            break
        }
        'vpcflow;help;completions' {
            break
        }
        'vpcflow;help;man' {
            break
        }
        'vpcflow;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
