#include "vector_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CHUNK_SIZE (256u << 10)

static bool fill_chunk(struct vector_file *file, struct error *error) {
    file->chunk.length = 0;
    file->chunk_at = 0;
    buffer_reserve(&file->chunk, CHUNK_SIZE);
    int got = gzread(file->file, file->chunk.bytes, CHUNK_SIZE);
    int status = Z_OK;
    const char *message = gzerror(file->file, &status);
    if (got < 0 || (status != Z_OK && status != Z_STREAM_END))
        return error_set(error, "%s: damaged or truncated: %s", file->path,
                         status == Z_ERRNO ? strerror(errno) : message);
    file->chunk.length = (size_t)got;
    file->bytes += (uint64_t)got;
    if (file->bytes > VECTOR_FILE_MAX)
        return error_set(error, "%s: unpacks to more than %llu bytes", file->path, VECTOR_FILE_MAX);
    return true;
}

// One line without its newline into file->line.
static enum vector_read read_line(struct vector_file *file, struct error *error) {
    file->line.length = 0;
    for (;;) {
        if (file->chunk_at == file->chunk.length && !fill_chunk(file, error))
            return VECTOR_ERROR;
        if (file->chunk.length == 0)
            break;
        const uint8_t *begin = file->chunk.bytes + file->chunk_at;
        size_t rest = file->chunk.length - file->chunk_at;
        const uint8_t *newline = memchr(begin, '\n', rest);
        size_t length = newline != NULL ? (size_t)(newline - begin) : rest;
        buffer_append(&file->line, begin, length);
        file->chunk_at += length + (newline != NULL);
        if (file->line.length > VECTOR_LINE_MAX) {
            (void)error_set(error, "%s:%" PRIu64 ": line longer than %u bytes", file->path,
                            file->line_number + 1, VECTOR_LINE_MAX);
            return VECTOR_ERROR;
        }
        if (newline != NULL) {
            file->line_number++;
            return VECTOR_READ;
        }
    }
    if (file->line.length == 0)
        return VECTOR_END;
    file->line_number++; // the last line may lack its newline
    return VECTOR_READ;
}

static bool is_large(const uint8_t *digits, size_t count) {
    static const char largest[] = "9223372036854775807";
    return count > strlen(largest) || (count == strlen(largest) && memcmp(digits, largest, count) > 0);
}

// Puts quotes around numbers of 2^63 and more.
static void quote_large_numbers(struct buffer *line) {
    struct buffer out = {0};
    bool text = false;
    for (size_t i = 0; i < line->length;) {
        size_t end = i;
        while (!text && end < line->length && line->bytes[end] >= '0' && line->bytes[end] <= '9')
            end++;
        bool negative = i > 0 && line->bytes[i - 1] == '-';
        const char *quote = !negative && is_large(line->bytes + i, end - i) ? "\"" : "";
        end = end > i ? end : i + 1;
        buffer_text(&out, quote);
        buffer_append(&out, line->bytes + i, end - i);
        buffer_text(&out, quote);
        if (text && line->bytes[i] == '\\' && end < line->length)
            buffer_append(&out, line->bytes + end++, 1);
        else if (line->bytes[i] == '"')
            text = !text;
        i = end;
    }
    buffer_free(line);
    *line = out;
}

static enum vector_read read_object(struct vector_file *file, json_t **object, struct error *error) {
    enum vector_read read = read_line(file, error);
    if (read != VECTOR_READ)
        return read;
    json_error_t problem;
    *object = json_loadb((const char *)file->line.bytes, file->line.length,
                         JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &problem);
    if (*object == NULL && json_error_code(&problem) == json_error_numeric_overflow) {
        quote_large_numbers(&file->line);
        *object = json_loadb((const char *)file->line.bytes, file->line.length,
                             JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &problem);
    }
    if (json_is_object(*object))
        return VECTOR_READ;
    (void)error_set(error, "%s:%" PRIu64 ": not a JSON object%s%s", file->path, file->line_number,
                    *object == NULL ? ": " : "", *object == NULL ? problem.text : "");
    json_decref(*object);
    return VECTOR_ERROR;
}

static bool copy_text(const json_t *header, const char *key, char *text, size_t size) {
    const char *value = json_string_value(json_object_get(header, key));
    return value != NULL && (size_t)snprintf(text, size, "%s", value) < size;
}

static bool read_header(struct vector_file *file, struct error *error) {
    json_t *header = NULL;
    enum vector_read read = read_object(file, &header, error);
    if (read == VECTOR_END)
        return error_set(error, "%s: empty: a header line is wanted", file->path);
    if (read == VECTOR_ERROR)
        return false;
    bool fine = json_integer_value(json_object_get(header, "format")) == 1 &&
                copy_text(header, "kind", file->kind, sizeof file->kind);
    json_int_t count = json_integer_value(json_object_get(header, "count"));
    if (json_object_get(header, "release") != NULL)
        fine = copy_text(header, "release", file->release, sizeof file->release) && fine;
    else if (json_is_string(json_object_get(header, "source")))
        (void)sscanf(json_string_value(json_object_get(header, "source")), "ESP-IDF %31[^ ]", file->release);
    file->header = header;
    if (!fine || count < 0)
        return error_set(error,
                         "%s:1: not the header of a vector file (format 1, a kind and a count are wanted)",
                         file->path);
    file->expected = (uint64_t)count;
    return true;
}

bool vector_file_open(struct vector_file *file, const char *path, struct error *error) {
    *file = (struct vector_file){.path = path};
    errno = 0;
    file->file = gzopen(path, "rbe");
    if (file->file == NULL)
        return error_set(error, "%s: cannot open: %s", path, strerror(errno != 0 ? errno : ENOMEM));
    (void)gzbuffer(file->file, CHUNK_SIZE);
    if (read_header(file, error))
        return true;
    vector_file_close(file);
    return false;
}

enum vector_read vector_file_next(struct vector_file *file, json_t **vector, struct error *error) {
    enum vector_read read = read_object(file, vector, error);
    if (read == VECTOR_READ)
        file->vectors++;
    if (read == VECTOR_END && file->vectors != file->expected) {
        (void)error_set(
            error, "%s: truncated or padded: the header promises %" PRIu64 " vectors, there are %" PRIu64,
            file->path, file->expected, file->vectors);
        return VECTOR_ERROR;
    }
    return read;
}

void vector_file_close(struct vector_file *file) {
    if (file->file != NULL)
        (void)gzclose(file->file);
    json_decref(file->header);
    buffer_free(&file->chunk);
    buffer_free(&file->line);
    file->file = NULL;
}
