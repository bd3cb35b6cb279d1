# bash completion for ota-sim; made by tools/completion/generate from what `ota-sim --help` says: not to be edited
# shellcheck shell=bash disable=SC2207

_ota_sim_files() {
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}

# One of the names, or the last of several between commas.
_ota_sim_list() {
    local word=${COMP_WORDS[COMP_CWORD]} before=''
    [[ $word != *,* ]] || before=${word%,*},
    COMPREPLY=($(compgen -P "$before" -W "$1" -- "${word##*,}"))
}

_ota_sim() {
    local word=${COMP_WORDS[COMP_CWORD]} words=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "run replay merge explain new init serve inspect diff otatool parttool partitions image otadata nvs flash update twin selftest --help --version" -- "$word"))
        return
    fi
    case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}" in
    "run --json") _ota_sim_files && return ;;
    "run --html") _ota_sim_files && return ;;
    "run --junit") _ota_sim_files && return ;;
    "run --sarif") _ota_sim_files && return ;;
    "run --tap") _ota_sim_files && return ;;
    "run --trace") _ota_sim_files && return ;;
    "run --markdown") _ota_sim_files && return ;;
    "run -o" | "run --output") _ota_sim_files && return ;;
    "run -k" | "run --match") COMPREPLY=() && return ;;
    "run --save-flash") _ota_sim_files && return ;;
    "run --bootloader") _ota_sim_files && return ;;
    "run --rom") COMPREPLY=() && return ;;
    "run --elf") COMPREPLY=() && return ;;
    "run -r" | "run --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "run --seed") COMPREPLY=() && return ;;
    "run -j" | "run --jobs") COMPREPLY=() && return ;;
    "run --depth") COMPREPLY=() && return ;;
    "run --faults") _ota_sim_list "clean prefix late-bits partial-erase early-bits unstable bit-rot neighbour io-error io-dropped reset efuse default all" && return ;;
    "run --cuts-per-hour") COMPREPLY=() && return ;;
    "run --max-time") COMPREPLY=() && return ;;
    "run --max-states") COMPREPLY=() && return ;;
    "run --max-memory") COMPREPLY=() && return ;;
    "run --shard") COMPREPLY=() && return ;;
    "replay -r" | "replay --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "replay --bootloader") _ota_sim_files && return ;;
    "replay --rom") COMPREPLY=() && return ;;
    "replay --elf") COMPREPLY=() && return ;;
    "replay --gdb") COMPREPLY=() && return ;;
    "replay --save-flash") _ota_sim_files && return ;;
    "merge --json") _ota_sim_files && return ;;
    "new --from") _ota_sim_files && return ;;
    "init --scenarios") _ota_sim_files && return ;;
    "init --from") COMPREPLY=() && return ;;
    "init -o" | "init --output") _ota_sim_files && return ;;
    "serve --flash") _ota_sim_files && return ;;
    "serve --size") COMPREPLY=() && return ;;
    "serve --target") _ota_sim_list "esp32 esp32s2 esp32s3 esp32c3 esp32c2 esp32c6 esp32h2 esp32h21 esp32p4 esp32c5 esp32c61 esp32h4 esp32s31" && return ;;
    "serve --chip") _ota_sim_list "W25Q32JV W25Q64JV W25Q128JV GD25Q32 GD25Q64 GD25Q128 XM25QH64C IS25LP064 BY25Q32 MT25Q128 P25Q32H" && return ;;
    "serve --mac") COMPREPLY=() && return ;;
    "serve --chip-revision") COMPREPLY=() && return ;;
    "serve --block-revision") COMPREPLY=() && return ;;
    "serve --tcp") COMPREPLY=() && return ;;
    "serve --app") COMPREPLY=() && return ;;
    "serve --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "serve --cut-after") COMPREPLY=() && return ;;
    "serve --control") _ota_sim_files && return ;;
    "inspect -j" | "inspect --json") _ota_sim_files && return ;;
    "inspect --target") _ota_sim_list "esp32 esp32s2 esp32s3 esp32c3 esp32c2 esp32c6 esp32h2 esp32h21 esp32p4 esp32c5 esp32c61 esp32h4 esp32s31" && return ;;
    "inspect -o" | "inspect --table-offset") COMPREPLY=() && return ;;
    "inspect --secure-version") COMPREPLY=() && return ;;
    "inspect --replay") COMPREPLY=() && return ;;
    "inspect --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "diff --target") _ota_sim_list "esp32 esp32s2 esp32s3 esp32c3 esp32c2 esp32c6 esp32h2 esp32h21 esp32p4 esp32c5 esp32c61 esp32h4 esp32s31" && return ;;
    "diff -o" | "diff --table-offset") COMPREPLY=() && return ;;
    "diff --secure-version") COMPREPLY=() && return ;;
    "otatool -p" | "otatool --port") _ota_sim_files && return ;;
    "otatool --flash") _ota_sim_files && return ;;
    "otatool -b" | "otatool --baud") COMPREPLY=() && return ;;
    "otatool -o" | "otatool --partition-table-offset") COMPREPLY=() && return ;;
    "otatool -f" | "otatool --partition-table-file") _ota_sim_files && return ;;
    "otatool --primary-bootloader-offset") COMPREPLY=() && return ;;
    "otatool --recovery-bootloader-offset") COMPREPLY=() && return ;;
    "otatool --esptool-args") COMPREPLY=() && return ;;
    "otatool --esptool-write-args") COMPREPLY=() && return ;;
    "otatool --esptool-read-args") COMPREPLY=() && return ;;
    "otatool --esptool-erase-args") COMPREPLY=() && return ;;
    "otatool --slot") COMPREPLY=() && return ;;
    "otatool --name") COMPREPLY=() && return ;;
    "otatool --spi-flash-sec-size") COMPREPLY=() && return ;;
    "otatool --output") _ota_sim_files && return ;;
    "otatool --input") _ota_sim_files && return ;;
    "otatool --otadata") _ota_sim_files && return ;;
    "otatool --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "parttool -p" | "parttool --port") _ota_sim_files && return ;;
    "parttool --flash") _ota_sim_files && return ;;
    "parttool -b" | "parttool --baud") COMPREPLY=() && return ;;
    "parttool -o" | "parttool --partition-table-offset") COMPREPLY=() && return ;;
    "parttool -f" | "parttool --partition-table-file") _ota_sim_files && return ;;
    "parttool --primary-bootloader-offset") COMPREPLY=() && return ;;
    "parttool --recovery-bootloader-offset") COMPREPLY=() && return ;;
    "parttool --esptool-args") COMPREPLY=() && return ;;
    "parttool --esptool-write-args") COMPREPLY=() && return ;;
    "parttool --esptool-read-args") COMPREPLY=() && return ;;
    "parttool --esptool-erase-args") COMPREPLY=() && return ;;
    "parttool -n" | "parttool --partition-name") COMPREPLY=() && return ;;
    "parttool -t" | "parttool --partition-type") COMPREPLY=() && return ;;
    "parttool -s" | "parttool --partition-subtype") COMPREPLY=() && return ;;
    "parttool --extra-partition-subtypes") COMPREPLY=() && return ;;
    "parttool --output") _ota_sim_files && return ;;
    "parttool --input") _ota_sim_files && return ;;
    "parttool --info") COMPREPLY=() && return ;;
    "partitions --flash-size") COMPREPLY=() && return ;;
    "partitions -o" | "partitions --offset") COMPREPLY=() && return ;;
    "partitions --primary-bootloader-offset") COMPREPLY=() && return ;;
    "partitions --recovery-bootloader-offset") COMPREPLY=() && return ;;
    "partitions --extra-partition-subtypes") COMPREPLY=() && return ;;
    "partitions --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "image --target") _ota_sim_list "esp32 esp32s2 esp32s3 esp32c3 esp32c2 esp32c6 esp32h2 esp32h21 esp32p4 esp32c5 esp32c61 esp32h4 esp32s31" && return ;;
    "image --app-version") COMPREPLY=() && return ;;
    "image --project") COMPREPLY=() && return ;;
    "image --idf-version") COMPREPLY=() && return ;;
    "image --secure-version") COMPREPLY=() && return ;;
    "image --size") COMPREPLY=() && return ;;
    "image --seed") COMPREPLY=() && return ;;
    "image --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "image --slot-size") COMPREPLY=() && return ;;
    "otadata --entry0") COMPREPLY=() && return ;;
    "otadata --entry1") COMPREPLY=() && return ;;
    "otadata --slots") COMPREPLY=() && return ;;
    "nvs -j" | "nvs --json") _ota_sim_files && return ;;
    "nvs -p" | "nvs --partition") COMPREPLY=() && return ;;
    "nvs -o" | "nvs --table-offset") COMPREPLY=() && return ;;
    "nvs -s" | "nvs --size") COMPREPLY=() && return ;;
    "nvs --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "flash --size") COMPREPLY=() && return ;;
    "flash --target") _ota_sim_list "esp32 esp32s2 esp32s3 esp32c3 esp32c2 esp32c6 esp32h2 esp32h21 esp32p4 esp32c5 esp32c61 esp32h4 esp32s31" && return ;;
    "flash -t" | "flash --table") _ota_sim_files && return ;;
    "flash -o" | "flash --table-offset") COMPREPLY=() && return ;;
    "flash --bootloader") _ota_sim_files && return ;;
    "flash --part") COMPREPLY=() && return ;;
    "flash --boot") COMPREPLY=() && return ;;
    "update --url") COMPREPLY=() && return ;;
    "update -f" | "update --flash") _ota_sim_files && return ;;
    "update --cacert") _ota_sim_files && return ;;
    "update -u" | "update --user") COMPREPLY=() && return ;;
    "update -r" | "update --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "update --partial") COMPREPLY=() && return ;;
    "update --power-cut-at") COMPREPLY=() && return ;;
    "update -o" | "update --output") _ota_sim_files && return ;;
    "twin -r" | "twin --release") _ota_sim_list "v4.4 v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 v6.0 v6.1 master v6.2" && return ;;
    "twin --rom") COMPREPLY=() && return ;;
    "twin -n" | "twin --boards") COMPREPLY=() && return ;;
    "twin --boots") COMPREPLY=() && return ;;
    "twin --crash-states") COMPREPLY=() && return ;;
    "twin --seed") COMPREPLY=() && return ;;
    "selftest -k") COMPREPLY=() && return ;;
    "selftest --json") _ota_sim_files && return ;;
    esac
    case ${COMP_WORDS[1]} in
    run) words="--json --html --junit --sarif --tap --trace --markdown -o --output --github -k --match -l --list -v --verbose -w --watch --save-flash --bootloader --rom --elf -r --release --seed --no-explore -j --jobs --depth --faults --cuts-per-hour --strict --max-time --max-states --max-memory --fail-fast --no-memo --verify-memo --timing --shard -h --help" ;;
    replay) words="-r --release --bootloader --rom --elf --gdb --save-flash -h --help" ;;
    merge) words="--json -h --help" ;;
    explain) words="-l --list --page -h --help" ;;
    new) words="--from --run --force -h --help" ;;
    init) words="--scenarios --from -o --output --force -h --help ci github gitlab" ;;
    serve) words="--flash --size --target --chip --mac --chip-revision --block-revision --pty --tcp --boot --app --release --rollback --realtime --cut-after --control --wait -v --verbose -h --help" ;;
    inspect) words="-j --json --target -o --table-offset --secure-version -p --what-if-power-fails --replay --release --rollback --anti-rollback -h --help" ;;
    diff) words="--target -o --table-offset --secure-version -h --help" ;;
    otatool) words="-p --port --flash -b --baud -o --partition-table-offset -f --partition-table-file --primary-bootloader-offset --recovery-bootloader-offset --esptool-args --esptool-write-args --esptool-read-args --esptool-erase-args -q --quiet --force --wait -h --help --slot --name --spi-flash-sec-size --output --input --otadata --safe --explore --release --rollback read_otadata erase_otadata switch_ota_partition read_ota_partition write_ota_partition erase_ota_partition" ;;
    parttool) words="-p --port --flash -b --baud -o --partition-table-offset -f --partition-table-file --primary-bootloader-offset --recovery-bootloader-offset --esptool-args --esptool-write-args --esptool-read-args --esptool-erase-args -q --quiet --force --wait -h --help -n --partition-name -t --partition-type -s --partition-subtype -d --partition-boot-default --extra-partition-subtypes --output --input --ignore-readonly --info --part_list read_partition write_partition erase_partition get_partition_info" ;;
    partitions) words="--flash-size --disable-md5sum --no-verify -v --verify -q --quiet -o --offset --primary-bootloader-offset --recovery-bootloader-offset --secure --extra-partition-subtypes --release --force -h --help" ;;
    image) words="--target --app-version --project --idf-version --secure-version --size --seed --no-hash --release --slot-size --force -h --help make info verify" ;;
    otadata) words="--entry0 --entry1 --slots --force -h --help make show" ;;
    nvs) words="-e --entries -j --json -p --partition -o --table-offset -s --size --release --force -h --help show check" ;;
    flash) words="--size --target -t --table -o --table-offset --bootloader --part --boot --no-verify --force -h --help" ;;
    update) words="--url -f --flash --cacert -u --user -r --release --rollback --resume --partial --power-cut-at -o --output -j --json -h --help" ;;
    twin) words="-r --release --rollback --anti-rollback --rom -n --boards --boots --crash-states --no-log --seed -h --help" ;;
    selftest) words="-k --list --json --docs" ;;
    esac
    [ "${COMP_WORDS[1]}" != explain ] || words+=" $(ota-sim explain --list 2>/dev/null | cut -d ' ' -f 1)"
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ $word == -* ]] || _ota_sim_files
}

complete -F _ota_sim ota-sim
