#include "serve_flash_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "../../sim/base/file.h"
#include "../../sim/hw/nor_chip.h"

static bool create(const char *path, uint32_t size, struct buffer *contents, struct error *error) {
    size = size == 0 ? SERVE_FLASH_SIZE_DEFAULT : size;
    buffer_reserve(contents, size);
    memset(contents->bytes, 0xFF, size);
    contents->length = size;
    return file_write(path, contents->bytes, contents->length, error);
}

static bool is_chip_size(size_t size) {
    return size >= NOR_SIZE_MIN && size <= NOR_SIZE_MAX && (size & (size - 1)) == 0;
}

bool serve_flash_file_open(const char *path, uint32_t size, struct buffer *contents, struct error *error) {
    if (strcmp(path, "-") == 0)
        return error_set(error, "--flash: a file is wanted, a device cannot live in a pipe");
    struct stat status;
    if (stat(path, &status) != 0 && errno == ENOENT)
        return create(path, size, contents, error);
    if (!file_read(path, NOR_SIZE_MAX, contents, error))
        return false;
    if (!is_chip_size(contents->length))
        return error_set(error,
                         "%s: %zu bytes are no flash chip's size; wanted is 1, 2, 4, 8, 16 or 32 MiB "
                         "(pad it with FF bytes)",
                         path, contents->length);
    if (size != 0 && size != contents->length)
        return error_set(error, "%s: has %zu MiB, --size says %u MiB", path, contents->length >> 20,
                         size >> 20);
    return true;
}

bool serve_flash_file_save(const char *path, const struct flash *flash, struct error *error) {
    struct buffer contents = {0};
    buffer_reserve(&contents, flash->size);
    flash_read(flash, 0, contents.bytes, flash->size);
    bool done = file_write(path, contents.bytes, flash->size, error);
    buffer_free(&contents);
    return done;
}
