#!/bin/sh
# Run the tests of a preset and count single tests, not programs.
#   tools/ctest.sh PRESET [ctest options]
set -u
cd "$(dirname "$0")/.."
preset=$1
shift
status=0
ctest --preset "$preset" -j "$(nproc)" --timeout "${TEST_TIMEOUT:-300}" --quiet "$@" || status=$?
# The log holds one block for each program. cmocka's lines are counted; a program without them is one test.
awk '
    function fail(n) { passed += ok; skipped += skip; failed += n ? n : 1; print "FAIL  " name; print text }
    /^Unable to find executable/ { lost = 1 } # stands in front of its block, which ends in "Test Passed."
    /^[0-9]+\/[0-9]+ Testing: / { name = $3; ok = bad = skip = total = 0; text = "" }
    { text = text $0 "\n" }
    /^\[       OK \] / { ok++ }
    /^\[  SKIPPED \] [a-zA-Z_]/ && !total { skip++; print "skip  " name "." $4 }
    /^\[  FAILED  \] [a-zA-Z_]/ && !total { bad++ }
    /^\[==========\] [0-9]+ test\(s\) run/ { total = 1 }
    /^Test time = / { took[name] = $4 }
    /^Test Failed\.$/ { fail(bad) }
    /^Test Passed\.$/ {
        if (lost) fail(1)
        else { passed += ok + skip ? ok : 1; skipped += skip }
        lost = 0
    }
    END { # the slowest are named: time is what the whole run is short of
        for (k = 0; k < 8; k++) {
            most = ""
            for (t in took) if (most == "" || took[t] + 0 > took[most] + 0) most = t
            if (most == "" || took[most] < 5) break
            slow = slow (k ? ", " : "slowest: ") most " " int(took[most]) " s"
            delete took[most]
        }
        if (slow) print slow
        printf "ctest: %d passed, %d failed, %d skipped\n", passed, failed, skipped
    }' "build/$preset/Testing/Temporary/LastTest.log"
exit $status
