#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../sim/report/report_text.h"
#include "commands.h"

void terminal_guard_streams(void) {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null",
                        O_RDONLY); // takes the lowest free number; writing to it fails, as it has to
    signal(SIGPIPE, SIG_IGN);      // writes fail with EPIPE instead
}

bool terminal_colour(FILE *stream) {
    const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");
    bool refused = (no_colour && no_colour[0]) || (kind && strcmp(kind, "dumb") == 0);
    return !refused && isatty(fileno(stream));
}

struct terminal terminal_open(bool report_on_stdout) {
    const char *kind = getenv("TERM");
    struct terminal terminal = {.out = report_on_stdout ? stderr : stdout};
    terminal.colour = terminal_colour(terminal.out);
    terminal.progress =
        isatty(STDERR_FILENO) && isatty(fileno(terminal.out)) && !(kind && strcmp(kind, "dumb") == 0);
    return terminal;
}

// Tells the first failure of standard output, while errno still knows the reason.
static void flush(FILE *stream) {
    if (fflush(stream) != 0 && stream == stdout && errno != EPIPE)
        fprintf(stderr, "ota-sim: standard output: %s\n", strerror(errno));
}

bool terminal_delivers(const struct terminal *terminal) {
    return !ferror(terminal->out);
}

void terminal_write(struct terminal *terminal, struct buffer *text) {
    terminal_progress_end(terminal);
    if (terminal_delivers(terminal)) {
        struct buffer harmless = {0};
        text_no_commands(&harmless, buffer_string(text));
        terminal_write_commands(terminal, &harmless);
        buffer_free(&harmless);
    }
    text->length = 0;
}

void terminal_complain(const struct buffer *text) {
    struct buffer harmless = {0};
    text_no_commands(&harmless, buffer_string(text));
    (void)fputs(buffer_string(&harmless), stderr);
    buffer_free(&harmless);
}

void terminal_write_commands(struct terminal *terminal, const struct buffer *text) {
    terminal_progress_end(terminal);
    if (terminal_delivers(terminal)) {
        fwrite(buffer_string(text), 1, text->length, terminal->out);
        flush(terminal->out);
    }
}

// ---- progress -----------------------------------------------------------------------------------

static size_t terminal_width(void) {
    struct winsize size;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10;
    return known ? size.ws_col : 80;
}

void terminal_progress(struct terminal *terminal, const char *format, ...) {
    if (!terminal->progress)
        return;
    struct buffer line = {0}, clean = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&line, format, arguments);
    va_end(arguments);
    text_terminal(&clean, buffer_string(&line));
    fprintf(stderr, "\r\033[K%.*s", (int)terminal_width() - 1, buffer_string(&clean));
    fflush(stderr);
    terminal->progress_shown = true;
    buffer_free(&line);
    buffer_free(&clean);
}

void terminal_progress_end(struct terminal *terminal) {
    if (terminal->progress_shown)
        fputs("\r\033[K", stderr);
    terminal->progress_shown = false;
}

// ---- the end ------------------------------------------------------------------------------------

int terminal_finish(int status) {
    if (!ferror(stdout))
        flush(stdout);
    return ferror(stdout) ? EXIT_INTERNAL : status;
}
