#!/usr/bin/env bash
# Times whole commands against each other, in turn, on generated logs; a Markdown table on stdout.
# Run it from anywhere, with bash 5 or later: benches/compare.sh --help
# shellcheck disable=SC2016 # the programs of other languages have dollars of their own
set -euo pipefail
export LC_ALL=C

usage() {
    cat >&2 <<'TEXT'
usage: benches/compare.sh [--records N] [--files N] [--seed N] [--runs N] [--threads N] [--dir DIR]

The environment can give them, too (RECORDS=N ...); VPCFLOW=path and EXAMPLES=folder take the place
of the programs built here. Peers come by `pip install duckdb polars`; without them, their rows are
empty. Logs already in DIR (target/bench/... at first), made with the same options, are used again.
TEXT
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
RECORDS=${RECORDS:-10080000} FILES=${FILES:-288} SEED=${SEED:-1} RUNS=${RUNS:-5} THREADS=${THREADS:-2}
DIR=${DIR:-}
while (($#)); do
    case $1 in
    --records | --files | --seed | --runs | --threads | --dir)
        (($# > 1)) || { usage; exit 2; }
        name=${1#--}
        printf -v "${name^^}" %s "$2"
        shift 2
        ;;
    *) usage; exit 2 ;;
    esac
done
target=${CARGO_TARGET_DIR:-target}
DIR=${DIR:-$target/bench/$RECORDS-$FILES-$SEED}
say() { printf '%s\n' "$*" >&2; }

# Programs
[[ -n ${VPCFLOW:-} ]] || cargo build --release --quiet --bins
[[ -n ${EXAMPLES:-} ]] || cargo build --release --quiet --example generate --example inflate
VPCFLOW=${VPCFLOW:-$target/release/vpcflow} EXAMPLES=${EXAMPLES:-$target/release/examples}
version_of() { python3 -c "import $1; print($1.__version__)" 2>/dev/null || echo 'not installed'; }
duckdb=$(version_of duckdb) polars=$(version_of polars)
awk=$( (awk --version || awk -W version) 2>/dev/null | head -n 1 || true)

# Logs
tree=$DIR/v2 days=$DIR/days plain=$DIR/plain/flows.log made="$RECORDS records, $FILES files, seed $SEED"
if [[ ! -e $DIR/made-with ]]; then
    [[ ! -e $tree ]] || { say "$tree is there, but not $DIR/made-with"; exit 1; }
    say "making $made in $DIR"
    mkdir -p "$DIR/plain"
    "$EXAMPLES/generate" "$tree" --records "$RECORDS" --files "$FILES" --seed "$SEED" --format v2
    find "$tree" -name '*.gz' -print0 | sort -z | xargs -0 gzip -dc |
        awk 'NR == 1 || !/^version/' >"$plain"
    echo "$made" >"$DIR/made-with"
fi
if [[ ! -e $DIR/days ]]; then
    say "making the same in 8640 files, in $DIR/days"
    "$EXAMPLES/generate" "$DIR/days.new" --records "$RECORDS" --files 8640 --seed "$SEED" --format v2
    mv "$DIR/days.new" "$DIR/days"
fi
wrapped=$DIR/wrapped/flows.ndjson pieces=$DIR/pieces parquet=$DIR/parquet/flows.parquet
if [[ ! -e $wrapped ]]; then
    say "making the same as JSON, in one file and in $FILES"
    mkdir -p "$DIR/wrapped" "$pieces"
    awk 'NR > 1 { printf "{\"message\":\"%s\"}\n", $0 }' "$plain" >"$wrapped.new"
    split --number="l/$FILES" --suffix-length=4 --additional-suffix=.ndjson "$wrapped.new" "$pieces/"
    mv "$wrapped.new" "$wrapped"
fi
if [[ ! -e $parquet ]]; then
    say "making the same as Parquet"
    mkdir -p "$DIR/parquet"
    "$VPCFLOW" convert --to parquet --out "$parquet" "$tree"
fi
owners=$DIR/owners.mmdb
if [[ ! -e $owners ]]; then
    say "making a database of 500000 networks"
    python3 scripts/make_mmdb.py --large "$owners.new" && mv "$owners.new" "$owners"
fi
[[ $(<"$DIR/made-with") == "$made" ]] || { say "$DIR holds other logs: $(<"$DIR/made-with")"; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/nothing"
printf '%064d' 0 >"$scratch/key"

# What peers are asked: the same question as `vpcflow top`
duckdb_program='
import duckdb, sys
tree, threads, *keys = sys.argv[1:]
names = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
text = ("account-id", "interface-id", "srcaddr", "dstaddr", "action", "log-status")
columns = {name: "VARCHAR" if name in text else "BIGINT" for name in names.split()}
by = ", ".join(keys)
duckdb.sql(f"SET threads = {threads}; SET enable_progress_bar = false")
rows = duckdb.sql(f"""
    SELECT {by}, count(*), count(*) FILTER (action = $$REJECT$$), sum(packets), sum(bytes)
    FROM read_csv($${tree}/**/*.log.gz$$, delim = $$ $$, header = true, nullstr = $$-$$, columns = {columns})
    WHERE "log-status" = $$OK$$ GROUP BY {by} ORDER BY sum(bytes) DESC, {by} LIMIT 10""").fetchall()
for row in rows:
    print(*row, sep=",")
'
parquet_program='
import duckdb, sys
file, threads = sys.argv[1:]
duckdb.sql(f"SET threads = {threads}; SET enable_progress_bar = false")
rows = duckdb.sql(f"""
    SELECT srcaddr, count(*), count(*) FILTER (action = $$REJECT$$), sum(packets), sum(bytes)
    FROM read_parquet($${file}$$) WHERE log_status = $$OK$$ GROUP BY srcaddr ORDER BY sum(bytes) DESC, srcaddr LIMIT 10""").fetchall()
for row in rows:
    print(*row, sep=",")
'
copy_program='
import duckdb, sys
tree, threads, out = sys.argv[1:]
names = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
text = ("account-id", "interface-id", "srcaddr", "dstaddr", "action", "log-status")
large = ("packets", "bytes", "start", "end")
columns = {name: "VARCHAR" if name in text else "BIGINT" if name in large else "INTEGER" for name in names.split()}
duckdb.sql(f"SET threads = {threads}; SET enable_progress_bar = false")
duckdb.sql(f"""COPY (SELECT * FROM read_csv($${tree}/**/*.log.gz$$, delim = $$ $$, header = true, nullstr = $$-$$,
    columns = {columns})) TO $${out}$$ (FORMAT parquet, CODEC zstd)""")
'
polars_program='
import polars as pl, sys
names = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
text = ("account-id", "interface-id", "srcaddr", "dstaddr", "action", "log-status")
schema = {name: pl.String if name in text else pl.Int64 for name in names.split()}
logs = pl.scan_csv(sys.argv[1] + "/**/*.log.gz", separator=" ", null_values="-", schema=schema)
rows = (
    logs.filter(pl.col("log-status") == "OK")
    .group_by("srcaddr")
    .agg(pl.len(), (pl.col("action") == "REJECT").sum().alias("rejects"), pl.sum("packets"), pl.sum("bytes"))
    .sort(["bytes", "srcaddr"], descending=[True, False])
    .head(10)
    .collect(engine="streaming")
)
for row in rows.iter_rows():
    print(*row, sep=",")
'
awk_program='
$14 == "OK" { n[$4]++; r[$4] += $13 == "REJECT"; p[$4] += $9; b[$4] += $10 }
END { for (a in n) printf "%s,%.0f,%.0f,%.0f,%.0f\n", a, n[a], r[a], p[a], b[a] }'

tuple=src-ip,dst-ip,dst-port,protocol
src() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads "$THREADS" "$tree"; }
bare() { "$EXAMPLES/inflate" "$tree" "$THREADS"; }
src_duckdb() { python3 -c "$duckdb_program" "$tree" "$THREADS" srcaddr; }
src_polars() { POLARS_MAX_THREADS=$THREADS python3 -c "$polars_program" "$tree"; }
src_awk() {
    find "$tree" -name '*.gz' -print0 | xargs -0 gzip -dc | awk "$awk_program" |
        sort -t, -k5,5nr -k1,1 | awk 'NR <= 10'
}
tuple() { "$VPCFLOW" top --by "$tuple" -n 10 -o csv --threads "$THREADS" "$tree"; }
tuple_duckdb() { python3 -c "$duckdb_program" "$tree" "$THREADS" srcaddr dstaddr dstport protocol; }
plain() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads "$THREADS" "$plain"; }
plain_one() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads 1 "$plain"; }
terms='action == ACCEPT and dst-port != 22 and not src-ip in 192.168.0.0/16 and (bytes > 100 or packets > 2)
    and protocol in {tcp, udp, icmp} and start >= 2026-01-01 and dst-ip not in {192.0.2.1, 198.51.100.0/24}
    and interface-id like "eni-*" and src-port in {0..65535}'
few() { "$VPCFLOW" top --by src-ip --src-port 22 -n 10 -o csv --threads "$THREADS" "$tree"; }
ten() { "$VPCFLOW" top --by src-ip -w "$terms" -n 10 -o csv --threads "$THREADS" "$tree"; }
rejected() { "$VPCFLOW" records --action REJECT -o ndjson --threads "$THREADS" "$tree" >/dev/null; }
every() { "$VPCFLOW" records -o ndjson --threads "$THREADS" "$tree" >/dev/null; }
month() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads "$THREADS" "$days"; }
hour() { "$VPCFLOW" top --by src-ip --since 2026-03-30T10:00 --until 2026-03-30T11:00 -n 10 -o csv --threads "$THREADS" "$days"; }
json() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads "$THREADS" "$wrapped"; }
json_files() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads "$THREADS" "$pieces"; }
columnar() { "$VPCFLOW" top --by src-ip -n 10 -o csv --threads "$THREADS" "$parquet"; }
columnar_duckdb() { python3 -c "$parquet_program" "$parquet" "$THREADS"; }
convert() { "$VPCFLOW" convert --quiet --to parquet --out "$scratch/out.parquet" --threads "$THREADS" "$tree"; }
convert_duckdb() { python3 -c "$copy_program" "$tree" "$THREADS" "$scratch/duckdb.parquet"; }
once() { "$VPCFLOW" top --dedup --by src-ip -n 10 -o csv --threads "$THREADS" "$tree"; }
owner() { "$VPCFLOW" top --by src-as-org --asn "$owners" -n 10 -o csv --threads "$THREADS" "$tree"; }
serving() { "$VPCFLOW" top --by service-name,initiator -n 10 -o csv --threads "$THREADS" "$tree"; }
documents() { "$VPCFLOW" records -o ecs --threads "$THREADS" "$tree" >/dev/null; }
disguised() { "$VPCFLOW" convert --quiet --to raw --anonymize "$scratch/key" --out "$scratch/disguised.log" --threads "$THREADS" "$tree"; }
explaining() { "$VPCFLOW" explain --group -o csv --quiet --threads "$THREADS" "$tree"; }
version() { "$VPCFLOW" --version; }
empty() { "$VPCFLOW" top --by src-ip "$scratch/nothing" || true; } # finding no logs may be an error
import_duckdb() { python3 -c 'import duckdb'; }
import_polars() { python3 -c 'import polars'; }
cases=(src bare few ten once rejected every owner serving explaining documents disguised plain plain_one json json_files columnar convert month hour tuple version empty columnar_duckdb convert_duckdb src_duckdb src_polars tuple_duckdb import_duckdb import_polars src_awk)

