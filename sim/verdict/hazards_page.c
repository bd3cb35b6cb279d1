#include "hazards_page.h"

#include <string.h>

#include "../../ota/release_profile.h"
#include "platform_hazards.h"

#define PAGE_COLUMNS 100u

// A paragraph, folded.
static void print_paragraph(const char *text, struct buffer *out) {
    size_t column = 0;
    for (const char *word = text; *word != 0;) {
        size_t length = strcspn(word, " ");
        bool breaks = column != 0 && column + 1 + length > PAGE_COLUMNS;
        if (column != 0)
            buffer_text(out, breaks ? "\n" : " ");
        column = breaks || column == 0 ? length : column + 1 + length;
        buffer_append(out, word, length);
        word += length + strspn(word + length, " ");
    }
    buffer_text(out, "\n");
}

static void print_replays(const struct platform_hazard *hazard, struct buffer *out) {
    const char *separator = "";
    for (size_t i = 0; i < HAZARD_REPLAYS_MAX && hazard->replays[i].scenario != NULL; i++) {
        const char *address = hazard->replays[i].address;
        buffer_printf(out, "%s`%s%s%s`", i == 0 ? "Replay: " : separator, hazard->replays[i].scenario,
                      address != NULL ? " " : "", address != NULL ? address : "");
        separator = ", ";
    }
    buffer_text(out, ".");
}

// Hazards against releases. What it says is measured: tests/scenarios/all_releases.py.
static void print_table(struct buffer *out) {
    buffer_text(out, "\n## Which releases have it\n\n|  |");
    for (const struct release_profile *release = release_profiles; release->name != NULL; release++)
        buffer_printf(out, " %s |", release->name);
    buffer_text(out, "\n| --- |");
    for (const struct release_profile *release = release_profiles; release->name != NULL; release++)
        buffer_text(out, " --- |");
    buffer_text(out, "\n");
    for (size_t i = 0; i < platform_hazard_count; i++) {
        buffer_printf(out, "| %s |", platform_hazards[i].id);
        for (const struct release_profile *release = release_profiles; release->name != NULL; release++)
            buffer_printf(out, " %s |",
                          platform_hazard_in(&platform_hazards[i], release->name) ? "yes" : "no");
        buffer_text(out, "\n");
    }
}

void platform_hazards_page(struct buffer *out) {
    buffer_text(out, "# Hazards\n\n");
    print_paragraph("What the exploration finds in the behaviour of ESP-IDF itself, as the tool's own "
                    "catalogue has it: this page is `ota-sim explain --page`, and `ota-sim explain Z1` "
                    "tells of one. The bootloader's decisions are the same in all releases from v4.4 to "
                    "master; a hazard holds in all of them unless it says otherwise.",
                    out);
    buffer_text(out, "\n");
    print_paragraph(
        "A violation that matches a hazard *exactly* is shown as \"ESP-IDF Z1, not your code\" "
        "and does not fail the run: Z1, Z2, Z4, Z5, Z7, Z11 to Z14, Z26, Z27 and Z29 can, where "
        "they end in an app that runs. What matches is the firmware call, the record that it writes, the "
        "operation, the ways of tearing, and that nothing breaks beyond that call. A brick, "
        "an endless loop and a downgrade are never waved through, and neither is an invariant "
        "of the scenario's own: they take an entry under "
        "[`known`](invariants.md#known-violations). `explore: {platform_hazards: fail}` or "
        "`ota-sim run --strict` wave nothing through. Addresses are for `ota-sim replay "
        "--release v6.0 SCENARIO ADDRESS`; a scenario without one shows it when it is run "
        "with `-v`.",
        out);
    print_table(out);
    for (size_t i = 0; i < platform_hazard_count; i++) {
        const struct platform_hazard *hazard = &platform_hazards[i];
        struct buffer what = {0}, remedy = {0}, shown = {0};
        if (hazard->first_release != NULL || hazard->last_release != NULL) {
            buffer_text(&what, "In ");
            platform_hazard_releases(hazard, &what);
            buffer_text(&what, ". ");
        }
        buffer_text(&what, hazard->text);
        buffer_printf(&remedy, "*What to do:* %s", hazard->remedy);
        if (hazard->link != NULL)
            buffer_printf(&shown, "Reported as <%s>. ", hazard->link);
        print_replays(hazard, &shown);
        buffer_printf(out, "\n## %s. %s\n\n", hazard->id, hazard->title);
        print_paragraph(buffer_string(&what), out);
        buffer_text(out, "\n");
        print_paragraph(buffer_string(&remedy), out);
        buffer_text(out, "\n");
        print_paragraph(buffer_string(&shown), out);
        buffer_free(&what);
        buffer_free(&remedy);
        buffer_free(&shown);
    }
}
