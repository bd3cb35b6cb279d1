// api: a boot, calls of the application with reboots in between, and a last boot (section 4).
#include <stdlib.h>
#include <string.h>

#include "api_call.h"
#include "recipe.h"
#include "replay.h"

static bool build_images(struct vector *vector, struct application *application) {
    const json_t *recipes = vector_array(vector, vector->json, "new");
    size_t index;
    json_t *recipe;
    if (recipes == NULL)
        return false;
    application->images = memory_zeroed(json_array_size(recipes) + 1, sizeof *application->images);
    application->image_count = json_array_size(recipes);
    json_array_foreach (recipes, index, recipe)
        if (!recipe_build(vector, recipe, &recipe_defaults_esp32, &application->images[index]))
            return false;
    return true;
}

static void free_images(struct application *application) {
    for (size_t i = 0; i < application->image_count; i++)
        buffer_free(&application->images[i]);
    free(application->images);
}

// True: the application runs on and the next call may follow.
static bool replay_call(struct machine *machine, struct vector *vector, struct application *application,
                        size_t index, const json_t *call, enum board_end *end) {
    json_t *result = api_call(machine, vector, application, call, end);
    if (result == NULL)
        return false;
    const char *name = json_string_value(json_object_get(call, "f"));
    bool equal = vector_expect(vector, json_object_get(call, "r"), result, "call %zu, %s: r", index, name) &&
                 vector_expect(vector, json_object_get(call, "ops"), machine_take_operations(machine),
                               "call %zu, %s: ops", index, name);
    if (!equal || (*end != BOARD_RETURNED && *end != BOARD_RESTARTED))
        return false;
    if (*end == BOARD_RETURNED)
        return vector_expect(vector, json_object_get(call, "boot"), NULL, "call %zu, %s: boot", index, name);
    memset(application->handles, 0, sizeof application->handles);
    bool booted;
    json_t *boot = machine_start(machine, board_reset_reason_after(*end), &booted);
    return vector_expect(vector, json_object_get(call, "boot"), boot, "call %zu, %s: boot", index, name) &&
           booted;
}

static void replay_calls(struct machine *machine, struct vector *vector, struct application *application,
                         enum board_end *end) {
    const json_t *calls = vector_array(vector, vector->json, "calls");
    size_t index;
    json_t *call;
    bool running = true;
    json_array_foreach (calls, index, call) {
        if (!running) {
            if (vector->difference.length == 0)
                (void)vector_expect(vector, call, NULL, "call %zu", index);
            return;
        }
        running = replay_call(machine, vector, application, index, call, end);
    }
}

static void check_aftermath(struct machine *machine, struct vector *vector, enum board_end end) {
    json_t *after = json_pack("{s:o,s:o,s:o}", "ota", machine_otadata(machine), "ef", machine_efuse(machine),
                              "crc", machine_touched(machine));
    if (!vector_expect(vector, vector_object(vector, vector->json, "after"), after, "after"))
        return;
    bool panicked = end == BOARD_PANICKED || end == BOARD_CRASHED, booted;
    json_t *last = machine_start(machine, panicked ? PORT_RESET_PANIC : PORT_RESET_SOFTWARE, &booted);
    (void)json_object_set_new(last, "ota", machine_otadata(machine));
    (void)json_object_set_new(last, "ef", machine_efuse(machine));
    (void)vector_expect(vector, vector_object(vector, vector->json, "fin"), last, "fin");
}

void replay_api(struct replay *replay, struct vector *vector) {
    struct machine *machine = &replay->machine;
    struct application application = {0};
    if (build_images(vector, &application) && machine_load_vector(machine, vector)) {
        bool booted;
        enum board_end end = BOARD_RETURNED;
        json_t *boot = machine_start(machine, PORT_RESET_POWER_ON, &booted);
        machine_forget_touched(machine);
        if (vector_expect(vector, vector_object(vector, vector->json, "boot"), boot, "boot"))
            replay_calls(machine, vector, &application, &end);
        if (vector->difference.length == 0 && vector->problem.length == 0)
            check_aftermath(machine, vector, end);
    }
    free_images(&application);
}
