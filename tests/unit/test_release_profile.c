// Release profiles against the measured matrix D1 to D16, a column a release, and chips by their names and
// ids.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ota/chip_target.h"
#include "ota/release_profile.h"

static const char *const releases[] = {"v4.4", "v5.1", "v5.3", "v5.4", "v5.5", "v6.0", "v6.1", "master"};
#define RELEASES (sizeof releases / sizeof *releases)

static void names_are_found(void **state) {
    (void)state;
    size_t count = 0;
    for (const struct release_profile *profile = release_profiles; profile->name != NULL;
         profile++, count++) {
        assert_true(count < RELEASES);
        assert_string_equal(profile->name, releases[count]);
        assert_ptr_equal(release_profile_find(profile->name), profile);
        assert_non_null(profile->recorded_from);
    }
    assert_int_equal(count, RELEASES);
    assert_null(release_profile_find("v6"));
    assert_null(release_profile_find(""));
    assert_string_equal(release_profile_default()->name, "v6.0");
}

#define BEHAVIOUR(member, pattern)                                                                           \
    { #member, offsetof(struct release_profile, member), pattern }

static void behaviours_follow_the_matrix(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t offset;
        const char *pattern; // a letter a release: y or n
    } matrix[] = {
        BEHAVIOUR(begin_failure_keeps_operation, "nnyyyyyy"),   // D1
        BEHAVIOUR(readonly_obeyed, "nnyyyyyy"),                 // D2, D15
        BEHAVIOUR(begin_erases_inactive_entry, "nnnnyyyy"),     // D3
        BEHAVIOUR(begin_accepts_data_partitions, "nnnnyyyy"),   // D4
        BEHAVIOUR(reselect_in_place, "nnnnnyyy"),               // D5
        BEHAVIOUR(operation_conflicts_refused, "nnnnnnyy"),     // D6
        BEHAVIOUR(short_first_segment_refused, "nnnnnnny"),     // D7
        BEHAVIOUR(resume_checks_pending, "nnnnnnny"),           // D8
        BEHAVIOUR(copy_in_sectors, "nnnnnyyy"),                 // D9
        BEHAVIOUR(table_magic_needs_two_bytes, "nnnnnnny"),     // D10
        BEHAVIOUR(table_bound_overflow_safe, "nnnnnnyy"),       // D11
        BEHAVIOUR(blank_table_refused, "nnnnyyyy"),             // D12
        BEHAVIOUR(bootloader_max_revision_checked, "yyyynnnn"), // D13
        BEHAVIOUR(sram0_end_accepted, "nyyyyyyy"),              // D14
        BEHAVIOUR(find_reports_load_error, "nnnnnyyy"),         // D16
        BEHAVIOUR(has_resume, "nnyyyyyy"),
        BEHAVIOUR(has_final_partition, "nnnnyyyy"),
        BEHAVIOUR(has_skip_validate, "nnnnnnyy"),
    };
    for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++) {
        char pattern[RELEASES + 1] = "";
        for (size_t release = 0; release < RELEASES; release++) {
            bool has;
            memcpy(&has, (const char *)release_profile_find(releases[release]) + matrix[i].offset,
                   sizeof has);
            pattern[release] = has ? 'y' : 'n';
        }
        if (strcmp(pattern, matrix[i].pattern) != 0) {
            fail_msg("%s: %s, measured %s", matrix[i].name, pattern, matrix[i].pattern);
        }
    }
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
        cmocka_unit_test(behaviours_follow_the_matrix),
        cmocka_unit_test(chips_are_found),
    };
    return cmocka_run_group_tests_name("release_profile", tests, NULL, NULL);
}
