#ifndef TAP_CURL_H
#define TAP_CURL_H

#include <stddef.h>
#include <stdint.h>

// One POST over HTTP or HTTPS through libcurl, which is loaded when it is first needed. No redirect is followed, no other protocol
// is spoken, certificates are checked against the system's.

// What tap_curl_post returns where there is no answer.
enum {
    TAP_CURL_ABSENT = -1,
    // problem says what.
    TAP_CURL_FAILED = -2,
    // The answer has more than `room` bytes.
    TAP_CURL_TOO_LONG = -3,
};

// Loads the library. Returns 0, or TAP_CURL_ABSENT where it is not there. Any thread; the first call blocks as long as loading takes.
int tap_curl_load(void);

// Sends body and waits for the whole answer. Any thread; blocks for timeout_ms at most.
//
// body_type: its Content-Type.
// answer, room, length: where the answer's body goes, and how long it is.
// type, type_room: its Content-Type, empty where it has none.
// problem, problem_room: words of the library where the result is TAP_CURL_FAILED.
// Returns the status of the answer, or one of the above.
int tap_curl_post(const char *url, const char *body_type, const uint8_t *body, size_t body_length, uint32_t timeout_ms,
                  uint8_t *answer, size_t room, size_t *length, char *type, size_t type_room, char *problem, size_t problem_room);

#endif
