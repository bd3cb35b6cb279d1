// A scenario in memory: what the YAML file says, checked and with names resolved. Nothing past the reader
// knows YAML.
//
// Every part remembers where in the file it stands, so that a failed expectation can show the line that asked
// for it.
#ifndef SIM_LANGUAGE_SCENARIO_H
#define SIM_LANGUAGE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/include/esp_err.h"
#include "../base/buffer.h"
#include "../explore/bit_rot.h"
#include "../explore/invariant.h"
#include "../guest/guest_file.h"
#include "../hw/board.h"
#include "../hw/fault_model.h"
#include "../network/scripted_network.h"
#include "../provision/app_image_builder.h"
#include "app_action.h"
#include "https_download.h"
#include "nvs_parts.h"
#include "step_list.h"

struct source_mark {
    uint32_t line;   // from 1; 0: stands nowhere
    uint32_t column; // from 1, in characters
    uint32_t length; // characters to underline, at least 1
};

// ---- images and initial contents ----------------------------------------------------------------

struct scenario_image {
    char *name;
    struct app_image_options options; // version, project, size, seed, secure version, ...
    struct buffer bytes; // built by the reader, or loaded from `file`, then damaged as the scenario says
    char version[33];    // of the descriptor in `bytes`; "" when there is none
    struct firmware_build build; // its own, when build_set: scenario_app_build
    bool build_set;
    bool is_bootloader;             // `bytes` are one, as ROM starts it, and `build` is its
    bool release_set;               // it keeps its release when --release overrides the board's
    struct app_behaviour behaviour; // scenario_behaviour
    const struct guest_file
        *guest; // the user's own code, which its descriptor names; NULL: it is no such image
    struct source_mark mark;
};

struct scenario_fill { // initial contents of a range, applied in order after the partition table
    uint32_t address;
    struct buffer bytes;
    struct source_mark mark;
};

// ---- steps --------------------------------------------------------------------------------------

// STEP_BOOT, ...: the rows in step_row.h say what each does. STEP_CALL is one public function.
enum step_kind {
#define STEP_KIND(NAME, symbol) STEP_##NAME,
    STEPS(STEP_KIND)
#undef STEP_KIND
};

enum ota_call {
#define CALL_NUMBER(NAME, symbol) CALL_##NAME,
    CALLS(CALL_NUMBER)
#undef CALL_NUMBER
};

// begin with the image's own length (OTA_SIZE_UNKNOWN and OTA_WITH_SEQUENTIAL_WRITES keep their values)
#define SIZE_IS_IMAGE 0xFFFFFFFDu

#define NO_IMAGE 0xFFFFFFFFu // a call that was given no image

struct update_step {
    char *partition; // label; NULL: esp_ota_get_next_update_partition(NULL)
    char *staging;   // label; NULL: the bytes go where they are to lie in the end
    uint32_t image;  // index into scenario.images
    uint32_t chunk;  // bytes a write, default 4096
    // what begin is told: SIZE_IS_IMAGE, OTA_SIZE_UNKNOWN, OTA_WITH_SEQUENTIAL_WRITES or a number
    uint32_t size;
    struct nvs_name *progress; // key that holds how far it came (u32); NULL: none; owned
    bool progress_first;       // it is set before the bytes that it speaks of are written
    struct nvs_name *tried;    // key that holds the version that was tried last (a string); NULL: none; owned
    bool tried_late;           // it is set after the new image was selected, not before
    unsigned refuses;          // bits of enum version_policy
    // By esp_https_ota, which brings what the server has: `image` is that, NO_IMAGE when it is none. NULL: the bytes
    // are in the app's memory; owned
    struct https_download *download;
};

// Versions that an app does not take, as it compares descriptors before it begins.
enum version_policy { REFUSES_RUNNING = 1, REFUSES_LAST_INVALID = 2 };

void update_step_release(struct update_step *update); // what it owns

struct guest_call_step {
    char *function;
    struct guest_argument {
        char *text; // NULL: it is a number
        int64_t number;
    } arguments[OTA_SIM_ARGUMENTS_MAX];
    uint32_t argument_count;
};

