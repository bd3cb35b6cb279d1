#include "scenario.h"

#include <stdlib.h>
#include <string.h>

#include "step_row.h"

void https_download_free(struct https_download *download) {
    if (download == NULL)
        return;
    free(download->url);
    free(download->common_name);
    free(download->username);
    free(download->password);
    free(download->staging);
    free(download->final);
    free(download->record);
    free(download);
}

static void texts_free(char **texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

static void expectations_free(struct expectation *expectations, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct expectation *item = &expectations[i];
        texts_free(item->texts, item->text_count);
        texts_free(item->releases, item->release_count);
        free(item->text);
        free(item->subject);
        buffer_free(&item->bytes);
        if (item->nvs != NULL)
            nvs_value_free(&item->nvs->value);
        free(item->nvs);
    }
    free(expectations);
}

void steps_free(struct step *steps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct step *step = &steps[i];
        const struct step_row *row = step_row(step->kind);
        if (row->release != NULL)
            row->release(step);
        free(step->name);
        free(step->title);
        expectations_free(step->expectations, step->expectation_count);
    }
    free(steps);
}

static void exploration_free(struct scenario_exploration *explore) {
    for (size_t i = 0; i < explore->known_count; i++) {
        free(explore->known[i].during);
        free(explore->known[i].in);
        free(explore->known[i].why);
        free(explore->known[i].link);
        texts_free(explore->known[i].releases, explore->known[i].release_count);
    }
    for (size_t i = 0; i < explore->custom_count; i++) {
        free(explore->custom[i].name);
        expectations_free(explore->custom[i].expectations, explore->custom[i].expectation_count);
    }
    free(explore->known);
    free(explore->custom);
    free(explore->bit_rot);
}

static void contents_free(struct scenario *scenario) {
    buffer_free(&scenario->partition_table);
    buffer_free(&scenario->bootloader);
    if (scenario->rom != NULL)
        buffer_free(scenario->rom);
    free(scenario->rom);
    free(scenario->bootloader_elf);
    if (scenario->guests != NULL)
        guest_files_free(scenario->guests);
    free(scenario->guests);
    buffer_free(&scenario->dump);
    for (size_t i = 0; i < scenario->image_count; i++) {
        free(scenario->images[i].name);
        app_behaviour_free(&scenario->images[i].behaviour);
        buffer_free(&scenario->images[i].bytes);
    }
    for (size_t i = 0; i < scenario->fill_count; i++)
        buffer_free(&scenario->fills[i].bytes);
    app_behaviour_free(&scenario->default_behaviour);
    free(scenario->images);
    free(scenario->fills);
}

void scenario_free(struct scenario *scenario) {
    free(scenario->file);
    buffer_free(&scenario->text);
    free(scenario->name);
    free(scenario->about);
    free(scenario->link);
    contents_free(scenario);
    steps_free(scenario->steps, scenario->step_count);
    exploration_free(&scenario->explore);
    for (size_t i = 0; i < scenario->known_bug_count; i++) {
        free(scenario->known_bugs[i].why);
        free(scenario->known_bugs[i].link);
        texts_free(scenario->known_bugs[i].releases, scenario->known_bugs[i].release_count);
    }
    free(scenario->known_bugs);
    server_script_free(&scenario->network.script);
    *scenario = (struct scenario){0};
}

const struct app_behaviour *scenario_behaviour(const struct scenario *scenario, int32_t image) {
    bool own = image >= 0 && scenario->images[image].behaviour.count > 0;
    const struct app_behaviour *behaviour =
        own ? &scenario->images[image].behaviour : &scenario->default_behaviour;
    return behaviour->count > 0 ? behaviour : NULL;
}

bool scenario_app_build(const struct scenario *scenario, int32_t image, const struct board_config *board,
                        struct firmware_build *out) {
    if (image < 0 || !scenario->images[image].build_set)
        return false;
    *out = scenario->images[image].build;
    if (!scenario->images[image].release_set)
        firmware_build_set_release(out, board->app.profile);
    return true;
}

bool scenario_release_listed(char *const *releases, size_t count, const char *release) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(releases[i], release) == 0)
            return true;
    return count == 0;
}
