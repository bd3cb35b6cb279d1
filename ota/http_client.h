// Shared by the files of the HTTP client. Nobody but the firmware includes this.
#ifndef OTA_HTTP_CLIENT_H
#define OTA_HTTP_CLIENT_H

#include "http_ram.h"

#define HTTP_RETRIES_DEFAULT 10u // HO-5

// A header's value in the request to come; NULL: none.
const char *http_client_header(const struct esp_http_client *client, const char *name);

// Tells the event handler.
void http_client_tell(struct esp_http_client *client, esp_http_client_event_id_t id, void *data, int length);

// Drops the connection, if there is one.
void http_client_drop(struct esp_http_client *client);

// Redirections that a status asks for, by release (HO-20, RL-42).
bool http_client_redirects(uint16_t status);

// Goes where Location says; with `same_scheme` not from https to anything else (RL-50).
esp_err_t http_client_redirect(struct esp_http_client *client, bool same_scheme);

// Appends the header Authorization for what the challenge at hand asks for, if anything. False: it does not fit.
bool http_client_authorize(struct esp_http_client *client, const char *method, char *out, size_t room);

#endif
