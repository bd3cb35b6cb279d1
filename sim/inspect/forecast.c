#include "forecast.h"

#include <stdlib.h>
#include <string.h>

#include "../base/utf8.h"
#include "../hw/digest_cache.h"
#include "questions.h"

// ---- one boot -----------------------------------------------------------------------------------

// Only what the bootloader says counts: what the app's code logs belongs to its answers.
static void note_reason(void *context, enum port_log_level level, const char *tag, const char *line) {
    struct buffer *reasons = context;
    (void)level;
    if (strcmp(tag, "boot") != 0)
        return;
    if (reasons->length > 0)
        buffer_text(reasons, "\n");
    utf8_one_line(reasons, line); // a label of the dump may hold anything
}

static struct board *board_of(const struct dump *dump, const struct release_profile *release,
                              enum dump_build build, struct digest_cache *cache) {
    struct board_config config = dump_board_config(dump, release, build);
    struct board *board = board_new(&config);
    board_use_digest_cache(board, cache);
    board_journal_enable(board, false);
    board_load(board, &dump->device);
    return board;
}

// Boots until an app runs. A boot that starts nothing may still change otadata, and so the next one's mind.
// `reasons` (NULL: nobody asks) gets the account of each attempt that says something new.
static enum board_end boot(struct board *board, struct buffer *reasons, uint32_t *attempts,
                           const char **why) {
    enum port_reset_reason reason = PORT_RESET_POWER_ON;
    enum board_end end;
    struct buffer last = {0};
    *attempts = 0;
    do {
        struct buffer account = {0};
        board_listen(board, reasons ? note_reason : NULL, &account);
        end = board_boot(board, reason, why);
        board_listen(board, NULL, NULL);
        reason = board_reset_reason_after(end);
        if (reasons && strcmp(buffer_string(&account), buffer_string(&last)) != 0)
            buffer_printf(reasons, "%s%s", reasons->length > 0 ? "\n" : "", buffer_string(&account));
        buffer_free(&last);
        last = account;
    } while (++*attempts < FORECAST_ATTEMPTS_MAX && end != BOARD_RETURNED);
    buffer_free(&last);
    return end;
}

static void read_entries(struct board *board, uint32_t address, struct otadata_entry entries[2]) {
    for (uint32_t i = 0; i < 2; i++) {
        uint8_t bytes[OTADATA_ENTRY_SIZE];
        board_inspect(board, address + i * OTADATA_SECTOR_SIZE, bytes, sizeof bytes);
        otadata_decode(bytes, &entries[i]);
    }
}

static void note_otadata(const struct dump *dump, const struct table_view *table, struct board *board,
                         struct boot_answer *out) {
    const struct partition_row *otadata = table_find(table, 1, 0);
    uint32_t size = dump->flash_size;
    if (otadata == NULL || otadata->size < OTADATA_SIZE || otadata->offset > size - OTADATA_SIZE)
        return;
    struct otadata_entry before[2];
    for (uint32_t i = 0; i < 2; i++) {
        uint8_t bytes[OTADATA_ENTRY_SIZE];
        flash_read(&dump->device.flash, otadata->offset + i * OTADATA_SECTOR_SIZE, bytes, sizeof bytes);
        otadata_decode(bytes, &before[i]);
    }
    read_entries(board, otadata->offset, out->after);
    out->otadata_changed = memcmp(before, out->after, sizeof before) != 0;
}

