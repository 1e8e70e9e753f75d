#!/usr/bin/env bash
# Runs the unit tests of the modules that hold `unsafe`, and of their neighbours, under AddressSanitizer, which the
# stable compiler has once it is told to let us. Only this crate is built with it; what it calls is watched through
# the allocator. Arguments choose other tests.
set -euo pipefail
if [ -n "${VPCFLOW_SANITIZED:-}" ]; then
    # Cargo calls this script in the place of the compiler.
    RUSTC_BOOTSTRAP=1 exec "$@" -Zsanitizer=address
fi
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- simd quads parse:: source::map inflate gzip prefetch words query::table
VPCFLOW_SANITIZED=yes RUSTC_WORKSPACE_WRAPPER=$PWD/scripts/sanitize.sh cargo test --locked --lib -- "$@"
