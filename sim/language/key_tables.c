// The keys of all mappings but those of steps (step_row.h) and of `expect` (reader_expect.c), in the order in
// which docs list them.
#include "key_tables.h"

#include "step_row.h"

static const struct key_row scenario_keys[] = {
    {"name", "required text(1..200)", "one line that says what the scenario shows; required"},
    {"about", "text", "why it matters"},
    {"link", "text", "where to read about it"},
    {"seed", "number(1..)", "of everything random; from 1, default 1"},
    {"board", "%board", "the device: chip, partition table, build options"},
    {"images", "{%image}", "app images, a name each"},
    {"flash", "@flash", "what is in flash before the first power-on"},
    {"server", "%server", "what downloads by esp_https_ota find, [here](https.md)"},
    {"steps", "@steps", "what happens"},
    {"expect", "@expect", "what has to be true at the end"},
    {"explore", "truth / %explore", "power cuts at every instant"},
    {"known_bugs", "list(%known_bug)", "releases under which the expectations fail"},
    KEYS_END};

static const struct key_row board_keys[] = {
    {"target", "words($targets)", "as `idf.py set-target` takes it; default `esp32`"},
    {"chip", "words($chips)",
     "a NOR flash chip by name, with its datasheet's times; default `W25Q32JV` (4 MiB)"},
    {"size", "@flash_size", "flash size, for a chip of no particular make: 1M, 2M, 4M, 8M, 16M, 32M"},
    {"release", "@release",
     "whose behaviour bootloader and app have; default `v6.0`; `--release` overrides it"},
    {"partitions", "text",
     "a block (`|`) of CSV lines, or the name of a `.csv` or `.bin` file; required unless `flash.dump` "
     "brings a table"},
    {"partition_table_offset", "number(4096..)", "default `0x8000`"},
    {"config", "%build", "build options of app and bootloader, below"},
    {"bootloader", "%bootloader",
     "`release` and build options in which the bootloader differs from the app; or `binary`: a genuine one"},
    {"efuse", "%efuse", "fields burned at the factory, below"},
    {"at_boot", "@behaviour", "what apps do at boot when their image does not say; default `nothing`"},
    {"app", "without at_boot: text",
     "your own code, a shared object, that images run which do not say (guest.md)"},
    KEYS_END};

static const struct key_row build_keys[] = {
    {"rollback", "truth",
     "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE; unsaid: no, from v6.2 on yes with `confirm_on_startup`"},
    {"confirm_on_startup", "truth",
     "CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP (v6.2): the app is confirmed right before app_main"},
    {"anti_rollback", "truth", "CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK; needs `rollback`"},
    {"secure_version_bits", "number(1..32)",
     "CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD: how many bits eFuse has for the secure version"},
    {"partition_table_md5", "truth", "CONFIG_PARTITION_TABLE_MD5"},
    {"allow_http", "truth", "CONFIG_ESP_HTTPS_OTA_ALLOW_HTTP: updates without a certificate"},
    {"decrypt_cb", "truth", "CONFIG_ESP_HTTPS_OTA_DECRYPT_CB: images are decrypted by the app"},
    {"enable_partial_download", "truth",
     "CONFIG_ESP_HTTPS_OTA_ENABLE_PARTIAL_DOWNLOAD, which v6.0 and later need for `partial_http_download`"},
    {"verify_spi_mode", "truth", "CONFIG_ESP_HTTPS_OTA_VERIFY_SPI_MODE (v6.1); default true"},
    {"skip_validate", "[words(never|always|power_on|deep_sleep)]",
     "when the bootloader starts an image without validating it (of the bootloader alone)"},
    {"factory_reset", "truth",
     "CONFIG_BOOTLOADER_FACTORY_RESET: a pin resets to factory (of the bootloader alone)"},
    {"factory_reset_labels", "[text]",
     "data partitions that a factory reset erases (of the bootloader alone)"},
    {"factory_reset_erases_otadata", "truth", "CONFIG_BOOTLOADER_OTA_DATA_ERASE (of the bootloader alone)"},
    {"app_test", "truth", "CONFIG_BOOTLOADER_APP_TEST: a pin starts the test app (of the bootloader alone)"},
    {"pin_hold", "@duration", "how long a pin has to be held; default 5s (of the bootloader alone)"},
    KEYS_END};

