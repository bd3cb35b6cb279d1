#!/usr/bin/env bash
# Builds every fuzz target by OSS-Fuzz's conventions, in its container or, as tools/fuzz does, anywhere else.
#
# From the environment: $SRC (the checkout is $SRC/ota-sim), $WORK, $OUT, $CC, $CXX, $CFLAGS, $CXXFLAGS, $LIB_FUZZING_ENGINE. Into
# $OUT go the targets, TARGET_seed_corpus.zip, TARGET.dict, and in lib/ the libraries that a runner may not have.
set -euo pipefail
root=$SRC/ota-sim
cmake -S "$root" -B "$WORK" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" \
    -DOTA_SIM_TESTS=ON -DOTA_SIM_FUZZ=ON -DOTA_SIM_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" >"$WORK.log" || { cat "$WORK.log" && exit 1; }
ninja -C "$WORK" fuzz_targets

mkdir -p "$OUT/lib"
for source in "$root"/tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    cp "$WORK/tests/$target" "$OUT/$target"
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$root/tests/fuzz/corpus/${target#fuzz_}" && python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" ./*)
    dictionary=$root/tests/fuzz/dictionaries/${target#fuzz_}.dict
    [ ! -e "$dictionary" ] || cp "$dictionary" "$OUT/$target.dict"
    ldd "$OUT/$target" | awk -v out="$OUT/" '$3 ~ /^\// && index($3, out) != 1 && $1 !~ /^lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so/ { print $3 }'
done | sort -u | xargs -r cp -t "$OUT/lib"
