#include "guest_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../guest/imports.h"

bool guest_view_is_one(const char *path) {
    unsigned char magic[4] = {0};
    FILE *file = fopen(path, "rb");
    bool read = file != NULL && fread(magic, sizeof magic, 1, file) == 1;
    if (file != NULL)
        (void)fclose(file);
    return read && memcmp(magic, "\177ELF", sizeof magic) == 0;
}

static void hash_text(const struct guest_file *file, char out[2 * GUEST_HASH_SIZE + 1]) {
    for (uint32_t i = 0; i < GUEST_HASH_SIZE; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", file->sha256[i]);
}

// ---- what it calls, by name ---------------------------------------------------------------------

struct imports_list {
    const struct import **rows; // owned
    size_t count;
};

static int by_name(const void *a, const void *b) {
    return strcmp((*(const struct import *const *)a)->name, (*(const struct import *const *)b)->name);
}

static struct imports_list imports_of(const struct guest_file *file) {
    struct imports_list list = {.rows = memory_zeroed(file->symbol_count + 1, sizeof(struct import *))};
    for (size_t i = 0; i < file->symbol_count; i++)
        if (file->symbols[i].import != NULL)
            list.rows[list.count++] = file->symbols[i].import;
    qsort(list.rows, list.count, sizeof(struct import *), by_name);
    return list;
}

// ---- for people ---------------------------------------------------------------------------------

static void print_calls(const struct guest_file *file, struct buffer *out) {
    for (size_t i = 0; i < file->call_count; i++) {
        const struct guest_call *call = &file->calls[i];
        buffer_printf(out, "  steps can call    %s(", call->name);
        for (uint32_t k = 0; k < call->argument_count; k++)
            buffer_printf(out, "%s%s", k == 0 ? "" : ", ",
                          call->arguments[k] == OTA_SIM_INT ? "number" : "text");
        buffer_text(out, ")\n");
    }
}

static void print_imports(const struct imports_list *list, struct buffer *out) {
    size_t column = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t length = strlen(list->rows[i]->name);
        if (column == 0 || column + length + 2 > 78) {
            buffer_text(out, column == 0 ? "  calls             " : ",\n                    ");
            column = 20;
        } else {
            buffer_text(out, ", ");
            column += 2;
        }
        buffer_text(out, list->rows[i]->name);
        column += length;
    }
    if (column != 0)
        buffer_text(out, "\n");
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i]->remark != NULL)
            buffer_printf(out, "  note              %s: %s\n", list->rows[i]->name, list->rows[i]->remark);
}

void guest_view_text(const struct guest_file *file, struct buffer *out) {
    char hash[2 * GUEST_HASH_SIZE + 1];
    hash_text(file, hash);
    buffer_printf(out, "%s: code for the board\n", file->name);
    buffer_printf(out, "  runs as           %s\n",
                  file->app_main != 0 && file->bootloader_main != 0
                      ? "app (app_main), bootloader (bootloader_main)"
                  : file->app_main != 0 ? "app (app_main)"
                                        : "bootloader (bootloader_main)");
    buffer_printf(out, "  state             %llu bytes, made new at each start",
                  (unsigned long long)file->state_size);
    if (file->retained.size != 0)
        buffer_printf(out, ", but for %llu that are retained", (unsigned long long)file->retained.size);
    buffer_printf(out, "\n  counts its time   %s\n",
                  file->counts_time ? "yes"
                                    : "no: a loop without end is refused (-fsanitize-coverage=trace-pc)");
    buffer_printf(out, "  SHA-256           %s\n", hash);
    print_calls(file, out);
    struct imports_list imports = imports_of(file);
    print_imports(&imports, out);
    free(imports.rows);
    for (size_t i = 0; i < file->missing_count; i++)
        buffer_printf(out, "  LACKS             calls %s, which ota-sim does not have\n", file->missing[i]);
}

// ---- for programs -------------------------------------------------------------------------------

static json_t *calls_json(const struct guest_file *file) {
    json_t *list = json_array();
    for (size_t i = 0; i < file->call_count; i++) {
        json_t *call = json_object(), *arguments = json_array();
        for (uint32_t k = 0; k < file->calls[i].argument_count; k++)
            (void)json_array_append_new(
                arguments, json_string(file->calls[i].arguments[k] == OTA_SIM_INT ? "number" : "text"));
        (void)json_object_set_new(call, "name", json_string(file->calls[i].name));
        (void)json_object_set_new(call, "arguments", arguments);
        (void)json_array_append_new(list, call);
    }
    return list;
}

void guest_view_json(const struct guest_file *file, struct buffer *out) {
    char hash[2 * GUEST_HASH_SIZE + 1];
    json_t *view = json_object(), *imports = json_array(), *missing = json_array();
    hash_text(file, hash);
    struct imports_list list = imports_of(file);
    for (size_t i = 0; i < list.count; i++)
        (void)json_array_append_new(imports, json_string(list.rows[i]->name));
    free(list.rows);
    for (size_t i = 0; i < file->missing_count; i++)
        (void)json_array_append_new(missing, json_string(file->missing[i]));
    (void)json_object_set_new(view, "format", json_string("ota-sim-inspection/guest-1"));
    (void)json_object_set_new(view, "guest", json_string(file->name));
    (void)json_object_set_new(view, "app", json_boolean(file->app_main != 0));
    (void)json_object_set_new(view, "bootloader", json_boolean(file->bootloader_main != 0));
    (void)json_object_set_new(view, "state_bytes", json_integer((json_int_t)file->state_size));
    (void)json_object_set_new(view, "retained_bytes", json_integer((json_int_t)file->retained.size));
    (void)json_object_set_new(view, "counts_time", json_boolean(file->counts_time));
    (void)json_object_set_new(view, "sha256", json_string(hash));
    (void)json_object_set_new(view, "registered", calls_json(file));
    (void)json_object_set_new(view, "calls", imports);
    (void)json_object_set_new(view, "missing", missing);
    char *text = json_dumps(view, JSON_INDENT(2));
    if (text != NULL)
        buffer_printf(out, "%s\n", text);
    free(text);
    json_decref(view);
}
