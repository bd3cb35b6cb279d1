// What a conversion of a partition table has to say besides its result, in the words of gen_esp32part.
#ifndef SIM_PROVISION_PARTITION_NOTES_H
#define SIM_PROVISION_PARTITION_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The exception that the generator would end with.
enum partition_csv_failure {
    PARTITION_CSV_FINE,
    PARTITION_CSV_INPUT_ERROR,      // the text, the binary or the table as a whole is wrong
    PARTITION_CSV_VALIDATION_ERROR, // one partition is wrong
    PARTITION_CSV_PACK_ERROR        // a number does not fit its field (CSV-12)
};

// "InputError", "ValidationError", "struct.error"; "" when fine.
const char *partition_csv_failure_name(enum partition_csv_failure failure);

// What a conversion has to say besides its result. Start with {0}; free after use.
struct partition_csv_notes {
    enum partition_csv_failure failure;
    char *message;   // exactly the generator's, no trailing newline; NULL when fine
    uint32_t line;   // of the CSV where it went wrong; 0: no single line
    char **warnings; // one line each, in order
    size_t warning_count;
};

void partition_csv_notes_free(struct partition_csv_notes *notes);

// The message on one line: where the generator begins a second one, a blank. "" when fine; valid until the notes are freed.
const char *partition_csv_notes_line(struct partition_csv_notes *notes);

// Notes a failure unless one is noted already; returns false. A warning is added to the others.
__attribute__((format(printf, 4, 5))) bool partition_csv_fail(struct partition_csv_notes *notes,
                                                              enum partition_csv_failure failure,
                                                              uint32_t line, const char *format, ...);
__attribute__((format(printf, 2, 3))) void partition_csv_warn(struct partition_csv_notes *notes,
                                                              const char *format, ...);

#endif
