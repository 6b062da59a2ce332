#!/bin/sh
# Run the fuzz targets, as many at once as there are processors.
#   tools/fuzz.sh [NAME...]    tests/fuzz/fuzz_NAME.c; all by default
#   FUZZ_SECONDS=600           for each target
# Begins with the saved inputs; what it learns stays in build/fuzz-corpus/NAME, what it finds goes to
# build/fuzz-found/NAME-*: make it small, save it in tests/fuzz/regress/NAME/, mend the cause.
set -eu
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-600}
{ cmake --preset fuzz && cmake --build --preset fuzz; } >build/fuzz.log 2>&1 || {
    tail -n 20 build/fuzz.log >&2
    exit 1
}
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's,.*/fuzz_,,; s,\.c$,,')
mkdir -p build/fuzz-found build/fuzz-corpus
rm -f build/fuzz-found/*.log
export seconds
printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} sh -c '
    mkdir -p build/fuzz-corpus/{} tests/fuzz/regress/{}
    dict=tests/fuzz/{}.dict
    if build/fuzz/fuzz_{} -max_total_time="$seconds" -timeout=25 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix=build/fuzz-found/{}- $([ ! -e $dict ] || echo -dict=$dict) \
        build/fuzz-corpus/{} tests/fuzz/regress/{} >build/fuzz-found/{}.log 2>&1; then
        echo "ok    fuzz.{} $(sed -n "s/stat::number_of_executed_units: */runs /p" build/fuzz-found/{}.log)"
    else
        echo "FAIL  fuzz.{}"
        tail -n 40 build/fuzz-found/{}.log
    fi' | tee build/fuzz-found/result.log
failed=$(grep -c '^FAIL ' build/fuzz-found/result.log || true)
passed=$(grep -c '^ok ' build/fuzz-found/result.log || true)
echo "fuzz: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
