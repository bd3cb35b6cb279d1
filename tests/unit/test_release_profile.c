// Release profiles against the measured matrix D1 to D16, a column a release, and the patch levels that the
// rules RL- name; chips by their names and ids.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ota/chip_target.h"
#include "ota/release_profile.h"

static const char *const releases[] = {"v4.4", "v5.0", "v5.1", "v5.2",   "v5.3", "v5.4",
                                       "v5.5", "v6.0", "v6.1", "master", "v6.2"};
#define RELEASES (sizeof releases / sizeof *releases)

static void names_are_found(void **state) {
    (void)state;
    size_t count = 0;
    for (const struct release_profile *profile = release_profiles; profile->name != NULL;
         profile++, count++) {
        assert_true(count < RELEASES);
        assert_string_equal(profile->name, releases[count]);
        assert_ptr_equal(release_profile_find(profile->name), profile);
        assert_ptr_equal(release_profile_line(profile), profile);
        assert_non_null(profile->tag);
        assert_true(count == 0 || profile->version > profile[-1].version);
    }
    assert_int_equal(count, RELEASES);
    for (const struct release_profile *patch = release_patches; patch->name != NULL; patch++) {
        assert_ptr_equal(release_profile_find(patch->name), patch);
        const char *line = release_profile_line(patch)->name;
        assert_int_equal(strncmp(patch->name, line, strlen(line)), 0);
        assert_true(patch == release_patches || patch->version > patch[-1].version);
    }
    assert_null(release_profile_find("v6"));
    assert_null(release_profile_find(""));
    assert_null(release_profile_find("v5.5.6"));
    assert_string_equal(release_profile_default()->name, "v6.0");
}

static bool has(const struct release_profile *profile, size_t offset) {
    bool value;
    memcpy(&value, (const char *)profile + offset, sizeof value);
    return value;
}

// A line is its newest patch level (RL-9).
static void a_line_is_its_newest_patch(void **state) {
    (void)state;
    for (const struct release_profile *line = release_profiles; line->name != NULL; line++) {
        const struct release_profile *patch = release_profile_find(line->tag);
        size_t first = offsetof(struct release_profile, begin_failure_keeps_operation);
        if (patch != NULL) {
            assert_int_equal(patch->version, line->version);
            for (size_t offset = first; offset <= offsetof(struct release_profile, has_skip_validate);
                 offset++)
                assert_int_equal(has(patch, offset), has(line, offset));
        }
    }
}

