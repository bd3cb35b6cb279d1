// csv: the partition table generator (section 6).
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "sim/provision/partition_convert.h"

static uint32_t megabytes(struct vector *vector, const char *text) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || strcmp(end, "MB") != 0 || value > 128)
        (void)vector_malformed(vector, "`flash_size` must look like 4MB");
    return (uint32_t)value;
}

static struct partition_csv_options read_options(struct replay *replay, struct vector *vector) {
    struct partition_csv_options options = partition_csv_options_default();
    const json_t *opt = vector_object(vector, vector->json, "opt");
    options.release = replay->profile;
    options.disable_md5 = json_is_true(json_object_get(opt, "disable_md5"));
    options.no_verify = json_is_true(json_object_get(opt, "no_verify"));
    options.table_offset = vector_number_or(vector, opt, "offset", PARTITION_TABLE_OFFSET_DEFAULT);
    options.has_primary_bootloader_offset = json_object_get(opt, "primary_bootloader_offset") != NULL;
    options.primary_bootloader_offset = vector_number_or(vector, opt, "primary_bootloader_offset", 0);
    options.has_recovery_bootloader_offset = json_object_get(opt, "recovery_bootloader_offset") != NULL;
    options.recovery_bootloader_offset = vector_number_or(vector, opt, "recovery_bootloader_offset", 0);
    if (json_object_get(opt, "flash_size") != NULL) {
        const char *size = vector_text(vector, opt, "flash_size");
        options.flash_size_mb = size != NULL ? megabytes(vector, size) : 0;
    }
    if (json_object_get(opt, "secure") != NULL) {
        const char *scheme = vector_text(vector, opt, "secure");
        bool first = scheme != NULL && strcmp(scheme, "v1") == 0;
        if (scheme != NULL && !first && strcmp(scheme, "v2") != 0)
            (void)vector_malformed(vector, "`secure` must be v1 or v2");
        options.secure = first ? PARTITION_CSV_SECURE_V1 : PARTITION_CSV_SECURE_V2;
    }
    return options;
}

static size_t length_without_fill(const struct buffer *table) {
    size_t length = table->length;
    while (length > 0 && table->bytes[length - 1] == 0xFF)
        length--;
    return length;
}

// Recorded messages are compared too when there is one: they are exactly the generator's.
static json_t *outcome(const struct buffer *table, const struct partition_csv_notes *notes) {
    json_t *out;
    if (notes->failure == PARTITION_CSV_FINE)
        out =
            json_pack("{s:s,s:o,s:I}", "ret", "ok", "hex", json_hex(table->bytes, length_without_fill(table)),
                      "size", (json_int_t)table->length);
    else
        out = json_pack("{s:s,s:s}", "ret", "error", "kind", partition_csv_failure_name(notes->failure));
    if (notes->warning_count > 0)
        (void)json_object_set_new(out, "warn", json_integer((json_int_t)notes->warning_count));
    return out;
}

static void check_message(struct vector *vector, const struct partition_csv_notes *notes) {
    const json_t *expected = json_object_get(vector_object(vector, vector->json, "out"), "msg");
    if (expected != NULL && notes->failure != PARTITION_CSV_PACK_ERROR)
        (void)vector_expect(vector, expected, json_string(notes->message != NULL ? notes->message : ""),
                            "out.msg");
}

void replay_csv(struct replay *replay, struct vector *vector) {
    struct partition_csv_options options = read_options(replay, vector);
    const json_t *csv = json_object_get(vector->json, "csv");
    if (!json_is_string(csv))
        (void)vector_malformed(vector, "`csv` must be a text");
    if (vector->problem.length != 0)
        return;
    struct partition_csv_notes notes = {0};
    struct buffer table = {0};
    (void)partition_table_convert(json_string_value(csv), json_string_length(csv), &options, &table, &notes);
    (void)vector_expect(vector, vector_object(vector, vector->json, "out"), outcome(&table, &notes), "out");
    check_message(vector, &notes);
    partition_csv_notes_free(&notes);
    buffer_free(&table);
}
