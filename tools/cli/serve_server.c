#include "serve_server.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "../../sim/base/file_lock.h"
#include "../../sim/serial/rfc2217.h"
#include "commands.h"
#include "options.h"
#include "serve_control.h"
#include "serve_flash_file.h"
#include "serve_link.h"

#define NS_PER_MS        1000000ull
#define READ_SIZE        65536u
#define READS_A_ROUND    16
#define SAVE_AFTER_NS    (300 * NS_PER_MS) // of quiet
#define BOOT_EVERY_NS    (250 * NS_PER_MS) // of a device in a boot loop
#define LOOK_FOR_HOST_NS (10 * NS_PER_MS)  // where nothing tells that a pseudo-terminal was opened
#define UNREAD_MAX       (1u << 20) // bytes that a device in a boot loop leaves to a host that does not read
#define DESCRIPTORS_MAX  (SERVE_CONTROL_CLIENTS_MAX + 3)

struct server {
    const struct serve_options *options;
    struct served_device *device;
    struct serve_link link;
    struct serve_control control;
    int signals;
    struct buffer plain, out; // what the device says; the same as it goes over the line
    size_t out_done;
    bool first_byte_seen, telnet;
    struct rfc2217 rfc2217;
    uint64_t saved_operations; // of the board, when the file was written
    uint64_t busy_ns;          // when there was traffic last
    uint64_t booted_ns;
    uint64_t chip_ns; // --realtime: until when the chip is busy
    bool waiting;     // inside pass_time
    bool cut_requested;
    bool control_waits; // a command came meanwhile and was put off
    bool stop;
    int status;
};

static uint64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

static void tell(const char *message) {
    complain("serve", "%s", message);
}

static void print_note(void *context, const char *line) {
    const struct server *server = context;
    if (server->options->verbose)
        tell(line);
}

// ---- the flash file -----------------------------------------------------------------------------

static bool is_dirty(const struct server *server) {
    return board_operations(served_device_board(server->device)) != server->saved_operations;
}

static bool save(struct server *server) {
    if (!is_dirty(server))
        return true;
    struct board *board = served_device_board(server->device);
    struct error error = {0};
    server->saved_operations =
        board_operations(board); // one that fails is not tried again until something changes
    if (serve_flash_file_save(server->options->flash_file, board_flash(board), &error))
        return true;
    tell(error.message);
    server->status = EXIT_INTERNAL;
    return false;
}

// ---- hosts come and go --------------------------------------------------------------------------

static void host_comes(struct server *server) {
    server->first_byte_seen = server->telnet = false;
    server->rfc2217 = (struct rfc2217){.baud = served_device_baud(server->device)};
    server->out.length = server->out_done = 0;
    served_device_connect(server->device, false);
}

static void host_goes(struct server *server) {
    serve_link_hang_up(&server->link);
    served_device_disconnect(server->device);
    server->out.length = server->out_done = 0;
    (void)save(server);
}

static size_t out_pending(const struct server *server) {
    return server->out.length - server->out_done;
}

// A host that hung up and does not take its answers keeps nobody out.
static void look_for_host(struct server *server) {
    bool in_the_way = out_pending(server) > 0 && serve_link_is_waited_for(&server->link);
    if (serve_link_was_left(&server->link) || in_the_way)
        host_goes(server);
    if (serve_link_accept(&server->link))
        host_comes(server);
}

// ---- what the device says -----------------------------------------------------------------------

static void flush(struct server *server) {
    while (server->out_done < server->out.length) {
        ssize_t put = serve_link_write(&server->link, server->out.bytes + server->out_done,
                                       server->out.length - server->out_done);
        if (put < 0 && errno != EAGAIN)
            host_goes(server); // nobody will ever take the rest
        if (put <= 0)
            return; // the host is slow
        server->out_done += (size_t)put;
    }
    server->out.length = server->out_done = 0;
}

// Hands over what the device has said. Without a host it is lost, as on a real wire.
static void send_plain(struct server *server) {
    if (server->plain.length == 0)
        return;
    if (server->options->verbose && served_device_mode(server->device) == SERVED_APP)
        (void)fwrite(server->plain.bytes, 1, server->plain.length, stderr);
    if (server->link.connected && server->telnet)
        rfc2217_encode(&server->out, server->plain.bytes, server->plain.length);
    else if (server->link.connected)
        buffer_append(&server->out, server->plain.bytes, server->plain.length);
    server->plain.length = 0;
}

