// Who may have a file: Basic (RFC 7617) and Digest (RFC 7616, MD5) from the server's side.
#ifndef SIM_NETWORK_SERVER_AUTHORIZATION_H
#define SIM_NETWORK_SERVER_AUTHORIZATION_H

#include "server_request.h"
#include "server_script.h"

bool server_authorized(const struct server_answer *answer, const struct server_request *request);

// The header that asks for it.
void server_challenge(const struct server_answer *answer, struct buffer *head);

#endif
