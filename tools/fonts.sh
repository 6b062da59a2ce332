#!/bin/sh
# Free faces of official paper (FandolFang, FandolKai and their kin, GPL with font exception): Debian has them only inside a TeX package of
# 50 MB. It is fetched, its fonts are taken out, TeX is not installed. Nothing is done where a 仿宋 is there already.
set -eu
fc-list : family 2>/dev/null | grep -qiE 'FandolFang|仿宋|FangSong' && exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || {
    echo "本机没有仿宋体：请安装仿宋、楷体字体（如 FandolFang、FandolKai），否则公文用宋体代替" >&2
    exit 0
}
to=/usr/local/share/fonts/qianshao
[ -w /usr/local/share ] || to=${XDG_DATA_HOME:-$HOME/.local/share}/fonts/qianshao
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
echo "取得公文所用的自由字体（Debian 软件包 texlive-lang-chinese 中的 Fandol，约50 MB）"
if (cd "$work" && apt-get download -q texlive-lang-chinese >out 2>&1 && dpkg-deb -x texlive-lang-chinese_*.deb x); then
    mkdir -p "$to"
    find "$work/x" -name 'Fandol*.otf' ! -name '*Braille*' -exec cp {} "$to" \;
    find "$work/x" -path '*fonts/fandol/*' \( -name 'COPYING*' -o -name 'README*' \) -exec cp {} "$to" \;
    fc-cache -f "$to"
else
    echo "没有取到字体，公文的仿宋、楷体暂用其他字体代替；网络可用时运行 sh tools/fonts.sh" >&2
fi
