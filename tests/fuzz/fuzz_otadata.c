// Arbitrary otadata: the rules of selection hold, and a device that boots over it ends in a state that has a
// name.
//
// An input is read from the front; what is missing counts as zeros:
//
//      byte 0      number of OTA slots, modulo 5
//      byte 1      bit 0 factory, 1 test app, 2 rollback, 3 anti-rollback, 4 readers end up in the app's
//      calls byte 2      release profile, modulo their number byte 3      secure version in the eFuse, modulo
//      33 byte 4      one bit an app partition: its image is damaged byte 5      the slot to select next
//      bytes 6..69 the two otadata entries
#include <string.h>

#include "../../ota/bootloader.h"
#include "../../ota/otadata.h"
#include "../../ota/partition_table.h"
#include "../../sim/hw/board.h"
#include "../../sim/provision/app_image_builder.h"
#include "fuzz.h"

#define INPUT_SIZE      70u
#define SLOTS_MAX       4u
#define OTADATA_ADDRESS 0xD000u
#define APPS_ADDRESS    0x10000u
#define APP_SIZE        0x10000u
#define APPS_MAX        (SLOTS_MAX + 2u)
#define BOOTS_MAX       6u

struct input {
    uint32_t slot_count;
    bool factory, test, rollback, anti_rollback, app_calls;
    const struct release_profile *release;
    uint32_t secure_version;
    uint8_t damaged;
    uint32_t target;
    uint8_t otadata[2 * OTADATA_ENTRY_SIZE];
};

static uint32_t release_count(void) {
    uint32_t count = 0;
    while (release_profiles[count].name)
        count++;
    return count;
}

static struct input input_read(const uint8_t *data, size_t size) {
    uint8_t bytes[INPUT_SIZE] = {0};
    memcpy(bytes, data, size < INPUT_SIZE ? size : INPUT_SIZE);
    struct input input = {
        .slot_count = bytes[0] % (SLOTS_MAX + 1u),
        .factory = bytes[1] & 1u,
        .test = bytes[1] & 2u,
        .rollback = bytes[1] & 4u,
        .anti_rollback = (bytes[1] & 12u) == 12u, // needs rollback
        .app_calls = bytes[1] & 16u,
        .release = &release_profiles[bytes[2] % release_count()],
        .secure_version = bytes[3] % 33u,
        .damaged = bytes[4],
        .target = bytes[5],
    };
    memcpy(input.otadata, bytes + 6, sizeof input.otadata);
    return input;
}

// ---- the rules, without a board -----------------------------------------------------------------

static void check_entry(const struct otadata_entry *entry) {
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    struct otadata_entry again;
    otadata_encode(entry, bytes);
    otadata_decode(bytes, &again);
    FUZZ_CHECK(memcmp(entry, &again, sizeof again) == 0);
    FUZZ_CHECK(!otadata_is_good(entry) || !otadata_is_blocked(entry));            // OD-10, OD-11
    FUZZ_CHECK(!otadata_is_good(entry) || entry->crc == otadata_crc(entry->seq)); // OD-11
    FUZZ_CHECK(!otadata_is_good(entry) || !otadata_is_empty(entry));              // OD-12
}

static void check_active(const struct otadata_entry entries[2]) {
    int active = otadata_active(entries);
    FUZZ_CHECK(active >= -1 && active <= 1);
    if (active < 0) {
        FUZZ_CHECK(!otadata_is_good(&entries[0]) && !otadata_is_good(&entries[1]));
        return;
    }
    const struct otadata_entry *other = &entries[1 - active];
    FUZZ_CHECK(otadata_is_good(&entries[active]));
    FUZZ_CHECK(!otadata_is_good(other) || other->seq <= entries[active].seq);
}

// Having selected a slot, that slot is selected (OD-20 to OD-22), but for the planted numbers of OD-24.
static void check_next(const struct otadata_entry entries[2], uint32_t slot, uint32_t slot_count,
                       bool in_place) {
    int index = -2, active = otadata_active(entries);
    uint32_t seq = 0;
    enum otadata_next next = otadata_next_entry(entries, slot, slot_count, in_place, &index, &seq);
    bool planted =
        active >= 0 && (entries[active].seq == 0 || entries[active].seq > UINT32_MAX - 2u * slot_count);
    if (next == OTADATA_NEXT_NEVER_ENDS) {
        FUZZ_CHECK(planted);
        return;
    }
    FUZZ_CHECK(index == 0 || index == 1);
    FUZZ_CHECK(active >= 0 || (index == 0 && seq == slot + 1));
    FUZZ_CHECK(planted || active < 0 || seq >= entries[active].seq);
    FUZZ_CHECK(planted || otadata_slot(seq, slot_count) == slot);
    struct otadata_entry after[2] = {entries[0], entries[1]};
    after[index] = (struct otadata_entry){.seq = seq, .state = OTADATA_NEW, .crc = otadata_crc(seq)};
    int selected = otadata_active(after);
    FUZZ_CHECK(planted || (selected >= 0 && otadata_slot(after[selected].seq, slot_count) == slot));
}

static void check_rules(const struct input *input) {
    struct otadata_entry entries[2];
    for (int i = 0; i < 2; i++) {
        otadata_decode(input->otadata + i * (int)OTADATA_ENTRY_SIZE, &entries[i]);
        check_entry(&entries[i]);
    }
    check_active(entries);
    if (input->slot_count > 0) {
        check_next(entries, input->target % input->slot_count, input->slot_count,
                   input->release->reselect_in_place);
    }
}