#define BEHAVIOUR(member, pattern)                                                                           \
    { #member, offsetof(struct release_profile, member), pattern }

// The measured matrix, and the columns of RL-9 to RL-52 between them.
static void behaviours_follow_the_matrix(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t offset;
        const char *pattern; // a letter a release: y or n
    } matrix[] = {
        BEHAVIOUR(begin_failure_keeps_operation, "nnnnyyyyyyy"),   // D1
        BEHAVIOUR(readonly_obeyed, "nnnyyyyyyyy"),                 // D2, D15
        BEHAVIOUR(begin_erases_inactive_entry, "nnnnnnyyyyy"),     // D3
        BEHAVIOUR(begin_accepts_data_partitions, "nnnnnnyyyyy"),   // D4
        BEHAVIOUR(reselect_in_place, "nnnnnnnyyyy"),               // D5
        BEHAVIOUR(operation_conflicts_refused, "nnnnnnnnyyy"),     // D6
        BEHAVIOUR(short_first_segment_refused, "nnnnnnnnnyy"),     // D7
        BEHAVIOUR(resume_checks_pending, "nnnnnnnnyyy"),           // D8
        BEHAVIOUR(copy_in_sectors, "nnnnnnnyyyy"),                 // D9
        BEHAVIOUR(table_magic_needs_two_bytes, "nnnnnnnnyyy"),     // D10
        BEHAVIOUR(table_bound_overflow_safe, "nnnnnnnnyyy"),       // D11
        BEHAVIOUR(blank_table_refused, "nnnnnnyyyyy"),             // D12
        BEHAVIOUR(bootloader_max_revision_checked, "yyyyyynnnnn"), // D13
        BEHAVIOUR(sram0_end_accepted, "nnyyyyyyyyy"),              // D14
        BEHAVIOUR(find_reports_load_error, "nnnnnnnyyyy"),         // D16
        BEHAVIOUR(large_regions, "nnnnyyyyyyy"),
        BEHAVIOUR(page_size_from_descriptor, "nnnnnyyyyyy"),
        BEHAVIOUR(block_revision_checked, "nnyyyyyyyyy"),
        BEHAVIOUR(startup_checks_secure_version, "yyyyyyyyyyy"),
        BEHAVIOUR(factory_reset_remembered, "nnyyyyyyyyy"),
        BEHAVIOUR(has_bootloader_description, "nnnyyyyyyyy"),
        BEHAVIOUR(has_resume, "nnnnyyyyyyy"),
        BEHAVIOUR(has_final_partition, "nnnnnnyyyyy"),
        BEHAVIOUR(has_skip_validate, "nnnnnnnnyyy"),
        BEHAVIOUR(confirms_on_startup, "nnnnnnnnnny"), // RL-1
    };
    for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++) {
        char pattern[RELEASES + 1] = "";
        for (size_t release = 0; release < RELEASES; release++)
            pattern[release] = has(release_profile_find(releases[release]), matrix[i].offset) ? 'y' : 'n';
        if (strcmp(pattern, matrix[i].pattern) != 0)
            fail_msg("%s: %s, measured %s", matrix[i].name, pattern, matrix[i].pattern);
    }
}

// The first tag of each line that has it: the tag before it has not, it and the line's newest have.
static void changes_came_with_the_patches_that_the_rules_name(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        size_t offset;
        bool since;            // false: until then
        const char *first[5];  // NULL: no more
        const char *before[5]; // the tag before each; NULL: the line has it from its beginning
    } changes[] = {
#define SINCE(member) offsetof(struct release_profile, member), true
#define UNTIL(member) offsetof(struct release_profile, member), false
        {"RL-11",
         UNTIL(sequential_write_erases_next),
         {"v4.4.7", "v5.0.6", "v5.1.3", "v5.2.0"},
         {"v4.4.6", "v5.0.5", "v5.1.2", NULL}},
        {"RL-12",
         UNTIL(empty_write_needs_operation),
         {"v4.4.7", "v5.0.6", "v5.1.3", "v5.2.0"},
         {"v4.4.6", "v5.0.5", "v5.1.2", NULL}},
        {"RL-13", SINCE(has_resume), {"v5.3.3", "v5.4.2", "v5.5.0"}, {"v5.3.2", "v5.4.1", NULL}},
        {"RL-13",
         SINCE(begin_failure_keeps_operation),
         {"v5.3.3", "v5.4.2", "v5.5.0"},
         {"v5.3.2", "v5.4.1", NULL}},
        {"RL-14", SINCE(resume_checks_pending), {"v6.1"}, {"v6.1-beta1"}},
        {"RL-15", SINCE(table_magic_needs_two_bytes), {"v6.1"}, {"v6.1-beta1"}},
        {"RL-17", SINCE(operation_conflicts_refused), {"v6.1-beta1"}, {"v6.0.2"}},
        {"RL-19",
         SINCE(startup_checks_secure_version),
         {"v4.4.7", "v5.0.7", "v5.1.4", "v5.2.1", "v5.3.0"},
         {"v4.4.6", "v5.0.6", "v5.1.3", "v5.2.0", NULL}},
        {"RL-20",
         SINCE(loaded_secure_version_checked),
         {"v4.4.7", "v5.0.7", "v5.1.4", "v5.2.1", "v5.3.0"},
         {"v4.4.6", "v5.0.6", "v5.1.3", "v5.2.0", NULL}},
        {"RL-21",
         SINCE(block_revision_checked),
         {"v5.1.7", "v5.2.3", "v5.3.2", "v5.4.0"},
         {"v5.1.6", "v5.2.2", "v5.3.1", NULL}},
        {"RL-23", SINCE(large_regions), {"v5.3.4", "v5.4.2", "v5.5.0"}, {"v5.3.3", "v5.4.1", NULL}},
        {"RL-28", SINCE(full_revisions), {"v4.4.5", "v5.0.1", "v5.1.0"}, {"v4.4.4", "v5.0.0", NULL}},
        {"RL-29", SINCE(partition_digest_recomputed), {"v4.4.1", "v5.0.0"}, {"v4.4.0", NULL}},
        {"RL-37", SINCE(copy_in_sectors), {"v6.0.1"}, {"v6.0.0"}},
        {"RL-52", SINCE(short_first_segment_refused), {"master"}, {"v6.1"}},
        {"RL-52", SINCE(page_size_limited), {"master"}, {"v6.1"}},
        {"RL-1", SINCE(confirms_on_startup), {"v6.2"}, {"master"}},
        {"RL-5", SINCE(anti_rollback_needs_confirm_by_app), {"v6.2"}, {"master"}},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        for (size_t j = 0; j < 5 && changes[i].first[j] != NULL; j++) {
            const struct release_profile *first = release_profile_find(changes[i].first[j]);
            if (has(first, changes[i].offset) != changes[i].since ||
                has(release_profile_line(first), changes[i].offset) != changes[i].since)
                fail_msg("%s: %s has not what it brought", changes[i].rule, changes[i].first[j]);
            if (changes[i].before[j] != NULL &&
                has(release_profile_find(changes[i].before[j]), changes[i].offset) == changes[i].since)
                fail_msg("%s: %s has it already", changes[i].rule, changes[i].before[j]);
        }
    }
}

