#include "reader_guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_names.h"
#include "values.h"

// ---- files --------------------------------------------------------------------------------------

static struct guest_files *guests_of(struct scenario *scenario) {
    if (scenario->guests == NULL) {
        scenario->guests = memory_zeroed(1, sizeof *scenario->guests);
        scenario->board.guests = scenario->guests;
        scenario->board.guest_fill = 0xA5; // as good as any that is no small number and no pointer
    }
    return scenario->guests;
}

static struct guest_file *keep(struct guest_files *guests, struct guest_file *file) {
    guests->files = memory_resize(guests->files, (guests->count + 1) * sizeof(struct guest_file *));
    guests->files[guests->count++] = file;
    return file;
}

static void refuse(struct reading *reading, const struct yaml_node *node, const struct error *error,
                   const char *help) {
    diagnostic_help(diagnostic_add(reading->diagnostics, "E0320", node->mark, "%s", error->message), "%s",
                    help);
}

struct guest_file *read_guest(struct reading *reading, const struct yaml_node *node) {
    char *path = find_file(reading, node);
    if (path == NULL)
        return NULL;
    struct guest_files *guests = guests_of(reading->scenario);
    for (size_t i = 0; i < guests->count; i++) {
        if (strcmp(guests->files[i]->path, path) != 0)
            continue;
        free(path);
        return guests->files[i];
    }
    struct error error = {0};
    struct guest_file *file = memory_zeroed(1, sizeof *file);
    bool fine = guest_file_read(path, file, &error);
    if (!fine)
        refuse(reading, node, &error, "cc -shared -fPIC -g makes one of C sources (docs/guest.md)");
    else if (!(fine = guest_file_complete(file, &error)))
        refuse(reading, node, &error, "`ota-sim inspect` of the file lists all that it calls");
    free(path);
    if (fine)
        return keep(guests, file);
    guest_file_free(file);
    free(file);
    return NULL;
}

// ---- apps ---------------------------------------------------------------------------------------

static const struct guest_file *read_app(struct reading *reading, const struct yaml_node *node) {
    const struct guest_file *file = read_guest(reading, node);
    if (file == NULL || file->app_main != 0)
        return file;
    diagnostic_help(
        diagnostic_add(reading->diagnostics, "E0320", node->mark, "%s has no app_main", file->name),
        "it is a bootloader: board: {bootloader: {guest: %s}}", node->text);
    return NULL;
}

void read_guest_of_board(struct reading *reading, struct fields *board) {
    static const char *const keys[] = {"at_boot", "app", NULL};
    const struct yaml_node *app = field(board, "app");
    (void)field_one_of(board, keys, false);
    if (app != NULL)
        reading->scenario->default_guest = read_app(reading, app);
}

void read_guest_of_image(struct reading *reading, struct fields *fields, struct scenario_image *image) {
    const struct yaml_node *app = field(fields, "app");
    bool behaves = field(fields, "at_boot") != NULL || field(fields, "boots") != NULL;
    if (app != NULL)
        image->guest = read_app(reading, app);
    else if (!behaves)
        image->guest = reading->scenario->default_guest;
    if (image->guest == NULL)
        return;
    image->options.elf_sha256_set = true;
    memcpy(image->options.elf_sha256, image->guest->sha256, sizeof image->options.elf_sha256);
}

// ---- call ---------------------------------------------------------------------------------------

// The function in any of the scenario's apps; NULL: reported.
static const struct guest_call *find_call(struct reading *reading, const struct yaml_node *node) {
    const struct guest_files *guests = reading->scenario->guests;
    const char *names[65];
    size_t count = 0;
    const char *name = value_text(reading->diagnostics, node, "the function's name");
    for (size_t i = 0; name != NULL && guests != NULL && i < guests->count; i++) {
        const struct guest_call *call = guest_file_call(guests->files[i], name);
        if (call != NULL)
            return call;
        for (size_t k = 0; k < guests->files[i]->call_count && count < 64; k++)
            names[count++] = guests->files[i]->calls[k].name;
    }
    if (name == NULL || reading->diagnostics->error_count != 0)
        return NULL; // what could not be read is the reason
    names[count] = NULL;
    struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0213", node->mark,
                                             "no code on the board registers `%s`", name);
    struct buffer all = {0};
    for (size_t i = 0; i < count; i++)
        buffer_printf(&all, "%s%s", i == 0 ? "" : ", ", names[i]);
    if (count == 0)
        diagnostic_help(item, "register it there: OTA_SIM_CALL(%s)", name);
    else
        diagnostic_help(item, "registered with OTA_SIM_CALL: %s", buffer_string(&all));
    buffer_free(&all);
    return NULL;
}

