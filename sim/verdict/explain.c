#include "explain.h"

#include <stddef.h>
#include <strings.h>

// The one table of codes. E00: the file and its syntax; E01: keys and values; E02: names; E03: board, images,
// contents; E04: steps; E05: exploration; W09: warnings.
static const struct {
    const char *code, *title, *text;
} explanations[] = {
    {"E0001", "the file cannot be read",
     "The scenario does not exist, is a folder, may not be read, or is larger than\n"
     "1 MiB. The message has the operating system's reason.\n"},
    {"E0002", "the file is too large",
     "A scenario has at most 1 MiB. Large contents belong into files of their own, which\n"
     "`file:` names; repetition belongs into `repeat`.\n"},
    {"E0003", "the file is empty",
     "There is nothing in it but spaces and comments. The shortest scenario has `name`,\n"
     "`board` with `partitions`, and `steps`. `ota-sim new` writes one to start from.\n"},
    {"E0004", "a character that cannot stand there",
     "Scenarios are UTF-8 text without control characters. A NUL byte mostly means that\n"
     "this is a binary file, or text saved as UTF-16: save it as UTF-8.\n"},
    {"E0005", "YAML syntax",
     "The text is not YAML from here on, so nothing behind this place was looked at.\n"
     "The usual causes: keys of one mapping that do not begin in the same column, tabs,\n"
     "a missing space after `:`, brackets or quotes that are not closed, and texts with\n"
     "`: ` or ` #` in them that need quotes.\n"},
    {"E0006", "more than one document",
     "A line `---` begins a second YAML document. A file holds one scenario: put the\n"
     "other one into a file of its own.\n"},
    {"E0007", "not a mapping",
     "A scenario is a mapping of keys to values, beginning in the first column:\n\n"
     "    name: What it shows\n"
     "    board:\n"
     "      ...\n"},
    {"E0008", "nested too deeply",
     "Lists and mappings may stand inside each other 24 deep. No sensible scenario needs\n"
     "more; the limit is there so that a hostile file cannot exhaust the stack.\n"},
    {"E0009", "too many of something",
     "There are limits on the number of values (after aliases are expanded), of keys of a\n"
     "mapping, anchors, images, steps, handles and invariants of your own, so that a\n"
     "hostile file costs neither memory nor time.\n"},
    {"E0010", "an alias that names nothing",
     "`*name` repeats what `&name` marked above. Either nothing above is marked so, or the\n"
     "alias stands inside of what it would repeat. A text that begins with * needs quotes.\n"},
    {"E0011", "a YAML tag",
     "YAML tags such as `!!str` or `!something` have no meaning in a scenario: what type a\n"
     "value has follows from its key.\n"},
    {"E0012", "a key that is not a word",
     "Keys are words. A list or a mapping as a key (`? [a, b]`, `{a: b}: c`) has no\n"
     "meaning in a scenario.\n"},
    {"E0101", "unknown key",
     "The mapping has a key that nobody asks for. An option that is silently ignored would\n"
     "make a scenario test something else than it says, so this is an error.\n"},
    {"E0102", "duplicate key",
     "A mapping has the same key twice. YAML leaves open which one counts; here neither\n"
     "does.\n"},
    {"E0103", "something is missing",
     "A key that has no default is not there, or a step does nothing. The message says\n"
     "which one, the help what to write.\n"},
    {"E0104", "wrong type",
     "The value is of another kind than the key takes: a list instead of a word, a mapping\n"
     "instead of a number, nothing at all where something must stand.\n"},
    {"E0105", "not a number",
     "Numbers are written in decimal (4096) or hexadecimal (0x1000), with K or M behind\n"
     "them for 1024 and 1024 * 1024 (64K, 1M). Places in flash are written as a partition\n"
     "(ota_0), a partition and an offset (ota_0+0x1000), or an address (0x10000).\n"},
    {"E0106", "a number out of range",
     "The number is one, but too small or too large for what it stands for.\n"},
    {"E0107", "not one of the words",
     "The value has to be one of a few words; the help lists them or names the nearest.\n"},
    {"E0108", "keys that exclude each other",
     "Two keys say different things about the same: only one of them can stand there.\n"},
    {"E0109", "a text of the wrong length",
     "Texts that end up in flash have a fixed size there: versions and project names have at\n"
     "most 32 bytes, an otadata entry has 32, labels 16. Others are bounded so that reports\n"
     "stay readable.\n"},
    {"E0110", "a list of the wrong length",
     "The list is empty, or has not as many items as it needs: otadata always has two\n"
     "entries, `between` two steps.\n"},
    {"E0111", "not hexadecimal bytes",
     "Bytes are written as pairs of hexadecimal digits, with or without spaces, best in\n"
     "quotes: \"e9 00 ff\". Without quotes they are taken as they are written, too.\n"},
    {"E0112", "not a time", "A time is a number and a unit: 20us, 300ms, 5s, 2min, 1h.\n"},
    {"E0113", "not a share", "A share is a number of per cent from 0% to 100%, such as 12.5%.\n"},
    {"E0114", "not a chip revision",
     "Chip revisions are written v3.1, or as the image header has them: major * 100 + minor,\n"
     "301.\n"},
    {"E0115", "a setting that changes nothing",
     "Whoever sets something expects it to count. What is not modelled, or what belongs to\n"
     "something that is off here, is refused: leave it out, or switch on what it needs.\n"},
    {"E0201", "no such image",
     "Images are described under `images` and called by the names that they have there.\n"},
    {"E0202", "no such partition",
     "The partition table of the board has no partition with this label. Labels are case\n"
     "sensitive, as in ESP-IDF.\n"},
    {"E0203", "no such handle",
     "A handle is a variable that `begin` or `resume` sets. No step above sets this one. Left\n"
     "out, it is called `handle`; `none` is one that never was valid.\n"},
    {"E0204", "no such release",
     "Releases are v4.4, v5.1, v5.3, v5.4, v5.5, v6.0, v6.1 and master. Lists of them may also\n"
     "say `v6.0+` (that one and later ones) and `until v5.5` (that one and earlier ones).\n"},
    {"E0205", "no such target",
     "Targets are called as `idf.py set-target` calls them: esp32, esp32s3, esp32c3, ...\n"},
    {"E0206", "no such flash chip",
     "The chip is none of those whose figures are known. For one of no particular make leave\n"
     "out `chip` and write `size`.\n"},
    {"E0207", "no otadata partition",
     "The step writes otadata, but the partition table has no data partition of subtype ota.\n"},
    {"E0208", "no such step",
     "Steps are called like the functions without esp_ota_ (`set_boot_partition`), or as the table\n"
     "under `steps` in docs/scenario-format.md lists them: boot, restart, update and so on.\n"},
    {"E0209", "no such error code",
     "Error codes are written by their names in esp_err.h, esp_ota_ops.h and the other headers\n"
     "(ESP_ERR_OTA_VALIDATE_FAILED), or as a number.\n"},
    {"E0210", "no such invariant",
     "Invariants are the built-in ones, which docs/invariants.md defines, and, for known\n"
     "violations, those under `custom`.\n"},
    {"E0211", "no such step name",
     "Steps are referred to by their `name`, or by their number among the steps, from 1.\n"},
    {"E0212", "nothing that a violation could fall into",
     "`during` of a known violation says what is to blame: a firmware call, with esp_ota_ or\n"
     "without, the `name` of a step, `boot` for the bootloader, or `rest` when it takes no\n"
     "operation. The report of the violation prints the entry.\n"},
    {"E0213", "no such function on the board",
     "`call` calls a function of your own code that runs as app. It is registered there, with the\n"
     "types of its arguments: OTA_SIM_CALL(set_channel, OTA_SIM_INT, OTA_SIM_TEXT). docs/guest.md\n"
     "has more.\n"},
    {"E0301", "the partition table is wrong",
     "The table breaks a rule of gen_esp32part, whose words the message has: an overlap, an\n"
     "offset that is not aligned, a size that does not fit into the flash, a duplicate name.\n"
     "To try what a device does with a broken table, give the board a right one and put the\n"
     "broken one into flash: flash: {partition_table: {file: broken.bin}}.\n"},
    {"E0302", "a file cannot be read",
     "A file that the scenario names does not exist or cannot be read. Names are relative to\n"
     "the folder that the scenario is in.\n"},
    {"E0303", "it does not fit",
     "An image, a file or other contents are larger than the partition or the flash that they\n"
     "are put into. An `update` that is meant to fail for that reason has to say what it\n"
     "returns.\n"},
    {"E0304", "a place outside",
     "An address or offset lies behind the end of the flash, the partition or the image.\n"},
    {"E0306", "impossible flash size",
     "Flash chips have 1, 2, 4, 8, 16 or 32 MiB. A chip that is named has the size that its\n"
     "datasheet gives.\n"},
    {"E0307", "impossible partition table offset",
     "The table lies at a multiple of 4 KiB inside the flash; ESP-IDF's default is 0x8000.\n"},
    {"E0308", "the image cannot be built",
     "The options of the image contradict each other, or damage with `reseal` left headers\n"
     "that describe no image.\n"},
    {"E0309", "options that ESP-IDF does not offer together",
     "Kconfig offers anti-rollback only in builds with rollback; no device runs the other\n"
     "combination.\n"},
    {"E0310", "a partition table that is not a block",
     "The lines of the table must be kept apart, which YAML does in a block that `|` begins:\n\n"
     "    partitions: |\n"
     "      nvs,     data, nvs, 0x9000, 0x4000\n"
     "      otadata, data, ota, 0xd000, 0x2000\n"},
    {"E0311", "too much content", "Images and contents of flash may take 64 MiB in all.\n"},
    {"E0312", "not an image",
     "`file` of an image is an app, a bootloader, a partition table or the contents of an NVS\n"
     "partition, as builds and tools write them. Bytes of any other kind are `data: {file: FILE}`.\n"},
    {"E0313", "a bootloader that cannot be executed",
     "`bootloader: {binary: FILE}` and --bootloader take the file that idf.py leaves in\n"
     "build/bootloader/bootloader.bin, of a chip that can be executed: ESP32-C3, C6, H2 or C2.\n"
     "Its header names the chip; `target` has to be the same.\n"},
    {"E0314", "build options beside a genuine bootloader",
     "A genuine bootloader has its release and options built in. Those of the app stand in\n"
     "`release` and `config`.\n"},
    {"E0315", "a merged file",
     "The file holds several images at their places, as esptool's merge-bin and read-flash write\n"
     "them. One of them is `{file: FILE, part: NAME}`, by the label of its partition,\n"
     "`bootloader`, `partition_table` or its address; all of it is `flash: {dump: FILE}`, or\n"
     "contents at the address where it begins.\n"},
    {"E0316", "two images of the same bytes",
     "An app is known by the bytes of its image, and does what the scenario says of that image. Of\n"
     "two images that are the same bytes, one would do what the other is said to do.\n"},
    {"E0320", "code that cannot be loaded",
     "Your own code is a shared object for this computer, built with -shared -fPIC, that has app_main\n"
     "(or, as a bootloader, bootloader_main) and calls only what ota-sim has. docs/guest.md says how\n"
     "to build one; `ota-sim inspect FILE.so` what it calls.\n"},
    {"E0401", "two things in one step", "Each step does one thing. Begin a new step with `- `.\n"},
    {"E0402", "a power loss that cuts nothing",
     "`power_loss` plans a cut inside the step that follows it. That step has to run firmware, as\n"
     "boot, restart, update and the calls of the update API do; damage done to flash does not.\n"},
    {"E0403", "a step that returns nothing",
     "`returns` speaks of an esp_err_t. Steps such as boot or restart have none, and functions\n"
     "that give a partition are looked at with expect: {result: ota_1}.\n"},
    {"E0404", "no result to look at",
     "`result` is what the call gave: a partition, a number, a state. The step before gives\n"
     "none.\n"},
    {"E0405", "expected too early",
     "When `power_loss` is read, nothing has happened yet: it speaks of the step that follows.\n"
     "Expect it there.\n"},
    {"E0406", "no way to tear",
     "`tear` takes the forms that crash addresses have: a kind, and behind a colon its numbers\n"
     "and its seed, as in prefix:12 or partial:128,s7. The message lists them.\n"},
    {"E0407", "too many executed steps",
     "With all repeats multiplied out, at most a million steps may be executed.\n"},
    {"E0408", "two steps of one name",
     "Names of steps appear in the addresses of crash states, so each may be used only once.\n"},
    {"E0409", "an app that does not get there",
     "What an app does in one start is done in order, and a crash, a hang, a restart or a\n"
     "deep sleep ends the start. What it does in the next one stands in `boots`, start by\n"
     "start: `boots: [crash, [confirm, crash], confirm]`.\n"},
    {"E0501", "bit rot without a region",
     "Flipping every bit and every pair of bits of a whole flash would never end: say where.\n"},
    {"E0502", "a name that is taken", "An invariant of your own cannot have the name of a built-in one.\n"},
    {"E0503", "an invariant that looks back on a step",
     "Invariants are checked on a device that has recovered from a crash. There is no step\n"
     "whose return code or operations could be looked at.\n"},
    {"W0901", "the partition table deserves a look",
     "gen_esp32part would print this warning for the table, and build it all the same.\n"},
    {"W0902", "an image that is never used",
     "No step and no partition uses the image: is its name misspelt elsewhere?\n"},
};
#define COUNT (sizeof explanations / sizeof *explanations)

static size_t find(const char *code) {
    size_t i = 0;
    while (i < COUNT && strcasecmp(explanations[i].code, code) != 0)
        i++;
    return i;
}

const char *diagnostic_explanation(const char *code) {
    size_t found = find(code);
    return found < COUNT ? explanations[found].text : NULL;
}

const char *diagnostic_title(const char *code) {
    size_t found = find(code);
    return found < COUNT ? explanations[found].title : NULL;
}

const char *diagnostic_code(size_t index) {
    return index < COUNT ? explanations[index].code : NULL;
}
