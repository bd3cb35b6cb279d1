// Writing flash in packets, plain or as one zlib stream (SP-40 to SP-45).
//
//      begin --> data --> data --> ... --> end
//
// The ROM erases the whole range at the beginning, the stub as the data come.
#ifndef SIM_SERIAL_FLASH_DOWNLOAD_H
#define SIM_SERIAL_FLASH_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

#include "flash_access.h"
#include "loader_error.h"

// Start with zeros; free with flash_download_stop.
struct flash_download {
    const struct flash_access *flash;
    bool active;
    bool deflated;
    bool stream_open, stream_ended;
    uint32_t next;      // address of the byte that comes next
    uint32_t end;       // of the announced range
    uint32_t erased_to; // from the range's first sector up to here all is erased
    z_stream stream;
};

// Begins to write `size` bytes at `offset`; a download under way is given up. Size 0 erases nothing and takes
// no data.
enum loader_error flash_download_begin(struct flash_download *download, const struct flash_access *flash,
                                       uint32_t offset, uint32_t size, bool deflated, bool erase_at_once);

// The next packet. `deflated` must be what the download was begun with. Behind the announced range only
// padding (FF) is taken, and dropped. After any error but LOADER_NOT_BEGUN the download is over.
enum loader_error flash_download_data(struct flash_download *download, const uint8_t *bytes, size_t length,
                                      bool deflated);

// LOADER_NOT_BEGUN, LOADER_TOO_LITTLE_DATA or LOADER_OK; the download is over in any case.
enum loader_error flash_download_end(struct flash_download *download);

void flash_download_stop(struct flash_download *download);

#endif
