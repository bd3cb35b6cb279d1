#include "partition_convert.h"

#include "partition_binary.h"
#include "partition_csv.h"
#include "partition_print.h"
#include "partition_verify.h"

bool partition_table_convert(const void *input, size_t length, const struct partition_csv_options *options,
                             struct buffer *out, struct partition_csv_notes *notes) {
    bool binary = partition_table_is_binary(input, length);
    struct partition_table_layout layout;
    bool fine = binary ? partition_table_layout_decode(input, length, options, &layout, notes)
                       : partition_csv_parse(input, length, options, &layout, notes);
    if (!fine)
        return false;
    fine = partition_table_layout_verify(&layout, options, notes);
    if (fine && binary)
        partition_table_layout_print(&layout, options, out);
    else if (fine)
        fine = partition_table_layout_encode(&layout, options, out, notes);
    partition_table_layout_free(&layout);
    return fine;
}
