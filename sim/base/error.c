#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#include "utf8.h"

bool error_set(struct error *error, const char *format, ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        char message[sizeof error->message];
        (void)vsnprintf(message, sizeof message, format, arguments);
        va_end(arguments);
        struct buffer line = {0};
        utf8_one_line(&line, message);
        (void)snprintf(error->message, sizeof error->message, "%s", buffer_string(&line));
        buffer_free(&line);
    }
    return false;
}
