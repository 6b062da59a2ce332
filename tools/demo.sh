#!/bin/sh
# Make the demonstration office (demo/) in a new data directory.
#   tools/demo.sh PROGRAM DATA
# It is made aside and renamed when it is whole, so that a start that was broken off leaves nothing half done.
set -eu
cd "$(dirname "$0")/.."
prog=$1 data=$2
aside=$data.making
rm -rf "$aside"
trap 'rm -rf "$aside"' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$(dirname "$data")"
"$prog" init --data "$aside" --demo --units demo/units.tsv --people demo/people.tsv
"$prog" import --data "$aside" demo/documents
mv "$aside" "$data"
trap - EXIT