// For a project whose release is not among ours.
static void the_nearest_release_is_an_older_one(void **state) {
    (void)state;
    static const struct {
        const char *version, *nearest;
    } table[] = {
        {"v5.5.1", "v5.5.1"},         {"5.3.1", "v5.3.1"},  {"v5.5.9", "v5.5"}, {"v5.9", "v5.5"},
        {"v6.0.7-dirty", "v6.0"},     {"v4.0.1", "v4.4.0"}, {"7.1.2", "v6.2"},  {"v6.2.1", "v6.2"},
        {"v6.1-beta1", "v6.1-beta1"}, {"5.2", "v5.2"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(release_profile_nearest(table[i].version)->name, table[i].nearest);
    assert_null(release_profile_nearest("latest"));
    assert_null(release_profile_nearest("v5"));
}

static void chips_are_found(void **state) {
    (void)state;
    assert_string_equal(chip_targets[0].name, "esp32");
    for (const struct chip_target *target = chip_targets; target->name != NULL; target++) {
        assert_ptr_equal(chip_target_find(target->name), target);
        assert_ptr_equal(chip_target_find(target->title), target);
        assert_ptr_equal(chip_target_by_id(target->chip_id), target);
        assert_true(target->secure_version_bits >= 4 && target->secure_version_bits <= 32);
        assert_true(target->drom.start < target->drom.end && target->irom.start < target->irom.end);
    }
    assert_null(chip_target_find("esp8266"));
    assert_null(chip_target_find("esp32-with-a-very-long-name"));
    assert_null(chip_target_by_id(0xFFFF)); // FL-10
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(a_line_is_its_newest_patch),
        cmocka_unit_test(behaviours_follow_the_matrix),
        cmocka_unit_test(changes_came_with_the_patches_that_the_rules_name),
        cmocka_unit_test(the_nearest_release_is_an_older_one),
        cmocka_unit_test(chips_are_found),
    };
    return cmocka_run_group_tests_name("release_profile", tests, NULL, NULL);
}
