# Shared by the scripts of tools/, tests/ and .ci/, which source it with `root` set to the top of the checkout.
# shellcheck shell=bash

# A minimal environment (`env -i`, a container, `su` without a dash) must do: dpkg wants to find ldconfig.
export PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/sbin:/sbin"
export LC_ALL=C.UTF-8

# Where builds go, one folder a preset.
builds=${OTA_SIM_BUILD_DIR:-$root/build}

say() {
    printf 'ota-sim: %s\n' "$*" >&2
}

# Ends with exit status 3, "our fault", which no verdict uses.
die() {
    say "$*"
    exit 3
}

# is_configured PRESET [-DNAME=VALUE...]: so is its build folder, for this place of the checkout and with these options.
is_configured() {
    local folder=$builds/$1 option
    shift
    [ -f "$folder/build.ninja" ] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt" || return 1
    for option in "$@"; do
        option=${option#-D}
        grep -qE "^${option%%=*}:[A-Z]+=${option#*=}$" "$folder/CMakeCache.txt" || return 1
    done
}

# configure PRESET [-DNAME=VALUE...]: makes the preset's build folder ready unless it is.
configure() {
    local preset=$1 folder=$builds/$1
    is_configured "$@" && return 0
    shift
    # One that was made for another place of the checkout cannot be turned round.
    is_configured "$preset" || rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$root" && cmake --preset "$preset" -B "$folder" "$@") >"$folder/configure.log" 2>&1 || {
        cat "$folder/configure.log" >&2
        die "cmake could not configure $folder"
    }
}

# build PRESET [TARGET...]: silent when there is nothing to do, the compiler's words when something is wrong.
build() {
    local folder=$builds/$1
    shift
    ninja --quiet -C "$folder" "$@" 2>&1 | sed -E '/^ninja: (no work to do|Entering directory)|^-- /d' >&2 ||
        die "the build in $folder failed"
}

# with_build_lock COMMAND...: one build at a time in this checkout, however many shells ask for it.
with_build_lock() {
    mkdir -p "$builds" 2>/dev/null || true
    [ -w "$builds" ] || die "cannot write $builds; set OTA_SIM_BUILD_DIR to a folder that can be written"
    { flock 9 && "$@" 9>&-; } 9>"$builds/.lock"
}

# npm_modules FOLDER: what its package-lock.json names lies in its node_modules; installed once, however many ask.
npm_modules() (
    exec 8<"$1" && flock 8 && cd "$1" || exit 1
    [ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] && exit
    npm ci --no-audit --no-fund --loglevel=error >&2 8>&-
)

# python_environment NAME PACKAGE...: $builds/NAME is a virtual environment of Debian's Python with these packages of PyPI.
python_environment() (
    folder=$builds/$1
    shift
    mkdir -p "$folder" && exec 8<"$folder" && flock 8 || exit 1
    [ "$(cat "$folder/.installed" 2>/dev/null)" != "$*" ] || exit 0
    /usr/bin/python3 -m venv "$folder" && timeout 180 "$folder/bin/pip" install -q "$@" 8>&- && echo "$*" >"$folder/.installed"
)
