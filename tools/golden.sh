#!/bin/sh
# Command-line golden tests: runs tests/cli/*.test and compares with *.expected.
#   tools/golden.sh [--accept] [NAME...]
# --accept writes what came out as expected; look at the difference before it is committed.
#
# A .test is a shell script, run in an empty scratch folder with the program first in PATH:
#   t COMMAND...   prints "$ COMMAND", what it prints on both outputs, and [exit N] if that is not 0
#   $ROOT          the repository, read only
#   exit 77        skips the test; the last line printed says why
# Before comparing, what differs from run to run is masked: the scratch folder ($T), instants (TIME), ids
# of 15 digits and more (ID), and whatever "#mask s/…/…/" lines in the test (sed -E) name.
# QIANSHAO names the program; build/dev/qianshao by default.
set -eu
cd "$(dirname "$0")/.."
ROOT=$PWD
prog=${QIANSHAO:-build/dev/qianshao}
[ -x "$prog" ] || { echo "没有可执行的“$prog”，请先编译" >&2; exit 2; }
accept=
[ "${1:-}" != --accept ] || { accept=yes; shift; }
[ $# -gt 0 ] || set -- $(cd tests/cli 2>/dev/null && ls ./*.test 2>/dev/null | sed 's,^\./,,; s,\.test$,,')

work=$(mktemp -d "${TMPDIR:-/tmp}/qs-golden-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$work/bin"
ln -s "$(readlink -f "$prog")" "$work/bin/qianshao"
cat >"$work/prelude" <<'PRELUDE'
t() {
    printf '$ %s\n' "$*"
    "$@"
    status_=$?
    [ "$status_" = 0 ] || echo "[exit $status_]"
    return 0
}
PRELUDE

passed=0 failed=0 skipped=0
for name; do
    test=tests/cli/$name.test expected=tests/cli/$name.expected
    [ -e "$test" ] || { echo "没有测试“$test”" >&2; exit 2; }
    T=$work/$name
    mkdir "$T"
    status=0
    (
        cd "$T"
        PATH=$work/bin:$PATH ROOT=$ROOT T=$T HOME=$T LC_ALL=C.UTF-8 TZ=UTC
        export PATH ROOT T HOME LC_ALL TZ
        cat "$work/prelude" "$ROOT/$test" >"$work/script"
        timeout 300 sh -u "$work/script"
    ) >"$work/raw" 2>&1 </dev/null || status=$?
    if [ $status = 77 ]; then
        echo "skip  cli.$name：$(tail -n 1 "$work/raw")"
        skipped=$((skipped + 1))
        continue
    fi
    sed -n 's/^#mask //p' "$test" >"$work/masks"
    sed -E -e "s,$T,\$T,g; s,$ROOT,\$ROOT,g" -f "$work/masks" \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[0-9.]*(Z|[+-][0-9]{2}:[0-9]{2})/TIME/g' \
        -e 's/(^|[^0-9])[0-9]{15,19}([^0-9]|$)/\1ID\2/g' "$work/raw" >"$work/out"
    [ $status = 0 ] || echo "[test ended with $status]" >>"$work/out"
    [ -z "$accept" ] || cp "$work/out" "$expected"
    if diff -u "$expected" "$work/out" >"$work/diff" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  cli.$name"
        cat "$work/diff"
    fi
    rm -rf "$T"
done
echo "golden: $passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
