// A guest as it lies there: a shared object with the user's own code, read, checked and ready to be loaded. Nothing of it
// runs here.
//
// A guest may call what imports.h lists and nothing else: what it lacks is told by name. One file serves any number of
// boards and threads, each with an instance of its own (guest.h).
#ifndef SIM_GUEST_GUEST_FILE_H
#define SIM_GUEST_GUEST_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gelf.h>

#include "../base/buffer.h"
#include "../base/error.h"
#include "include/ota_sim.h"

#define GUEST_FILE_MAX   (64u << 20) // bytes of a shared object, with its debugging information
#define GUEST_MEMORY_MAX (64u << 20) // that it may occupy once it is loaded
#define GUEST_HASH_SIZE  32u

struct guest_call { // registered with OTA_SIM_CALL
    const char *name;
    uint64_t address;                         // within the guest
    uint8_t arguments[OTA_SIM_ARGUMENTS_MAX]; // OTA_SIM_INT or OTA_SIM_TEXT
    uint32_t argument_count;
};

struct guest_range { // of the guest's addresses
    uint64_t start, size;
};

struct guest_segment {
    uint64_t address, size; // in memory
    uint64_t offset, file_size;
    int protection; // of mmap
};
#define GUEST_SEGMENTS_MAX 16u

struct guest_relocation {
    uint64_t address;
    uint32_t type;
    uint32_t symbol; // of guest_file.symbols
    int64_t addend;
};

struct guest_symbol {
    const char *name; // in the file's bytes
    uint64_t value;   // address within the guest, when `defined`
    bool defined, weak, function, global, thread_local_;
    const struct import *import; // what it is bound to; NULL: nothing has that name
};

struct guest_file {
    char *path;
    const char *name; // its last part, in `path`
    struct buffer bytes;
    uint8_t sha256[GUEST_HASH_SIZE]; // what an image's descriptor names its program by
    struct guest_segment segments[GUEST_SEGMENTS_MAX];
    uint32_t segment_count;
    uint64_t span;            // of all segments, from address 0
    struct guest_range relro; // read-only once it is loaded
    struct guest_range tls,
        tls_image; // its thread-local memory as a whole, and what is not zero of it, in a segment
    uint64_t tls_align;
    struct guest_range retained; // .rtc_noinit: keeps its contents over all resets but a loss of power
    struct guest_symbol *symbols;
    size_t symbol_count;
    struct guest_relocation *relocations;
    size_t relocation_count;
    struct guest_range constructors; // pointers to functions, in their order
    struct guest_call *calls;
    size_t call_count;
    uint64_t app_main, bootloader_main; // 0: there is none
    uint64_t state_size;                // bytes that each start makes new: data, bss, thread-local memory
    bool counts_time;                   // built with -fsanitize-coverage=trace-pc
    char **missing;                     // names of what it calls and ota-sim does not have, in their order
    size_t missing_count;
};

// False: the file cannot be read, or is no shared object for this computer. A guest that lacks something is read all the
// same: ask guest_file_complete. Free with guest_file_free.
bool guest_file_read(const char *path, struct guest_file *out, struct error *error);
void guest_file_free(struct guest_file *file);

// True when everything that it calls is there.
bool guest_file_complete(const struct guest_file *file, struct error *error);

const struct guest_call *guest_file_call(const struct guest_file *file,
                                         const char *name); // NULL: not registered

// The guests of a device: which one runs, an image's descriptor says.
struct guest_files {
    struct guest_file **files; // owned
    size_t count;
    const struct guest_file *bootloader; // one of them; NULL: none is a bootloader
};
const struct guest_file *guest_files_find(const struct guest_files *files,
                                          const uint8_t sha256[GUEST_HASH_SIZE]);
void guest_files_free(struct guest_files *files);

#endif
