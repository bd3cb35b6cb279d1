// CSV files as ESP-IDF's NVS partition generator takes them: `key,type,encoding,value`, a row a value.
//
//      key,type,encoding,value       the first row that is no comment
//      wifi,namespace,,              the rows below it belong to this namespace
//      ssid,data,string,home         data: the value stands here
//      cert,file,binary,cert.der     file: it stands in a file, relative to the CSV's folder
//
// Encodings: u8 to i64, string; hex2bin and base64 (blobs, as text); binary (blob, the bytes of a file). `#`
// begins a comment line. Fields may stand in double quotes.
#ifndef SIM_PROVISION_NVS_CSV_H
#define SIM_PROVISION_NVS_CSV_H

#include "../base/error.h"
#include "nvs_item.h"

#define NVS_CSV_SIZE_MAX  (4u << 20) // bytes of the CSV, and of a file that it names
#define NVS_CSV_ITEMS_MAX 65536u

struct nvs_items {
    struct nvs_item *items; // owned
    size_t count;
};

// `path` (borrowed) is for messages ("path:line: ...") and what files are relative to. On failure nothing is
// owned.
bool nvs_csv_parse(const char *path, const struct buffer *text, struct nvs_items *out, struct error *error);

void nvs_items_free(struct nvs_items *items);

// Appends an item; its memory is the list's.
void nvs_items_add(struct nvs_items *items, const struct nvs_item *item);

#endif
