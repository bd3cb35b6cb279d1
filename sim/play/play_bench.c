// Steps at the bench: what is done to the board from outside, firmware aside.
#include "device_view.h"
#include "play.h"
#include "telling.h"

void play_corrupt(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct flash *flash = board_flash(execution->board);
    const struct buffer *bytes = &step->as.corrupt.bytes;
    uint32_t address = step->as.corrupt.address;
    if (address > flash->size || bytes->length > flash->size - address) {
        play_impossible(out, "0x%08x + %zu bytes lies outside the flash", address, bytes->length);
        return;
    }
    if (!step->as.corrupt.xor_mask) {
        flash_set(flash, address, bytes->bytes, (uint32_t)bytes->length);
        tell_found(execution);
        return;
    }
    for (uint32_t i = 0; i < bytes->length; i++) {
        uint8_t byte;
        flash_read(flash, address + i, &byte, 1);
        byte ^= bytes->bytes[i];
        flash_set(flash, address + i, &byte, 1);
    }
    tell_found(execution);
}

void play_set_otadata(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct device_view view;
    device_view_read(execution->board, &view);
    if (!view.otadata) {
        play_impossible(out, "the partition table in flash has no usable otadata partition");
        return;
    }
    const struct buffer *bytes = &step->as.otadata.bytes;
    flash_set(board_flash(execution->board), view.otadata->offset + step->as.otadata.index * NOR_SECTOR_SIZE,
              bytes->bytes, (uint32_t)bytes->length);
    tell_found(execution);
}

void play_set_efuse(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)out;
    board_efuse_set(execution->board, step->as.efuse.field, step->as.efuse.value);
    tell_found(execution);
}

void play_io_fault(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)out;
    board_io_fault(execution->board, step->as.io_fault.kind, step->as.io_fault.nth);
}

void play_hold_pin(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)out;
    execution->pins[step->as.pin.pin] = step->as.pin.ms;
    board_pin_hold(execution->board, step->as.pin.pin, step->as.pin.ms);
    tell_pin(execution, step->as.pin.pin, step->as.pin.ms);
}

// It only looks, which is the verdict's business.
void play_expect(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)execution, (void)step, (void)out;
}

// The cursor unrolls it: it is never played itself.
void play_repeat(struct execution *execution, const struct step *step, struct step_outcome *out) {
    (void)execution, (void)step;
    play_impossible(out, "a repeat is played by its steps");
}
