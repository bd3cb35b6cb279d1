// How fast a served device writes and reads flash over its pseudo-terminal, beside a plain byte pump over
// another one. See `throughput`.
//
//      throughput DEVICE    prints one line a measurement: name, MB/s of payload
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SIZE        (4u << 20) // bytes a measurement
#define PACKET      0x4000u
#define READ_PACKET 0x1000u
#define READ_AHEAD  64u
#define PIECE       65536u
#define HEADER      8u
#define STATUS      2u

static void fail(const char *what) {
    (void)fprintf(stderr, "throughput: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int open_raw(const char *path) {
    int fd = open(path, O_RDWR | O_NOCTTY);
    struct termios settings;
    if (fd < 0 || tcgetattr(fd, &settings) != 0)
        fail(path);
    cfmakeraw(&settings);
    if (tcsetattr(fd, TCSANOW, &settings) != 0)
        fail(path);
    return fd;
}

static void write_all(int fd, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        ssize_t put = write(fd, bytes, length);
        if (put <= 0)
            fail("write");
        bytes += put;
        length -= (size_t)put;
    }
}

// ---- the plain pump -----------------------------------------------------------------------------

static void read_count(int fd, size_t length) {
    static uint8_t bytes[PIECE];
    while (length > 0) {
        ssize_t got = read(fd, bytes, length < sizeof bytes ? length : sizeof bytes);
        if (got <= 0)
            fail("read");
        length -= (size_t)got;
    }
}

static void pump_bytes(int fd, const uint8_t *bytes) {
    for (size_t done = 0; done < SIZE; done += PIECE)
        write_all(fd, bytes + done, PIECE);
    read_count(fd, 1); // all has arrived
}

static void take_bytes(int fd) {
    read_count(fd, SIZE);
    write_all(fd, (const uint8_t *)"", 1);
}

// The other process has the master's end, where a served device is.
static void pump(const uint8_t *bytes) {
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        fail("posix_openpt");
    int slave = open_raw(ptsname(master));
    pid_t child = fork();
    if (child == 0) {
        take_bytes(master);
        pump_bytes(master, bytes);
        _exit(0);
    }
    double start = now();
    pump_bytes(slave, bytes);
    double middle = now();
    take_bytes(slave);
    double end = now();
    (void)waitpid(child, NULL, 0);
    (void)printf("pump_to_device %.1f\npump_from_device %.1f\n", SIZE / 1e6 / (middle - start),
                 SIZE / 1e6 / (end - middle));
    (void)close(slave);
    (void)close(master);
}

// ---- the protocol -------------------------------------------------------------------------------

static uint8_t incoming[PIECE];
static size_t incoming_begin, incoming_end;

static void refill(int fd) {
    ssize_t got = read(fd, incoming, sizeof incoming);
    if (got <= 0)
        fail("the device is silent");
    incoming_begin = 0;
    incoming_end = (size_t)got;
}

static uint8_t next_byte(int fd) {
    if (incoming_begin == incoming_end)
        refill(fd);
    return incoming[incoming_begin++];
}

// Runs without escapes are copied as they are.
static size_t read_frame(int fd, uint8_t *frame, size_t room) {
    size_t length = 0;
    while (next_byte(fd) != 0xC0) {
    }
    for (;;) {
        if (incoming_begin == incoming_end)
            refill(fd);
        while (incoming_begin < incoming_end && incoming[incoming_begin] != 0xC0 &&
               incoming[incoming_begin] != 0xDB && length < room)
            frame[length++] = incoming[incoming_begin++];
        if (incoming_begin == incoming_end)
            continue;
        uint8_t byte = next_byte(fd);
        if (byte == 0xC0 && length > 0)
            return length;
        if (byte == 0xDB && length < room)
            frame[length++] = next_byte(fd) == 0xDC ? 0xC0 : 0xDB;
    }
}

