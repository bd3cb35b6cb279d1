// What ESP-IDF's parttool does, on a flash dump in memory instead of a device: HT-1 to HT-10.
//
// A dump is a raw image, offset 0 = flash address 0, of any size. It keeps its size. On an error it is
// untouched: where the original has erased the partition by then (HT-6), nothing has happened here.
#ifndef SIM_PROVISION_PARTTOOL_H
#define SIM_PROVISION_PARTTOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../base/error.h"
#include "partition_layout.h"
#include "partition_rules.h"

#define PARTTOOL_DUMP_SIZE_MAX (128u << 20) // the largest flash that an image header can name (FL-6)

// The table of a dump, by the rules for binary tables (MD5 required to match if there is one); as a table it
// is not judged (HT-7).
bool parttool_table_of_dump(const struct buffer *dump, const struct partition_csv_options *options,
                            struct partition_table_layout *out, struct error *error);

// The same from a file, CSV or binary (-f).
bool parttool_table_of_file(const char *path, const struct partition_csv_options *options,
                            struct partition_table_layout *out, struct error *error);

// Which partition is meant (HT-3).
struct parttool_choice {
    enum { PARTTOOL_BY_NAME, PARTTOOL_BY_TYPE, PARTTOOL_BOOT_DEFAULT } by;
    const char *name;      // borrowed
    int64_t type, subtype; // BY_TYPE
};

// Parses "type, name, hexvalue" (CSV-27). `text_out` gets the memory that the subtype's name lies in: to be
// freed by the caller, after the subtype's last use.
bool partition_extra_subtype_parse(const char *text, struct partition_extra_subtype *out, char **text_out,
                                   struct error *error);

// A type, or a subtype of `type`, by keyword or number.
bool parttool_type(const struct partition_csv_options *options, const char *text, int64_t *type,
                   struct error *error);
bool parttool_subtype(const struct partition_csv_options *options, int64_t type, const char *text,
                      int64_t *subtype, struct error *error);

// The first partition that is meant, after `after` (NULL: from the start); NULL: there is none. The default
// boot partition is the first existing one of factory, ota_0, ..., ota_15.
const struct partition_entry *parttool_find(const struct partition_table_layout *layout,
                                            const struct parttool_choice *choice,
                                            const struct partition_entry *after);

// The choice in words, for messages: "partition `nvs`".
void parttool_choice_print(const struct parttool_choice *choice, struct buffer *out);

// "app/ota_0"; numbers where there is no keyword: "data/0x99".
void parttool_kind_print(uint8_t type, uint8_t subtype, struct buffer *out);

// Appends the requested values ("name", "type", "subtype", "offset", "size", "encrypted", "readonly") as the
// tool prints them, separated by spaces (HT-8). False: there is no such value.
bool parttool_info(const struct partition_entry *partition, const char *const *wanted, size_t wanted_count,
                   struct buffer *out, struct error *error);

bool parttool_read(const struct buffer *dump, const struct partition_entry *partition, struct buffer *out,
                   struct error *error);
bool parttool_erase(struct buffer *dump, const struct partition_entry *partition, struct error *error);

// Erases the partition, then writes. Read-only ones are refused unless `ignore_readonly`.
bool parttool_write(struct buffer *dump, const struct partition_entry *partition, const struct buffer *bytes,
                    bool ignore_readonly, struct error *error);

#endif
