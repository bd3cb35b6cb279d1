// An NVS partition for programs.
#include <jansson.h>

#include "../report/report_text.h"
#include "nvs_view.h"

static json_t *json_of_text(const char *text) {
    struct buffer clean = {0};
    text_utf8(&clean, text);
    json_t *string = json_stringn(buffer_string(&clean), clean.length);
    buffer_free(&clean);
    return string;
}

static json_t *json_of_value(const struct nvs_value *value) {
    if (value->type == NVS_TYPE_STR)
        return json_of_text(buffer_string(&value->bytes));
    if (value->type == NVS_TYPE_BLOB) {
        struct buffer hex = {0};
        for (size_t i = 0; i < value->bytes.length; i++)
            buffer_printf(&hex, "%02x", value->bytes.bytes[i]);
        json_t *text = json_string(buffer_string(&hex));
        buffer_free(&hex);
        return text;
    }
    if (value->number > INT64_MAX && !nvs_type_is_signed(value->type)) { // JSON's numbers end there
        struct buffer digits = {0};
        buffer_printf(&digits, "%llu", (unsigned long long)value->number);
        json_t *text = json_string(buffer_string(&digits));
        buffer_free(&digits);
        return text;
    }
    return json_integer((json_int_t)value->number);
}

static json_t *json_of_item(const struct nvs_item *item, bool readable) {
    const char *type = nvs_type_word(item->value.type);
    return json_pack("{s:o,s:o,s:s,s:o}", "namespace", json_of_text(item->name_space), "key",
                     json_of_text(item->key), "type", type == NULL ? "?" : type, "value",
                     readable ? json_of_value(&item->value) : json_null());
}

static json_t *json_of_page(const struct nvs_page_view *page) {
    return json_pack("{s:s,s:I,s:b,s:I,s:I,s:I,s:I}", "state", nvs_page_state_name(page->state), "seq",
                     (json_int_t)page->sequence, "header_crc_right", page->header_right, "written",
                     (json_int_t)page->written, "erased", (json_int_t)page->erased, "empty",
                     (json_int_t)page->empty, "illegal", (json_int_t)page->illegal);
}

json_t *nvs_view_json(const struct nvs_view *view) {
    json_t *pages = json_array(), *values = json_array(), *damaged = json_array();
    for (uint32_t i = 0; i < view->page_count; i++)
        (void)json_array_append_new(pages, json_of_page(&view->pages[i]));
    for (size_t i = 0; i < view->values.count; i++)
        (void)json_array_append_new(values, json_of_item(&view->values.items[i], true));
    for (size_t i = 0; i < view->damaged.count; i++)
        (void)json_array_append_new(damaged, json_of_item(&view->damaged.items[i], false));
    return json_pack("{s:o,s:s,s:I,s:o,s:o,s:o,s:I,s:I}", "pages", pages, "start",
                     esp_err_to_name(view->start), "repairs", (json_int_t)view->repairs, "repair_text",
                     json_of_text(view->repair_text), "values", values, "damaged", damaged, "used_entries",
                     (json_int_t)view->statistics.used_entries, "total_entries",
                     (json_int_t)view->statistics.total_entries);
}
