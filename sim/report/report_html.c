#include "report_html.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "html_assets.h"
#include "report_html_data.h"
#include "report_text.h"

#define NONCE_SIZE 16u // bytes

struct page {
    const struct result *result;
    const char *version;
    struct buffer data;
    char nonce[2 * NONCE_SIZE + 1];
};

// For the browser's tab, and for people whose browser runs no scripts.
static void put_summary(const struct page *page, struct buffer *out) {
    struct result_totals totals = result_totals(page->result);
    buffer_printf(out, "%zu scenario%s: %zu passed, %zu failed, %s%zu error%s", totals.scenarios,
                  totals.scenarios == 1 ? "" : "s", totals.passed, totals.failed,
                  totals.incomplete > 0 ? "some incomplete, " : "", totals.errors,
                  totals.errors == 1 ? "" : "s");
}

static void put_list(const struct page *page, struct buffer *out) {
    for (size_t i = 0; i < page->result->count; i++) {
        const struct result_scenario *scenario = &page->result->scenarios[i];
        buffer_printf(out, "<li>%s: ", verdict_name(scenario->verdict));
        text_xml(out, scenario->file);
        buffer_text(out, " [");
        text_xml(out, scenario->release);
        buffer_text(out, "]</li>\n");
    }
}

static void put_style(const struct page *page, struct buffer *out) {
    (void)page;
    buffer_text(out, html_style);
}

static void put_script(const struct page *page, struct buffer *out) {
    (void)page;
    buffer_text(out, html_script);
}

static void put_data(const struct page *page, struct buffer *out) {
    buffer_append(out, page->data.bytes, page->data.length);
}

static void put_nonce(const struct page *page, struct buffer *out) {
    buffer_text(out, page->nonce);
}

// The word that lets style and script through the page's own policy. It follows from everything that the page holds of others, so
// the same run gives the same page, and yet no text in it can have foreseen the word: it would have to hold its own digest.
static void make_nonce(struct page *page) {
    uint8_t digest[EVP_MAX_MD_SIZE];
    struct buffer list = {0};
    put_list(page, &list);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fine = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, buffer_string(&list), list.length) == 1 &&
                EVP_DigestUpdate(context, page->data.bytes, page->data.length) == 1 &&
                EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    buffer_free(&list);
    assert(fine); // only memory can be missing
    for (size_t i = 0; i < NONCE_SIZE; i++)
        (void)snprintf(page->nonce + 2 * i, 3, "%02x", digest[i]);
}

void report_html(const struct result *result, const char *version, struct buffer *out) {
    static const struct {
        const char *mark;
        void (*put)(const struct page *page, struct buffer *out);
    } parts[] = {
        {"{{summary}}", put_summary}, {"{{list}}", put_list},     {"{{style}}", put_style},
        {"{{data}}", put_data},       {"{{script}}", put_script}, {"{{nonce}}", put_nonce},
    };
    struct page page = {.result = result, .version = version};
    report_html_data(result, version, &page.data);
    make_nonce(&page);
    const char *rest = html_page;
    for (const char *mark; (mark = strstr(rest, "{{")) != NULL;) {
        buffer_append(out, rest, (size_t)(mark - rest));
        rest = strstr(mark, "}}") + 2;
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            if (strncmp(mark, parts[i].mark, strlen(parts[i].mark)) == 0)
                parts[i].put(&page, out);
    }
    buffer_text(out, rest);
    buffer_free(&page.data);
}
