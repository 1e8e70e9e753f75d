#!/usr/bin/env bash
# Builds the fuzz targets with the stable compiler, and runs them.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<TEXT
Usage: scripts/fuzz.sh [--seconds N] [--jobs N] [--seed N] [--build] [TARGET]...

Runs fuzz targets, all of them by default, from the inputs in fuzz/corpus/TARGET.

  --seconds N  how long each target runs (default 60)
  --jobs N     how many run at the same time (default 1)
  --seed N     what chance begins with, so that runs are alike
  --build      build them and do no more

Targets: $(targets | tr '\n' ' ')

What a run learns is kept in fuzz/learnt/TARGET, where the next one begins. An input that fails is
written to fuzz/artifacts/TARGET, and run again by: scripts/fuzz.sh --again FILE TARGET

Status: 0 nothing was found; 1 something was; 2 usage; 75 a crate could not be fetched.
TEXT
}

targets() {
    sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v '^vpcflow-fuzz$'
}

seconds=60 jobs=1 seed=0 build_only= again=
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
    --seconds) seconds=${2:?--seconds needs a number} && shift ;;
    --jobs) jobs=${2:?--jobs needs a number} && shift ;;
    --again) again=${2:?--again needs a file} && shift ;;
    --seed) seed=${2:?--seed needs a number} && shift ;;
    --build) build_only=yes ;;
    -h | --help) usage && exit 0 ;;
    *)
        if ! targets | grep -qx -- "$1"; then
            echo "fuzz.sh: no target '$1'; there are: $(targets | tr '\n' ' ')" >&2
            exit 2
        fi
        chosen+=("$1")
        ;;
    esac
    shift
done
[ ${#chosen[@]} -gt 0 ] || mapfile -t chosen < <(targets)

if ! cargo fetch --quiet --manifest-path fuzz/Cargo.toml; then
    echo "fuzz.sh: the crates of fuzz/Cargo.lock cannot be fetched" >&2
    exit 75
fi
bins=()
for target in "${chosen[@]}"; do bins+=(--bin "$target"); done
RUSTC_WRAPPER=$PWD/fuzz/rustc.sh cargo build --quiet --manifest-path fuzz/Cargo.toml "${bins[@]}"
[ -z "$build_only" ] || exit 0

export folder=fuzz/target/debug seconds seed
if [ -n "$again" ]; then
    exec "$folder/${chosen[0]}" "$again"
fi

run() {
    local target=$1 log=fuzz/target/$1.log
    mkdir -p "fuzz/learnt/$target" "fuzz/artifacts/$target"
    if "$folder/$target" -max_total_time="$seconds" -seed="$seed" -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="fuzz/artifacts/$target/" "fuzz/learnt/$target" "fuzz/corpus/$target" >"$log" 2>&1; then
        echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions"
    else
        sed -n '/panicked at\|ERROR: /,$p' "$log" | head -60
        echo "$target: found something, see fuzz/artifacts/$target and $log"
        return 1
    fi
}
export -f run
printf '%s\n' "${chosen[@]}" | xargs -P "$jobs" -I{} bash -c 'run {}' || exit 1
