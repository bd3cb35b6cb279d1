#include "guest_file.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/file.h"
#include "guest_elf.h"
#include "imports.h"

// ---- what it calls ------------------------------------------------------------------------------

static void add_missing(struct guest_file *file, const char *name) {
    file->missing = memory_resize(file->missing, (file->missing_count + 1) * sizeof *file->missing);
    file->missing[file->missing_count++] = memory_text(name);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void bind(struct guest_file *file) {
    for (size_t i = 1; i < file->symbol_count; i++) { // the first one is none
        struct guest_symbol *symbol = &file->symbols[i];
        if (symbol->defined || symbol->name[0] == 0)
            continue;
        symbol->import = import_find(symbol->name);
        if (symbol->import == NULL && !symbol->weak)
            add_missing(file, symbol->name);
        if (symbol->import != NULL && strcmp(symbol->name, "__sanitizer_cov_trace_pc") == 0)
            file->counts_time = true;
    }
    if (file->missing_count > 1)
        qsort(file->missing, file->missing_count, sizeof *file->missing, by_name);
}

bool guest_file_complete(const struct guest_file *file, struct error *error) {
    struct buffer names = {0};
    for (size_t i = 0; i < file->missing_count && i < 8; i++)
        buffer_printf(&names, "%s%s", i == 0 ? "" : ", ", file->missing[i]);
    if (file->missing_count > 8)
        buffer_printf(&names, " and %zu more", file->missing_count - 8);
    bool complete = file->missing_count == 0;
    if (!complete)
        (void)error_set(error, "%s calls %s, which ota-sim does not have", file->name, buffer_string(&names));
    buffer_free(&names);
    return complete;
}

// ---- what it offers -----------------------------------------------------------------------------

static uint64_t function_named(const struct guest_file *file, const char *name) {
    for (size_t i = 0; i < file->symbol_count; i++)
        if (file->symbols[i].defined && file->symbols[i].function && strcmp(file->symbols[i].name, name) == 0)
            return file->symbols[i].value;
    return 0;
}

static bool read_call(const struct guest_file *file, uint64_t address, struct guest_call *out) {
    const struct ota_sim_call *raw = guest_elf_at(file, address, sizeof *raw);
    if (raw == NULL || raw->arguments[0] != OTA_SIM_CALL_VERSION)
        return false;
    *out = (struct guest_call){
        .name = guest_elf_text(file, guest_elf_pointer(file, address + offsetof(struct ota_sim_call, name))),
        .address = guest_elf_pointer(file, address + offsetof(struct ota_sim_call, function))};
    uint32_t count = 0;
    while (count < OTA_SIM_ARGUMENTS_MAX && raw->arguments[count + 1] != 0) {
        if (raw->arguments[count + 1] > OTA_SIM_TEXT)
            return false;
        out->arguments[count] = raw->arguments[count + 1];
        count++;
    }
    out->argument_count = count;
    return out->name != NULL && out->address != 0 && raw->arguments[count + 1] == 0;
}

static bool read_calls(struct guest_file *file, struct error *error) {
    struct guest_range section = guest_elf_section(file, "ota_sim_calls");
    size_t count = section.size / sizeof(struct ota_sim_call);
    if (section.size % sizeof(struct ota_sim_call) != 0)
        return error_set(error, "%s: its OTA_SIM_CALLs are not those of this ota_sim.h", file->path);
    file->calls = memory_zeroed(count + 1, sizeof *file->calls);
    for (size_t i = 0; i < count; i++)
        if (!read_call(file, section.start + i * sizeof(struct ota_sim_call),
                       &file->calls[file->call_count++]))
            return error_set(error, "%s: its OTA_SIM_CALLs are not those of this ota_sim.h", file->path);
    return true;
}

const struct guest_call *guest_file_call(const struct guest_file *file, const char *name) {
    for (size_t i = 0; i < file->call_count; i++)
        if (strcmp(file->calls[i].name, name) == 0)
            return &file->calls[i];
    return NULL;
}

// ---- the whole ----------------------------------------------------------------------------------

bool guest_file_read(const char *path, struct guest_file *out, struct error *error) {
    *out = (struct guest_file){.path = memory_text(path)};
    const char *slash = strrchr(out->path, '/');
    out->name = slash == NULL ? out->path : slash + 1;
    if (!file_read(path, GUEST_FILE_MAX, &out->bytes, error) || !guest_elf_read(out, error))
        return false;
    unsigned length = sizeof out->sha256;
    if (EVP_Digest(out->bytes.bytes, out->bytes.length, out->sha256, &length, EVP_sha256(), NULL) != 1)
        abort(); // SHA-256 is part of every libcrypto: only a lack of memory gets here
    bind(out);
    out->constructors = guest_elf_section(out, ".init_array");
    out->retained = guest_elf_section(out, ".rtc_noinit");
    out->app_main = function_named(out, "app_main");
    out->bootloader_main = function_named(out, "bootloader_main");
    if (!read_calls(out, error))
        return false;
    if (out->app_main == 0 && out->bootloader_main == 0)
        return error_set(error, "%s: it has neither app_main nor bootloader_main", path);
    return true;
}

void guest_file_free(struct guest_file *file) {
    for (size_t i = 0; i < file->missing_count; i++)
        free(file->missing[i]);
    free(file->missing);
    free(file->calls);
    free(file->symbols);
    free(file->relocations);
    buffer_free(&file->bytes);
    free(file->path);
    *file = (struct guest_file){0};
}

const struct guest_file *guest_files_find(const struct guest_files *files,
                                          const uint8_t sha256[GUEST_HASH_SIZE]) {
    for (size_t i = 0; files != NULL && i < files->count; i++)
        if (memcmp(files->files[i]->sha256, sha256, GUEST_HASH_SIZE) == 0)
            return files->files[i];
    return NULL;
}

void guest_files_free(struct guest_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        guest_file_free(files->files[i]);
        free(files->files[i]);
    }
    free(files->files);
    *files = (struct guest_files){0};
}