// ---- what the host says -------------------------------------------------------------------------

static void take_data(void *context, const uint8_t *bytes, size_t length) {
    struct server *server = context;
    served_device_receive(server->device, bytes, length, &server->plain);
    send_plain(server);
}

static void take_lines(void *context, bool dtr, bool rts) {
    struct server *server = context;
    served_device_lines(server->device, dtr, rts, &server->plain);
    send_plain(server);
}

static void take_bytes(struct server *server, const uint8_t *bytes, size_t length) {
    const struct rfc2217_sink sink = {server, take_data, take_lines};
    if (!server->first_byte_seen) {
        server->first_byte_seen = true;
        server->telnet = server->link.listener >= 0 && bytes[0] == RFC2217_FIRST_BYTE;
        if (server->telnet)
            served_device_connect(server->device, true);
    }
    if (server->telnet)
        rfc2217_receive(&server->rfc2217, bytes, length, &sink, &server->out);
    else
        take_data(server, bytes, length);
}

static void work_on_link(struct server *server) {
    uint8_t bytes[READ_SIZE];
    for (int round = 0; round < READS_A_ROUND && server->link.connected && !server->stop; round++) {
        flush(server);
        if (!server->link.connected || out_pending(server) > 0)
            return; // the host takes its answers before it is heard again
        ssize_t got = serve_link_read(&server->link, bytes, sizeof bytes);
        if (got < 0 && errno == EAGAIN)
            return;
        server->busy_ns = now_ns();
        if (got > 0)
            take_bytes(server, bytes, (size_t)got);
        else
            host_goes(server);
    }
}

// ---- control commands ---------------------------------------------------------------------------

static void status(struct server *server, struct buffer *answer) {
    struct board *board = served_device_board(server->device);
    const struct board_statistics *counts = board_statistics(board);
    buffer_printf(answer,
                  "{\"mode\": \"%s\", \"stub\": %s, \"connected\": %s, \"baud\": %" PRIu32
                  ", \"operations\": %" PRIu64 ", \"programs\": %" PRIu64 ", \"erases\": %" PRIu64
                  ", \"boots\": %" PRIu64 ", \"time_ns\": %" PRIu64 "}",
                  served_mode_name(served_device_mode(server->device)),
                  served_device_has_stub(server->device) ? "true" : "false",
                  server->link.connected ? "true" : "false", served_device_baud(server->device),
                  board_operations(board), counts->programs, counts->sector_erases + counts->block_erases,
                  counts->boots, board_time_ns(board));
}

static void set_lines(struct server *server, bool dtr, bool rts) {
    take_lines(server, dtr, rts);
}

static bool plain_command(struct server *server, const char *line) {
    if (strcmp(line, "cut") == 0)
        served_device_power_off(server->device);
    else if (strcmp(line, "power-on") == 0)
        served_device_power_on(server->device);
    else if (strcmp(line, "reset") == 0) {
        set_lines(server, false, true);
        set_lines(server, false, false);
    } else if (strcmp(line, "download") == 0) {
        set_lines(server, false, true);
        set_lines(server, true, false);
        set_lines(server, false, false);
    } else if (strcmp(line, "quit") == 0) {
        server->stop = true;
    } else {
        return strcmp(line, "save") == 0;
    }
    return true;
}

// Digits and nothing else: strtoull and scanf take a sign, and -5 becomes a very large number.
static bool read_count(const char *text, uint64_t *count) {
    errno = 0;
    *count = strtoull(text, NULL, 10);
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text) && errno == 0;
}

static bool command_with_numbers(struct server *server, const char *line) {
    static const char cut_after[] = "cut-after ", lines[] = "lines ";
    uint64_t operations;
    if (strncmp(line, cut_after, strlen(cut_after)) == 0) {
        if (!read_count(line + strlen(cut_after), &operations))
            return false;
        served_device_cut_after(server->device, operations);
        return true;
    }
    const char *levels = line + strlen(lines); // "DTR RTS", each 0 or 1
    if (strncmp(line, lines, strlen(lines)) != 0 || strlen(levels) != 3 || levels[1] != ' ' ||
        strspn(levels, "01") != 1 || strspn(levels + 2, "01") != 1)
        return false;
    set_lines(server, levels[0] == '1', levels[2] == '1');
    return true;
}

