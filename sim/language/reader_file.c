// Files of images and contents: what they hold, and merged ones taken apart.
#include "reader_file.h"

#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../provision/app_image_builder.h"
#include "../provision/file_layout.h"
#include "../provision/partition_binary.h"
#include "reader_contents.h"
#include "reader_names.h"
#include "reader_partitions.h"
#include "values.h"

struct opened {
    struct reading *reading;
    const struct yaml_node *node; // the file's name
    struct buffer bytes;
    struct file_layout layout;
};

static void look_into(struct opened *file, const struct buffer *bytes) {
    const struct board_config *board = &file->reading->scenario->board;
    file_layout_read(bytes->bytes, bytes->length, board->target, board->app.partition_table_offset,
                     &file->layout);
}

static bool open_file(struct reading *reading, struct fields *fields, size_t limit, struct opened *out) {
    *out = (struct opened){.reading = reading, .node = field(fields, "file")};
    char *path = find_file(reading, out->node);
    if (path == NULL)
        return false;
    struct error error = {0};
    bool fine = file_read(path, limit, &out->bytes, &error);
    if (!fine)
        diagnostic_add(reading->diagnostics, "E0302", out->node->mark, "%s", error.message);
    free(path);
    fine = fine && contents_afford(reading, out->node, out->bytes.length);
    if (fine)
        look_into(out, &out->bytes);
    else
        buffer_free(&out->bytes);
    return fine;
}

static void close_file(struct opened *file) {
    file_layout_free(&file->layout);
    buffer_free(&file->bytes);
}

// `what`, and what the file holds instead.
static struct diagnostic *report_merged(const struct opened *file, const struct yaml_node *node,
                                        const char *what) {
    struct buffer parts = {0};
    file_layout_print(&file->layout, &parts);
    struct diagnostic *item = diagnostic_add(file->reading->diagnostics, "E0315", node->mark,
                                             "%s: it holds %s", what, buffer_string(&parts));
    buffer_free(&parts);
    return item;
}

// The part that `part` names.
static bool take_part(const struct opened *file, const struct yaml_node *part, struct buffer *out) {
    const char *name = value_text(file->reading->diagnostics, part, "`part`");
    if (name == NULL)
        return false;
    if (file->layout.kind != FILE_MERGED) {
        diagnostic_help(diagnostic_add(file->reading->diagnostics, "E0315", part->mark,
                                       "`%s` is no merged file: it has no parts", file->node->text),
                        "leave `part` out");
        return false;
    }
    const struct file_part *found = file_layout_part(&file->layout, name);
    if (found == NULL) {
        struct buffer what = {0};
        buffer_printf(&what, "`%s` has no part `%s`", file->node->text, name);
        (void)report_merged(file, part, buffer_string(&what));
        buffer_free(&what);
        return false;
    }
    buffer_append(out, file->bytes.bytes + (found->address - file->layout.base), found->length);
    return true;
}

// ---- as an image --------------------------------------------------------------------------------

static bool refuse_merged(const struct opened *file) {
    struct buffer what = {0};
    buffer_printf(&what, "`%s` is more than one image", file->node->text);
    const struct file_part *app = NULL;
    for (size_t i = 0; i < file->layout.part_count && app == NULL; i++)
        if (file->layout.parts[i].version[0] != '\0')
            app = &file->layout.parts[i];
    diagnostic_help(report_merged(file, file->node, buffer_string(&what)),
                    "say which: `{file: %s, part: %s}`; all of it, as it is: `{data: {file: %s}}`",
                    file->node->text, app != NULL ? app->name : file->layout.parts[0].name, file->node->text);
    buffer_free(&what);
    return false;
}