static bool read_argument(struct reading *reading, const struct yaml_node *node, uint8_t type,
                          struct guest_argument *out) {
    const char *text = value_text(reading->diagnostics, node, "an argument");
    if (text == NULL)
        return false;
    if (type == OTA_SIM_TEXT) {
        out->text = memory_text(text);
        return true;
    }
    bool negative = text[0] == '-';
    uint64_t number;
    struct yaml_node digits = *node;
    digits.text = node->text + negative;
    if (!value_u64(reading->diagnostics, negative ? &digits : node, "an argument", 0,
                   negative ? (uint64_t)INT64_MAX : UINT64_MAX, &number))
        return false;
    out->number = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

static void read_arguments(struct reading *reading, const struct yaml_node *function,
                           const struct yaml_node *list, const struct guest_call *call,
                           struct guest_call_step *out) {
    size_t given = list == NULL ? 0 : list->kind == YAML_KIND_SEQUENCE ? list->count : 1;
    if (given != call->argument_count) {
        diagnostic_add(reading->diagnostics, "E0110", list == NULL ? function->mark : list->mark,
                       "`%s` takes %u argument%s, here are %zu", call->name, call->argument_count,
                       call->argument_count == 1 ? "" : "s", given);
        return;
    }
    for (uint32_t i = 0; i < given; i++)
        (void)read_argument(reading, list->kind == YAML_KIND_SEQUENCE ? list->items[i] : list,
                            call->arguments[i], &out->arguments[i]);
    out->argument_count = (uint32_t)given;
}

static void read_guest_call(struct reading *reading, const struct yaml_node *node, struct step *step) {
    struct guest_call_step *out = &step->as.guest_call;
    struct fields fields;
    bool mapping = node->kind == YAML_KIND_MAPPING;
    step->kind = STEP_GUEST_CALL;
    if (mapping && !fields_open(&fields, reading->diagnostics, node, "`call`"))
        return;
    const struct yaml_node *function =
        mapping ? field_required(&fields, "function", "which one: function: start_update") : node;
    const struct yaml_node *arguments = mapping ? field(&fields, "args") : NULL;
    const struct guest_call *call = function == NULL ? NULL : find_call(reading, function);
    if (call != NULL) {
        out->function = memory_text(call->name);
        read_arguments(reading, function, arguments, call, out);
        struct buffer title = {0};
        buffer_printf(&title, "call %s", call->name);
        step->title = memory_text(buffer_string(&title));
        buffer_free(&title);
    }
    if (mapping)
        fields_close(&fields);
}

static void release_guest_call(struct step *step) {
    free(step->as.guest_call.function);
    for (uint32_t i = 0; i < OTA_SIM_ARGUMENTS_MAX; i++)
        free(step->as.guest_call.arguments[i].text);
}

static const struct key_row guest_call_keys[] = {
    {"function", "required text", "a function that the code on the board registers with OTA_SIM_CALL"},
    {"args", "[text]", "its arguments, numbers and texts, as it registers them"},
    KEYS_END};

const struct step_row step_call = {
    .verb = "call",
    .form = "call: FUNCTION",
    .help = "a function of your own code that runs as app (guest.md); `{function, args: [...]}` in full",
    .alone = "text",
    .keys = guest_call_keys,
    .needs_app = true,
    .runs_firmware = true,
    .returns_code = true,
    .read = read_guest_call,
    .release = release_guest_call,
};