// While the chip is at work, only a look at it and a cut are possible; the cut itself is answered when it is
// through.
static bool carry_out(void *context, const char *line, struct buffer *answer) {
    struct server *server = context;
    if (strcmp(line, "status") == 0) {
        status(server, answer);
        return true;
    }
    if (server->waiting) {
        server->control_waits = true;
        server->cut_requested = server->cut_requested || strcmp(line, "cut") == 0;
        return false;
    }
    if (!plain_command(server, line) && !command_with_numbers(server, line))
        buffer_printf(answer,
                      "error: unknown command '%.40s' (cut, cut-after N, power-on, reset, download, "
                      "lines DTR RTS, save, status, quit)",
                      line);
    else
        buffer_text(answer, save(server) ? "ok" : "error: the flash file could not be written");
    return true;
}

static void work_on_control(struct server *server) {
    server->control_waits = false;
    serve_control_work(&server->control, carry_out, server);
}

// ---- waiting ------------------------------------------------------------------------------------

static void take_signal(struct server *server) {
    struct signalfd_siginfo signal_info;
    if (read(server->signals, &signal_info, sizeof signal_info) != sizeof signal_info)
        return;
    server->stop = true;
    if (signal_info.ssi_signo == SIGINT)
        server->status = EXIT_INTERRUPTED;
}

