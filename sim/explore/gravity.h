// How bad a violation is.
#ifndef SIM_EXPLORE_GRAVITY_H
#define SIM_EXPLORE_GRAVITY_H

// How bad the end is. A violation that ends differently has another cause.
enum gravity {
    GRAVITY_NONE,
    GRAVITY_DOWNGRADE, // an image below the eFuse's secure version ran
    GRAVITY_LOOP,      // never at rest
    GRAVITY_BRICK      // nothing boots
};
#define GRAVITY_COUNT 4u
const char *gravity_name(enum gravity gravity); // "brick"; "" for GRAVITY_NONE

#endif