static const struct key_row app_build_keys[] = {
    {"rollback", "truth",
     "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE; unsaid: no, from v6.2 on yes with `confirm_on_startup`"},
    {"confirm_on_startup", "truth",
     "CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP (v6.2): the app is confirmed right before app_main"},
    {"anti_rollback", "truth", "CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK; needs `rollback`"},
    {"secure_version_bits", "number(1..32)",
     "CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD: how many bits eFuse has for the secure version"},
    {"partition_table_md5", "truth", "CONFIG_PARTITION_TABLE_MD5"},
    {"allow_http", "truth", "CONFIG_ESP_HTTPS_OTA_ALLOW_HTTP: updates without a certificate"},
    {"decrypt_cb", "truth", "CONFIG_ESP_HTTPS_OTA_DECRYPT_CB: images are decrypted by the app"},
    {"enable_partial_download", "truth",
     "CONFIG_ESP_HTTPS_OTA_ENABLE_PARTIAL_DOWNLOAD, which v6.0 and later need for `partial_http_download`"},
    {"verify_spi_mode", "truth", "CONFIG_ESP_HTTPS_OTA_VERIFY_SPI_MODE (v6.1); default true"},
    KEYS_END};

static const struct key_row bootloader_keys[] = {
    {"binary", "text", "a genuine bootloader's file, executed as it is; alone (genuine-bootloader.md)"},
    {"guest", "without binary: text",
     "your own code, a shared object: its bootloader_main runs; alone (guest.md)"},
    {"rom", "text", "beside `binary`: the mask ROM's ELF file, executed from its reset vector"},
    {"elf", "text", "beside `binary`: `bootloader.elf`; stories then have names and lines"},
    {"release", "@release", "the bootloader's own release"},
    {"flash_size", "number(1048576..134217728)",
     "the size in its header, `4M`: it then lies in flash, where ROM has to find it, and can be overwritten"},
    {"rollback", "truth",
     "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE; unsaid: no, from v6.2 on yes with `confirm_on_startup`"},
    {"confirm_on_startup", "truth",
     "CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP (v6.2): the app is confirmed right before app_main"},
    {"anti_rollback", "truth", "CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK; needs `rollback`"},
    {"secure_version_bits", "number(1..32)",
     "CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD: how many bits eFuse has for the secure version"},
    {"partition_table_md5", "truth", "CONFIG_PARTITION_TABLE_MD5"},
    {"allow_http", "truth", "CONFIG_ESP_HTTPS_OTA_ALLOW_HTTP: updates without a certificate"},
    {"decrypt_cb", "truth", "CONFIG_ESP_HTTPS_OTA_DECRYPT_CB: images are decrypted by the app"},
    {"enable_partial_download", "truth",
     "CONFIG_ESP_HTTPS_OTA_ENABLE_PARTIAL_DOWNLOAD, which v6.0 and later need for `partial_http_download`"},
    {"verify_spi_mode", "truth", "CONFIG_ESP_HTTPS_OTA_VERIFY_SPI_MODE (v6.1); default true"},
    {"skip_validate", "[words(never|always|power_on|deep_sleep)]",
     "when the bootloader starts an image without validating it (of the bootloader alone)"},
    {"factory_reset", "truth",
     "CONFIG_BOOTLOADER_FACTORY_RESET: a pin resets to factory (of the bootloader alone)"},
    {"factory_reset_labels", "[text]",
     "data partitions that a factory reset erases (of the bootloader alone)"},
    {"factory_reset_erases_otadata", "truth", "CONFIG_BOOTLOADER_OTA_DATA_ERASE (of the bootloader alone)"},
    {"app_test", "truth", "CONFIG_BOOTLOADER_APP_TEST: a pin starts the test app (of the bootloader alone)"},
    {"pin_hold", "@duration", "how long a pin has to be held; default 5s (of the bootloader alone)"},
    KEYS_END};

static const struct key_row efuse_keys[] = {
    {"secure_version", "number(0..32)", "how many bits are burned"},
    {"secure_version_mask", "without secure_version: number", "which bits are burned"},
    {"chip_revision", "@revision", "of the chip: `v3.1` or `301`"},
    {"block_revision", "@revision", "of its eFuse blocks"},
    {"ignore_max_revision", "number", "images that ask for an older chip are started all the same"},
    {"ignore_block_revision", "number", "the same of eFuse blocks"},
    {"coding_scheme", "number", "of the eFuse blocks (ESP32)"},
    {"recovery_bootloader", "number",
     "where a second bootloader lies, which ROM loads when the first fails (C5, C61, P4, S31)"},
    KEYS_END};

