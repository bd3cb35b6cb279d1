// The words of partition CSV: types (of_type < 0) or the subtypes of a type, in the generator's order.
#ifndef SIM_PROVISION_PARTITION_KEYWORDS_H
#define SIM_PROVISION_PARTITION_KEYWORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "partition_rules.h"

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

#endif
