// Tells what happens on a board while it happens: calls, flash operations, boots and the bootloader's
// reasons, otadata after changes. Lines come indented by depth and fit 80 columns where the firmware's own
// words allow it.
#ifndef SIM_PLAY_NARRATION_H
#define SIM_PLAY_NARRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buffer.h"
#include "../hw/board.h"

struct narrator {                                                  // the first four are set by the owner
    void (*line)(void *context, unsigned depth, const char *line); // everything; NULL: nobody wants it
    void *context;
    // What is said besides flash operations: reasons, calls, boots; NULL: nobody wants it by itself.
    void (*word)(void *context, unsigned depth, const char *line);
    void *word_context;
    struct board *board;   // the rest is set by narrator_attach
    size_t entries_told;   // of the board's journal
    const char *call_told; // the firmware call under which the last operation was told
};

// Listens to the board's console until narrator_detach. Operations that are in the journal already are not
// told.
void narrator_attach(struct narrator *narrator, struct board *board);
void narrator_detach(struct narrator *narrator);

// Leaves out the console for a while, such as that of questions that only an expectation asks. NULL is
// allowed.
void narrator_mute(struct narrator *narrator, bool mute);

// A line of the caller's own, after the operations that came before it. Does nothing when `narrator` is NULL.
__attribute__((format(printf, 3, 4))) void narrate(struct narrator *narrator, unsigned depth,
                                                   const char *format, ...);

// Tells the operations since the last call; when they touched otadata, what it holds now.
void narrate_operations(struct narrator *narrator);

// One journal entry for people: "erase    0x00010000  65536 bytes of ota_0, 150 ms".
struct device_view;
void operation_print(const struct journal_entry *entry, const struct device_view *view, struct buffer *out);

#endif
