#include "retained_memory.h"

#include "api_call.h"
#include "crc32.h"
#include "firmware.h"
#include "include/bootloader_common.h"
#include "little_endian.h"
#include "port.h"

// Layout without a custom part: partition offset u32, size u32, reboot counter u16, flags u8, reserved u8,
// CRC u32 of all before.
#define RECORD_SIZE      16u
#define CRC_OFFSET       12u
#define FLAG_FACTORY     0x01u
#define CRC_NEVER        0xFFFFFFFFu // the CRC of a valid record is not this
#define REBOOT_COUNT_MAX 0xFFFFu

struct record {
    esp_partition_pos_t partition;
    uint16_t reboot_count;
    uint8_t flags;
};

// False: not valid, the record is all zeros.
static bool load(struct record *record) {
    uint8_t bytes[RECORD_SIZE];
    port_retained_read(0, bytes, sizeof bytes);
    uint32_t crc = le32_get(bytes + CRC_OFFSET);
    *record = (struct record){0};
    if (crc == CRC_NEVER || crc != crc32_of_record(bytes, CRC_OFFSET))
        return false;
    record->partition.offset = le32_get(bytes);
    record->partition.size = le32_get(bytes + 4);
    record->reboot_count = le16_get(bytes + 8);
    record->flags = bytes[10];
    return true;
}

static void store(const struct record *record) {
    if (port_ram()->target->lacks_rtc_memory)
        return;
    uint8_t bytes[RECORD_SIZE] = {0};
    le32_put(bytes, record->partition.offset);
    le32_put(bytes + 4, record->partition.size);
    le16_put(bytes + 8, record->reboot_count);
    bytes[10] = record->flags;
    le32_put(bytes + CRC_OFFSET, crc32_of_record(bytes, CRC_OFFSET));
    port_retained_write(0, bytes, sizeof bytes);
}

void retained_memory_count_boot(void) {
    struct record record;
    (void)load(&record);
    if (record.reboot_count < REBOOT_COUNT_MAX)
        record.reboot_count++;
    store(&record);
}

void retained_memory_set_partition(const esp_partition_pos_t *partition) {
    struct record record;
    (void)load(&record);
    record.partition = *partition;
    store(&record);
}

void retained_memory_set_factory_reset(void) {
    struct record record;
    (void)load(&record);
    record.flags |= FLAG_FACTORY;
    store(&record);
}

bool retained_memory_partition(esp_partition_pos_t *out) {
    struct record record;
    bool valid = load(&record);
    *out = record.partition;
    return valid;
}

static bool take_factory_reset(void) {
    struct record record;
    if (!load(&record) || (record.flags & FLAG_FACTORY) == 0)
        return false;
    record.flags &= (uint8_t)~FLAG_FACTORY;
    store(&record);
    return true;
}

static uint16_t reboot_count(void) {
    struct record record;
    (void)load(&record);
    return record.reboot_count;
}

bool bootloader_common_get_rtc_retain_mem_factory_reset_state(void) {
    API_CALL(bool, take_factory_reset());
}

uint16_t bootloader_common_get_rtc_retain_mem_reboot_counter(void) {
    API_CALL(uint16_t, reboot_count());
}
