#include "inspection.h"

#include <inttypes.h>
#include <string.h>

#include "../report/report_text.h"

bool inspect(const void *bytes, size_t length, const struct dump_options *options, struct inspection *out,
             struct error *error) {
    memset(out, 0, sizeof *out);
    if (!dump_read(bytes, length, options, &out->dump, error))
        return false;
    table_view_read(&out->dump, &out->table);
    table_review(&out->dump, &out->table, &out->problems);
    otadata_contents_read(&out->dump, &out->table, &out->otadata);
    image_list_read(&out->dump, &out->table, &out->images, &out->problems);
    forecast_make(&out->dump, &out->table, &out->forecast);
    return true;
}

void inspection_free(struct inspection *inspection) {
    forecast_free(&inspection->forecast);
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
