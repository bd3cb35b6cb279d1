#include <inttypes.h>
#include <string.h>

#include "../provision/parttool.h"
#include "../report/report_text.h"
#include "inspection.h"

static void print_label(const char *label, int width, struct buffer *out) {
    size_t begin = out->length;
    text_terminal(out, label);
    int shown = (int)(out->length - begin);
    buffer_printf(out, "%*s", shown < width ? width - shown : 0, "");
}

// A size as people say it: "1.5 MiB", "8 KiB", "100 bytes".
static void print_size(uint32_t size, struct buffer *out) {
    if (size >= 1u << 20 && size % (1u << 17) == 0)
        buffer_printf(out, "%g MiB", (double)size / (1 << 20));
    else if (size >= 1024 && size % 1024 == 0)
        buffer_printf(out, "%" PRIu32 " KiB", size / 1024);
    else
        buffer_printf(out, "%" PRIu32 " bytes", size);
}

// ---- chip and table -----------------------------------------------------------------------------

static void print_chip(const struct dump *dump, struct buffer *out) {
    static const char *const sources[] = {[DUMP_GIVEN] = "as given",
                                          [DUMP_FROM_BOOTLOADER] = "says its bootloader",
                                          [DUMP_FROM_APP] = "says an app",
                                          [DUMP_ASSUMED] = "assumed: no image says so"};
    buffer_text(out, "dump       ");
    print_size(dump->length, out);
    buffer_printf(out, "\nchip       %s (%s)\nflash      ", dump->target->title,
                  sources[dump->target_source]);
    print_size(dump->flash_size, out);
    buffer_text(out, dump->flash_size_known                   ? " (says the bootloader's header)"
                     : dump->flash_size < dump->length * 2ull ? " (taken from the dump's size)"
                                                              : " (as the partition table needs)");
    buffer_printf(
        out, "\neFuse      secure version %" PRIu32 ": a flash dump does not tell, --secure-version does\n",
        dump->secure_version);
}

static void print_table(const struct table_view *table, struct buffer *out) {
    static const char *const digests[] = {
        [DIGEST_ABSENT] = "no MD5", [DIGEST_MATCHES] = "MD5 right", [DIGEST_WRONG] = "MD5 wrong"};
    if (!table->found) {
        buffer_text(out, "\npartition table: none\n");
        return;
    }
    buffer_printf(out, "\npartition table at 0x%" PRIx32 ", %" PRIu32 " partitions, %s\n", table->offset,
                  table->count, digests[table->digest]);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct partition_row *row = &table->rows[i];
        struct buffer kind = {0};
        parttool_kind_print(row->type, row->subtype, &kind);
        buffer_text(out, "  ");
        print_label(row->label, 17, out);
        buffer_printf(out, "%-16s 0x%08" PRIx32 "  ", buffer_string(&kind), row->offset);
        print_size(row->size, out);
        buffer_printf(out, "%s%s\n", (row->flags & 1) != 0 ? "  encrypted" : "",
                      (row->flags & 2) != 0 ? "  readonly" : "");
        buffer_free(&kind);
    }
}

static void print_problems(const struct problem_list *problems, struct buffer *out) {
    if (problems->count == 0) {
        buffer_text(out, "\nno problems found\n");
        return;
    }
    buffer_text(out, "\nproblems\n");
    for (int weight = PROBLEM_ERROR; weight >= PROBLEM_NOTE; weight--)
        for (size_t i = 0; i < problems->count; i++) {
            const struct problem *problem = &problems->items[i];
            if ((int)problem->weight != weight)
                continue;
            buffer_printf(out, "  %s: [%s] ", problem_weight_name(problem->weight), problem->code);
            text_terminal(out, problem->text);
            buffer_text(out, "\n");
        }
}

// ---- contents -----------------------------------------------------------------------------------

static void print_otadata(const struct otadata_contents *otadata, struct buffer *out) {
    if (!otadata->present) {
        buffer_text(out, "\notadata: none\n");
        return;
    }
    buffer_printf(out, "\notadata at 0x%" PRIx32 "\n", otadata->address);
    for (int i = 0; i < 2; i++) {
        buffer_printf(out, "  entry %d: ", i);
        otadata_verdict_print(&otadata->entries[i], out);
        buffer_printf(out, "\n           %s\n", otadata->entries[i].why);
        if (otadata->entries[i].leftovers)
            buffer_text(out, "           bytes behind the entry are not erased\n");
    }
}

static void print_hex(const uint8_t *bytes, size_t length, struct buffer *out) {
    for (size_t i = 0; i < length; i++)
        buffer_printf(out, "%02x", bytes[i]);
}

