// Shared by the sources of partition_csv.h only.
#ifndef SIM_PROVISION_PARTITION_CSV_INTERNAL_H
#define SIM_PROVISION_PARTITION_CSV_INTERNAL_H

#include "partition_csv.h"

enum { TYPE_APP = 0, TYPE_DATA = 1, TYPE_BOOTLOADER = 2, TYPE_PARTITION_TABLE = 3 };
enum { APP_OTA_0 = 0x10 };
enum { DATA_OTA = 0x00, DATA_NVS = 0x02, DATA_COREDUMP = 0x03, DATA_UNDEFINED = 0x06, DATA_TEE_OTA = 0x90 };
enum { SYSTEM_PRIMARY = 0, BOOTLOADER_RECOVERY = 2 };

// ---- what differs among the releases' generators ------------------------------------------------

struct partition_csv_rules {
    const char *release;         // name of a release profile
    bool knows_readonly;         // CSV-26, since v5.2
    bool knows_system_types;     // bootloader and partition_table, since v5.4
    bool detects_encoding;       // CSV-2, since v5.4.2
    bool app_size_aligned;       // CSV-61 without --secure, since v5.3
    bool small_nvs_readonly;     // CSV-64, since v5.5
    uint32_t data_alignment;     // CSV-60: 4 in v4.4, else 0x1000
    bool misalignment_tolerated; // CSV-60: v4.4 only warns about data partitions
};

const struct partition_csv_rules *partition_csv_rules_of(const struct partition_csv_options *options);

// CSV-30, CSV-60.
uint32_t partition_csv_alignment(const struct partition_csv_rules *rules, int64_t type);

// ---- keywords: types (of_type < 0) or the subtypes of a type, in the generator's order ----------

#define ALL_TYPES (-1)

bool partition_keyword_find(const struct partition_csv_options *options, int64_t of_type, const char *word,
                            int64_t *value);
const char *partition_keyword_name(const struct partition_csv_options *options, int64_t of_type,
                                   int64_t value);
bool partition_keywords_exist(const struct partition_csv_options *options, int64_t of_type);
void partition_keywords_list(const struct partition_csv_options *options, int64_t of_type,
                             struct buffer *out);

// The word is a subtype of some type.
bool partition_keyword_is_subtype(const struct partition_csv_options *options, const char *word);

// ---- text ---------------------------------------------------------------------------------------

// Any accepted encoding to UTF-8 without byte order mark. False: not decodable, or a NUL character is in it.
bool partition_csv_decode(const void *text, size_t length, bool detects_encoding, struct buffer *out);

// The next line of `text` from `*at` on, without its line break; false at the end.
bool partition_csv_next_line(const struct buffer *text, size_t *at, const char **line, size_t *length);

// Without white space (as Unicode defines it) at both ends.
void partition_csv_trim(const char **text, size_t *length);

// A number in Python's base-0 notation (CSV-10, without the suffixes). Too large ones keep their low 32 bits
// and are beyond 2^60 in size, so that they fit no field and can still be added.
bool partition_csv_integer(const char *text, size_t length, int64_t *value);
int64_t partition_csv_multiply(int64_t value, uint32_t factor);

// ---- results ------------------------------------------------------------------------------------

// Notes a failure unless one is noted already; returns false. A warning is added to the others.
__attribute__((format(printf, 4, 5))) bool partition_csv_fail(struct partition_csv_notes *notes,
                                                              enum partition_csv_failure failure,
                                                              uint32_t line, const char *format, ...);
__attribute__((format(printf, 2, 3))) void partition_csv_warn(struct partition_csv_notes *notes,
                                                              const char *format, ...);

// Appends a zeroed entry.
struct partition_entry *partition_layout_add(struct partition_table_layout *layout);

#define HEX_TEXT_SIZE 24

// A number as the generator's messages show it: "0x1f0000", "0x-5".
const char *partition_csv_hex(int64_t value, char text[HEX_TEXT_SIZE]);

#endif
