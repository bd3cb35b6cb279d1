// The heap by what its memory can do. On the board there is one memory, which can do all of it.
#ifndef ESP_HEAP_CAPS_H
#define ESP_HEAP_CAPS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MALLOC_CAP_EXEC      (1u << 0)
#define MALLOC_CAP_32BIT     (1u << 1)
#define MALLOC_CAP_8BIT      (1u << 2)
#define MALLOC_CAP_DMA       (1u << 3)
#define MALLOC_CAP_SPIRAM    (1u << 10)
#define MALLOC_CAP_INTERNAL  (1u << 11)
#define MALLOC_CAP_DEFAULT   (1u << 12)
#define MALLOC_CAP_IRAM_8BIT (1u << 13)
#define MALLOC_CAP_RETENTION (1u << 14)
#define MALLOC_CAP_RTCRAM    (1u << 15)

// NULL: there is no memory, or it is to come from MALLOC_CAP_SPIRAM: the board has none.
void *heap_caps_malloc(size_t size, uint32_t caps);
void *heap_caps_calloc(size_t count, size_t size, uint32_t caps);
void *heap_caps_realloc(void *block, size_t size, uint32_t caps);
void *heap_caps_aligned_alloc(size_t alignment, size_t size, uint32_t caps);
void heap_caps_free(void *block);

// Bytes.
size_t heap_caps_get_free_size(uint32_t caps);
size_t heap_caps_get_largest_free_block(uint32_t caps);
size_t heap_caps_get_minimum_free_size(uint32_t caps);
size_t heap_caps_get_total_size(uint32_t caps);

#ifdef __cplusplus
}
#endif

#endif