static void wait_for(struct pollfd *descriptors, nfds_t count, uint64_t ns) {
    struct timespec timeout = {.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
    (void)ppoll(descriptors, count, ns == UINT64_MAX ? NULL : &timeout, NULL);
}

// Signals and control, in front of whatever else is waited for.
static nfds_t always_watched(const struct server *server, struct pollfd *descriptors) {
    int fds[SERVE_CONTROL_CLIENTS_MAX + 1];
    nfds_t count = 0;
    descriptors[count++] = (struct pollfd){.fd = server->signals, .events = POLLIN};
    size_t control = serve_control_descriptors(&server->control, fds);
    for (size_t i = 0; i < control; i++)
        descriptors[count++] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    return count;
}

// --realtime: the chip takes its time, and only a cut or a signal can interrupt that.
static uint64_t pass_time(void *context, uint64_t ns) {
    struct server *server = context;
    uint64_t now = now_ns();
    uint64_t start = server->chip_ns > now ? server->chip_ns : now;
    server->chip_ns = start + ns;
    server->waiting = true;
    while (!server->stop && !server->cut_requested && now < server->chip_ns) {
        struct pollfd descriptors[DESCRIPTORS_MAX];
        nfds_t count = always_watched(server, descriptors);
        wait_for(descriptors, count, server->chip_ns - now);
        if (descriptors[0].revents != 0)
            take_signal(server);
        work_on_control(server);
        now = now_ns();
    }
    server->waiting = false;
    if (!server->cut_requested)
        return ns;
    server->cut_requested = false;
    server->chip_ns = now;
    uint64_t passed = now > start ? now - start : 0;
    return passed < ns ? passed : ns - 1;
}

static uint64_t until(uint64_t due, uint64_t now) {
    return due > now ? due - now : 0;
}

static uint64_t time_to_wait(const struct server *server) {
    uint64_t now = now_ns(), wait = UINT64_MAX, candidate;
    if (serve_link_descriptor(&server->link) < 0 && !server->link.connected)
        wait = LOOK_FOR_HOST_NS;
    if (is_dirty(server) && (candidate = until(server->busy_ns + SAVE_AFTER_NS, now)) < wait)
        wait = candidate;
    if (served_device_boot_pending(server->device) &&
        (candidate = until(server->booted_ns + BOOT_EVERY_NS, now)) < wait)
        wait = candidate;
    return wait;
}

struct events {
    bool control, host; // a command may have come; a host may have come or gone
};

static struct events wait_for_something(struct server *server) {
    struct pollfd descriptors[DESCRIPTORS_MAX + 2];
    nfds_t control_end = always_watched(server, descriptors), count = control_end;
    descriptors[count++] = // poll() passes over -1
        (struct pollfd){.fd = serve_link_descriptor(&server->link), .events = POLLIN};
    if (server->link.connected) {
        short wanted = out_pending(server) > 0 ? POLLOUT : POLLIN; // first the answer, then the next request
        descriptors[count++] = (struct pollfd){.fd = server->link.fd, .events = wanted};
    }
    wait_for(descriptors, count, time_to_wait(server));
    if (descriptors[0].revents != 0)
        take_signal(server);
    struct events events = {.host = descriptors[control_end].revents != 0 || !server->link.connected};
    for (nfds_t i = 1; i < control_end; i++)
        events.control = events.control || descriptors[i].revents != 0;
    return events;
}

// ---- the loop -----------------------------------------------------------------------------------

static void boot_when_due(struct server *server) {
    uint64_t now = now_ns();
    if (!served_device_boot_pending(server->device) || now < server->booted_ns + BOOT_EVERY_NS)
        return;
    server->booted_ns = now;
    served_device_boot(server->device, &server->plain);
    if (out_pending(server) > UNREAD_MAX)
        server->plain.length = 0; // nobody listens: lost, as on a real wire
    send_plain(server);
    flush(server);
}

static void run(struct server *server) {
    while (!server->stop) {
        struct events events = wait_for_something(server);
        if (server->stop)
            break;
        if (events.control || server->control_waits)
            work_on_control(server);
        if (events.host)
            look_for_host(server);
        work_on_link(server);
        boot_when_due(server);
        if (served_device_mode(server->device) == SERVED_OFF || now_ns() >= server->busy_ns + SAVE_AFTER_NS)
            (void)save(server);
    }
    (void)save(server);
}

// ---- setting up ---------------------------------------------------------------------------------

static bool choose_chip(struct serve_options *options, uint32_t size, struct error *error) {
    if (options->chip == NULL)
        return nor_chip_custom(size, &options->device.board.chip) ||
               error_set(error, "no flash chip has %u bytes", size);
    const struct nor_chip *chip = nor_chip_find(options->chip);
    if (chip == NULL)
        return error_set(error, "--chip %s: not known", options->chip);
    if (chip->size != size)
        return error_set(error, "--chip %s has %u MiB, %s has %u", chip->name, chip->size >> 20,
                         options->flash_file, size >> 20);
    options->device.board.chip = *chip;
    return true;
}

static bool set_up_device(struct server *server, struct serve_options *options, struct error *error) {
    struct buffer contents = {0};
    uint32_t size = options->size;
    if (size == 0 && options->chip != NULL && nor_chip_find(options->chip) != NULL)
        size = nor_chip_find(options->chip)->size;
    bool done = serve_flash_file_open(options->flash_file, size, &contents, error) &&
                choose_chip(options, (uint32_t)contents.length, error);
    if (done) {
        options->device.note = print_note;
        options->device.pass = options->realtime ? pass_time : NULL;
        options->device.context = server;
        server->device = served_device_new(&options->device);
        flash_set(board_flash(served_device_board(server->device)), 0, contents.bytes,
                  (uint32_t)contents.length);
    }
    buffer_free(&contents);
    if (done && options->cut)
        served_device_cut_after(server->device, options->cut_after);
    return done;
}

static bool set_up_line(struct server *server, const struct serve_options *options, struct error *error) {
    bool done = options->tcp != NULL ? serve_link_open_tcp(&server->link, options->tcp, error)
                                     : serve_link_open_pty(&server->link, options->pty_link, error);
    if (done && options->control != NULL)
        done = serve_control_open(&server->control, options->control, error);
    return done;
}

// Signals are read like any other input, so that they never interrupt a write to the file.
static int watch_signals(void) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int serve(struct serve_options *options) {
    struct server server = {
        .options = options, .status = EXIT_MET, .link = {.listener = -1, .fd = -1, .watch = -1}};
    struct error error = {0};
    struct file_lock lock = FILE_LOCK_NONE; // taken while signals still end the wait
    if (strcmp(options->flash_file, "-") != 0 &&
        !file_lock_take(&lock, options->flash_file, "ota-sim serve", options->wait, &error)) {
        tell(error.message);
        return error.unwritten ? EXIT_INTERNAL : EXIT_USAGE;
    }
    serve_control_none(&server.control);
    server.signals = watch_signals();
    if (!set_up_device(&server, options, &error) || !set_up_line(&server, options, &error)) {
        tell(error.message);
        server.status = error.unwritten ? EXIT_INTERNAL : EXIT_USAGE;
    } else {
        (void)printf("serving %s\n", server.link.address);
        (void)fflush(stdout);
        run(&server);
    }
    serve_control_close(&server.control);
    serve_link_close(&server.link);
    served_device_free(server.device);
    buffer_free(&server.plain);
    buffer_free(&server.out);
    (void)close(server.signals);
    file_lock_release(&lock);
    return server.status;
}
