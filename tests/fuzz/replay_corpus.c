// Stands in for libFuzzer: hands every file of the folders and files that are named to the target, once, and
// every shorter version of the small ones, so that a target is also fed inputs that end early.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define INPUT_SIZE_MAX     (1u << 20)
#define TRUNCATED_SIZE_MAX 256u // longer inputs are replayed whole only

// The target gets a block of exactly `size` bytes, so that a sanitizer sees a read past its end.
static void feed(const uint8_t *bytes, size_t size) {
    uint8_t *exact = malloc(size ? size : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void replay_file(const char *path) {
    static uint8_t bytes[INPUT_SIZE_MAX];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    feed(bytes, size);
    for (size_t shorter = 0; size <= TRUNCATED_SIZE_MAX && shorter < size; shorter++)
        feed(bytes, shorter);
}

static unsigned replay(const char *path) {
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        replay_file(path);
        return 1;
    }
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) {
        perror(path);
        exit(1);
    }
    unsigned replayed = 0;
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            char inside[4096];
            snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
            replayed += replay(inside);
        }
        free(entries[i]);
    }
    free(entries);
    return replayed;
}

int main(int argc, char **argv) {
    unsigned replayed = 0;
    for (int i = 1; i < argc; i++)
        replayed += replay(argv[i]);
    printf("%u inputs replayed\n", replayed);
    return replayed == 0; // a corpus without inputs tests nothing
}
