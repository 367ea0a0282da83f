#!/bin/sh
# Prints the path of a Python, 3.11 or later, that can make virtual environments. Installs nothing but Debian's
# python3-venv, and that only as root; otherwise it names the command.
set -eu

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

find_python && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && apt-get install --yes python3-venv; } >&2
    find_python && exit 0
fi
echo "glassnet needs Python 3.11 or later with venv. On Debian or Ubuntu: sudo apt install python3-venv" >&2
exit 1
