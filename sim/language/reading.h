// A scenario file being read: what its parts need to know of each other. Private to the reader.
//
//      reader.c          the file, the order of the parts, what only the whole can tell
//      reader_board.c       board, eFuse, build options
//      reader_partitions.c  the partition table
//      reader_images.c      images
//      reader_flash.c       initial contents, otadata entries
//      reader_contents.c    bytes: flash, damage, what flash holds
//      reader_steps.c       steps; reader_calls.c, reader_power.c, reader_bench.c: their kinds
//      reader_expect.c      expectations
//      reader_explore.c     exploration, known bugs
//      reader_names.c       names: of images, partitions, releases, files
#ifndef SIM_LANGUAGE_READING_H
#define SIM_LANGUAGE_READING_H

#include "../provision/partition_layout.h"
#include "fields.h"
#include "reader.h"
#include "step_row.h"

#define LABEL_MAX          16u           // bytes of a partition's label (PT)
#define IMAGES_MAX         256u          // in one scenario
#define CONTENTS_MAX       (64ull << 20) // bytes that images, fills and expectations may take together
#define EXECUTED_STEPS_MAX 1000000u      // repeats unrolled
#define HANDLES_MAX        24u           // handle variables (EXECUTION_HANDLES_MAX)

struct reading {
    const char *path;
    struct diagnostics *diagnostics;
    struct scenario *scenario;
    struct scenario_wishes wishes;

    struct partition_table_layout layout; // names resolve against it
    bool layout_known;                    // false: the table is wrong or absent; then names are not looked up
    struct source_mark partitions_mark;   // line 0: the scenario writes none
    uint32_t csv_line;                    // of the inline CSV's first line; 0: it is a file
    bool *image_broken;                   // of each image: its error was reported, follow-ups are not
    bool *image_used;
    uint64_t contents; // bytes so far
    char *handles[HANDLES_MAX];
    size_t handle_count;
};

// ---- parts, in the order in which they are read. Each is given the value of its key. ------------

void read_board(struct reading *reading, const struct yaml_node *node); // NULL: all defaults
void read_partitions(struct reading *reading, const struct yaml_node *node);
void read_images(struct reading *reading, const struct yaml_node *node);
void read_flash(struct reading *reading, const struct yaml_node *node);
void read_steps(struct reading *reading, const struct yaml_node *node, struct step **steps, size_t *count);
void read_explore(struct reading *reading, const struct yaml_node *node);
void read_known_bugs(struct reading *reading, const struct yaml_node *node);

// The table that a dump brings along, when the board names none.
void partitions_from_dump(struct reading *reading);

// ---- the board (reader_board.c) -----------------------------------------------------------------

// `at_boot`. True: it is there and right.
bool read_behaviour(struct reading *reading, struct fields *fields, enum app_behaviour *out);

// Build options of app and bootloader; those that an app has.
void read_build_options(struct reading *reading, struct fields *fields, struct firmware_build *build);
void read_app_options(struct reading *reading, struct fields *config, struct firmware_build *build);

// ---- the bootloader (reader_bootloader.c): its file before the target is known, its options once the app's are -------

void read_bootloader_file(struct reading *reading, struct fields *board);
void read_bootloader(struct reading *reading, struct fields *board);
// Of the file; NULL: none was read.
const struct chip_target *bootloader_file_target(const struct reading *reading);

// eFuse fields by name; a value of -1 is the secure version as a number of bits.
extern const struct word efuse_words[];
bool read_efuse_field(struct reading *reading, struct fields *fields, const struct word *word,
                      enum port_efuse *efuse, uint32_t *value);

// ---- calls (reader_calls.c) ---------------------------------------------------------------------

// `step` has its `returns` already; kind, arguments and title are filled.
void read_call(struct reading *reading, const struct yaml_node *node, enum ota_call call, struct step *step);

// ---- expectations (reader_expect.c) -------------------------------------------------------------

// What a step is called in narrations and reports.
__attribute__((format(printf, 2, 3))) void set_title(struct step *step, const char *format, ...);

// Appends what a mapping, or a list of mappings, expects. `step` (may be NULL) is what it looks back on: it
// decides what `result` means.
void read_expectations(struct reading *reading, const struct yaml_node *node, const struct step *step,
                       struct expectation **expectations, size_t *count);