static const struct key_row image_keys[] = {
    {"version", "without bootloader, partition_table, nvs, data, file: text(1..32)",
     "in the app descriptor; default 1.0.0"},
    {"project", "without bootloader, partition_table, nvs, data, file: text(1..32)", "in the app descriptor"},
    {"idf_version", "without bootloader, partition_table, nvs, data, file: text(1..32)",
     "in the app descriptor"},
    {"compile_time", "without bootloader, partition_table, nvs, data, file: text(1..16)",
     "in the app descriptor"},
    {"compile_date", "without bootloader, partition_table, nvs, data, file: text(1..16)",
     "in the app descriptor"},
    {"secure_version", "without bootloader, partition_table, nvs, data, file: number(0..4294967295)",
     "in the app descriptor"},
    {"size", "without bootloader, partition_table, data, file: number(336..16777216)",
     "of the whole image; default 32K; of `nvs`: default 24K"},
    {"seed", "without bootloader, partition_table, nvs, data, file: number", "of its random contents"},
    {"chip", "without partition_table, nvs, data, file: words($targets)", "a target, when not the board's"},
    {"min_chip_revision", "without bootloader, partition_table, nvs, data, file: @revision",
     "the oldest chip that it runs on"},
    {"max_chip_revision", "without bootloader, partition_table, nvs, data, file: @revision",
     "the newest chip that it runs on"},
    {"min_efuse_block_revision", "without bootloader, partition_table, nvs, data, file: @revision",
     "the oldest eFuse blocks"},
    {"max_efuse_block_revision", "without bootloader, partition_table, nvs, data, file: @revision",
     "the newest eFuse blocks"},
    {"hash", "without bootloader, partition_table, nvs, data, file: truth",
     "whether a SHA-256 is appended; default true"},
    {"bootloader", "without partition_table, nvs, data, file: number(1048576..134217728)",
     "a second-stage bootloader for a flash of that size, instead of an app"},
    {"partition_table", "without nvs, data, file: text",
     "a partition table instead of an app: a block of CSV lines, or the name of a file"},
    {"nvs", "without data, file: %nvs_contents", "contents of an NVS partition instead of an app"},
    {"data", "without file: %data", "any bytes instead of an app"},
    {"file", "text",
     "an app .bin of an ESP-IDF build, its bootloader, its partition table, an NVS image; instead of all "
     "the above"},
    {"part", "text", "of a merged file: a partition's label, `bootloader`, `partition_table`, an address"},
    {"damage", "[%damage]", "changes its bytes afterwards"},
    {"at_boot", "@behaviour", "what its app does once the bootloader has started it, below"},
    {"boots", "without at_boot: list(@behaviour)", "the same start by start; the last one repeats"},
    {"app", "without file, at_boot, boots: text",
     "your own code, a shared object: its app_main runs (guest.md)"},
    {"release", "@release", "of its own build; otherwise the board's"},
    {"config", "%build",
     "build options in which it differs from `board.config`, those that an app has; of a `bootloader` all "
     "of them, and from `board.bootloader`"},
    KEYS_END};

static const struct key_row action_keys[] = {
    {"wait", "one of: @duration", "simulated time passes"},
    {"update", "one of: @name / %update",
     "what the step `update` does; then a restart, unless a call failed"},
    {"https_ota", "one of: text / %https_ota",
     "what the step `https_ota` does; then a restart, unless a call failed"},
    {"on", "one of: words($resets)", "only after such a reset"},
    {"if", "one of: %condition", "only when a key of NVS is so"},
    {"do", "@behaviour", "what is done then, with `on` and `if`"},
    {"nvs_set", "one of: %nvs_set", "as the step"},
    {"nvs_count", "one of: %nvs_count", "as the step; needs `at_most`"},
    {"nvs_erase", "one of: %nvs_erase", "as the step"},
    KEYS_END};

static const struct key_row damage_keys[] = {
    {"bytes", "one of: @bytes", "hexadecimal bytes"},
    {"text", "one of: any_scalar", "a text"},
    {"fill", "one of: number(0..255)", "this byte, `length` times or up to the end"},
    {"random", "one of: number", "random bytes, from this seed"},
    {"flip", "one of: @bytes", "a mask of bits to turn over"},
    {"truncate", "one of: number(1..)", "cut off behind so many bytes"},
    {"at", "number", "offset; default 0"},
    {"length", "number(1..)", "how many bytes, with `fill` and `random`"},
    {"reseal", "truth", "makes checksum and hash right again"},
    KEYS_END};