static void write_frame(int fd, const uint8_t *frame, size_t length) {
    static uint8_t out[2 * (PACKET + 64)];
    size_t used = 0;
    out[used++] = 0xC0;
    for (size_t i = 0; i < length; i++) {
        if (frame[i] == 0xC0 || frame[i] == 0xDB) {
            out[used++] = 0xDB;
            out[used++] = frame[i] == 0xC0 ? 0xDC : 0xDD;
        } else {
            out[used++] = frame[i];
        }
    }
    out[used++] = 0xC0;
    write_all(fd, out, used);
}

static void put32(uint8_t *place, uint32_t value) {
    for (int i = 0; i < 4; i++)
        place[i] = (uint8_t)(value >> (8 * i));
}

// A request whose data begin with these words; ends the program unless the device agrees.
static void request(int fd, uint8_t opcode, const uint32_t *words, size_t count, const uint8_t *data,
                    size_t length) {
    static uint8_t frame[HEADER + 16 + PACKET];
    uint8_t reply[256], checksum = 0xEF;
    size_t size = 4 * count + length;
    memset(frame, 0, HEADER);
    frame[1] = opcode;
    frame[2] = (uint8_t)size;
    frame[3] = (uint8_t)(size >> 8);
    for (size_t i = 0; i < count; i++)
        put32(frame + HEADER + 4 * i, words[i]);
    for (size_t i = 0; i < length; i++)
        checksum ^= frame[HEADER + 4 * count + i] = data[i];
    put32(frame + 4, length > 0 ? checksum : 0);
    write_frame(fd, frame, HEADER + size);
    size_t got = read_frame(fd, reply, sizeof reply);
    if (got < HEADER + STATUS || reply[1] != opcode || reply[HEADER] != 0) {
        (void)fprintf(stderr, "throughput: request %02x refused\n", opcode);
        exit(1);
    }
}

static void start_stub(int fd) {
    uint8_t frame[64];
    request(fd, 0x05, (const uint32_t[]){0, 0, 0x1800, 0x40000000}, 4, NULL, 0);
    request(fd, 0x06, (const uint32_t[]){0, 0x40000000}, 2, NULL, 0);
    if (read_frame(fd, frame, sizeof frame) != 4 || memcmp(frame, "OHAI", 4) != 0)
        fail("no stub");
}

static void write_flash(int fd, const uint8_t *bytes) {
    request(fd, 0x02, (const uint32_t[]){SIZE, SIZE / PACKET, PACKET, 0}, 4, NULL, 0);
    for (uint32_t i = 0; i < SIZE / PACKET; i++)
        request(fd, 0x03, (const uint32_t[]){PACKET, i, 0, 0}, 4, bytes + (size_t)i * PACKET, PACKET);
}

static void read_flash(int fd, const uint8_t *expected) {
    static uint8_t frame[READ_PACKET];
    uint32_t done = 0;
    request(fd, 0xD2, (const uint32_t[]){0, SIZE, READ_PACKET, READ_AHEAD}, 4, NULL, 0);
    while (done < SIZE) {
        size_t got = read_frame(fd, frame, sizeof frame);
        if (memcmp(frame, expected + done, got) != 0)
            fail("read something else");
        done += (uint32_t)got;
        put32(frame, done);
        write_frame(fd, frame, 4);
    }
    if (read_frame(fd, frame, sizeof frame) != 16)
        fail("no MD5");
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    uint8_t *bytes = malloc(SIZE);
    if (bytes == NULL)
        fail("memory");
    uint64_t state = 1;
    for (size_t i = 0; i < SIZE; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (uint8_t)(state >> 56);
    }
    pump(bytes);
    int fd = open_raw(argv[1]);
    start_stub(fd);
    double start = now();
    write_flash(fd, bytes);
    double middle = now();
    read_flash(fd, bytes);
    double end = now();
    (void)printf("write_flash %.1f\nread_flash %.1f\n", SIZE / 1e6 / (middle - start),
                 SIZE / 1e6 / (end - middle));
    free(bytes);
    return close(fd) == 0 ? 0 : 1;
}
