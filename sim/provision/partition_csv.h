// Partition tables as people write them (CSV), as the flash holds them (binary), and as code wants them (a
// list). The rules, messages and error kinds are those of gen_esp32part: CSV-1 to CSV-82.
//
//      CSV text --parse--> struct partition_table_layout --encode--> 0xC00 bytes
//               <--print--                               <--decode--
#ifndef SIM_PROVISION_PARTITION_CSV_H
#define SIM_PROVISION_PARTITION_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/partition_table.h"
#include "../../ota/release_profile.h"
#include "../base/buffer.h"

#define PARTITION_TABLE_OFFSET_DEFAULT 0x8000u    // FL-30
#define PARTITION_CSV_SIZE_MAX         (1u << 20) // bytes of CSV text that are looked at; more is an error

// One partition. Numbers are not range-checked before they are encoded (CSV-12), hence 64 bits with sign.
struct partition_entry {
    char *name; // UTF-8, uncut (CSV-20); owned by the layout
    int64_t type, subtype;
    int64_t offset; // bytes
    int64_t size;   // bytes
    bool encrypted, readonly;
    uint32_t other_flags; // flag bits without a name, from a binary; never encoded (as the generator)
    uint32_t line;        // of the CSV, from 1; 0: from a binary
};

struct partition_table_layout {
    struct partition_entry *entries; // in file order; owned
    size_t count, capacity;
};

void partition_table_layout_free(struct partition_table_layout *layout);

// First partition with that name / of that type and subtype; NULL: none.
const struct partition_entry *partition_find(const struct partition_table_layout *layout, const char *name);
const struct partition_entry *partition_find_type(const struct partition_table_layout *layout, uint8_t type,
                                                  uint8_t subtype);

enum partition_csv_secure {
    PARTITION_CSV_SECURE_NONE,
    PARTITION_CSV_SECURE_V1, // app sizes in steps of 64 KiB (CSV-61)
    PARTITION_CSV_SECURE_V2
};

// A subtype beside the built-in ones (CSV-27).
struct partition_extra_subtype {
    uint8_t type;     // 0 app, 1 data, 2 bootloader, 3 partition_table
    const char *name; // borrowed
    uint8_t value;
};

struct partition_csv_options {
    uint32_t table_offset;  // where the table itself lies
    uint32_t flash_size_mb; // 1 to 128, a power of two; 0: not checked (CSV-69)
    bool disable_md5;       // no MD5 row
    bool no_verify;         // skips CSV-60 to CSV-67
    bool has_primary_bootloader_offset, has_recovery_bootloader_offset;
    uint32_t primary_bootloader_offset, recovery_bootloader_offset; // CSV-23
    enum partition_csv_secure secure;
    const struct partition_extra_subtype *extra_subtypes; // borrowed
    size_t extra_subtype_count;
    const struct release_profile *release; // whose generator; NULL: the newest
    const char *(*environment)(
        const char *name); // looks up $NAME (CSV-3); getenv fits; NULL: nothing is defined
};

// The generator's defaults: table at 0x8000, MD5, verification, nothing else.
struct partition_csv_options partition_csv_options_default(void);

// The exception that the generator would end with.
enum partition_csv_failure {
    PARTITION_CSV_FINE,
    PARTITION_CSV_INPUT_ERROR,      // the text, the binary or the table as a whole is wrong
    PARTITION_CSV_VALIDATION_ERROR, // one partition is wrong
    PARTITION_CSV_PACK_ERROR        // a number does not fit its field (CSV-12)
};

// "InputError", "ValidationError", "struct.error"; "" when fine.
const char *partition_csv_failure_name(enum partition_csv_failure failure);

// What a conversion has to say besides its result. Start with {0}; free after use.
struct partition_csv_notes {
    enum partition_csv_failure failure;
    char *message;   // exactly the generator's, no trailing newline; NULL when fine
    uint32_t line;   // of the CSV where it went wrong; 0: no single line
    char **warnings; // one line each, in order
    size_t warning_count;
};

void partition_csv_notes_free(struct partition_csv_notes *notes);

// Reads CSV text (UTF-8, or UTF-8/16/32 with a byte order mark): CSV-1 to CSV-30. True: `out`
// (uninitialised before) holds the partitions with offsets and sizes resolved. False: `notes` says why, `out`
// is empty.
bool partition_csv_parse(const void *text, size_t length, const struct partition_csv_options *options,
                         struct partition_table_layout *out, struct partition_csv_notes *notes);

// Checks the table as a whole (CSV-60 to CSV-69); no_verify leaves only CSV-69. Adds warnings.
bool partition_table_layout_verify(const struct partition_table_layout *layout,
                                   const struct partition_csv_options *options,
                                   struct partition_csv_notes *notes);

// Appends the PARTITION_TABLE_SIZE bytes that the flash holds.
bool partition_table_layout_encode(const struct partition_table_layout *layout,
                                   const struct partition_csv_options *options, struct buffer *out,
                                   struct partition_csv_notes *notes);

// Reads a binary table (CSV-81). Contract as partition_csv_parse.
bool partition_table_layout_decode(const void *bytes, size_t length,
                                   const struct partition_csv_options *options,
                                   struct partition_table_layout *out, struct partition_csv_notes *notes);

// Appends the table as CSV (CSV-82); extra subtypes are named too.
void partition_table_layout_print(const struct partition_table_layout *layout,
                                  const struct partition_csv_options *options, struct buffer *out);

// Does what `gen_esp32part INPUT OUTPUT` does: binary input becomes CSV, CSV becomes binary (CSV-1), verified
// in both directions.
bool partition_table_convert(const void *input, size_t length, const struct partition_csv_options *options,
                             struct buffer *out, struct partition_csv_notes *notes);

// True when the bytes begin as a binary table (CSV-1).
bool partition_table_is_binary(const void *bytes, size_t length);

#endif