# Rounds: A B C A B C ..., the first to warm up; awk is slow, and gets one run
declare -A times=() absent=()
for case in src_duckdb tuple_duckdb import_duckdb columnar_duckdb convert_duckdb; do [[ $duckdb != not* ]] || absent[$case]=$duckdb; done
for case in src_polars import_polars; do [[ $polars != not* ]] || absent[$case]=$polars; done
load=$(uptime | sed 's/.*load average[s]*: *//')
for ((round = 0; round <= RUNS; round++)); do
    for case in "${cases[@]}"; do
        if [[ -n ${absent[$case]:-} ]] || [[ $case == src_awk && round -ne 1 ]]; then continue; fi
        began=${EPOCHREALTIME/./}
        "$case" >"$scratch/$case" 2>"$scratch/errors" || absent[$case]=failed
        took=$((${EPOCHREALTIME/./} - began))
        ((round == 0)) || times[$case]+="$took "
        say "round $round of $RUNS: $case $((took / 1000)) ms ${absent[$case]:-}"
        [[ -z ${absent[$case]:-} ]] || tail -n 3 "$scratch/errors" >&2
    done
    [[ -z ${absent[src]:-}${absent[bare]:-} ]] || exit 1
done

# Report
sorted() { tr ' ' '\n' <<<"${times[$1]:-}" | sed '/^$/d' | sort -n; }
median() { # of a case, in microseconds; nothing if it did not run
    sorted "$1" | awk '{ t[NR] = $1 } END { if (NR) printf "%.1f", (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'
}
ratio() { # of two cases: the median of that of each round, as the speed of a machine may drift
    paste -d' ' <(tr ' ' '\n' <<<"${times[$1]:-}") <(tr ' ' '\n' <<<"${times[$2]:-}") |
        awk 'NF == 2 { print $1 / $2 }' | sort -n |
        awk '{ t[NR] = $1 } END { if (NR) printf "%.2f", (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'
}
row() { # what, case, case to compare with, seconds or ms
    if [[ -n ${absent[$2]:-} ]]; then echo "| $1 | ${absent[$2]} | | | |" && return; fi
    sorted "$2" | awk -v what="$1" -v mid="$(median "$2")" -v ratio="$(ratio "$2" "$3")" -v unit="${4:-s}" '
        function show(us) { return unit == "s" ? sprintf("%.3f s", us / 1e6) : sprintf("%.1f ms", us / 1e3) }
        { t[NR] = $1 }
        END {
            printf "| %s | %s | %s .. %s | %s | %d |\n", what, show(mid), show(t[1]), show(t[NR]), ratio, NR
        }'
}
peak() { # MB of resident memory at the most, of a case: its command
    if [[ -n ${absent[$1]:-} ]]; then
        echo 'not measured'
    elif /usr/bin/time -f %M true >/dev/null 2>&1; then
        /usr/bin/time -f %M "${@:2}" 2>&1 >/dev/null | tail -n 1 | awk '{ printf "%.0f\n", $1 * 1024 / 1e6 }'
    else
        python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(round(peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024)))' "${@:2}" || echo unknown
    fi
}
kept() { # the part of the records that match these filters
    "$VPCFLOW" top --stats=json "$@" "$tree" 2>&1 >/dev/null | tail -n 1 | python3 -c 'import json, sys
account = json.load(sys.stdin)
print("%.1f %%" % (100 * account["matched"] / account["records"]))'
}
agree() { # with the answer of vpcflow, but for its heading and its column of shares
    [[ -z ${absent[$1]:-} ]] || return 0
    local verdict=agree
    cmp -s <(tail -n +2 "$scratch/src" | cut -d, -f1-5) <(grep -v '^src_ip' "$scratch/$1" | cut -d, -f1-5) || verdict=DIFFER
    echo "- $verdict: the answers for src-ip of vpcflow and of $2"
}
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
cores=$(getconf _NPROCESSORS_ONLN)
packed=$(find "$tree" -name '*.gz' -print0 | xargs -0 cat | wc -c)
cat <<TEXT
## Whole commands, $(date -u +%Y-%m-%dT%H:%MZ)