struct call_step {
    enum ota_call call;
    char *partition;               // label, "NULL" or NULL for none / running
    char *handle;                  // name of the handle variable; default "handle"
    uint32_t image;                // data to write, or NO_IMAGE
    uint32_t offset, length, size; // length 0xFFFFFFFF: the rest of the image
    bool flag;                     // set_final_partition: finalize_with_copy; protection: on
    uint32_t address;              // of esp_flash_...
    struct buffer data;            // to write by esp_partition_write, esp_flash_write
};

enum cut_place_kind { CUT_AT_OPERATION, CUT_AT_BYTE, CUT_AT_SHARE, CUT_AT_TIME };

struct power_loss_step {
    enum cut_place_kind place;
    uint64_t at; // operation number within the next step (0 = its first), byte written, per cent * 1000, or
                 // microseconds
    struct tear tear;   // how it tears; default clean
    enum board_end end; // BOARD_POWER_LOST; or the reset that it is instead
};

// What each observable means, and which fields of the expectation speak of it:
//
//      SEE_BOOTED               texts: label of the partition that the bootloader started last; "nothing"
//      SEE_RUNNING              texts: label of the partition whose app runs now; "nothing"
//      SEE_VERSION              texts: version of the running app's descriptor
//      SEE_STATE                texts: otadata_state_name() or "not recorded"; subject: slot label, NULL: the
//                               running one
//      SEE_RETURN               number: esp_err_t that the step looked back on returned
//      SEE_OTADATA_SEQ          index, number
//      SEE_OTADATA_STATE        index, texts: otadata_state_name()
//      SEE_OTADATA_BLANK        index: the entry's 32 bytes are FF (number 1)
//      SEE_EFUSE_SECURE_VERSION number: bits burned
//      SEE_OPERATIONS           subject: "reads", "programs", "erases" (sector and block erases), "efuse_burns";
//                               number: of the step looked back on
//      SEE_BOOTS                number: boot attempts of the step looked back on
//      SEE_FLASH                address, bytes: what the flash holds
//      SEE_BOOT_PARTITION       texts: label that esp_ota_get_boot_partition gives; "NULL"
//      SEE_ROLLBACK_POSSIBLE    number: 1 or 0
//      SEE_ERASE_COUNT          address, length: erases of the most worn sector in that range; subject: its name
//      SEE_END                  texts: recovery_end_name() of the latest boot
//      SEE_RESULT_PARTITION     texts: label that the call gave; "NULL"
//      SEE_RESULT_TEXT          texts: a version, or bytes as the call gave them
//      SEE_STATUS           number: of the last answer of HTTP in the step
//      SEE_LENGTH           number: Content-Length of that
//      SEE_REQUESTS         texts, in order: "GET /fw.bin" of the step
//      SEE_RANGES           texts, in order: what header Range its requests had; "" for one without
//      SEE_EVENTS           texts, in order: events of esp_https_ota, WRITE_FLASH once however many in a row
//      SEE_RESULT_COUNT         number that the call gave (a truth value: 1 or 0; a state: its value)
//
// texts: IS_EQUAL with one, IS_ONE_OF with several; IS_NOT_EQUAL: none of them. number: IS_EQUAL,
// IS_NOT_EQUAL, IS_AT_LEAST, IS_AT_MOST.
struct expectation {
    struct source_mark mark;
    char *text;       // as written, for messages: "booted: ota_1"
    const char *rule; // that it stands for in reports: "expect/booted"; a literal
    char **releases;  // checked only under these; none: under all (scenario_release_listed)
    size_t release_count;
    enum observable {
        SEE_BOOTED,
        SEE_VERSION,
        SEE_STATE,
        SEE_RETURN,
        SEE_OTADATA_SEQ,
        SEE_OTADATA_STATE,
        SEE_OTADATA_BLANK,
        SEE_EFUSE_SECURE_VERSION,
        SEE_OPERATIONS,
        SEE_BOOTS,
        SEE_FLASH,
        SEE_BOOT_PARTITION,
        SEE_ROLLBACK_POSSIBLE,
        SEE_ERASE_COUNT,
        SEE_RUNNING,
        SEE_END,
        SEE_RESULT_PARTITION,
        SEE_RESULT_COUNT,
        SEE_RESULT_TEXT,
        SEE_NVS, // `nvs`
        SEE_STATUS,
        SEE_LENGTH,
        SEE_REQUESTS,
        SEE_RANGES,
        SEE_EVENTS
    } what;
    enum comparison { IS_EQUAL, IS_NOT_EQUAL, IS_AT_LEAST, IS_AT_MOST, IS_ONE_OF } comparison;
    char **texts; // SEE_BOOTED, SEE_VERSION, SEE_STATE...: accepted values
    size_t text_count;
    uint64_t number;
    uint32_t index;           // otadata entry
    char *subject;            // partition label, counter name ("programs", "erases", "efuse_burns")
    struct buffer bytes;      // SEE_FLASH
    struct nvs_expected *nvs; // SEE_NVS; owned
    uint32_t address, length;
};