static const struct key_row contents_keys[] = {
    {"bytes", "one of: @bytes", "hexadecimal bytes"},
    {"text", "one of: any_scalar", "a text"},
    {"fill", "one of: number(0..255)", "this byte, `length` times or up to the end"},
    {"random", "one of: number", "random bytes, from this seed"},
    {"image", "one of: @name", "an image by its name"},
    {"file", "one of: text", "a file"},
    {"part", "text", "of a merged file, as for images"},
    {"entries", "one of: {{%nvs_value}}",
     "of an NVS partition: `{NAMESPACE: {KEY: {u32: 5}}}`, written by the library itself"},
    {"csv", "one of: text", "of an NVS partition: a CSV file as ESP-IDF's generator takes it"},
    {"at", "number", "offset; default 0"},
    {"length", "number(1..)", "how many bytes, with `fill` and `random`"},
    KEYS_END};

static const struct key_row data_keys[] = {
    {"bytes", "one of: @bytes", "hexadecimal bytes"},
    {"text", "one of: any_scalar", "a text"},
    {"fill", "one of: number(0..255)", "this byte, `length` times"},
    {"random", "one of: number", "`length` random bytes, from this seed"},
    {"file", "one of: text", "a file, whatever it holds"},
    {"length", "number(1..)", "how many bytes, with `fill` and `random`"},
    {"part", "text", "of a merged file, as for images"},
    KEYS_END};

static const struct key_row nvs_contents_keys[] = {
    {"entries", "one of: {{%nvs_value}}", "`{NAMESPACE: {KEY: {u32: 5}}}`, written by the library itself"},
    {"csv", "one of: text", "a CSV file as ESP-IDF's generator takes it"},
    KEYS_END};

static const struct key_row blob_keys[] = {
    {"bytes", "one of: @bytes", "hexadecimal bytes"},
    {"text", "one of: any_scalar", "a text, without a NUL"},
    {"fill", "one of: number(0..255)", "this byte, `length` times"},
    {"random", "one of: number", "random bytes, from this seed"},
    {"length", "number(1..)", "how many bytes, with `fill` and `random`; required there"},
    KEYS_END};

static const struct key_row nvs_value_keys[] = {
    {"u8", "one of: number", "an integer of that type"},
    {"i8", "one of: any_scalar", "an integer of that type"},
    {"u16", "one of: number", "an integer of that type"},
    {"i16", "one of: any_scalar", "an integer of that type"},
    {"u32", "one of: number", "an integer of that type"},
    {"i32", "one of: any_scalar", "an integer of that type"},
    {"u64", "one of: number", "an integer of that type"},
    {"i64", "one of: any_scalar", "an integer of that type"},
    {"string", "one of: any_scalar", "a text, at most 3999 characters"},
    {"blob", "one of: any_scalar / %blob", "hexadecimal bytes, or `{random: 7, length: 6000}`"},
    KEYS_END};

