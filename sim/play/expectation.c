#include "expectation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device_view.h"
#include "execution.h"
#include "heard.h"
#include "narration.h"
#include "nvs_look.h"

// What was found: a text or a number, whichever the observable speaks of.
struct observation {
    bool known; // false: there is nothing to see, and `text` says why
    bool is_number;
    uint64_t number;
    const char *text; // NULL: it is in `room`
    char room[100];
};

static struct observation see_nothing(const char *why) {
    return (struct observation){.text = why};
}

static struct observation see_text(const char *text) {
    return (struct observation){.known = true, .text = text};
}

static struct observation see_number(uint64_t number) {
    return (struct observation){.known = true, .is_number = true, .number = number};
}

// ---- the device as it stands --------------------------------------------------------------------

static struct observation see_state(struct execution *execution, const char *label) {
    struct device_view view;
    device_view_read(execution->board, &view);
    if (!label && !execution->app_runs)
        return see_nothing("no app runs");
    const struct partition_row *partition =
        label ? device_partition_labelled(&view, label) : device_partition_at(&view, execution->boot.address);
    return partition ? see_text(device_state_name(device_state_of(&view, partition)))
                     : see_nothing("the partition table in flash has no such partition");
}

static bool entry_is_blank(const struct otadata_entry *entry) {
    uint8_t bytes[OTADATA_ENTRY_SIZE], all = 0xFF;
    otadata_encode(entry, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        all &= bytes[i];
    return all == 0xFF;
}

static struct observation see_otadata(struct execution *execution, const struct expectation *expectation) {
    struct device_view view;
    device_view_read(execution->board, &view);
    if (!view.otadata)
        return see_nothing("the partition table in flash has no usable otadata partition");
    // These look at more than a record's gist.
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    uint32_t index = expectation->index & 1;
    board_inspect(execution->board, view.otadata->offset + index * OTADATA_SECTOR_SIZE, bytes, sizeof bytes);
    const struct otadata_entry *entry = &view.entries[index];
    if (expectation->what == SEE_OTADATA_SEQ)
        return see_number(entry->seq);
    if (expectation->what == SEE_OTADATA_BLANK)
        return see_number(entry_is_blank(entry));
    return see_text(device_state_name(entry->state));
}

static struct observation see_flash(struct execution *execution, const struct expectation *expectation) {
    const struct buffer *wanted = &expectation->bytes;
    uint32_t size = board_flash(execution->board)->size;
    if (expectation->address > size || wanted->length > size - expectation->address)
        return see_nothing("that range lies outside the flash");
    uint8_t found[256];
    for (uint32_t at = 0, chunk; at < wanted->length; at += chunk) {
        chunk = wanted->length - at < sizeof found ? (uint32_t)wanted->length - at : (uint32_t)sizeof found;
        board_inspect(execution->board, expectation->address + at, found, chunk);
        for (uint32_t i = 0; i < chunk; i++) {
            if (found[i] == wanted->bytes[at + i])
                continue;
            struct observation seen = {0};
            snprintf(seen.room, sizeof seen.room, "0x%02x instead of 0x%02x at 0x%08" PRIx32, found[i],
                     wanted->bytes[at + i], expectation->address + at + i);
            return seen;
        }
    }
    return (struct observation){.known = true};
}

static struct observation see_erase_count(struct execution *execution,
                                          const struct expectation *expectation) {
    uint32_t size = board_flash(execution->board)->size, most = 0;
    uint64_t end = (uint64_t)expectation->address + (expectation->length ? expectation->length : 1);
    for (uint64_t at = expectation->address; at < end && at < size; at += NOR_SECTOR_SIZE) {
        uint32_t count = board_erase_count(execution->board, (uint32_t)at);
        most = count > most ? count : most;
    }
    return see_number(most);
}

static struct observation see_nvs(struct execution *execution, const struct expectation *expectation) {
    const struct nvs_expected *expected = expectation->nvs;
    struct nvs_value value = {0};
    esp_err_t code;
    enum nvs_seen seen = nvs_look(execution->board, &expected->name, expected->value.type, &value, &code);
    if (seen == NVS_SEEN_NO_PARTITION)
        return see_nothing("the partition table in flash has no such NVS partition");
    if (seen == NVS_SEEN_NOT_STARTING)
        return see_nothing(esp_err_to_name(code));
    struct observation observation = {.known = true, .is_number = true};
    struct buffer text = {0};
    if (seen == NVS_SEEN_ABSENT)
        buffer_text(&text, "absent");
    else
        nvs_value_print(&value, &text);
    observation.number = expected->absent
                             ? seen == NVS_SEEN_ABSENT
                             : seen == NVS_SEEN_VALUE && nvs_value_equal(&value, &expected->value);
    (void)snprintf(observation.room, sizeof observation.room, "%s", buffer_string(&text));
    buffer_free(&text);
    nvs_value_free(&value);
    return observation;
}

// ---- what the app can ask -----------------------------------------------------------------------

struct question {
    enum observable what;
    char label[17];
    bool none;
    bool truth;
};

static void ask(void *context) {
    struct question *question = context;
    if (question->what == SEE_ROLLBACK_POSSIBLE) {
        question->truth = esp_ota_check_rollback_is_possible();
        return;
    }
    const esp_partition_t *partition = esp_ota_get_boot_partition();
    question->none = partition == NULL;
    if (partition)
        memcpy(question->label, partition->label, sizeof question->label);
}

static struct observation see_answer(struct execution *execution, enum observable what) {
    if (!execution->app_runs)
        return see_nothing("no app runs that could ask");
    struct question question = {.what = what};
    narrator_mute(execution->narrator, true);
    enum board_end end = board_ask(execution->board, ask, &question);
    narrator_mute(execution->narrator, false);
    if (end != BOARD_RETURNED) {
        execution_reset(execution);
        return see_nothing("the question ended the app");
    }
    if (what == SEE_ROLLBACK_POSSIBLE)
        return see_number(question.truth);
    struct observation seen = {.known = true, .text = "NULL"};
    if (!question.none) {
        memcpy(seen.room, question.label, sizeof question.label);
        seen.text = NULL;
    }
    return seen;
}

// ---- the step looked back on --------------------------------------------------------------------

static uint64_t operations_of(const struct step_outcome *last, const char *counter) {
    const struct board_statistics *before = &last->before, *after = &last->after;
    if (strcmp(counter, "reads") == 0)
        return after->reads - before->reads;
    if (strcmp(counter, "programs") == 0)
        return after->programs - before->programs;
    if (strcmp(counter, "efuse_burns") == 0)
        return after->efuse_burns - before->efuse_burns;
    return after->sector_erases + after->block_erases - before->sector_erases - before->block_erases;
}

// Bytes are given as far as somebody asks for them.
static struct observation see_given(const struct expectation *expectation, const struct step_outcome *last) {
    struct observation seen = {.known = true};
    size_t wanted =
        expectation->text_count == 1 && last->has_bytes ? strlen(expectation->texts[0]) : SIZE_MAX;
    snprintf(seen.room, sizeof seen.room, "%s", last->text);
    if (wanted < sizeof seen.room)
        seen.room[wanted] = 0;
    return seen;
}

static struct observation see_step(const struct expectation *expectation, const struct step_outcome *last) {
    if (!last)
        return see_nothing("no step came before");
    if (expectation->what == SEE_RETURN)
        return last->returned ? see_number((uint32_t)last->code) : see_nothing("the step returned no code");
    if (expectation->what == SEE_OPERATIONS)
        return see_number(operations_of(last, expectation->subject));
    if (expectation->what == SEE_BOOTS)
        return see_number(last->after.boots - last->before.boots);
    if (expectation->what == SEE_RESULT_COUNT)
        return last->has_number ? see_number(last->number) : see_nothing("the step gave no number");
    if (expectation->what == SEE_RESULT_TEXT)
        return last->has_text ? see_given(expectation, last) : see_nothing("the step gave nothing");
    if (!last->has_partition)
        return see_nothing("the step gave no partition");
    return see_text(last->partition_null ? "NULL" : last->partition);
}

static struct observation see_network(const struct heard *heard, enum observable what) {
    if (heard == NULL)
        return see_nothing("nobody listens to the network here");
    if (what == SEE_REQUESTS)
        return see_text(buffer_string(&heard->requests));
    if (what == SEE_RANGES)
        return see_text(buffer_string(&heard->ranges));
    if (what == SEE_EVENTS)
        return see_text(buffer_string(&heard->events));
    if (heard->status == 0)
        return see_nothing("no answer came");
    if (what == SEE_STATUS)
        return see_number(heard->status);
    return heard->length >= 0 ? see_number((uint64_t)heard->length)
                              : see_nothing("the answer states no length");
}

// ---- comparison ---------------------------------------------------------------------------------

static struct observation see(struct execution *execution, const struct expectation *expectation,
                              const struct step_outcome *last) {
    const struct recovery *boot = &execution->boot;
    switch (expectation->what) {
    case SEE_BOOTED:
        return see_text(boot->address ? boot->label : "nothing");
    case SEE_RUNNING:
        return see_text(execution->app_runs ? boot->label : "nothing");
    case SEE_VERSION:
        return execution->app_runs ? see_text(boot->version) : see_nothing("no app runs");
    case SEE_END:
        return execution->powered ? see_text(recovery_end_name(boot->end))
                                  : see_nothing("it was never booted");
    case SEE_STATE:
        return see_state(execution, expectation->subject);
    case SEE_OTADATA_SEQ:
    case SEE_OTADATA_STATE:
    case SEE_OTADATA_BLANK:
        return see_otadata(execution, expectation);
    case SEE_EFUSE_SECURE_VERSION:
        return see_number(
            (uint32_t)__builtin_popcount(board_inspect_efuse(execution->board, PORT_EFUSE_SECURE_VERSION)));
    case SEE_FLASH:
        return see_flash(execution, expectation);
    case SEE_NVS:
        return see_nvs(execution, expectation);
    case SEE_ERASE_COUNT:
        return see_erase_count(execution, expectation);
    case SEE_BOOT_PARTITION:
    case SEE_ROLLBACK_POSSIBLE:
        return see_answer(execution, expectation->what);
    case SEE_STATUS:
    case SEE_LENGTH:
    case SEE_REQUESTS:
    case SEE_RANGES:
    case SEE_EVENTS:
        return see_network(execution->heard, expectation->what);
    case SEE_RETURN:
    case SEE_OPERATIONS:
    case SEE_BOOTS:
    case SEE_RESULT_PARTITION:
    case SEE_RESULT_COUNT:
    case SEE_RESULT_TEXT:
        break;
    }
    return see_step(expectation, last);
}

static bool number_fits(const struct expectation *expectation, uint64_t number) {
    uint64_t wanted = expectation->what == SEE_RETURN ? (uint32_t)expectation->number : expectation->number;
    switch (expectation->comparison) {
    case IS_NOT_EQUAL:
        return number != wanted;
    case IS_AT_LEAST:
        return number >= wanted;
    case IS_AT_MOST:
        return number <= wanted;
    case IS_EQUAL:
    case IS_ONE_OF:
        break;
    }
    return number == wanted;
}

static bool text_fits(const struct expectation *expectation, const char *text) {
    bool listed = false;
    for (size_t i = 0; i < expectation->text_count; i++)
        listed |= strcmp(expectation->texts[i], text) == 0;
    return expectation->comparison == IS_NOT_EQUAL ? !listed : listed;
}

static void print(const struct expectation *expectation, const struct observation *seen, struct buffer *out) {
    if (!seen->is_number || expectation->what == SEE_NVS)
        buffer_text(out, seen->text ? seen->text : seen->room);
    else if (expectation->what == SEE_RETURN)
        buffer_text(out, esp_err_to_name((esp_err_t)(uint32_t)seen->number));
    else
        buffer_printf(out, "%" PRIu64, seen->number);
}

bool expectation_holds(struct execution *execution, const struct expectation *expectation,
                       const struct step_outcome *last, struct buffer *actual) {
    struct observation seen = see(execution, expectation, last);
    if (actual)
        print(expectation, &seen, actual);
    if (!seen.known || expectation->what == SEE_FLASH)
        return seen.known;
    if (expectation->what == SEE_NVS)
        return seen.number != 0;
    if (seen.is_number)
        return number_fits(expectation, seen.number);
    return text_fits(expectation, seen.text ? seen.text : seen.room);
}
