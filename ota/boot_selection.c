#include "boot_selection.h"

#include "app_image.h"
#include "firmware.h"
#include "loader_memory.h"
#include "port.h"
#include "secure_version.h"

static const char tag[] = "boot";

void boot_write_entry(const struct boot_table *table, int index, const struct otadata_entry *entry) {
    uint32_t address = table->otadata.offset + (uint32_t)index * OTADATA_SECTOR_SIZE;
    uint32_t sector = address / OTADATA_SECTOR_SIZE * OTADATA_SECTOR_SIZE;
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    otadata_encode(entry, bytes);
    bool aligned = address % 4 == 0; // BL-70
    if (!port_flash_erase(sector, OTADATA_SECTOR_SIZE) || !aligned ||
        !port_flash_write(address, bytes, sizeof bytes)) {
        port_log(PORT_LOG_ERROR, tag, "otadata entry %d could not be rewritten; the boot goes on without",
                 index);
    }
}

static void find_allowed(const struct port_subject *subject, struct port_answer *answer, void *more) {
    const struct firmware_build *build = port_ram()->bootloader_build;
    esp_app_desc_t descriptor;
    (void)more;
    *answer = (struct port_answer){0};
    if (app_image_descriptor(subject->start, &descriptor) != ESP_OK) {
        port_log(PORT_LOG_WARNING, tag, "anti-rollback: no app descriptor at 0x%x", (unsigned)subject->start);
    } else if (!secure_version_check(build, descriptor.secure_version)) {
        port_log(PORT_LOG_WARNING, tag, "anti-rollback: secure version %u at 0x%x is below the eFuse's %u",
                 (unsigned)descriptor.secure_version, (unsigned)subject->start,
                 (unsigned)secure_version_read(build));
    } else {
        answer->yes = true;
    }
}

bool boot_secure_version_allows(esp_partition_pos_t position) {
    static const struct port_question question = {"does its secure version allow this image?", 0,
                                                  find_allowed};
    struct port_subject subject = {position.offset, position.size, 0};
    struct port_answer answer = {0};
    if (position.offset != 0)
        port_ask(&question, &subject, &answer, NULL);
    else
        port_log(PORT_LOG_WARNING, tag, "anti-rollback: no app descriptor at 0x0");
    return answer.yes;
}

static void find_secure_version(const struct port_subject *subject, struct port_answer *answer, void *more) {
    esp_app_desc_t descriptor;
    (void)more;
    *answer = (struct port_answer){0};
    if (app_image_descriptor(subject->start, &descriptor) == ESP_OK)
        *answer = (struct port_answer){.yes = true, .number = descriptor.secure_version};
}

// Reads the descriptor anew. Nobody looks at whether the burn succeeded.
void boot_secure_version_burn(esp_partition_pos_t position) {
    static const struct port_question question = {"which secure version?", 0, find_secure_version};
    struct port_subject subject = {position.offset, position.size, 0};
    struct port_answer answer;
    port_ask(&question, &subject, &answer, NULL);
    if (answer.yes)
        (void)secure_version_update(port_ram()->bootloader_build, answer.number);
}

// Both sectors lie in the partition, which may not wrap around the end of the address space.
static bool read_entries(const struct boot_table *table, struct otadata_entry entries[2]) {
    esp_partition_pos_t otadata = table->otadata;
    bool wraps = (uint64_t)otadata.offset + otadata.size > (uint64_t)UINT32_MAX + 1;
    return otadata.size >= OTADATA_SIZE && !wraps && otadata_read(otadata.offset, entries);
}

static void tell_entries(const struct otadata_entry entries[2]) {
    for (int i = 0; i < 2 && port_log_enabled(); i++) {
        const struct otadata_entry *entry = &entries[i];
        if (entry->seq == OTADATA_SEQ_BLANK) {
            port_log(PORT_LOG_INFO, tag, "otadata entry %d: blank", i);
        } else {
            port_log(PORT_LOG_INFO, tag, "otadata entry %d: seq %u, %s%s", i, (unsigned)entry->seq,
                     otadata_state_name(entry->state), otadata_crc_matches(entry) ? "" : ", wrong CRC");
        }
    }
}

// BL-20: what is still pending was started once and never confirmed. Neither sequence number nor CRC play a
// part.
static void abort_pending(const struct boot_table *table, struct otadata_entry entries[2]) {
    for (int i = 0; i < 2; i++) {
        if (entries[i].state == OTADATA_PENDING_VERIFY) {
            port_log(PORT_LOG_WARNING, tag, "rollback: entry %d was not confirmed: PENDING_VERIFY -> ABORTED",
                     i);
            entries[i].state = OTADATA_ABORTED;
            boot_write_entry(table, i, &entries[i]);
        }
    }
}

// BL-32: from the active entry to its slot; a new image gets its one try.
static int follow_active(const struct boot_table *table, struct otadata_entry entries[2], int active) {
    char name[8];
    struct otadata_entry *entry = &entries[active];
    int index = (int)(table->app_count > 0 ? otadata_slot(entry->seq, table->app_count) : entry->seq - 1);
    port_log(PORT_LOG_INFO, tag, "entry %d is active: seq %u of %u slots selects %s", active,
             (unsigned)entry->seq, (unsigned)table->app_count, boot_index_name(index, name));
    if (port_ram()->bootloader_build->rollback && entry->state == OTADATA_NEW) {
        port_log(PORT_LOG_INFO, tag,
                 "rollback: entry %d NEW -> PENDING_VERIFY, before the image is looked at", active);
        entry->state = OTADATA_PENDING_VERIFY;
        boot_write_entry(table, active, entry);
    }
    return index;
}

