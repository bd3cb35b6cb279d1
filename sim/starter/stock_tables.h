// The partition tables that ESP-IDF comes with, one of which a project chooses by an option of its sdkconfig.
#ifndef SIM_STARTER_STOCK_TABLES_H
#define SIM_STARTER_STOCK_TABLES_H

#include <stdbool.h>

struct stock_table {
    const char *option;        // "CONFIG_PARTITION_TABLE_TWO_OTA"
    const char *csv;           // rows; offsets follow from their order
    const char *with_coredump; // the same with a partition for core dumps; NULL: there is none
};

// Ended by a NULL option.
extern const struct stock_table stock_tables[];

// What a project without any such option gets here: two slots and otadata, since it is about updates.
extern const char stock_table_usual[];

// By option; NULL: none is called so.
const struct stock_table *stock_table_find(const char *option);

#endif
