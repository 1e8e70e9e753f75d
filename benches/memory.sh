#!/usr/bin/env bash
# What --max-memory costs: the same question of many distinct conversations, with all the memory there is
# and with little, in turn; a Markdown table on stdout. Run it from anywhere: benches/memory.sh --help
set -euo pipefail
export LC_ALL=C

usage() {
    cat >&2 <<'TEXT'
usage: benches/memory.sh [--records N] [--memory SIZE] [--runs N] [--threads N] [--dir DIR]

56,000,000 records unless told otherwise, which have 54 million distinct conversations; they take 2.2 GB
in DIR (target/bench/memory-N at first). VPCFLOW=path and EXAMPLES=folder take the place of the programs
built here.
TEXT
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
RECORDS=56000000 MEMORY=256M RUNS=3 THREADS=2 DIR=''
while (($#)); do
    case $1 in
    --records | --memory | --runs | --threads | --dir)
        (($# > 1)) || { usage; exit 2; }
        name=${1#--}
        printf -v "${name^^}" %s "$2"
        shift 2
        ;;
    *) usage; exit 2 ;;
    esac
done
target=${CARGO_TARGET_DIR:-target}
DIR=${DIR:-$target/bench/memory-$RECORDS}
[[ -n ${VPCFLOW:-} ]] || cargo build --release --quiet --bins
[[ -n ${EXAMPLES:-} ]] || cargo build --release --quiet --example generate
VPCFLOW=${VPCFLOW:-$target/release/vpcflow} EXAMPLES=${EXAMPLES:-$target/release/examples}

if [[ ! -e $DIR ]]; then
    echo "making $RECORDS records in $DIR" >&2
    "$EXAMPLES/generate" "$DIR.new" --records "$RECORDS" --files $((RECORDS / 40000 + 1)) --level 1
    mv "$DIR.new" "$DIR"
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
question=(top --by src-ip,dst-ip,src-port,dst-port,protocol --threads "$THREADS" -o csv)

# Seconds and peak resident megabytes, a line each, of a command whose output goes to a file.
measured() {
    python3 - "$@" <<'PYTHON'
import resource, subprocess, sys, time
out, *command = sys.argv[1:]
started = time.monotonic()
subprocess.run(command, stdout=open(out, "wb"), check=True)
seconds = time.monotonic() - started
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(f"{seconds:.2f} {peak / 1e6:.0f}")
PYTHON
}

median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

for ((i = 0; i < RUNS; i++)); do
    measured "$scratch/all.csv" "$VPCFLOW" "${question[@]}" "$DIR" >>"$scratch/all"
    measured "$scratch/little.csv" "$VPCFLOW" "${question[@]}" --max-memory "$MEMORY" "$DIR" >>"$scratch/little"
    cmp "$scratch/all.csv" "$scratch/little.csv"
done

row() { # what, file
    echo "| $1 | $(cut -d' ' -f1 "$2" | median) s | $(cut -d' ' -f2 "$2" | sort -n | tail -n 1) MB |"
}
cat <<TEXT
\`top\` by five fields, $RECORDS records, $THREADS threads, $RUNS runs in turn, the same answers:

| | Median | Peak |
|---|---:|---:|
$(row 'all the memory there is' "$scratch/all")
$(row "--max-memory $MEMORY" "$scratch/little")
TEXT
