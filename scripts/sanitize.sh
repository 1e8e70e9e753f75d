#!/usr/bin/env bash
# Runs the unit tests of the modules that hold `unsafe`, and of their neighbours, under AddressSanitizer, which
# the stable compiler has once it is told to let us. Arguments choose other tests.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- simd quads parse:: map:: inflate gzip prefetch words query::table
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address -Cdebuginfo=line-tables-only"
# The tables of groups live to the end of the process.
export ASAN_OPTIONS=detect_stack_use_after_return=1
cargo test --locked --lib --target "$host" --target-dir target/sanitize -- "$@"
