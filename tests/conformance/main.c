// conformance-replay [--release NAME] FILE...: replays recorded behaviour of the real code and says where
// this code differs. Usually run by tools/conformance.
//
// Exit status: 0 all passed, 1 some failed or there were none, 2 bad usage or a bad file.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "replay.h"
#include "sim/base/file.h"
#include "vector_file.h"

#define SHOWN_MAX 10 // failing vectors of a file that are shown; the others are counted

#define EXIT_PASSED    0
#define EXIT_FAILED    1
#define EXIT_BAD_INPUT 2

static const struct {
    const char *name;
    void (*replay)(struct replay *replay, struct vector *vector);
} kinds[] = {
    {"boot", replay_boot},     {"api", replay_api},
    {"ptable", replay_ptable}, {"image", replay_image},
    {"csv", replay_csv},       {"otatool", replay_otatool},
    {"nvs", replay_nvs},       {"boot-chips", replay_boot_chips},
};

struct totals {
    uint64_t passed, failed;
};

struct options {
    const struct release_profile *release; // NULL: each file's own
    struct chip_machine_binary binary;     // without a build: none
};

#define BINARY_MAX    0x100000u
#define BINARY_HEADER 24u

static bool complain_release(const char *name) {
    (void)fprintf(stderr, "conformance: no such release: %s; there are:", name);
    for (const struct release_profile *profile = release_profiles; profile->name != NULL; profile++)
        (void)fprintf(stderr, " %s", profile->name);
    (void)fprintf(stderr, "\n");
    return false;
}

static void show_failure(const struct vector_file *file, const struct vector *vector) {
    const char *layout = json_string_value(json_object_get(vector->json, "lay"));
    const char *config = json_string_value(json_object_get(vector->json, "cfg"));
    const char *build = json_string_value(json_object_get(vector->json, "build"));
    printf("FAIL %s:%" PRIu64 " vector %" JSON_INTEGER_FORMAT, file->path, file->line_number,
           json_integer_value(json_object_get(vector->json, "i")));
    if (build != NULL)
        printf(" (%s, %s)", build, json_string_value(json_object_get(vector->json, "why")));
    if (layout != NULL)
        printf(" (%s%s%s)", config != NULL ? config : "", config != NULL ? ", " : "", layout);
    printf("\n%s", buffer_string(&vector->difference));
}

static void complain_malformed(const struct vector_file *file, const struct vector *vector) {
    (void)fprintf(stderr, "conformance: %s:%" PRIu64 ": malformed vector: %s\n", file->path,
                  file->line_number, buffer_string(&vector->problem));
}

// False: the vector is malformed. It counts as failed, and the others are still replayed.
static bool replay_one(struct replay *replay, size_t kind, const struct vector_file *file, const json_t *json,
                       struct totals *totals) {
    struct vector vector = {.json = json};
    if (!chip_machine_has(&replay->chips, &vector))
        return true;
    kinds[kind].replay(replay, &vector);
    bool fine = vector.problem.length == 0;
    if (fine && vector.difference.length == 0)
        totals->passed++;
    else if (totals->failed++ < SHOWN_MAX)
        (fine ? show_failure : complain_malformed)(file, &vector);
    vector_free(&vector);
    return fine;
}

static bool replay_vectors(struct replay *replay, size_t kind, struct vector_file *file,
                           struct totals *totals) {
    struct error error = {0};
    bool fine = true;
    for (;;) {
        json_t *json = NULL;
        enum vector_read read = vector_file_next(file, &json, &error);
        if (read == VECTOR_END)
            return fine;
        if (read == VECTOR_ERROR) {
            (void)fprintf(stderr, "conformance: %s\n", error.message);
            return false;
        }
        fine = replay_one(replay, kind, file, json, totals) && fine;
        json_decref(json);
    }
}

static bool find_kind(const struct vector_file *file, size_t *kind) {
    for (*kind = 0; *kind < sizeof kinds / sizeof *kinds; (*kind)++)
        if (strcmp(kinds[*kind].name, file->kind) == 0)
            return true;
    (void)fprintf(stderr, "conformance: %s: vectors of an unknown kind: %s\n", file->path, file->kind);
    return false;
}

static bool replay_file(const char *path, const struct options *options, struct totals *totals) {
    const struct release_profile *release = options->release;
    struct vector_file file;
    struct error error = {0};
    if (!vector_file_open(&file, path, &error)) {
        (void)fprintf(stderr, "conformance: %s\n", error.message);
        return false;
    }
    const char *name = file.release[0] != '\0' ? file.release : "master";
    struct replay replay = {.header = file.header,
                            .profile = release != NULL ? release : release_profile_find(name),
                            .chips.binary = options->binary.build != NULL ? &options->binary : NULL};
    struct totals own = {0};
    size_t kind;
    bool fine = replay.profile != NULL || complain_release(name);
    fine = fine && find_kind(&file, &kind);
    if (fine) {
        machine_init(&replay.machine, replay.profile);
        fine = replay_vectors(&replay, kind, &file, &own);
        machine_clear(&replay.machine);
        chip_machine_free(&replay.chips);
        printf("%s: %s under %s: %" PRIu64 " passed, %" PRIu64 " failed\n", path, file.kind,
               replay.profile->name, own.passed, own.failed);
    }
    totals->passed += own.passed;
    totals->failed += own.failed;
    vector_file_close(&file);
    return fine;
}

static int usage(void) {
    (void)fprintf(stderr, "usage: conformance [--release NAME] [--bootloader BUILD=FILE] FILE.jsonl.gz...\n");
    return EXIT_BAD_INPUT;
}

// "BUILD=FILE". False: complained.
static bool read_binary(char *option, struct chip_machine_binary *binary) {
    struct error error = {0};
    char *equals = strchr(option, '=');
    if (equals == NULL)
        return usage() == EXIT_PASSED;
    *equals = 0;
    binary->build = option;
    if (file_read(equals + 1, BINARY_MAX, &binary->image, &error) && binary->image.length > BINARY_HEADER)
        return true;
    (void)fprintf(stderr, "conformance: %s: %s\n", equals + 1,
                  error.message[0] != 0 ? error.message : "this is no bootloader");
    return false;
}

int main(int argc, char **argv) {
    struct options options = {0};
    int first = 1;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--release") == 0) {
            options.release = release_profile_find(argv[first + 1]);
            if (options.release == NULL) {
                (void)complain_release(argv[first + 1]);
                return EXIT_BAD_INPUT;
            }
        } else if (strcmp(argv[first], "--bootloader") != 0) {
            return usage();
        } else if (!read_binary(argv[first + 1], &options.binary)) {
            return EXIT_BAD_INPUT;
        }
    }
    if (first >= argc || strncmp(argv[first], "--", 2) == 0)
        return usage();
    struct totals totals = {0};
    bool fine = true;
    for (int i = first; i < argc; i++)
        fine = replay_file(argv[i], &options, &totals) && fine;
    buffer_free(&options.binary.image);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", totals.passed, totals.failed);
    if (!fine)
        return EXIT_BAD_INPUT;
    return totals.failed == 0 && totals.passed > 0 ? EXIT_PASSED : EXIT_FAILED;
}