// ---- a device over it ---------------------------------------------------------------------------

static void row_add(uint8_t *table, uint32_t row, uint8_t type, uint8_t subtype, uint32_t offset,
                    uint32_t size) {
    struct partition_row fields = {
        .magic = PARTITION_ROW_MAGIC, .type = type, .subtype = subtype, .offset = offset, .size = size};
    snprintf(fields.label, sizeof fields.label, "%u.%02x", type, subtype);
    partition_row_encode(&fields, table + row * PARTITION_ROW_SIZE);
}

// otadata, then the apps that the input asks for, in a row. Returns how many apps.
static uint32_t table_build(const struct input *input, uint8_t table[PARTITION_TABLE_SIZE]) {
    memset(table, 0xFF, PARTITION_TABLE_SIZE);
    row_add(table, 0, 1, 0x00, OTADATA_ADDRESS, OTADATA_SIZE);
    uint32_t apps = 0;
    for (uint32_t slot = 0; slot < input->slot_count; slot++, apps++)
        row_add(table, 1 + apps, 0, (uint8_t)(0x10 + slot), APPS_ADDRESS + apps * APP_SIZE, APP_SIZE);
    if (input->factory) {
        row_add(table, 1 + apps, 0, 0x00, APPS_ADDRESS + apps * APP_SIZE, APP_SIZE);
        apps++;
    }
    if (input->test) {
        row_add(table, 1 + apps, 0, 0x20, APPS_ADDRESS + apps * APP_SIZE, APP_SIZE);
        apps++;
    }
    return apps;
}

static void provision(struct board *board, const struct input *input) {
    uint8_t table[PARTITION_TABLE_SIZE];
    uint32_t apps = table_build(input, table);
    struct flash *flash = board_flash(board);
    flash_set(flash, board_config(board)->app.partition_table_offset, table, sizeof table);
    struct buffer image = {0};
    struct app_image_options options = app_image_options_default();
    options.secure_version = 3;
    FUZZ_CHECK(app_image_build(&options, &image, NULL));
    for (uint32_t app = 0; app < apps; app++) {
        flash_set(flash, APPS_ADDRESS + app * APP_SIZE, image.bytes, (uint32_t)image.length);
        if (input->damaged & (1u << app))
            flash_set(flash, APPS_ADDRESS + app * APP_SIZE + 0x28, "damage", 6);
    }
    buffer_free(&image);
    flash_set(flash, OTADATA_ADDRESS, input->otadata, OTADATA_ENTRY_SIZE);
    flash_set(flash, OTADATA_ADDRESS + NOR_SECTOR_SIZE, input->otadata + OTADATA_ENTRY_SIZE,
              OTADATA_ENTRY_SIZE);
    uint32_t burned = input->secure_version == 32 ? UINT32_MAX : (1u << input->secure_version) - 1u;
    board_efuse_set(board, PORT_EFUSE_SECURE_VERSION, burned);
}

// What an app may ask and do; which answers it gets is the business of other tests.
static void app_program(void *context) {
    const struct input *input = context;
    esp_ota_img_states_t state;
    esp_ota_get_state_partition(esp_ota_get_running_partition(), &state);
    (void)esp_ota_get_boot_partition();
    (void)esp_ota_get_last_invalid_partition();
    (void)esp_ota_check_rollback_is_possible();
    const esp_partition_t *next = esp_ota_get_next_update_partition(NULL);
    if (input->target & 0x80u)
        esp_ota_mark_app_valid_cancel_rollback();
    if (next && (input->target & 0x40u))
        esp_ota_set_boot_partition(next);
    if (input->target & 0x20u)
        esp_ota_mark_app_invalid_rollback_and_reboot();
}

static void check_boots(const struct input *input) {
    struct board_config config = {.target = &chip_targets[0], .boot = bootloader_boot};
    FUZZ_CHECK(nor_chip_custom(1u << 20, &config.chip));
    config.app = firmware_build_default(input->release, config.target);
    config.app.rollback = input->rollback;
    config.app.anti_rollback = input->anti_rollback;
    config.bootloader = config.app;
    struct board *board = board_new(&config);
    provision(board, input);
    enum port_reset_reason reason = PORT_RESET_POWER_ON;
    for (uint32_t boot = 0; boot < BOOTS_MAX; boot++) {
        enum board_end end = board_boot(board, reason, NULL);
        if (end == BOARD_RETURNED) {
            uint32_t running = board_ram(board)->running_address;
            FUZZ_CHECK(running >= APPS_ADDRESS && running < APPS_ADDRESS + APPS_MAX * APP_SIZE);
            FUZZ_CHECK((running - APPS_ADDRESS) % APP_SIZE == 0);
            FUZZ_CHECK(!(input->damaged & (1u << ((running - APPS_ADDRESS) / APP_SIZE))));
            struct input copy = *input;
            end = input->app_calls ? board_run(board, app_program, &copy, NULL) : BOARD_RESTARTED;
        }
        FUZZ_CHECK(end != BOARD_SLEEPING && end != BOARD_POWER_LOST); // nobody asked for either
        reason = board_reset_reason_after(end);
    }
    uint8_t rest[64]; // OD-1: what lies behind an entry is never programmed
    flash_read(board_flash(board), OTADATA_ADDRESS + OTADATA_ENTRY_SIZE, rest, sizeof rest);
    for (size_t i = 0; i < sizeof rest; i++)
        FUZZ_CHECK(rest[i] == 0xFF);
    board_free(board);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = input_read(data, size);
    check_rules(&input);
    check_boots(&input);
    return 0;
}
