#!/bin/sh
# Golden tests of the command line: golden.sh BINARY [--accept] TEST...
# A test is a shell script, run by sh in an empty scratch folder with QIANSHAO (the program, absolute) and
# TESTS (the folder of the test) set; what it prints, and its exit status, must be NAME.expected beside it.
# What differs from run to run (ids, times, the scratch folder, one-time passwords) is masked first.
set -u
bin=$(realpath "$1")
shift
accept=
if [ "${1-}" = --accept ]; then accept=1; shift; fi
bad=0
for t in "$@"; do
    t=$(realpath "$t")
    work=$(mktemp -d)
    mkdir "$work/w"
    (cd "$work/w" && exec env -i PATH="$PATH" HOME="$work/w" TMPDIR="$work" LC_ALL=C.UTF-8 QIANSHAO="$bin" \
        ASAN_OPTIONS="${ASAN_OPTIONS-}" TSAN_OPTIONS="${TSAN_OPTIONS-}" TESTS="$(dirname "$t")" \
        sh "$t") >"$work/out" 2>&1 </dev/null
    echo "exit $?" >>"$work/out"
    sed -E -e "s#$work/w#<DIR>#g" -e "s#$work#<TMP>#g" -e "s#$bin#qianshao#g" \
        -e 's/[0-9]{15,19}/<ID>/g' -e 's/用时[0-9]+秒/用时<T>秒/g' -e 's/[0-9]+\.[0-9]{3}毫秒/<T>毫秒/g' \
        -e 's/"ms":[0-9.e-]+/"ms":<T>/g' -e 's/进程 ?[0-9]+/进程<PID>/g' -e 's/"pid":[0-9]+/"pid":<PID>/g' \
        -e 's/20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?/<TIME>/g' \
        -e 's/(一次性密码：?) ?[^ ，。]+/\1<PASSWORD>/g' -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:<PORT>/g' \
        "$work/out" >"$work/masked"
    if [ -n "$accept" ]; then
        cp "$work/masked" "${t%.test}.expected"
    elif ! diff -u "${t%.test}.expected" "$work/masked"; then
        echo "FAILED: ${t##*/}"
        bad=1
    fi
    chmod -R u+w "$work"
    rm -rf "$work"
done
exit $bad
