#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"

// Why an entry counts or not, in the order in which the bootloader looks (OD-10 to OD-15).
static void explain(const struct otadata_verdict *verdict, uint32_t slots, const struct otadata_entry *rival,
                    struct buffer *why) {
    const struct otadata_entry *entry = &verdict->entry;
    if (entry->seq == OTADATA_SEQ_BLANK) {
        buffer_text(why, entry->state == OTADATA_UNDEFINED && entry->crc == UINT32_MAX
                             ? "blank: nothing was ever recorded here, or the sector was erased"
                             : "does not count: its sequence number is blank");
    } else if (!verdict->crc_right) {
        buffer_printf(why, "does not count: its CRC is 0x%08" PRIx32 ", 0x%08" PRIx32 " would be right",
                      entry->crc, otadata_crc(entry->seq));
    } else if (entry->state == OTADATA_INVALID) {
        buffer_text(why, "does not count: its app was found bad (INVALID)");
    } else if (entry->state == OTADATA_ABORTED) {
        buffer_text(why, "does not count: its app was never confirmed (ABORTED)");
    } else if (verdict->active) {
        buffer_text(why, "counts and is in force");
    } else {
        buffer_text(why, "counts, but ");
        if (rival->seq == entry->seq)
            buffer_text(why, "entry 0 has the same sequence number and comes first");
        else
            buffer_text(why, "the other one is newer");
    }
    if (verdict->good && verdict->slot >= 0 && (uint32_t)verdict->slot >= slots)
        buffer_text(why, "; the slot that it selects does not exist");
    if (verdict->good && verdict->active && entry->state == OTADATA_PENDING_VERIFY)
        buffer_text(why,
                    "; a bootloader with rollback aborts it at the next boot, unless it is confirmed before");
    if (verdict->good && verdict->active && entry->state == OTADATA_NEW)
        buffer_text(why, "; a bootloader with rollback gives it one try");
    if (verdict->good && verdict->active && entry->state == OTADATA_UNDEFINED)
        buffer_text(why, "; written without rollback, or by otatool");
}

static bool has_leftovers(const uint8_t *sector) {
    for (uint32_t i = OTADATA_ENTRY_SIZE; i < OTADATA_SECTOR_SIZE; i++)
        if (sector[i] != 0xFF)
            return true;
    return false;
}

// `slots` as the bootloader counts them, `existing` as the table has them.
static void judge(const uint8_t *bytes, uint32_t slots, uint32_t existing, struct otadata_contents *out) {
    struct otadata_entry entries[2];
    for (uint32_t i = 0; i < 2; i++)
        otadata_decode(bytes + i * OTADATA_SECTOR_SIZE, &entries[i]);
    int active = otadata_active(entries);
    for (int i = 0; i < 2; i++) {
        struct otadata_verdict *verdict = &out->entries[i];
        bool selects = slots > 0 && entries[i].seq != OTADATA_SEQ_BLANK;
        *verdict = (struct otadata_verdict){
            .entry = entries[i],
            .crc_right = otadata_crc_matches(&entries[i]),
            .good = otadata_is_good(&entries[i]),
            .active = i == active,
            .leftovers = has_leftovers(bytes + (uint32_t)i * OTADATA_SECTOR_SIZE),
            .slot = selects ? (int)otadata_slot(entries[i].seq, slots) : -1,
        };
        struct buffer why = {0};
        explain(verdict, existing, &entries[1 - i], &why);
        verdict->why = (char *)why.bytes;
    }
    out->present = true;
}

void otadata_contents_of_bytes(const uint8_t *bytes, uint32_t slots, struct otadata_contents *out) {
    *out = (struct otadata_contents){0};
    judge(bytes, slots, slots, out);
}

static uint32_t slots_of_bootloader(const struct table_view *table) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->count; i++)
        count += table->rows[i].type == 0 && (table->rows[i].subtype & 0xF0) == 0x10; // PT-21
    return count;
}

void otadata_contents_read(const struct dump *dump, const struct table_view *table,
                           struct otadata_contents *out) {
    *out = (struct otadata_contents){0};
    const struct partition_row *row = table_find(table, 1, 0);
    if (!row || row->size < OTADATA_SIZE || row->offset > dump->flash.size - OTADATA_SIZE)
        return;
    uint8_t bytes[OTADATA_SIZE];
    flash_read(&dump->flash, row->offset, bytes, sizeof bytes);
    judge(bytes, slots_of_bootloader(table), table->slot_count, out);
    out->address = row->offset;
}

void otadata_contents_free(struct otadata_contents *contents) {
    free(contents->entries[0].why);
    free(contents->entries[1].why);
    *contents = (struct otadata_contents){0};
}
