#!/bin/sh
# Sees to Node, 18 or later, and npm, with which the page is checked and built. Installs Debian's, and that only as root;
# otherwise it names the command.
set -eu

there() {
    node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1
}

there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && apt-get install --yes --no-install-recommends nodejs npm; } >&2
    there && exit 0
fi
echo "the page needs Node 18 or later and npm. On Debian or Ubuntu: sudo apt install nodejs npm" >&2
exit 1
