// Whole files: bounded reads, atomic writes.
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/file.h"

struct place {
    char folder[64];
    char path[128]; // of a file in it, which is not there yet
};

static int make_place(void **state) {
    struct place *place = memory_zeroed(1, sizeof *place);
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/test_file.XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        return -1;
    (void)snprintf(place->path, sizeof place->path, "%s/file", place->folder);
    *state = place;
    return 0;
}

// Removes the files of a folder; how many there were.
static int empty_folder(const char *folder) {
    DIR *listing = opendir(folder);
    int count = 0;
    for (struct dirent *item; listing != NULL && (item = readdir(listing)) != NULL;) {
        if (item->d_name[0] == '.')
            continue;
        count++;
        (void)unlinkat(dirfd(listing), item->d_name, 0);
    }
    (void)closedir(listing);
    return count;
}

static int remove_place(void **state) {
    struct place *place = *state;
    (void)empty_folder(place->folder);
    (void)rmdir(place->folder);
    free(place);
    return 0;
}

static void expect_contents(const char *path, const char *contents) {
    struct buffer bytes = {0};
    struct error error = {0};
    assert_true(file_read(path, 1000, &bytes, &error));
    assert_string_equal(buffer_string(&bytes), contents);
    assert_int_equal(bytes.length, strlen(contents));
    buffer_free(&bytes);
}

static mode_t mode_of(const char *path) {
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void creates_with_the_umask(void **state) {
    const struct place *place = *state;
    mode_t old = umask(027);
    assert_true(file_write(place->path, "abc", 3, NULL));
    umask(old);
    expect_contents(place->path, "abc");
    assert_int_equal(mode_of(place->path), 0640);
}

static void replaces_and_keeps_permissions(void **state) {
    const struct place *place = *state;
    assert_true(file_write(place->path, "old contents", 12, NULL));
    assert_int_equal(chmod(place->path, 0604), 0);
    assert_true(file_write(place->path, "new", 3, NULL));
    expect_contents(place->path, "new");
    assert_int_equal(mode_of(place->path), 0604);
    assert_int_equal(empty_folder(place->folder), 1); // no temporary file is left
}

static void replacing_leaves_readers_the_old_file(void **state) {
    const struct place *place = *state;
    assert_true(file_write(place->path, "old", 3, NULL));
    int reader = open(place->path, O_RDONLY);
    assert_true(file_write(place->path, "new", 3, NULL));
    char text[4] = "";
    assert_int_equal(read(reader, text, 3), 3);
    assert_string_equal(text, "old");
    (void)close(reader);
}

static void follows_links(void **state) {
    const struct place *place = *state;
    char link_path[128], second[128];
    (void)snprintf(link_path, sizeof link_path, "%s/link", place->folder);
    (void)snprintf(second, sizeof second, "%s/second", place->folder);
    assert_int_equal(symlink("file", link_path), 0); // relative, and it leads to nothing yet
    assert_int_equal(symlink(link_path, second), 0);
    assert_true(file_write(second, "abc", 3, NULL));
    expect_contents(place->path, "abc");
    struct stat status;
    assert_int_equal(lstat(second, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void endless_links_are_an_error(void **state) {
    const struct place *place = *state;
    struct error error = {0};
    assert_int_equal(symlink("file", place->path), 0);
    assert_false(file_write(place->path, "abc", 3, &error));
    assert_non_null(strstr(error.message, place->path));
}

static void a_folder_is_no_file(void **state) {
    const struct place *place = *state;
    struct error error = {0};
    struct buffer bytes = {0};
    assert_false(file_write(place->folder, "abc", 3, &error));
    assert_non_null(strstr(error.message, "is a folder"));
    assert_false(file_read(place->folder, 10, &bytes, &error));
    assert_non_null(strstr(error.message, "is a folder"));
    buffer_free(&bytes);
}

static void a_missing_folder_is_named(void **state) {
    const struct place *place = *state;
    char path[160];
    (void)snprintf(path, sizeof path, "%s/nowhere/file", place->folder);
    struct error error = {0};
    assert_false(file_write(path, "abc", 3, &error));
    assert_non_null(strstr(error.message, path));
}

// A file size limit stands for the full disk.
static void a_full_disk_leaves_the_old_file(void **state) {
    const struct place *place = *state;
    assert_true(file_write(place->path, "old", 3, NULL));
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){1024, old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    char large[4096] = {0};
    struct error error = {0};
    bool written = file_write(place->path, large, sizeof large, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, handler);
    assert_false(written);
    assert_non_null(strstr(error.message, "cannot write"));
    expect_contents(place->path, "old");
    assert_int_equal(empty_folder(place->folder), 1);
}

static void reads_append_up_to_the_limit(void **state) {
    const struct place *place = *state;
    struct buffer bytes = {0};
    struct error error = {0};
    assert_true(file_write(place->path, "0123456789", 10, NULL));
    buffer_text(&bytes, "> ");
    assert_true(file_read(place->path, 10, &bytes, &error));
    assert_string_equal(buffer_string(&bytes), "> 0123456789");
    assert_false(file_read(place->path, 9, &bytes, &error));
    assert_non_null(strstr(error.message, "too large"));
    assert_int_equal(bytes.length, 12);
    buffer_free(&bytes);
}

static void endless_devices_hit_the_limit(void **state) {
    (void)state;
    struct buffer bytes = {0};
    struct error error = {0};
    assert_false(file_read("/dev/zero", 100000, &bytes, &error));
    assert_non_null(strstr(error.message, "/dev/zero: too large"));
    assert_int_equal(bytes.length, 0);
    buffer_free(&bytes);
}

static void devices_are_written_in_place(void **state) {
    (void)state;
    struct stat status;
    assert_true(file_write("/dev/null", "abc", 3, NULL));
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void missing_files_are_named(void **state) {
    const struct place *place = *state;
    struct buffer bytes = {0};
    struct error error = {0};
    assert_false(file_read(place->path, 10, &bytes, &error));
    assert_non_null(strstr(error.message, place->path));
    assert_non_null(strstr(error.message, "No such file"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        TEST(creates_with_the_umask),
        TEST(replaces_and_keeps_permissions),
        TEST(replacing_leaves_readers_the_old_file),
        TEST(follows_links),
        TEST(endless_links_are_an_error),
        TEST(a_folder_is_no_file),
        TEST(a_missing_folder_is_named),
        TEST(a_full_disk_leaves_the_old_file),
        TEST(reads_append_up_to_the_limit),
        TEST(endless_devices_hit_the_limit),
        TEST(devices_are_written_in_place),
        TEST(missing_files_are_named),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
