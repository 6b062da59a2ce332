#!/bin/sh
# A PostgreSQL of our own for tests, in a scratch folder, reached through a Unix socket only.
#   tools/pg.sh start    makes and starts one; prints its folder
#   tools/pg.sh url DIR  prints its address
#   tools/pg.sh stop DIR ends it and removes the folder
# Nothing is synced to disk: the data is thrown away. Run as root, the server runs as another user,
# because it refuses root.
set -eu
bin=
for d in /usr/lib/postgresql/*/bin; do [ -x "$d/initdb" ] && bin=$d; done
[ -n "$bin" ] || { echo "没有 PostgreSQL，请先运行 tools/install.sh test" >&2; exit 1; }

owner=
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
fi
as_owner() { if [ -n "$owner" ]; then runuser -u "$owner" -- "$@"; else "$@"; fi; }

case ${1:-} in
start)
    dir=$(mktemp -d /tmp/qs-pg-XXXXXX) # short: a socket's path has at most 107 bytes
    [ -z "$owner" ] || chown "$owner" "$dir"
    cd "$dir" # a folder that the other user may stand in
    if ! { as_owner "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync &&
        as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -o "-k $dir -c listen_addresses='' \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
            -c shared_buffers=64MB" start; } >"$dir/out" 2>&1 </dev/null; then
        cat "$dir/out" >&2
        [ ! -e "$dir/log" ] || tail -n 20 "$dir/log" >&2
        rm -rf "$dir"
        exit 1
    fi
    echo "$dir"
    ;;
url) echo "postgresql://postgres@/postgres?host=$2" ;;
stop)
    case $2 in /tmp/qs-pg-*) ;; *) echo "“$2”不是本脚本建立的目录" >&2; exit 2 ;; esac
    cd "$2"
    as_owner "$bin/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null
    cd /
    rm -rf "$2"
    ;;
*) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
