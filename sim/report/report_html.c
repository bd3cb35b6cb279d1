#include "report_html.h"

#include <string.h>

#include "html_assets.h"
#include "report_html_data.h"
#include "report_text.h"

struct page {
    const struct result *result;
    const char *version;
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
    report_html_data(page->result, page->version, out);
}

void report_html(const struct result *result, const char *version, struct buffer *out) {
    static const struct {
        const char *mark;
        void (*put)(const struct page *page, struct buffer *out);
    } parts[] = {
        {"{{summary}}", put_summary}, {"{{list}}", put_list},     {"{{style}}", put_style},
        {"{{data}}", put_data},       {"{{script}}", put_script},
    };
    struct page page = {result, version};
    const char *rest = html_page;
    for (const char *mark; (mark = strstr(rest, "{{")) != NULL;) {
        buffer_append(out, rest, (size_t)(mark - rest));
        rest = strstr(mark, "}}") + 2;
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            if (strncmp(mark, parts[i].mark, strlen(parts[i].mark)) == 0)
                parts[i].put(&page, out);
    }
    buffer_text(out, rest);
}
