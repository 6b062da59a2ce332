#!/bin/sh
# Install what is missing of the package groups given (tools/packages.txt) and of package-lock.json.
#   tools/install.sh build run test lint
# Only what is missing is asked for, in one call of apt-get; nothing is upgraded, no daemon is started.
set -eu
cd "$(dirname "$0")/.."

as_root() { # the part that needs root: packages as arguments
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
    policy=/usr/sbin/policy-rc.d ours=
    if [ ! -e $policy ]; then # no service starts while we install
        ours=yes
        trap 'rm -f $policy' EXIT
        trap 'exit 1' INT TERM HUP
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    fi
    # no database cluster of the system's own: the tests make theirs in a scratch folder
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    fi
    apt-get -q update || echo "部分软件源更新失败，用已有的清单继续"
    apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
    # nor does one that the tests start themselves come up with the next boot of the machine
    for p; do
        case $p in
        dovecot-imapd) service=dovecot.service ;;
        postgresql-15) service=postgresql.service ;;
        *) continue ;;
        esac
        if command -v systemctl >/dev/null; then systemctl disable $service || true; fi
    done
    [ -z "$ours" ] || rm -f $policy
}

if [ "${1:-}" = --as-root ]; then
    shift
    as_root "$@"
    exit 0
fi

own_node() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

wanted=
for group; do
    wanted="$wanted $(awk -v g="$group" '$1 == g { print $2 }' tools/packages.txt)"
done
if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086 # a list of names
    have=" $(dpkg-query -W -f '${Package}:${db:Status-Status} ' $wanted 2>/dev/null || true)"
    missing=
    for p in $wanted; do
        case $have in *" $p:installed "*) continue ;; esac
        case $p in nodejs | npm) own_node && continue ;; esac
        missing="$missing $p"
    done
else
    missing=
    echo "本机不是 Debian 系统，请自行安装：$wanted"
fi

if [ -n "$missing" ]; then
    why=$(for group; do case $group in build) echo 编译 ;; run) echo 运行 ;; test) echo 测试 ;; lint) echo 代码检查 ;; esac; done | awk '{ printf "%s%s", (NR > 1 ? "、" : ""), $0 }')
    echo "安装${why}所需的 Debian 软件包（各自的用途见 tools/packages.txt）：$missing"
    sudo=
    if [ "$(id -u)" != 0 ]; then
        sudo=sudo
        command -v sudo >/dev/null || {
            echo "需要管理员权限：请以 root 运行 apt-get install --no-install-recommends$missing" >&2
            exit 1
        }
    fi
    mkdir -p build
    # shellcheck disable=SC2086
    if ! $sudo sh tools/install.sh --as-root $missing >build/install.log 2>&1; then
        tail -n 20 build/install.log >&2
        echo "软件包没有装上，全部输出在 build/install.log；请检查网络和软件源后重试" >&2
        exit 1
    fi
fi

case " $* " in *" run "* | *" test "*) sh tools/fonts.sh ;; esac

# npm ci would follow a link and empty the folder behind it, which others use
if [ -L node_modules ] && [ -d node_modules ]; then
    [ ! package-lock.json -nt node_modules/.package-lock.json ] ||
        echo "node_modules 是链接，比 package-lock.json 旧；请在它所指的目录里运行 npm ci"
elif [ package-lock.json -nt node_modules/.package-lock.json ] || [ ! -d node_modules ]; then
    echo "安装网页脚本的构建和测试工具（npm，见 package.json）"
    mkdir -p build
    if ! npm ci --no-audit --no-fund --loglevel=error >build/npm.log 2>&1; then
        tail -n 20 build/npm.log >&2
        echo "npm 包没有装上，全部输出在 build/npm.log；请检查网络后重试" >&2
        exit 1
    fi
    touch node_modules/.package-lock.json
fi