static const struct key_row progress_keys[] = {
    {"namespace", "required string(1..15)", "of the key in NVS"},
    {"key", "required string(1..15)", "an u32: bytes that need not be sent again"},
    {"when", "words(after|before)",
     "the key is set after the bytes that it speaks of are written, or before; default `after`"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

static const struct key_row tried_keys[] = {
    {"namespace", "required string(1..15)", "of the key in NVS"},
    {"key", "required string(1..15)", "a string: the version"},
    {"when", "words(before|after)",
     "the key is set before the new image is selected, or after that; default `after`"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

static const struct key_row condition_keys[] = {
    {"namespace", "required string(1..15)", "of the key in NVS"},
    {"key", "required string(1..15)", "which value; with nothing else: it is there"},
    {"absent", "truth", "it is not there"},
    {"at_least", "number", "a u32 of that or more; one that is not there is 0"},
    {"at_most", "number", "a u32 of that or less"},
    {"u8", "number", "it has that value"},
    {"i8", "any_scalar", "it has that value"},
    {"u16", "number", "it has that value"},
    {"i16", "any_scalar", "it has that value"},
    {"u32", "number", "it has that value"},
    {"i32", "any_scalar", "it has that value"},
    {"u64", "number", "it has that value"},
    {"i64", "any_scalar", "it has that value"},
    {"string", "any_scalar", "it has that value"},
    {"blob", "any_scalar", "it has that value"},
    {"partition", "text", "label of the NVS partition; default `nvs`"},
    KEYS_END};

static const struct key_row entry_keys[] = {
    {"seq", "one of: number(0..4294967295)", "sequence number"},
    {"bytes", "one of: @bytes", "all 32 bytes"},
    {"blank", "one of: words($yes)", "erased"},
    {"state", "words(NEW|PENDING_VERIFY|VALID|INVALID|ABORTED|UNDEFINED) / number", "default UNDEFINED"},
    {"label", "string(1..20)", "20 bytes that nobody reads"},
    {"crc", "words(bad) / number", "right unless it says `bad` or a number"},
    KEYS_END};

static const struct key_row seen_entry_keys[] = {
    {"seq", "@counted", "sequence number"}, {"state", "seen(@state)", "its state"}, KEYS_END};

static const struct key_row not_error_keys[] = {{"not", "required @error", "any code but this"}, KEYS_END};

static const struct key_row operations_keys[] = {{"reads", "@counted", "read requests"},
                                                 {"programs", "@counted", "programs of the chip"},
                                                 {"erases", "@counted", "sector and block erases"},
                                                 {"efuse_burns", "@counted", "burns of eFuse"},
                                                 KEYS_END};

static const struct key_row counted_keys[] = {{"at_least", "number", "this or more"},
                                              {"at_most", "number", "this or less"},
                                              {"not", "number", "any number but this"},
                                              KEYS_END};

static const struct key_row explore_keys[] = {
    {"faults", "words(none) / some(words($faults))",
     "fault models: $fault_models; `default` ($fault_default), `all`; `none`: no cut, the run itself is "
     "judged, as "
     "without `explore`"},
    {"depth", "words(unbounded) / number(1..1000)",
     "cuts in a row: `unbounded` (default; 2 where apps write to NVS) or a number"},
    {"invariants", "list(words($invariants)) / @invariant_switches",
     "`{settles: off}` switches single ones off; a list checks only those"},
    {"custom", "{@expect}", "invariants of your own: `{NAME: EXPECT}`, checked on the recovered device"},
    {"known", "list(%known)",
     "violations that are known, each by its cause, [below](#known); it is an error when they are gone"},
    {"platform_hazards", "words(show|fail)",
     "`show` (default): [hazards of ESP-IDF itself](hazards.md) do not fail the run; `fail`: they do"},
    {"max_time", "@duration", "wall-clock time after which it ends, [incomplete](#budgets); default none"},
    {"max_states", "number(1..)",
     "distinct states after which it ends; the only budget that is reproducible"},
    {"max_memory", "number(1048576..)",
     "bytes that the process may hold; default three quarters of the machine's memory or its cgroup's"},
    {"retry", "truth", "run the update that was interrupted again after each recovery; default true"},
    {"boots_max", "number(1..1000)", "within which a recovery has to settle; default 16"},
    {"erases_max", "number(1..1048576)", "erases of one sector in one recovery; default 8"},
    {"late_bit_samples", "number(1..1048576)", "for programs longer than 64 bytes; default 64"},
    {"cuts_per_hour", "@rate", "rate of power cuts, for expected numbers"},
    {"bit_rot", "[%bit_rot]",
     "where bits flip at rest: `{at: PLACE, length: 32, pairs: true}`, or a list; switches the model on"},
    {"between", "pair(@step_name)", "first and last step in which cuts fall, by `name` or number from 1"},
    KEYS_END};

static const struct key_row server_keys[] = {
    {"files", "required {[@name / %answer]}",
     "what it has: a path for any host, or a URL; an image, or an answer; a list: who asks the n-th time "
     "gets the "
     "n-th, the last goes for all that follow"},
    {"hosts", "{[words(ok|no_name|refused|timeout|tls_fails|expired|wrong_name|untrusted)]}",
     "how connections to a host go, one after the other"},
    {"latency", "@duration", "there and back; default 20ms"},
    {"rate", "number(1..4294967296)", "bytes a second; default: no limit"},
    KEYS_END};

static const struct key_row answer_keys[] = {
    {"image", "text", "an image of the scenario"},
    {"file", "text", "a file"},
    {"part", "text", "of a merged file, as for images"},
    {"text", "any_scalar", "a text"},
    {"bytes", "@bytes", "hexadecimal bytes"},
    {"fill", "number(0..255)", "this byte, `length` times"},
    {"random", "number", "random bytes, from this seed"},
    {"before", "any_scalar", "a text that stands before it"},
    {"truncate", "number(0..16777216)", "of all that only so many bytes"},
    {"status", "number(100..599)", "default: what range, redirection and authorization make of it"},
    {"redirect", "text", "Location, with 302 unless `status` says otherwise"},
    {"headers", "{any_scalar}", "more headers; with `ETag`, If-None-Match is answered"},
    {"length", "number(1..)", "how many bytes, with `fill` and `random`"},
    {"content_length", "words(exact|none|chunked) / number",
     "how the body's end is told: Content-Length, not at all, by chunks, or a number that need not be right"},
    {"chunk", "number(1..16777216)", "bytes of a chunk; default 1024"},
    {"ranges", "words(honoured|ignored|refused)", "206, 200 with all of it, or 416; default `honoured`"},
    {"auth", "%auth", "it is for those who know: `{basic: \"user:password\"}`"},
    {"closes", "truth", "the connection is closed after the answer"},
    {"delay", "@duration", "before its first byte"},
    {"rate", "number(1..4294967296)", "bytes a second, of this answer"},
    {"ends", "%ends", "it ends early: `{after: 1000, how: reset}`"},
    KEYS_END};

static const struct key_row auth_keys[] = {{"basic", "one of: text", "\"user:password\""},
                                           {"digest", "one of: text", "\"user:password\""},
                                           KEYS_END};

static const struct key_row ends_keys[] = {
    {"after", "required number(0..16777216)", "bytes that still come"},
    {"in", "words(body|head)", "from where they are counted; default `body`"},
    {"how", "words(close|reset|stall)", "default `close`"},
    {"for", "@duration", "with `stall`; default: for ever"},
    KEYS_END};

static const struct key_row bit_rot_keys[] = {{"at", "required @place", "where"},
                                              {"length", "number(1..)", "bytes; default up to the end"},
                                              {"pairs", "truth", "every pair of bits, too"},
                                              KEYS_END};

static const struct key_row known_keys[] = {
    {"invariant", "required text", "which one"},
    {"during", "required text",
     "what is to blame: a firmware call, with `esp_ota_` or without; the `name` of a step; `boot`, the "
     "bootloader; `rest`, when it takes no operation (bits that rot)"},
    {"in", "text", "the partition that the operation touches"},
    {"operation", "words(erase|program|burn)", "what it does there"},
    {"tear", "words(none) / some(words($faults))",
     "fault models that may make its crash states; any other one is new. `none`: it takes no cut"},
    {"exposure_max", "@share",
     "share of the run's simulated time in which a single cut may lead to it; `0%`: it takes several"},
    {"why", "required text", "one sentence: why it is so, and why nothing is done about it here"},
    {"link", "text", "where to read about it"},
    {"releases", "@releases", "under which; default all"},
    KEYS_END};

static const struct key_row known_bug_keys[] = {{"releases", "@releases", "under which; default all"},
                                                {"why", "required text", "one sentence: what goes wrong"},
                                                {"link", "text", "where to read about it"},
                                                KEYS_END};

const struct key_table key_tables[] = {{"scenario", scenario_keys},
                                       {"board", board_keys},
                                       {"build", build_keys},
                                       {"app_build", app_build_keys},
                                       {"bootloader", bootloader_keys},
                                       {"efuse", efuse_keys},
                                       {"image", image_keys},
                                       {"action", action_keys},
                                       {"update", update_keys},
                                       {"https_ota", https_ota_keys},
                                       {"record", https_record_keys},
                                       {"server", server_keys},
                                       {"answer", answer_keys},
                                       {"auth", auth_keys},
                                       {"ends", ends_keys},
                                       {"nvs_set", nvs_set_keys},
                                       {"nvs_count", nvs_count_keys},
                                       {"nvs_erase", nvs_erase_keys},
                                       {"damage", damage_keys},
                                       {"contents", contents_keys},
                                       {"data", data_keys},
                                       {"nvs_contents", nvs_contents_keys},
                                       {"nvs_value", nvs_value_keys},
                                       {"blob", blob_keys},
                                       {"progress", progress_keys},
                                       {"tried", tried_keys},
                                       {"condition", condition_keys},
                                       {"entry", entry_keys},
                                       {"seen_entry", seen_entry_keys},
                                       {"not_error", not_error_keys},
                                       {"operations", operations_keys},
                                       {"counted", counted_keys},
                                       {"explore", explore_keys},
                                       {"bit_rot", bit_rot_keys},
                                       {"known", known_keys},
                                       {"known_bug", known_bug_keys},
                                       {NULL, NULL}};
