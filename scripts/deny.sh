#!/usr/bin/env bash
# Holds every crate that is built in, and that the fuzz targets build in, against deny.toml: licences, bans, sources,
# and known vulnerabilities where their database can be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
VERSION=0.20.2
DATABASE=https://github.com/rustsec/advisory-db

if ! cargo deny --version >/dev/null 2>&1; then
    echo "deny.sh: needs cargo-deny: cargo install cargo-deny --locked --version $VERSION" >&2
    exit 75
fi
checks=(licenses bans sources)
if timeout 20 git ls-remote --quiet --exit-code "$DATABASE" HEAD >/dev/null 2>&1; then
    checks+=(advisories)
else
    echo "deny.sh: $DATABASE cannot be reached: advisories are not checked" >&2
fi
for manifest in Cargo.toml fuzz/Cargo.toml; do
    cargo deny --locked --manifest-path "$manifest" --config "$PWD/deny.toml" check "${checks[@]}"
done