static uint32_t ones(uint32_t bits) {
    uint32_t count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

static void answer_boot(const struct dump *dump, const struct table_view *table, struct board *board,
                        struct boot_answer *out) {
    struct buffer reasons = {0};
    const char *why = NULL;
    enum board_end end = boot(board, &reasons, &out->attempts, &why);
    out->starts = end == BOARD_RETURNED;
    if (out->starts) {
        out->address = board_ram(board)->running_address;
        const struct partition_row *row = table_at(table, out->address);
        memcpy(out->label, row ? row->label : "", row ? sizeof out->label : 1);
    } else {
        out->end = memory_text(why ? why : board_end_name(end));
    }
    out->reasons = memory_text(buffer_string(&reasons));
    note_otadata(dump, table, board, out);
    out->secure_version = ones(board_efuse(board, PORT_EFUSE_SECURE_VERSION));
    buffer_free(&reasons);
}

// ---- the calls ----------------------------------------------------------------------------------

// Each question is asked of a device of its own: calls change things.
static void answer_calls(const struct dump *dump, struct board *board, struct call_answer *out) {
    out->asked = true;
    for (size_t i = 0; questions[i].call != NULL; i++) {
        uint32_t attempts;
        const char *why = NULL;
        struct buffer answer = {0};
        board_load(board, &dump->device);
        if (boot(board, NULL, &attempts, &why) == BOARD_RETURNED)
            question_ask(&questions[i], board, &answer);
        out->answers[i] = memory_text(buffer_string(&answer));
        buffer_free(&answer);
    }
}

const char *forecast_question(size_t index) {
    for (size_t i = 0; questions[i].call != NULL; i++)
        if (i == index)
            return questions[i].call;
    return NULL;
}

// ---- groups -------------------------------------------------------------------------------------

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void boot_answer_free(struct boot_answer *answer) {
    free(answer->end);
    free(answer->reasons);
}

static void call_answer_free(struct call_answer *answer) {
    for (size_t i = 0; i < FORECAST_QUESTIONS_MAX; i++)
        free(answer->answers[i]);
}

static void group_boot(struct forecast *forecast, struct boot_answer *answer) {
    for (size_t i = 0; i < forecast->boot_count; i++) {
        struct boot_answer *group = &forecast->boots[i];
        if (group->starts == answer->starts && group->address == answer->address &&
            group->attempts == answer->attempts && group->secure_version == answer->secure_version &&
            same_text(group->end, answer->end) && same_text(group->reasons, answer->reasons) &&
            memcmp(group->after, answer->after, sizeof group->after) == 0) {
            group->members |= answer->members;
            boot_answer_free(answer);
            return;
        }
    }
    forecast->boots[forecast->boot_count++] = *answer;
}

static void group_calls(struct forecast *forecast, struct call_answer *answer) {
    for (size_t i = 0; i < forecast->call_count; i++) {
        struct call_answer *group = &forecast->calls[i];
        bool same = group->asked == answer->asked;
        for (size_t j = 0; same && j < FORECAST_QUESTIONS_MAX; j++)
            same = same_text(group->answers[j], answer->answers[j]);
        if (same) {
            group->members |= answer->members;
            call_answer_free(answer);
            return;
        }
    }
    forecast->calls[forecast->call_count++] = *answer;
}

static size_t release_count(void) {
    size_t count = 0;
    while (release_profiles[count].name)
        count++;
    return count;
}

forecast_members forecast_member(const struct release_profile *release, enum dump_build build) {
    uint32_t line = (uint32_t)(release_profile_line(release) - release_profiles);
    return (forecast_members)1 << (line * DUMP_BUILDS + (uint32_t)build);
}

void forecast_make(const struct dump *dump, const struct table_view *table, struct forecast *out) {
    size_t most = release_count() * DUMP_BUILDS;
    *out = (struct forecast){.boots = memory_zeroed(most, sizeof *out->boots),
                             .calls = memory_zeroed(most, sizeof *out->calls)};
    struct digest_cache *cache = digest_cache_new();
    for (int build = 0; build < DUMP_BUILDS; build++)
        for (const struct release_profile *release = release_profiles; release->name; release++) {
            struct board *board = board_of(dump, release, (enum dump_build)build, cache);
            struct boot_answer boots = {.members = forecast_member(release, (enum dump_build)build)};
            struct call_answer calls = {.members = boots.members};
            answer_boot(dump, table, board, &boots);
            if (boots.starts)
                answer_calls(dump, board, &calls);
            group_boot(out, &boots);
            group_calls(out, &calls);
            board_free(board);
        }
    digest_cache_free(cache);
}

void forecast_free(struct forecast *forecast) {
    for (size_t i = 0; i < forecast->boot_count; i++)
        boot_answer_free(&forecast->boots[i]);
    for (size_t i = 0; i < forecast->call_count; i++)
        call_answer_free(&forecast->calls[i]);
    free(forecast->boots);
    free(forecast->calls);
    *forecast = (struct forecast){0};
}

const struct boot_answer *forecast_boot_of(const struct forecast *forecast,
                                           const struct release_profile *release, enum dump_build build) {
    forecast_members member = forecast_member(release, build);
    for (size_t i = 0; i < forecast->boot_count; i++)
        if ((forecast->boots[i].members & member) != 0)
            return &forecast->boots[i];
    return NULL;
}

// ---- who belongs to a group ---------------------------------------------------------------------

// The releases of one build: "all releases", "v4.4 to v5.4, v6.1".
static void print_releases(forecast_members members, enum dump_build build, struct buffer *out) {
    size_t count = release_count(), run_start = 0;
    bool any = false, in_run = false, all = true;
    for (size_t i = 0; i < count; i++)
        all = all && (members & forecast_member(&release_profiles[i], build)) != 0;
    if (all) {
        buffer_text(out, "all releases");
        return;
    }
    for (size_t i = 0; i <= count; i++) {
        bool here = i < count && (members & forecast_member(&release_profiles[i], build)) != 0;
        if (here && !in_run)
            run_start = i;
        if (!here && in_run) {
            buffer_printf(out, "%s%s", any ? ", " : "", release_profiles[run_start].name);
            if (i - 1 > run_start)
                buffer_printf(out, " to %s", release_profiles[i - 1].name);
            any = true;
        }
        in_run = here;
    }
}

void forecast_members_print(forecast_members members, struct buffer *out) {
    size_t all = release_count() * DUMP_BUILDS;
    if (members == (forecast_members)((1ull << all) - 1)) {
        buffer_text(out, "all releases, whatever the build");
        return;
    }
    bool any = false;
    for (int build = 0; build < DUMP_BUILDS; build++) {
        forecast_members of_build = 0;
        for (size_t i = 0; i < release_count(); i++)
            of_build |= forecast_member(&release_profiles[i], (enum dump_build)build);
        if ((members & of_build) == 0)
            continue;
        buffer_printf(out, "%s%s: ", any ? "; " : "", dump_build_name((enum dump_build)build));
        print_releases(members, (enum dump_build)build, out);
        any = true;
    }
}