static void print_descriptor(const struct image_view *image, struct buffer *out) {
    const struct app_image_summary *summary = &image->summary;
    buffer_text(out, "    ESP-IDF ");
    text_terminal(out, summary->idf_version);
    buffer_printf(out, ", secure version %" PRIu32 ", built ", summary->secure_version);
    text_terminal(out, summary->compile_date);
    buffer_text(out, " ");
    text_terminal(out, summary->compile_time);
    buffer_text(out, "\n    ELF SHA-256 ");
    print_hex(image->elf_sha256, sizeof image->elf_sha256, out);
    buffer_text(out, "\n");
}

static void print_images(const struct image_list *images, struct buffer *out) {
    buffer_text(out, "\nimages\n");
    for (size_t i = 0; i < images->count; i++) {
        const struct image_view *image = &images->items[i];
        buffer_text(out, "  ");
        print_label(image->label, 17, out);
        image_view_print(image, out);
        if (image->condition <= IMAGE_BROKEN)
            buffer_printf(out, ", for %s, %u segment%s",
                          image->target ? image->target->title : "an unknown chip",
                          image->summary.segment_count, image->summary.segment_count == 1 ? "" : "s");
        buffer_text(out, "\n");
        if (image->condition <= IMAGE_BROKEN && image->has_elf_sha256)
            print_descriptor(image, out);
        if (image->has_digest) {
            buffer_text(out, "    SHA-256     ");
            print_hex(image->digest, sizeof image->digest, out);
            buffer_text(out, "\n");
        }
    }
}

static void print_nvs(const struct inspection *inspection, struct buffer *out) {
    for (size_t i = 0; i < inspection->nvs_count; i++) {
        const struct nvs_partition_view *nvs = &inspection->nvs[i];
        struct buffer text = {0};
        buffer_text(out, "\nNVS ");
        text_terminal(out, nvs->label);
        buffer_printf(out, " at 0x%" PRIx32 ", read by %s\n", nvs->address, release_profile_default()->name);
        nvs_view_text(&nvs->view, false, &text);
        text_indented(out, 2, buffer_string(&text));
        buffer_free(&text);
    }
}

// ---- what comes next ----------------------------------------------------------------------------

static void print_members(forecast_members members, struct buffer *out) {
    struct buffer line = {0};
    forecast_members_print(members, &line);
    buffer_printf(out, "  [%s]\n", buffer_string(&line));
    buffer_free(&line);
}

static void print_after(const struct boot_answer *answer, struct buffer *out) {
    for (int i = 0; i < 2 && answer->otadata_changed; i++) {
        struct otadata_verdict verdict = {
            .entry = answer->after[i], .crc_right = otadata_crc_matches(&answer->after[i]), .slot = -1};
        buffer_printf(out, "    otadata entry %d then: ", i);
        otadata_verdict_print(&verdict, out);
        buffer_text(out, "\n");
    }
}

static void print_boots(const struct inspection *inspection, struct buffer *out) {
    buffer_text(out, "\nwhat the bootloader does at the next power-on\n");
    for (size_t i = 0; i < inspection->forecast.boot_count; i++) {
        const struct boot_answer *answer = &inspection->forecast.boots[i];
        print_members(answer->members, out);
        buffer_text(out, "    ");
        boot_answer_print(answer, out);
        buffer_text(out, "\n");
        struct buffer reasons = {0};
        text_terminal_lines(&reasons, answer->reasons);
        if (reasons.length > 0)
            text_indented(out, 6, buffer_string(&reasons));
        buffer_free(&reasons);
        print_after(answer, out);
        if (answer->secure_version != inspection->dump.secure_version)
            buffer_printf(out, "    eFuse secure version then: %" PRIu32 "\n", answer->secure_version);
    }
}

static void print_calls(const struct forecast *forecast, struct buffer *out) {
    buffer_text(out, "\nwhat the update API answers the app that runs then\n");
    for (size_t i = 0; i < forecast->call_count; i++) {
        const struct call_answer *group = &forecast->calls[i];
        print_members(group->members, out);
        if (!group->asked)
            buffer_text(out, "    no app runs\n");
        for (size_t j = 0; group->asked && forecast_question(j); j++) {
            buffer_printf(out, "    %-48s ", forecast_question(j));
            text_terminal(out, group->answers[j]);
            buffer_text(out, "\n");
        }
    }
}

void inspection_text(const struct inspection *inspection, struct buffer *out) {
    print_chip(&inspection->dump, out);
    print_table(&inspection->table, out);
    print_problems(&inspection->problems, out);
    print_otadata(&inspection->otadata, out);
    print_images(&inspection->images, out);
    print_nvs(inspection, out);
    print_boots(inspection, out);
    print_calls(&inspection->forecast, out);
}
