
use builtin;
use str;

set edit:completion:arg-completer[vpcflow] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'vpcflow'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'vpcflow'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand top 'The largest groups of flows, by any fields and any measure'
            cand rejects 'Who was refused most, and how widely they tried'
            cand ports 'The histogram of ports and protocols'
            cand interfaces 'One row per network interface: traffic in and out, own address, peers'
            cand summary 'The totals: records, flows, bytes, time span, action split, protocol mix'
            cand completions 'Print completions for a shell'
            cand man 'Print the manual page, or write all pages into a directory'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vpcflow;top'= {
            cand --by 'Fields to group by, separated by commas'
            cand --agg 'Measures to show, separated by commas: flows, accepts, rejects, reject_pct, packets, bytes, first_seen, last_seen, distinct(FIELD), min(FIELD), max(FIELD), avg(FIELD), sum(FIELD)'
            cand --sort 'Measure to sort by, largest first; shown, too'
            cand -n 'Rows to show (0: all)'
            cand --limit 'Rows to show (0: all)'
            cand --log-format 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...'''
            cand --include 'Read only files whose path below PATH matches (may be given again)'
            cand --exclude 'Leave out files whose path below PATH matches (may be given again)'
            cand -j 'Worker threads (default: one per processor)'
            cand --threads 'Worker threads (default: one per processor)'
            cand -o 'Format of the result'
            cand --output 'Format of the result'
            cand --color 'Colour; auto: on a terminal, unless NO_COLOR is set'
            cand --progress 'Progress on standard error; auto: when that is a terminal'
            cand --stats 'The account of every line read, on standard error'
            cand --asc 'Smallest first'
            cand --follow 'Follow symbolic links in directories'
            cand --raw 'Exact numbers in tables, instead of 1.2 GB'
            cand -q 'No warnings, not even about files that could not be read'
            cand --quiet 'No warnings, not even about files that could not be read'
            cand --strict 'A malformed line makes the exit status 3'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vpcflow;rejects'= {
            cand --by 'Fields to group by, separated by commas (`vpcflow top --help` lists them)'
            cand -n 'Rows to show (0: all)'
            cand --limit 'Rows to show (0: all)'
            cand --log-format 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...'''
            cand --include 'Read only files whose path below PATH matches (may be given again)'
            cand --exclude 'Leave out files whose path below PATH matches (may be given again)'
            cand -j 'Worker threads (default: one per processor)'
            cand --threads 'Worker threads (default: one per processor)'
            cand -o 'Format of the result'
            cand --output 'Format of the result'
            cand --color 'Colour; auto: on a terminal, unless NO_COLOR is set'
            cand --progress 'Progress on standard error; auto: when that is a terminal'
            cand --stats 'The account of every line read, on standard error'
            cand --follow 'Follow symbolic links in directories'
            cand --raw 'Exact numbers in tables, instead of 1.2 GB'
            cand -q 'No warnings, not even about files that could not be read'
            cand --quiet 'No warnings, not even about files that could not be read'
            cand --strict 'A malformed line makes the exit status 3'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vpcflow;ports'= {
            cand --side 'Which port of a flow'
            cand --sort 'Measure to sort by, largest first (any that `vpcflow top` knows)'
            cand --bin-width 'Group so many ports at a time'
            cand -n 'Rows to show (0: all)'
            cand --limit 'Rows to show (0: all)'
            cand --log-format 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...'''
            cand --include 'Read only files whose path below PATH matches (may be given again)'
            cand --exclude 'Leave out files whose path below PATH matches (may be given again)'
            cand -j 'Worker threads (default: one per processor)'
            cand --threads 'Worker threads (default: one per processor)'
            cand -o 'Format of the result'
            cand --output 'Format of the result'
            cand --color 'Colour; auto: on a terminal, unless NO_COLOR is set'
            cand --progress 'Progress on standard error; auto: when that is a terminal'
            cand --stats 'The account of every line read, on standard error'
            cand --follow 'Follow symbolic links in directories'
            cand --raw 'Exact numbers in tables, instead of 1.2 GB'
            cand -q 'No warnings, not even about files that could not be read'
            cand --quiet 'No warnings, not even about files that could not be read'
            cand --strict 'A malformed line makes the exit status 3'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vpcflow;interfaces'= {
            cand -n 'Rows to show (0: all)'
            cand --limit 'Rows to show (0: all)'
            cand --log-format 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...'''
            cand --include 'Read only files whose path below PATH matches (may be given again)'
            cand --exclude 'Leave out files whose path below PATH matches (may be given again)'
            cand -j 'Worker threads (default: one per processor)'
            cand --threads 'Worker threads (default: one per processor)'
            cand -o 'Format of the result'
            cand --output 'Format of the result'
            cand --color 'Colour; auto: on a terminal, unless NO_COLOR is set'
            cand --progress 'Progress on standard error; auto: when that is a terminal'
            cand --stats 'The account of every line read, on standard error'
            cand --follow 'Follow symbolic links in directories'
            cand --raw 'Exact numbers in tables, instead of 1.2 GB'
            cand -q 'No warnings, not even about files that could not be read'
            cand --quiet 'No warnings, not even about files that could not be read'
            cand --strict 'A malformed line makes the exit status 3'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vpcflow;summary'= {
            cand --log-format 'Format of text without a header line: v2 (the default), v5, field names, or ''${version} ...'''
            cand --include 'Read only files whose path below PATH matches (may be given again)'
            cand --exclude 'Leave out files whose path below PATH matches (may be given again)'
            cand -j 'Worker threads (default: one per processor)'
            cand --threads 'Worker threads (default: one per processor)'
            cand -o 'Format of the result'
            cand --output 'Format of the result'
            cand --color 'Colour; auto: on a terminal, unless NO_COLOR is set'
            cand --progress 'Progress on standard error; auto: when that is a terminal'
            cand --stats 'The account of every line read, on standard error'
            cand --follow 'Follow symbolic links in directories'
            cand --raw 'Exact numbers in tables, instead of 1.2 GB'
            cand -q 'No warnings, not even about files that could not be read'
            cand --quiet 'No warnings, not even about files that could not be read'
            cand --strict 'A malformed line makes the exit status 3'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vpcflow;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'vpcflow;man'= {
            cand --out 'Write every page into this directory'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'vpcflow;help'= {
            cand top 'The largest groups of flows, by any fields and any measure'
            cand rejects 'Who was refused most, and how widely they tried'
            cand ports 'The histogram of ports and protocols'
            cand interfaces 'One row per network interface: traffic in and out, own address, peers'
            cand summary 'The totals: records, flows, bytes, time span, action split, protocol mix'
            cand completions 'Print completions for a shell'
            cand man 'Print the manual page, or write all pages into a directory'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vpcflow;help;top'= {
        }
        &'vpcflow;help;rejects'= {
        }
        &'vpcflow;help;ports'= {
        }
        &'vpcflow;help;interfaces'= {
        }
        &'vpcflow;help;summary'= {
        }
        &'vpcflow;help;completions'= {
        }
        &'vpcflow;help;man'= {
        }
        &'vpcflow;help;help'= {
        }
    ]
    $completions[$command]
}
