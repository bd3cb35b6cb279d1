# What is installed is enough for a unit test of one's own, out of tree: by pkg-config, and by find_package.
cmake --install "$BUILD" --prefix "$PWD/prefix" >log
export PKG_CONFIG_PATH=$PWD/prefix/lib/pkgconfig:$PWD/prefix/lib/x86_64-linux-gnu/pkgconfig:$PWD/prefix/lib/aarch64-linux-gnu/pkgconfig
# shellcheck disable=SC2046 # flags are words
cc -Wall -Wextra -Werror "$DATA/guest/keeps_a_value.c" $(pkg-config --cflags --libs otasim) -o by-pkg-config 2>>log
library=$(pkg-config --variable=libdir otasim)/libotasim.so
# A library that sanitizers watch needs theirs first.
asan=
nm -D "$library" >symbols
! grep -q __asan_init symbols || asan=$(cc -print-file-name=libasan.so)
LD_PRELOAD=$asan LD_LIBRARY_PATH=${library%/*} ./by-pkg-config
cat >CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.22)
project(mine C)
find_package(ota-sim 0.1 REQUIRED)
add_executable(mine "$DATA/guest/keeps_a_value.c")
target_link_libraries(mine PRIVATE ota-sim::otasim)
END
cmake -S . -B mine -DCMAKE_PREFIX_PATH="$PWD/prefix" >>log
cmake --build mine >>log 2>&1
LD_PRELOAD=$asan mine/mine
# Only what is public is to be seen, and all of it has a version.
nm -D --defined-only "$library" | awk '{print $3}' |
    grep -v -E '^LIBOTASIM_0.1$|^(otasim_|esp_|nvs_|bootloader_common_|_esp_error_check_failed)[a-z0-9_]*@@LIBOTASIM_0.1$' || true
#--- stdout
update/1/clean
the power goes at a program of 4 bytes at 0x00009000 in esp_partition_write (store)
update/1/clean
the power goes at a program of 4 bytes at 0x00009000 in esp_partition_write (store)
