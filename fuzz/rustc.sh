#!/bin/sh
# The compiler, for the fuzz targets: what is fuzzed counts where it has been, as libFuzzer wants it. These are the
# flags that `cargo fuzz` asks a nightly compiler for, without the sanitizer; other crates are built as they are.
case $CARGO_PKG_NAME in
vpcflow | vpcflow-fuzz)
    exec "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares
    ;;
*) exec "$@" ;;
esac