// Section 3.2 of the rules.
static struct boot_selection select_plain(const struct boot_table *table, struct otadata_entry entries[2]) {
    bool both_blocked = otadata_is_blocked(&entries[0]) && otadata_is_blocked(&entries[1]);
    if (both_blocked || table->app_count == 0) {
        if (table->factory.offset != 0) {
            port_log(PORT_LOG_INFO, tag, "otadata selects nothing: factory");
            return (struct boot_selection){.index = BOOT_FACTORY};
        }
        port_log(PORT_LOG_INFO, tag, "otadata selects nothing and there is no factory app: ota_0");
        return (struct boot_selection){
            .index = 0, .initial = otadata_is_empty(&entries[0]) && otadata_is_empty(&entries[1])};
    }
    int active = otadata_active(entries);
    if (active < 0) {
        port_log(PORT_LOG_WARNING, tag, "no valid otadata entry: factory first, then the slots");
        return (struct boot_selection){.index = BOOT_FACTORY};
    }
    return (struct boot_selection){.index = follow_active(table, entries, active)};
}

// What lies where a slot of this index would be: the bootloader keeps the positions of otadata, factory and
// test before those of the slots, and its count of slots, which is 0 here, behind them. Index times eight
// wraps at 2^32. Further off lies whatever was on the stack: no app that anti-rollback allows, all but surely
// (HW-125).
static esp_partition_pos_t position_outside(const struct boot_table *table, uint32_t index) {
    switch (index & 0x1FFFFFFFu) {
    case 0x1FFFFFFDu:
        return table->otadata;
    case 0x1FFFFFFEu:
        return table->factory;
    case 0x1FFFFFFFu:
        return table->test;
    default:
        return (esp_partition_pos_t){0};
    }
}

// Where the bootloader keeps those positions: on its stack. Far from it there is no memory to read.
static bool readable_outside(const struct chip_target *target, uint32_t index) {
    uint32_t address = target->loader[0].stack_top - LOADER_STACK_USED + index * 8;
    return (address >= target->dram.start && address < target->dram.end) ||
           (address >= target->iram.start && address < target->iram.end);
}

// The slot that an entry names. A table without slots makes the real code divide by zero (BL-36): an
// exception on Xtensa, while the remainder is the dividend on RISC-V.
static esp_partition_pos_t entry_position(const struct boot_table *table, const struct otadata_entry *entry) {
    if (table->app_count > 0)
        return boot_table_position(table, (int)otadata_slot(entry->seq, table->app_count));
    if (port_ram()->target->xtensa)
        port_halt(PORT_HALT_CRASH, "division by zero: otadata names a slot, the table has none");
    if (!readable_outside(port_ram()->target, entry->seq - 1)) {
        port_halt(PORT_HALT_HANG,
                  "exception: the table has no slots, and the index read for one leads out of memory");
    }
    return position_outside(table, entry->seq - 1);
}

// Section 3.3 of the rules.
static struct boot_selection select_anti_rollback(const struct boot_table *table,
                                                  struct otadata_entry entries[2]) {
    if (otadata_is_empty(&entries[0]) && otadata_is_empty(&entries[1])) {
        port_log(PORT_LOG_INFO, tag, "otadata is empty: the first app that anti-rollback allows");
        return (struct boot_selection){.index = BOOT_FACTORY, .initial = true};
    }
    bool candidate[2];
    for (int i = 0; i < 2; i++) {
        candidate[i] =
            otadata_is_good(&entries[i]) && boot_secure_version_allows(entry_position(table, &entries[i]));
    }
    int active = otadata_newest(entries, candidate);
    if (active < 0) {
        port_log(PORT_LOG_WARNING, tag,
                 "no otadata entry that anti-rollback allows: factory first, then the slots");
        return (struct boot_selection){.index = BOOT_FACTORY};
    }
    int index = follow_active(table, entries, active);
    if (entries[active].state == OTADATA_VALID) {
        boot_secure_version_burn(
            entry_position(table, &entries[active])); // before the image is verified (EF-30)
    }
    return (struct boot_selection){.index = index};
}

struct boot_selection boot_select(const struct boot_table *table) {
    const struct firmware_build *build = port_ram()->bootloader_build;
    struct otadata_entry entries[2];
    if (table->otadata.offset == 0) {
        port_log(PORT_LOG_INFO, tag, "the table has no otadata: factory");
        return (struct boot_selection){.index = BOOT_FACTORY};
    }
    if (!read_entries(table, entries)) {
        port_log(PORT_LOG_ERROR, tag, "otadata is smaller than two sectors or cannot be read");
        return (struct boot_selection){.index = BOOT_NOTHING};
    }
    tell_entries(entries);
    if (build->rollback)
        abort_pending(table, entries);
    return build->anti_rollback ? select_anti_rollback(table, entries) : select_plain(table, entries);
}

int boot_select_read_only(const struct boot_table *table) {
    struct otadata_entry entries[2];
    if (table->otadata.offset == 0)
        return BOOT_FACTORY;
    if (!read_entries(table, entries))
        return BOOT_NOTHING;
    int active = otadata_active(entries);
    bool usable = active >= 0 && table->app_count > 0;
    return usable ? (int)otadata_slot(entries[active].seq, table->app_count) : BOOT_FACTORY;
}
