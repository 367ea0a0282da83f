#!/bin/sh
# Sees to Chromium, with which the page is tested as people use it. Installs Debian's, and that only as root; otherwise it
# names the command. Never downloads a browser from elsewhere.
set -eu

there() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && apt-get install --yes --no-install-recommends chromium; } >&2
    there && exit 0
fi
echo "the page's tests need Chromium. On Debian or Ubuntu: sudo apt install chromium" >&2
exit 1
