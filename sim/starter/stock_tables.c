#include "stock_tables.h"

#include <stddef.h>
#include <string.h>

// Sizes and order of rows: components/partition_table/*.csv of ESP-IDF.
#define NVS_AND_PHY "nvs, data, nvs, , 0x6000\nphy_init, data, phy, , 0x1000\n"
#define RECORDS     "nvs, data, nvs, , 0x4000\notadata, data, ota, , 0x2000\nphy_init, data, phy, , 0x1000\n"
#define FACTORY     "factory, app, factory, , 1M\n"
#define LARGE       "factory, app, factory, , 1500K\n"
#define TWO_SLOTS   "ota_0, app, ota_0, , 1M\nota_1, app, ota_1, , 1M\n"
#define COREDUMP    "coredump, data, coredump, , 64K\n"
#define NVS_KEYS    "nvs_key, data, nvs_keys, , 0x1000, encrypted\n"

const struct stock_table stock_tables[] = {
    {"CONFIG_PARTITION_TABLE_SINGLE_APP", NVS_AND_PHY FACTORY, NVS_AND_PHY FACTORY COREDUMP},
    {"CONFIG_PARTITION_TABLE_SINGLE_APP_LARGE", NVS_AND_PHY LARGE, NVS_AND_PHY LARGE COREDUMP},
    {"CONFIG_PARTITION_TABLE_TWO_OTA", RECORDS FACTORY TWO_SLOTS, RECORDS FACTORY COREDUMP TWO_SLOTS},
    {"CONFIG_PARTITION_TABLE_TWO_OTA_LARGE",
     RECORDS "ota_0, app, ota_0, , 1700K\nota_1, app, ota_1, , 1700K\n", NULL},
    {"CONFIG_PARTITION_TABLE_SINGLE_APP_ENCRYPTED_NVS", NVS_AND_PHY FACTORY NVS_KEYS, NULL},
    {"CONFIG_PARTITION_TABLE_SINGLE_APP_LARGE_ENC_NVS", NVS_AND_PHY LARGE NVS_KEYS, NULL},
    {"CONFIG_PARTITION_TABLE_TWO_OTA_ENCRYPTED_NVS", RECORDS FACTORY TWO_SLOTS NVS_KEYS, NULL},
    {"CONFIG_PARTITION_TABLE_SINGLE_APP_TEE",
     "tee, app, tee_0, , 192K\nsecure_storage, data, nvs, , 64K\nfactory, app, factory, , 1536K\n"
     "nvs, data, nvs, , 24K\nphy_init, data, phy, , 4K\n",
     NULL},
    {"CONFIG_PARTITION_TABLE_TWO_OTA_TEE",
     "tee_0, app, tee_0, , 256K\ntee_1, app, tee_1, , 256K\ntee_otadata, data, tee_ota, , 8K\n"
     "secure_storage, data, nvs, , 56K\nota_0, app, ota_0, , 1536K\nota_1, app, ota_1, , 1536K\n"
     "otadata, data, ota, , 8K\nnvs, data, nvs, , 24K\nphy_init, data, phy, , 4K\n",
     NULL},
    {NULL, NULL, NULL},
};

const char stock_table_usual[] = RECORDS TWO_SLOTS;

const struct stock_table *stock_table_find(const char *option) {
    for (const struct stock_table *table = stock_tables; table->option != NULL; table++)
        if (strcmp(table->option, option) == 0)
            return table;
    return NULL;
}
