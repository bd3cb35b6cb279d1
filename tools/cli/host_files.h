// Files and values that the commands on flash files share.
#ifndef TOOLS_CLI_HOST_FILES_H
#define TOOLS_CLI_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../../ota/release_profile.h"
#include "../../sim/base/buffer.h"
#include "../../sim/base/error.h"

#define HOST_FLASH_SIZE_MAX (32u << 20)

// Writes a file that the user named, atomically. One that exists with other contents is replaced only by
// `force`. "-": standard output. The exit status, after a message when it is not EXIT_MET.
int host_file_write(const char *command, const char *path, const struct buffer *bytes, bool force);

// report_file_write, with the message. Is it allowed? To be asked before the work is done; false after a message.
bool host_report_allowed(const char *command, const char *path, const char *mark);
bool host_report_write(const char *command, const char *path, const char *mark, const struct buffer *text);

// Reads at most `limit` bytes ("-": standard input); false after a message.
bool host_file_read(const char *command, const char *path, size_t limit, struct buffer *out);

// A flash file that is going to be changed: must be a regular file of at most 32 MiB, not a serial port.
bool host_flash_read(const char *command, const char *path, struct buffer *out);

// Writes "ota-sim COMMAND: message" to standard error; returns EXIT_USAGE, bad input, or EXIT_INTERNAL for what could not be
// written.
int host_error(const char *command, const struct error *error);

// Values of --target and --release; false after a message.
bool host_target(const char *command, const char *text, const struct chip_target **out);
bool host_release(const char *command, const char *text, const struct release_profile **out);

// "4MB", "512K" or a number of bytes, hexadecimal with 0x; false after a message.
bool host_size(const char *command, const char *name, const char *text, uint64_t high, uint32_t *out);

// getenv, for partition_csv_options.environment.
const char *host_environment(const char *name);

// Writes the text to standard output and empties the buffer.
void host_print(struct buffer *text);

#endif
