// boot: one boot attempt of the second-stage bootloader (section 2).
#include "replay.h"

void replay_boot(struct replay *replay, struct vector *vector) {
    struct machine *machine = &replay->machine;
    const json_t *expected = vector_object(vector, vector->json, "out");
    if (!machine_load_vector(machine, vector))
        return;
    bool booted;
    json_t *got = machine_start(machine, PORT_RESET_POWER_ON, &booted);
    (void)json_object_set_new(got, "ota", machine_otadata(machine));
    (void)json_object_set_new(got, "ef", machine_efuse(machine));
    (void)vector_expect(vector, expected, got, "boot");
}
