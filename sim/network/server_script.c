#include "server_script.h"

#include <stdlib.h>

const char *const server_length_words[] = {"exact", "none", "chunked", NULL};
const char *const server_ranges_words[] = {"honoured", "ignored", "refused", NULL};
const char *const server_end_words[] = {"well", "close", "reset", "stall", NULL};
const char *const server_connecting_words[] = {"ok",      "no_name",    "refused",   "timeout", "tls_fails",
                                               "expired", "wrong_name", "untrusted", NULL};

void server_answer_free(struct server_answer *answer) {
    for (size_t i = 0; i < answer->header_count; i++) {
        free(answer->headers[i].name);
        free(answer->headers[i].value);
    }
    free(answer->headers);
    free(answer->redirect);
    free(answer->user);
    free(answer->password);
    buffer_free(&answer->body);
}

void server_script_free(struct server_script *script) {
    for (size_t i = 0; i < script->route_count; i++) {
        for (size_t j = 0; j < script->routes[i].count; j++)
            server_answer_free(&script->routes[i].answers[j]);
        free(script->routes[i].answers);
        free(script->routes[i].url);
    }
    for (size_t i = 0; i < script->host_count; i++) {
        free(script->hosts[i].host);
        free(script->hosts[i].turns);
    }
    free(script->routes);
    free(script->hosts);
    *script = (struct server_script){0};
}
