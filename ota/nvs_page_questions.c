// What start-up learns of a page before it believes anything there, put as questions (port.h): a header or an entry
// that a cut left half-way is one answer, however it tore.
#include <string.h>

#include "crc32.h"
#include "include/esp_flash.h"
#include "little_endian.h"
#include "nvs_page.h"
#include "port.h"

#define HEADER_SIZE    32u
#define FORMAT_VERSION 0xFE // smaller ones are newer than this code (NV-2)

// NULL: the main chip, which questions are about.
static bool on_main_chip(const struct nvs_page *page) {
    return page->partition->flash_chip == NULL || page->partition->flash_chip == esp_flash_default_chip;
}

// `number` of the answer is an esp_err_t.
static esp_err_t ask(const struct nvs_page *page, const struct port_question *question, uint32_t offset,
                     uint32_t size, bool *yes, void *more) {
    struct port_subject subject = {page->partition->address + page->base + offset, size, 0};
    struct port_answer answer;
    if (!on_main_chip(page)) {
        uint8_t byte;
        return esp_partition_read(page->partition, page->base, &byte,
                                  sizeof byte); // which has an error of its own
    }
    port_ask(question, &subject, &answer, more);
    *yes = answer.yes;
    return (esp_err_t)answer.number;
}

// ---- blank or not -------------------------------------------------------------------------------

static void find_begun(const struct port_subject *subject, struct port_answer *answer, void *more) {
    uint8_t bytes[NVS_PAGE_SIZE];
    (void)more;
    *answer = (struct port_answer){0};
    esp_err_t code = esp_flash_read(NULL, bytes, subject->start, subject->size);
    for (uint32_t i = 0; i < subject->size && code == ESP_OK && !answer->yes; i++)
        answer->yes = bytes[i] != 0xFF;
    answer->number = (uint32_t)code;
}

static const struct port_question is_begun = {"has anything been written there?", 0, find_begun};

esp_err_t nvs_page_entry_begun(const struct nvs_page *page, uint32_t index, bool *begun) {
    return ask(page, &is_begun, NVS_DATA_OFFSET + index * NVS_ENTRY_SIZE, sizeof(uint32_t), begun, NULL);
}

// ---- header (NV-20) -----------------------------------------------------------------------------

struct header { // plain, without padding: it is part of an answer
    uint32_t state, sequence, version;
};

// Of a header that is not to be believed nothing but that is learned.
static void find_header(const struct port_subject *subject, struct port_answer *answer, void *more) {
    uint8_t bytes[HEADER_SIZE];
    struct header *header = more;
    *answer = (struct port_answer){0};
    esp_err_t code = esp_flash_read(NULL, bytes, subject->start, sizeof bytes);
    answer->number = (uint32_t)code;
    if (code != ESP_OK)
        return;
    uint32_t state = le32_get(bytes);
    header->state = NVS_PAGE_CORRUPT;
    if (state == NVS_PAGE_UNINITIALIZED) {
        header->state = NVS_PAGE_UNINITIALIZED;
        return;
    }
    if (le32_get(bytes + 28) != crc32_of_record(bytes + 4, 24))
        return;
    if (bytes[8] < FORMAT_VERSION) {
        answer->number = ESP_ERR_NVS_NEW_VERSION_FOUND;
        return;
    }
    answer->yes = true;
    header->version = bytes[8];
    header->sequence = le32_get(bytes + 4);
    if (state == NVS_PAGE_ACTIVE || state == NVS_PAGE_FULL || state == NVS_PAGE_FREEING)
        header->state = state;
}

esp_err_t nvs_page_load_header(struct nvs_page *page) {
    static const struct port_question question = {"what does this header of NVS say?", sizeof(struct header),
                                                  find_header};
    struct header header = {0};
    bool believed = false, begun = false;
    page->version = FORMAT_VERSION;
    esp_err_t code = ask(page, &question, 0, HEADER_SIZE, &believed, &header);
    if (code != ESP_OK)
        return code;
    page->state = header.state;
    if (believed) {
        page->version = (uint8_t)header.version;
        page->sequence = header.sequence;
    } else if (header.state == NVS_PAGE_UNINITIALIZED) {
        code = ask(page, &is_begun, 0, NVS_PAGE_SIZE, &begun, NULL);
        page->state = begun ? NVS_PAGE_CORRUPT : NVS_PAGE_UNINITIALIZED;
    }
    return code;
}