- ${cpu:-$(uname -m)}, $cores cores, load $load before the first round
- $made: $((packed / 1000000)) MB packed, $(($(<"$scratch/bare") / 1000000)) MB unpacked
- $("$VPCFLOW" --version), $(($(wc -c <"$VPCFLOW") / 1024)) KiB; duckdb $duckdb; polars $polars; ${awk:-awk}
- $THREADS threads unless said otherwise, one round to warm up, then every command in turn, $RUNS times
- a ratio is the median of those within a round
- wall time of the whole process, so that of Python and its imports is part of the peers' (rows below)
$(agree src_duckdb DuckDB; agree src_polars polars; agree src_awk awk; agree plain 'vpcflow on the plain file'
agree json 'vpcflow on JSON'; agree columnar 'vpcflow on Parquet'; agree columnar_duckdb 'DuckDB on Parquet')

| What | Median | Range | Ratio | Runs |
|---|---:|---:|---:|---:|
$(row 'vpcflow, top by src-ip' src src)
$(row 'inflating the same files, and nothing else' bare src)
$(row 'DuckDB, the same question' src_duckdb src)
$(row 'polars, the same question' src_polars src)
$(row 'gzip -dc and awk, the same question (one run, as it is slow)' src_awk src)
$(row "vpcflow, top by src-ip, a filter that keeps $(kept --src-port 22) (--src-port 22)" few src)
$(row 'vpcflow, top by src-ip, an expression of ten terms that keeps most' ten src)
$(row "vpcflow, records --action REJECT -o ndjson ($(kept --action REJECT) of the records)" rejected src)
$(row 'vpcflow, records -o ndjson' every src)
$(row "vpcflow, top by $tuple" tuple tuple)
$(row 'DuckDB, the same question' tuple_duckdb tuple)
$(row "vpcflow, top by src-ip, one plain file, $THREADS threads" plain plain)
$(row 'vpcflow, top by src-ip, one plain file, 1 thread' plain_one plain)
$(row "vpcflow, top by src-ip, the same as JSON ({\"message\": ...}), one file" json plain)
$(row "vpcflow, top by src-ip, the same as JSON, $FILES plain files" json_files plain)
$(row 'vpcflow, top --dedup by src-ip, the packed files' once src)
$(row 'vpcflow, top by src-as-org, of 500,000 networks (--asn)' owner src)
$(row 'vpcflow, top by service-name,initiator' serving src)
$(row 'vpcflow, explain --group' explaining src)
$(row 'vpcflow, records -o ecs' documents src)
$(row 'vpcflow, convert --to raw --anonymize' disguised src)
$(row 'vpcflow, top by src-ip, one Parquet file' columnar columnar)
$(row 'DuckDB, the same question of the same file' columnar_duckdb columnar)
$(row 'vpcflow, convert --to parquet, the packed files' convert convert)
$(row 'DuckDB, COPY ... TO Parquet (zstd), the packed files' convert_duckdb convert)
$(row 'vpcflow, top by src-ip, 30 days in 8640 files' month month)
$(row 'vpcflow, top by src-ip, one hour of these days' hour month)
$(row 'vpcflow --version' version none ms)
$(row 'vpcflow, top by src-ip, an empty folder' empty none ms)
$(row 'Python starting, with duckdb' import_duckdb none ms)
$(row 'Python starting, with polars' import_polars none ms)

- vpcflow takes $(awk -v a="$(median src)" -v b="$(median bare)" 'BEGIN { printf "%.2f", a / b }') times as long as bare inflating
- peak resident memory, MB: vpcflow by src-ip $(peak src "$VPCFLOW" top --by src-ip --threads "$THREADS" "$tree"), by four fields $(peak tuple "$VPCFLOW" top --by "$tuple" --threads "$THREADS" "$tree"), of JSON $(peak json "$VPCFLOW" top --threads "$THREADS" "$wrapped"), of Parquet $(peak columnar "$VPCFLOW" top --threads "$THREADS" "$parquet"), convert $(peak convert "$VPCFLOW" convert -q --to parquet --out "$scratch/out.parquet" --threads "$THREADS" "$tree"); DuckDB by src-ip $(peak src_duckdb python3 -c "$duckdb_program" "$tree" "$THREADS" srcaddr); polars $(POLARS_MAX_THREADS=$THREADS peak src_polars python3 -c "$polars_program" "$tree")
TEXT
