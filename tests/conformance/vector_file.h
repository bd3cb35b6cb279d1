// A file of vectors: gzip'ed (or plain) JSON Lines, a header first. Numbers of 2^63 and more come as texts:
// jansson has no type for them. Files come from anywhere: every limit is
// checked, nothing is believed.
#ifndef TESTS_CONFORMANCE_VECTOR_FILE_H
#define TESTS_CONFORMANCE_VECTOR_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "sim/base/buffer.h"
#include "sim/base/error.h"

#define VECTOR_LINE_MAX (8u << 20)   // bytes; the longest recorded one has some 40 KiB
#define VECTOR_FILE_MAX (2ull << 30) // bytes, unpacked

struct vector_file {
    const char *path; // borrowed
    gzFile file;
    struct buffer chunk; // read ahead
    size_t chunk_at;
    struct buffer line;
    uint64_t line_number; // of the line read last, from 1
    uint64_t bytes;
    uint64_t vectors;  // read so far
    uint64_t expected; // the header's count
    char kind[16];
    json_t *header;   // whole
    char release[32]; // the header's, or the tag that its source names; "": neither
};

// Opens and reads the header. On failure nothing is open.
bool vector_file_open(struct vector_file *file, const char *path, struct error *error);

enum vector_read { VECTOR_READ, VECTOR_END, VECTOR_ERROR };

// The next vector (the caller's to json_decref). VECTOR_END only after as many as the header promised.
enum vector_read vector_file_next(struct vector_file *file, json_t **vector, struct error *error);

void vector_file_close(struct vector_file *file);

#endif
