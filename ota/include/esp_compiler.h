// What the compiler can be told.
#ifndef ESP_COMPILER_H
#define ESP_COMPILER_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#endif