struct step {
    enum step_kind kind;
    struct source_mark mark;
    char *name;  // `name:` of the step, for addresses and `between`; NULL: none
    char *title; // as people say it: "update ota_1 to new"
    union {
        struct update_step update;
        struct call_step call;
        struct guest_call_step guest_call;
        struct power_loss_step power_loss;
        struct nvs_step nvs;
        struct {
            enum io_fault_kind kind;
            uint64_t nth;
        } io_fault;
        struct {
            uint32_t address;
            struct buffer bytes;
            bool xor_mask;
        } corrupt;
        struct {
            uint32_t index;
            struct buffer bytes;
        } otadata; // of that entry's sector, from its start
        struct {
            enum port_efuse field;
            uint32_t value;
        } efuse;
        struct {
            enum port_pin pin;
            uint32_t ms;
        } pin;
        struct {
            uint64_t us;
        } wait;
        struct {
            uint32_t times; // UINT32_MAX: while it is in progress
        } https;
        struct {
            uint32_t count;
            struct step *steps;
            size_t step_count;
        } repeat;
    } as;
    bool returns_any; // `returns: any`: whatever it returns is fine
    bool returns_set; // the step states its result; else ESP_OK is expected of steps that return a code
    esp_err_t returns;
    struct expectation *expectations;
    size_t expectation_count;
};

// ---- exploration --------------------------------------------------------------------------------

#define INVARIANTS_DEFAULT INVARIANTS_ALL // all that are built in

struct known_violation { // of one cause; what is left out is not asked
    struct source_mark mark;
    uint32_t invariant; // enum invariant, or INVARIANT_CUSTOM + index
    char *during; // a firmware call, with or without esp_ota_; a step's name; KNOWN_DURING_BOOT or _REST;
                  // NULL: an entry of before there were causes, which the run refuses
    char *in;     // label of a partition; NULL: anywhere
    bool operation_set;
    enum journal_kind operation;
    uint32_t tears; // fault models, bits; 0: any
    bool uncut;     // it takes no cut at all
    bool bounded;
    uint64_t exposure_max; // share of the run's time, in thousandths of a per cent
    char *why, *link;
    char **releases; // only under these; none: under all
    size_t release_count;
};
#define KNOWN_DURING_BOOT "boot" // the bootloader
#define KNOWN_UNCUT       "none" // as `tear`
#define KNOWN_DURING_REST "rest" // no operation: bits that rot, or a step that changed something by itself

struct custom_invariant {
    char *name;
    struct expectation *expectations; // checked on the recovered device
    size_t expectation_count;
};

