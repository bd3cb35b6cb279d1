#include "md5.h"

#include <string.h>

#include "little_endian.h"

#define BLOCK_SIZE 64u

// floor(2^32 * |sin(i + 1)|), the constants of RFC 1321, section 3.4.
static const uint32_t sines[BLOCK_SIZE] = {
    0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
    0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
    0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
    0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
    0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
    0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
    0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
    0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1, 0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391};

static const uint8_t rotations[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t rotate_left(uint32_t value, unsigned bits) {
    return value << bits | value >> (32 - bits);
}

// The round's mixing function and which word of the block it takes.
static uint32_t mix(unsigned step, uint32_t b, uint32_t c, uint32_t d, unsigned *word) {
    switch (step / 16) {
    case 0:
        *word = step;
        return (b & c) | (~b & d);
    case 1:
        *word = (5 * step + 1) % 16;
        return (d & b) | (~d & c);
    case 2:
        *word = (3 * step + 5) % 16;
        return b ^ c ^ d;
    default:
        *word = 7 * step % 16;
        return c ^ (b | ~d);
    }
}

static void digest_block(uint32_t state[4], const uint8_t block[BLOCK_SIZE]) {
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned step = 0; step < BLOCK_SIZE; step++) {
        unsigned word;
        uint32_t sum = a + mix(step, b, c, d, &word) + sines[step];
        sum += le32_get(block + 4 * word);
        a = d;
        d = c;
        c = b;
        b += rotate_left(sum, rotations[step / 16][step % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md5(const uint8_t *bytes, uint32_t length, uint8_t digest[MD5_SIZE]) {
    uint32_t state[4] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
    uint32_t whole = length / BLOCK_SIZE * BLOCK_SIZE, rest = length - whole;
    for (uint32_t at = 0; at < whole; at += BLOCK_SIZE)
        digest_block(state, bytes + at);
    // The last bytes, a one bit, zeros, and the length in bits as the last eight bytes of a block.
    uint8_t tail[2 * BLOCK_SIZE] = {0};
    if (rest > 0)
        memcpy(tail, bytes + whole, rest);
    tail[rest] = 0x80;
    uint32_t tail_length = rest + 9 <= BLOCK_SIZE ? BLOCK_SIZE : 2 * BLOCK_SIZE;
    le32_put(tail + tail_length - 8, length << 3);
    le32_put(tail + tail_length - 4, length >> 29);
    for (uint32_t at = 0; at < tail_length; at += BLOCK_SIZE)
        digest_block(state, tail + at);
    for (unsigned i = 0; i < 4; i++)
        le32_put(digest + 4 * i, state[i]);
}
