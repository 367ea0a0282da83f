#!/bin/sh
# fuzz.sh FOLDER SECONDS: the tests of the core under the sanitizers, then bytes into every entry of the engine for so
# long. With libFuzzer where clang++ is installed, which remembers in FOLDER/corpus what led somewhere new; otherwise by
# chance alone.
set -eu
folder=$1 seconds=$2 bin=${BIN:-.venv/bin}

if CXX=$(command -v clang++); then
    export CXX
else
    unset CXX
    echo "no clang++, so no libFuzzer (on Debian or Ubuntu: sudo apt install clang): by chance alone" >&2
fi
"$bin/cmake" -S . -B "$folder" -G Ninja -DGLASSNET_SANITIZE=ON
"$bin/cmake" --build "$folder"
"$bin/ctest" --test-dir "$folder" --output-on-failure

if [ -n "${CXX:-}" ]; then
    mkdir -p "$folder/corpus"
    exec "$folder/libfuzzer" -max_total_time="$seconds" -timeout=60 -artifact_prefix="$folder/" "$folder/corpus"
fi
first=0 began=$(date +%s)
while [ $(($(date +%s) - began)) -lt "$seconds" ]; do
    "$folder/fuzz" "$first" 5000
    first=$((first + 5000))
done