struct scenario_exploration {
    bool enabled;
    struct source_mark mark;
    uint32_t fault_models;     // bits of fault models
    uint32_t depth;            // cuts in a row; 0: unbounded
    uint32_t invariants;       // 1 << enum invariant, 1 << (INVARIANT_CUSTOM + i)
    bool retry;                // retry the updates after each recovery
    uint32_t boots_max;        // within which recovery has to settle; default 16
    uint32_t late_bit_samples; // per program longer than 64 bytes; default 64
    uint32_t erases_max;       // wear-bounded: erases of one sector in one recovery; default 8
    double cuts_per_hour;      // rate of power cuts; 0: not stated
    struct known_violation *known;
    size_t known_count;
    uint64_t states_max;        // distinct states after which it ends; 0: none
    uint64_t time_max_us;       // 0: none
    uint64_t memory_max;        // bytes; 0: none of its own
    bool platform_hazards_fail; // what is ESP-IDF's own fails the run as well
    struct custom_invariant *custom;
    size_t custom_count;
    struct bit_rot_range *bit_rot;
    size_t bit_rot_count;
    uint32_t first_step, last_step; // cuts fall within these steps (inclusive); default: all
};

#define NVS_EMPTIED_MAX 4u

// ---- the whole ----------------------------------------------------------------------------------

struct scenario_known_bug { // "under these releases the expectations fail, and we know it"
    struct source_mark mark;
    char **releases;
    size_t release_count;
    char *why, *link;
};

struct scenario {
    char *file;         // as the user named it
    struct buffer text; // the file's contents, for quoting lines
    char *name, *about, *link;
    uint64_t seed;
    struct board_config board;
    uint32_t
        bootloader_flash_size; // in the header of the bootloader that lies in flash; 0: none lies there, one runs
    bool bootloader_release_set; // the bootloader keeps its release when --release overrides the app's
    struct buffer bootloader; // a genuine bootloader's file, which board.boot executes; empty: ota's own code
    struct buffer *rom;       // the ELF file of the mask ROM below it; owned; NULL: done natively
    char *bootloader_elf;     // path of the bootloader's ELF file; owned; NULL: none
    struct guest_files *guests;             // owned; NULL: nothing on the board is the user's own code
    const struct guest_file *default_guest; // of images that name neither code nor a behaviour; NULL: none
    uint32_t efuse[PORT_EFUSE_FIELDS];
    bool efuse_set[PORT_EFUSE_FIELDS];
    struct buffer partition_table; // binary, up to 0xC00 bytes
    struct buffer dump;            // whole flash contents to start from; empty: none
    struct scenario_image *images;
    size_t image_count;
    struct scenario_fill *fills;
    size_t fill_count;
    struct app_behaviour default_behaviour;       // of apps that have none of their own
    struct nvs_name nvs_watched[NVS_WATCHED_MAX]; // keys that invariants speak of one by one
    uint32_t nvs_watched_count;
    struct nvs_name nvs_emptied[NVS_EMPTIED_MAX]; // namespaces and partitions that are erased as a whole
    uint32_t nvs_emptied_count;
    bool has_server;
    struct scripted_network network;   // its server
    struct board_network real_network; // instead; borrowed; no driver: none
    const char *ca_pem;                // that the app has of it; borrowed; NULL: a script judges certificates
    bool apps_write_nvs;               // at their starts
    bool apps_update;                  // an app updates by itself
    bool nvs_used;                     // by a step or an expectation: then apps start NVS first of all
    struct step *steps;
    size_t step_count;
    struct scenario_exploration explore;
    struct scenario_known_bug *known_bugs;
    size_t known_bug_count;
};

void scenario_free(struct scenario *scenario);
void steps_free(struct step *steps, size_t count); // the list, too

// What the app of image number `image` (below 0: of none) does; NULL: nothing.
const struct app_behaviour *scenario_behaviour(const struct scenario *scenario, int32_t image);

// What the app of image number `image` (below 0: of none) was built with on that board; false: as all of them are.
bool scenario_app_build(const struct scenario *scenario, int32_t image, const struct board_config *board,
                        struct firmware_build *out);

// True when the list is empty (it speaks of all releases) or names `release`.
bool scenario_release_listed(char *const *releases, size_t count, const char *release);

#endif