// ---- bytes (reader_contents.c) ------------------------------------------------------------------

struct contents {
    uint32_t at;         // offset within the room
    struct buffer bytes; // owned by the caller
    bool flip;           // the bytes are a mask of bits to turn over
};

enum contents_kind {
    CONTENTS_FLASH = 1,  // `image`, `file`: what may be put into flash
    CONTENTS_FLIP = 2,   // `flip`: what may be done to bytes that are there
    CONTENTS_PLACED = 4, // `at` means something else here: the room begins where it says
};

// Reads `at` and one of `bytes`, `text`, `fill`, `random`, `image`, `file`, `flip` (as `kinds` allows) from
// an open mapping. They must fit into `room` bytes, the size of `place` ("ota_0"). False: an error was
// reported, nothing is owned.
bool read_contents(struct reading *reading, struct fields *fields, unsigned kinds, uint32_t room,
                   const char *place, struct contents *out);

// True when that many more bytes may be held; else an error at `node`.
bool contents_afford(struct reading *reading, const struct yaml_node *node, uint64_t bytes);

// ---- NVS (reader_nvs.c) -------------------------------------------------------------------------

enum nvs_key_use { NVS_KEY_NONE, NVS_KEY_OPTIONAL, NVS_KEY_REQUIRED };

// `partition`, `namespace` and `key` of an open mapping. False: reported.
bool read_nvs_name(struct reading *reading, struct fields *fields, enum nvs_key_use use,
                   struct nvs_name *out);

// Invariants speak of this key.
void nvs_watch(struct reading *reading, const struct yaml_node *node, const struct nvs_name *name);

// One of `u8` ... `i64`, `string`, `blob` of an open mapping. False: reported, nothing is owned.
bool read_nvs_value(struct reading *reading, struct fields *fields, struct nvs_value *out);

// `{entries: ...}` or `{csv: ...}`: `size` bytes of a partition that holds them are appended. False: reported.
bool read_nvs_contents(struct reading *reading, const struct yaml_node *node, const char *place,
                       uint32_t size, struct buffer *out);

// `{NAMESPACE: {KEY: {u32: 5} or absent}}`: calls `add` with each; it takes the memory over.
void read_nvs_expected(struct reading *reading, const struct yaml_node *node,
                       void (*add)(void *context, const struct yaml_node *key, struct nvs_expected *expected),
                       void *context);

// ---- otadata entries (reader_flash.c) -----------------------------------------------------------

#define OTADATA_ENTRY_BYTES 32u

// States as otadata has them; the value is the number in flash.
extern const struct word state_words[];

// `blank`, or a mapping with seq, state, label, crc, or bytes: 32 bytes into `out`. `fields` (may be NULL):
// the entry's keys stand in this open mapping.
bool read_otadata_entry(struct reading *reading, const struct yaml_node *node, struct fields *fields,
                        uint8_t out[OTADATA_ENTRY_BYTES]);

// ---- names (reader_names.c) ---------------------------------------------------------------------

// The scenario's image of that name. False: reported.
bool find_image(struct reading *reading, const struct yaml_node *node, uint32_t *out);

// A partition by label. NULL: reported, or not known because the table is wrong; `what` is for messages.
const struct partition_entry *find_partition(struct reading *reading, const struct yaml_node *node,
                                             const char *what);

// A place in flash: `ota_0`, `ota_0+0x1000` or an address. False: reported or not known. `size`: bytes from
// there to its end.
bool find_place(struct reading *reading, const struct yaml_node *node, uint32_t *address, uint32_t *size);

// Where a partition's row stands in the file; line 0: not in this file.
struct source_mark partition_mark(const struct reading *reading, const struct partition_entry *partition);

const struct release_profile *find_release(struct reading *reading, const struct yaml_node *node);

// Releases: one or a list of `v6.0`, `v6.0+` (and later), `until v5.5`. Appends names. False: reported.
bool read_releases(struct reading *reading, const struct yaml_node *node, char ***releases, size_t *count);

// An esp_err_t by name or number.
bool read_error_code(struct reading *reading, const struct yaml_node *node, const char *what, esp_err_t *out);

// The path of a file that the scenario names, relative to its folder; owned by the caller. NULL: reported,
// there is no such regular file.
char *find_file(struct reading *reading, const struct yaml_node *node);

#endif
