#!/usr/bin/env bash
# Runs a handful of questions again and again, in every way that must not matter, and holds that each of them
# has one answer: one hash of standard output, standard error and status.
set -euo pipefail

usage() {
    cat <<'END'
Usage: scripts/determinism.sh [--runs N] [--seed N] [--program FILE]

Makes a tree of invented logs (with malformed lines, bad values, several formats), and asks the same
questions with 1, 2, 3 and 8 threads, of files made in other orders, of paths named in other orders, in
other time zones and languages. A question whose output differs once is named, and the status is 1.

  --runs N        so many runs in all (default: 2000)
  --seed N        of the random orders (default: 1)
  --program FILE  what to run (default: target/release/vpcflow, or target/debug/vpcflow)
END
}

runs=2000 seed=1 program=
while [ $# -gt 0 ]; do
    case $1 in
        --runs) runs=$2; shift 2 ;;
        --seed) seed=$2; shift 2 ;;
        --program) program=$2; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
root=$(cd "$(dirname "$0")/.." && pwd)
for built in release debug; do
    [ -n "$program" ] || { [ -x "$root/target/$built/vpcflow" ] && program=$root/target/$built/vpcflow; } || true
done
[ -n "$program" ] || { echo "no program: cargo build --release, or --program FILE" >&2; exit 2; }
program=$(realpath "$program")

# One question a line. Paths are put behind them; those of `records` have an order of their own.
questions=(
    "top"
    "top -n 0 -o csv --by src-ip,dst-port --agg flows,distinct(dst-ip),p95(bytes) --sort distinct(dst-ip)"
    "top -n 0 -o csv --by dst-ip/16 --dedup"
    "top -n 5 --by interface-id --approx --agg distinct(src-ip),p50(bytes)"
    "rejects"
    "ports -o csv"
    "interfaces -o json"
    "summary"
    "records -o csv"
    "records --sort time -n 50 -o ndjson"
    "timeline --by src-ip -n 3"
    "fields"
)
if "$program" top --help | grep -q -- --max-memory; then
    questions+=("top -n 0 -o csv --by src-ip,dst-ip,start --max-memory 1M" "fields --max-memory 1M")
fi

RANDOM=$seed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

v2="version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
make_file() { # number
    awk -v file="$1" -v v2="$v2" 'BEGIN {
        srand(file + 1)
        print v2
        for (i = 0; i < 400; i++) {
            action = rand() < .3 ? "REJECT" : "ACCEPT"
            start = 1700000000 + int(rand() * 9000)
            print 2, 123456789012, "eni-" int(rand() * 9), "10.0." int(rand() * 9) "." int(rand() * 30), \
                "10.1.0." int(rand() * 99), 50000 + int(rand() * 999), int(rand() * 4) * 100 + 22, 6, \
                int(rand() * 9), int(rand() * 99999), start, start + 60, action, "OK"
            if (file % 3 == 0 && rand() < .02) print "a malformed line"
            if (file % 4 == 0 && rand() < .02) print 2, 1, "eni-x", "10.0.0.1", "bad", 1, 2, 6, 1, "x", start, start, "ACCEPT", "ODD"
        }
        if (file % 5 == 1) print "srcaddr bytes new-" file "\n10.9.9.9 7 x"
    }'
}
mkdir made
for number in $(seq 0 19); do make_file "$number" >"made/$number.log"; done
gzip -n made/7.log made/13.log
echo "no flow log at all" >made/bad.log

# The same tree, its files made in another order.
shuffled=5
for ((order = 0; order < shuffled; order++)); do
    mkdir -p "tree$order/a/b" "tree$order/c"
    for file in $(ls made | while read -r name; do echo "$RANDOM $name"; done | sort -n | cut -d' ' -f2); do
        case $file in
            1*) cp "made/$file" "tree$order/a/b/$file" ;;
            2* | b*) cp "made/$file" "tree$order/c/$file" ;;
            *) cp "made/$file" "tree$order/a/$file" ;;
        esac
    done
done

threads=(1 2 3 8) zones=(UTC Asia/Kolkata) languages=(C tr_TR.UTF-8)
declare -A hashes
failed=0
one_answer() { # key, hash
    [ "${hashes[$1]:=$2}" = "$2" ] || { echo "differs: the ${1#* } of ${questions[${1%% *}]}"; failed=1; }
}
for ((run = 0; run < runs; run++)); do
    number=$((run % ${#questions[@]}))
    question=${questions[number]}
    paths=(a c)
    # A result does not depend on the order of paths; that of `records`, and of messages, is theirs.
    quiet=
    if [[ $question != records* ]] && ((RANDOM % 2)); then paths=(c a) quiet=-q; fi
    read -ra words <<<"$question"
    cd "tree$((RANDOM % shuffled))"
    status=0
    TZ=${zones[RANDOM % 2]} LANG=${languages[RANDOM % 2]} LC_ALL=${languages[RANDOM % 2]} \
        "$program" "${words[@]}" $quiet -j "${threads[RANDOM % 4]}" "${paths[@]}" >../out 2>../err </dev/null || status=$?
    cd ..
    one_answer "$number result" "$(sha256sum <out) $status"
    [ -n "$quiet" ] || one_answer "$number messages" "$(sha256sum <err)"
done
for number in "${!questions[@]}"; do
    hash=${hashes["$number result"]:-}
    [ -z "$hash" ] || echo "${hash:0:16} ${questions[number]}"
done
echo "$runs runs of ${#questions[@]} questions: $([ $failed = 0 ] && echo "one answer each" || echo "answers differ")"
exit $failed
