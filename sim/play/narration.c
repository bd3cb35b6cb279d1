#include "narration.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device_view.h"

#define DEPTH_CALL        1u
#define DEPTH_OPERATION   2u
#define FOLDED_ROUNDS_MIN 4u // requests in a row that go on in the same way: told as "... n more"

static void tell(struct narrator *narrator, unsigned depth, const char *line) {
    narrator->line(narrator->context, depth, line);
}

static void say(struct narrator *narrator, unsigned depth, const char *line) {
    if (narrator->line != NULL)
        tell(narrator, depth, line);
    if (narrator->word != NULL)
        narrator->word(narrator->word_context, depth, line);
}

void narrate(struct narrator *narrator, unsigned depth, const char *format, ...) {
    if (!narrator)
        return;
    narrate_operations(narrator);
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    say(narrator, depth, line);
}

// ---- the console --------------------------------------------------------------------------------

static void hear(void *context, enum port_log_level level, const char *tag, const char *line) {
    struct narrator *narrator = context;
    static const char letters[] = {[PORT_LOG_ERROR] = 'E', [PORT_LOG_WARNING] = 'W', [PORT_LOG_INFO] = 'I'};
    narrate_operations(narrator);
    struct buffer text = {0};
    buffer_printf(&text, "%c %s: %s", letters[level], tag, line);
    say(narrator, DEPTH_OPERATION, buffer_string(&text));
    buffer_free(&text);
}

void narrator_attach(struct narrator *narrator, struct board *board) {
    narrator->board = board;
    narrator->entries_told = board_journal(board)->count;
    narrator->call_told = NULL;
    board_listen(board, hear, narrator);
}

void narrator_detach(struct narrator *narrator) {
    board_listen(narrator->board, NULL, NULL);
}

void narrator_mute(struct narrator *narrator, bool mute) {
    if (!narrator)
        return;
    narrate_operations(narrator);
    board_listen(narrator->board, mute ? NULL : hear, narrator);
}

// ---- operations ---------------------------------------------------------------------------------

static void print_duration(struct buffer *out, uint64_t ns) {
    if (ns < 1000000)
        buffer_printf(out, "%.1f us", (double)ns / 1e3);
    else if (ns < 1000000000)
        buffer_printf(out, "%.1f ms", (double)ns / 1e6);
    else
        buffer_printf(out, "%.2f s", (double)ns / 1e9);
}

void operation_print(const struct journal_entry *entry, const struct device_view *view, struct buffer *out) {
    static const char *const results[] = {[JOURNAL_DONE] = "",
                                          [JOURNAL_FAILED] = "  FAILED",
                                          [JOURNAL_DROPPED] = "  DROPPED",
                                          [JOURNAL_TORN] = "  CUT OFF"};
    buffer_printf(out, "%11.6f s  ", (double)entry->start_ns / 1e9);
    if (entry->kind == JOURNAL_EFUSE && entry->field == PORT_EFUSE_APP_STARTS) {
        buffer_text(out, "count    a start of the app");
    } else if (entry->kind == JOURNAL_EFUSE && entry->field == PORT_EFUSE_REQUESTS) {
        buffer_text(out, "count    a request to the server");
    } else if (entry->kind == JOURNAL_EFUSE) {
        buffer_printf(out, "burn     eFuse bits 0x%" PRIx32 ", now 0x%" PRIx32, entry->address,
                      entry->length);
    } else {
        const struct partition_row *partition = device_partition_at(view, entry->address);
        buffer_printf(out, "%s 0x%06" PRIx32 " +0x%" PRIx32 "  %s",
                      entry->kind == JOURNAL_ERASE ? "erase  " : "program", entry->address, entry->length,
                      partition ? partition->label : "outside the partitions");
    }
    buffer_text(out, "  ");
    print_duration(out, entry->duration_ns);
    buffer_text(out, results[entry->result]);
}

static bool continues_run(const struct journal_entry *before, const struct journal_entry *entry) {
    return before->kind == entry->kind && before->call == entry->call && before->result == entry->result &&
           before->length == entry->length && before->address + before->length == entry->address;
}

// A run of requests that go on in the same way: programs one after the other (period 1), or an erase and a
// program in turns (period 2).
struct run {
    size_t period, length; // entries
};

static size_t run_length(const struct journal *journal, size_t first, size_t period) {
    size_t end = first + period;
    while (end < journal->count && continues_run(&journal->entries[end - period], &journal->entries[end]))
        end++;
    return end <= journal->count ? end - first : 0;
}

static struct run run_at(const struct journal *journal, size_t first) {
    for (size_t period = 1; period <= 2; period++) {
        size_t length = run_length(journal, first, period) / period * period;
        if (length >= FOLDED_ROUNDS_MIN * period)
            return (struct run){period, length};
    }
    return (struct run){1, 1};
}

static bool touches(const struct journal_entry *entry, const struct partition_row *partition) {
    return partition && entry->kind != JOURNAL_EFUSE &&
           entry->address < partition->offset + partition->size &&
           partition->offset < entry->address + entry->length;
}

static void tell_entry(struct narrator *narrator, const struct journal_entry *entry,
                       const struct device_view *view) {
    if (entry->call && entry->call != narrator->call_told)
        tell(narrator, DEPTH_CALL, entry->call);
    narrator->call_told = entry->call;
    struct buffer line = {0};
    operation_print(entry, view, &line);
    tell(narrator, DEPTH_OPERATION, buffer_string(&line));
    buffer_free(&line);
}

// A run's first round and, when it is long, its last one and that there are more.
static void tell_run(struct narrator *narrator, size_t first, struct run run,
                     const struct device_view *view) {
    const struct journal_entry *entries = board_journal(narrator->board)->entries + first;
    char line[64];
    for (size_t i = 0; i < run.period; i++)
        tell_entry(narrator, &entries[i], view);
    if (run.length == run.period)
        return;
    snprintf(line, sizeof line, "%15s... %zu more like %s ...", "", run.length - 2 * run.period,
             run.period == 1 ? "it" : "these two");
    tell(narrator, DEPTH_OPERATION, line);
    for (size_t i = run.length - run.period; i < run.length; i++)
        tell_entry(narrator, &entries[i], view);
}

static void tell_otadata(struct narrator *narrator, const struct device_view *view) {
    struct buffer text = {0};
    device_otadata_print(view, &text);
    char *rest = (char *)text.bytes, *line;
    while ((line = strsep(&rest, "\n")) != NULL)
        tell(narrator, DEPTH_OPERATION, line);
    buffer_free(&text);
}

void narrate_operations(struct narrator *narrator) {
    if (!narrator || !narrator->line)
        return;
    const struct journal *journal = board_journal(narrator->board);
    if (narrator->entries_told >= journal->count)
        return;
    struct device_view view;
    device_view_read(narrator->board, &view);
    bool otadata = false;
    for (size_t i = narrator->entries_told; i < journal->count;) {
        struct run run = run_at(journal, i);
        tell_run(narrator, i, run, &view);
        for (size_t end = i + run.length; i < end; i++)
            otadata |= touches(&journal->entries[i], view.otadata);
    }
    narrator->entries_told = journal->count;
    if (otadata)
        tell_otadata(narrator, &view);
}
