// Images that are known by their SHA-256, so that a seal need not be computed to be known as broken.
//
// Two things are taken for granted: no two contents have the same SHA-256, and nobody has contents whose
// SHA-256 is all ones or all zeros, as an erased or an over-programmed place reads. So when the digest that
// stands behind some bytes is that of an image that is known, the seal is whole if and only if the bytes are
// that image. Any other digest has to be computed.
#ifndef SIM_HW_SEALS_H
#define SIM_HW_SEALS_H

#include "flash.h"

#define SEAL_SIZE 32u // bytes of a digest

enum seal { SEAL_UNKNOWN, SEAL_BROKEN, SEAL_WHOLE };

struct seals;
struct seals *seals_new(void);
struct seals *seals_copy(const struct seals *seals); // the same images; nobody has found any of them whole
void seals_free(struct seals *seals);

// An image with its digest at its end. Not taken when that is not the digest of the bytes before it.
void seals_add(struct seals *seals, const uint8_t *image, uint32_t length);

// What is known of `length` bytes from `start`, with the digest behind them. The range lies within the flash.
enum seal seals_say(const struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length);

// Somebody has computed the seal, and it is whole. No image becomes known by that: what is known must not depend
// on what was explored before.
void seals_learn_whole(struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length);

// What is known of it by what lies beside [first, end): broken, whatever stands there; whole, if and only if the
// image's own bytes do (seals_match_within).
enum seal seals_beside(const struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length,
                       uint32_t first, uint32_t end);

// True when [first, end) holds the bytes of the image whose digest stands behind `length` bytes from `start`. That
// there is such an image, seals_beside has said.
bool seals_match_within(const struct seals *seals, const struct flash *flash, uint32_t start, uint32_t length,
                        uint32_t first, uint32_t end);

#endif