static bool refuse_other(const struct opened *file) {
    struct buffer what = {0};
    if (file->layout.other != NULL)
        buffer_text(&what, file->layout.other);
    else if (file->bytes.length == 0)
        buffer_text(&what, "empty");
    else
        buffer_printf(&what, "it begins with %02X", file->bytes.bytes[0]);
    diagnostic_help(diagnostic_add(file->reading->diagnostics, "E0312", file->node->mark,
                                   "`%s` is no app image, bootloader, partition table or NVS partition: %s",
                                   file->node->text, buffer_string(&what)),
                    "bytes of any kind are `{data: {file: %s}}`", file->node->text);
    buffer_free(&what);
    return false;
}

static bool take_image(const struct opened *file, const struct yaml_node *part, struct buffer *out) {
    if (part != NULL)
        return take_part(file, part, out);
    if (file->layout.kind == FILE_MERGED)
        return refuse_merged(file);
    if (file->layout.kind == FILE_OTHER)
        return refuse_other(file);
    buffer_append(out, file->bytes.bytes, file->bytes.length);
    return true;
}

bool read_image_file(struct reading *reading, struct fields *fields, struct buffer *out) {
    const struct yaml_node *part = field(fields, "part");
    struct opened file;
    if (!open_file(reading, fields, part == NULL ? APP_IMAGE_SIZE_MAX : NOR_SIZE_MAX, &file))
        return false;
    bool fine = take_image(&file, part, out);
    if (fine && partition_table_is_binary(out->bytes, out->length))
        partitions_from_image(reading, out);
    close_file(&file);
    return fine;
}

// ---- as contents --------------------------------------------------------------------------------

bool read_file_part(struct reading *reading, struct fields *fields, struct buffer *out) {
    const struct yaml_node *part = field(fields, "part");
    struct opened file;
    if (!open_file(reading, fields, NOR_SIZE_MAX, &file))
        return false;
    bool fine = part == NULL || take_part(&file, part, out);
    if (part == NULL)
        buffer_append(out, file.bytes.bytes, file.bytes.length);
    close_file(&file);
    return fine;
}

void help_with_merged(struct reading *reading, struct fields *fields, const struct buffer *bytes,
                      struct diagnostic *item) {
    struct opened file = {.reading = reading, .node = field(fields, "file")};
    struct buffer parts = {0};
    if (field(fields, "part") == NULL)
        look_into(&file, bytes);
    file_layout_print(&file.layout, &parts);
    if (file.layout.part_count > 0)
        diagnostic_help(item, "it holds %s; one part of it is `{file: %s, part: NAME}`",
                        buffer_string(&parts), file.node->text);
    buffer_free(&parts);
    file_layout_free(&file.layout);
}

bool check_dump_place(struct reading *reading, const struct yaml_node *node, const struct buffer *dump) {
    struct opened file = {.reading = reading, .node = node};
    look_into(&file, dump);
    bool fine = file.layout.kind != FILE_MERGED || file.layout.base == 0;
    if (!fine)
        diagnostic_help(report_merged(&file, node, "a dump begins at 0, this one does not"),
                        "write `0x%x: {file: %s}` instead of `dump`", (unsigned)file.layout.base, node->text);
    file_layout_free(&file.layout);
    return fine;
}

bool check_file_place(struct reading *reading, struct fields *fields, const struct buffer *bytes,
                      uint32_t address) {
    struct opened file = {.reading = reading, .node = field(fields, "file")};
    if (file.node == NULL || field(fields, "part") != NULL)
        return true;
    look_into(&file, bytes);
    bool fine = file.layout.kind != FILE_MERGED || file.layout.base == address;
    if (!fine) {
        struct buffer what = {0};
        buffer_printf(&what, "`%s` begins at 0x%x, not at 0x%x", file.node->text, (unsigned)file.layout.base,
                      (unsigned)address);
        diagnostic_help(report_merged(&file, file.node, buffer_string(&what)),
                        "one part of it is `{file: %s, part: NAME}`; all of it is `0x%x: {file: %s}`",
                        file.node->text, (unsigned)file.layout.base, file.node->text);
        buffer_free(&what);
    }
    file_layout_free(&file.layout);
    return fine;
}
