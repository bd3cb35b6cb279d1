#include "inspection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../provision/nvs_image.h"
#include "../report/report_text.h"

// ---- NVS ----------------------------------------------------------------------------------------

#define NVS_TYPE    1u // of a table's row
#define NVS_SUBTYPE 2u

static void add_nvs(struct inspection *inspection, const struct partition_row *row) {
    struct nvs_partition_view found = {.address = row->offset};
    uint8_t *bytes = memory_new(row->size);
    flash_read(&inspection->dump.flash, row->offset, bytes, row->size);
    bool fine = nvs_view_read(bytes, row->size, release_profile_default(), &found.view, NULL);
    free(bytes);
    if (!fine || found.view.blank) {
        nvs_view_free(&found.view);
        return;
    }
    memcpy(found.label, row->label, sizeof found.label - 1);
    inspection->nvs = memory_resize(inspection->nvs, (inspection->nvs_count + 1) * sizeof *inspection->nvs);
    inspection->nvs[inspection->nvs_count++] = found;
}

static void read_nvs(struct inspection *inspection) {
    const struct table_view *table = &inspection->table;
    uint32_t size = inspection->dump.flash.size;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct partition_row *row = &table->rows[i];
        if (row->type == NVS_TYPE && row->subtype == NVS_SUBTYPE && row->size <= NVS_IMAGE_SIZE_MAX &&
            row->offset <= size && row->size <= size - row->offset)
            add_nvs(inspection, row);
    }
}

// ---- all of it ----------------------------------------------------------------------------------

bool inspect(const void *bytes, size_t length, const struct dump_options *options, struct inspection *out,
             struct error *error) {
    memset(out, 0, sizeof *out);
    if (!dump_read(bytes, length, options, &out->dump, error))
        return false;
    table_view_read(&out->dump, &out->table);
    table_review(&out->dump, &out->table, &out->problems);
    otadata_contents_read(&out->dump, &out->table, &out->otadata);
    image_list_read(&out->dump, &out->table, &out->images, &out->problems);
    read_nvs(out);
    forecast_make(&out->dump, &out->table, &out->forecast);
    return true;
}

void inspection_free(struct inspection *inspection) {
    forecast_free(&inspection->forecast);
    for (size_t i = 0; i < inspection->nvs_count; i++)
        nvs_view_free(&inspection->nvs[i].view);
    free(inspection->nvs);
    image_list_free(&inspection->images);
    otadata_contents_free(&inspection->otadata);
    problem_list_free(&inspection->problems);
    dump_free(&inspection->dump);
}

// ---- in one line --------------------------------------------------------------------------------

void otadata_verdict_print(const struct otadata_verdict *verdict, struct buffer *out) {
    const struct otadata_entry *entry = &verdict->entry;
    if (entry->seq == OTADATA_SEQ_BLANK && entry->state == OTADATA_UNDEFINED && entry->crc == UINT32_MAX) {
        buffer_text(out, "blank");
        return;
    }
    if (entry->seq == OTADATA_SEQ_BLANK)
        buffer_text(out, "seq blank");
    else
        buffer_printf(out, "seq %" PRIu32, entry->seq);
    if (entry->state == OTADATA_UNDEFINED)
        buffer_text(out, ", UNDEFINED");
    else if (entry->state <= OTADATA_ABORTED)
        buffer_printf(out, ", %s", otadata_state_name(entry->state));
    else
        buffer_printf(out, ", state 0x%08" PRIx32, entry->state);
    buffer_text(out, verdict->crc_right ? ", CRC right" : ", CRC wrong");
    if (verdict->slot >= 0)
        buffer_printf(out, " -> ota_%d", verdict->slot);
}

void image_view_print(const struct image_view *image, struct buffer *out) {
    const struct app_image_summary *summary = &image->summary;
    if (image->condition <= IMAGE_BROKEN && summary->has_descriptor) {
        text_terminal(out, summary->project[0] ? summary->project : "(no project name)");
        buffer_text(out, " ");
        text_terminal(out, summary->version[0] ? summary->version : "(no version)");
        buffer_text(out, ", ");
    }
    buffer_text(out, image_condition_name(image->condition));
    if (summary->is_image)
        buffer_printf(out, ", %" PRIu32 " bytes", summary->length);
}

void boot_answer_print(const struct boot_answer *answer, struct buffer *out) {
    if (!answer->starts) {
        buffer_printf(out, "nothing boots: %s", answer->end);
        return;
    }
    if (answer->label[0] != '\0')
        text_terminal(out, answer->label);
    else
        buffer_printf(out, "the app at 0x%" PRIx32, answer->address);
    buffer_text(out, " boots");
    if (answer->attempts > 1)
        buffer_printf(out, " at the %s attempt",
                      answer->attempts == 2   ? "second"
                      : answer->attempts == 3 ? "third"
                                              : "fourth");
}
