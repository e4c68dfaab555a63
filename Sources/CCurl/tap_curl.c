#include "tap_curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// As curl.h of libcurl 7 and 8 (ABI 4) has them.
typedef void CURL;
struct curl_slist;
enum {
    GLOBAL_DEFAULT = 3,
    OK = 0,
    ERROR_SIZE = 256,
    // Numbers of options: of a long, of a pointer from 10,000 on, of a function from 20,000 on.
    OPT_WRITEDATA = 10001,
    OPT_URL = 10002,
    OPT_ERRORBUFFER = 10010,
    OPT_POSTFIELDS = 10015,
    OPT_USERAGENT = 10018,
    OPT_HTTPHEADER = 10023,
    OPT_WRITEFUNCTION = 20011,
    OPT_POST = 47,
    OPT_FOLLOWLOCATION = 52,
    OPT_POSTFIELDSIZE = 60,
    OPT_NOSIGNAL = 99,
    OPT_TIMEOUT_MS = 155,
    OPT_CONNECTTIMEOUT_MS = 156,
    // Of numbers: the names in text are of 7.85 and later.
    OPT_PROTOCOLS = 181,
    PROTOCOL_HTTP = 1,
    PROTOCOL_HTTPS = 2,
    INFO_RESPONSE_CODE = 0x200000 + 2,
    INFO_CONTENT_TYPE = 0x100000 + 18,
};

static struct {
    int (*global_init)(long);
    CURL *(*easy_init)(void);
    int (*easy_setopt)(CURL *, int, ...);
    int (*easy_perform)(CURL *);
    int (*easy_getinfo)(CURL *, int, ...);
    void (*easy_cleanup)(CURL *);
    const char *(*easy_strerror)(int);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
} lib;

static int loaded = TAP_CURL_ABSENT;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    const struct {
        const char *name;
        void **place;
    } calls[] = {
        {"curl_global_init", (void **)&lib.global_init},
        {"curl_easy_init", (void **)&lib.easy_init},
        {"curl_easy_setopt", (void **)&lib.easy_setopt},
        {"curl_easy_perform", (void **)&lib.easy_perform},
        {"curl_easy_getinfo", (void **)&lib.easy_getinfo},
        {"curl_easy_cleanup", (void **)&lib.easy_cleanup},
        {"curl_easy_strerror", (void **)&lib.easy_strerror},
        {"curl_slist_append", (void **)&lib.slist_append},
        {"curl_slist_free_all", (void **)&lib.slist_free_all},
    };
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        *calls[index].place = dlsym(library, calls[index].name);
        if (!*calls[index].place) return;
    }
    if (lib.global_init(GLOBAL_DEFAULT) == OK) loaded = 0;
}

int tap_curl_load(void) {
    pthread_once(&once, load);
    return loaded;
}

struct answer {
    uint8_t *bytes;
    size_t room, length;
    int is_too_long;
};

static size_t take(char *bytes, size_t size, size_t count, void *user) {
    struct answer *answer = user;
    size_t length = size * count;
    if (length > answer->room - answer->length) {
        answer->is_too_long = 1;
        return 0;
    }
    memcpy(answer->bytes + answer->length, bytes, length);
    answer->length += length;
    return length;
}

int tap_curl_post(const char *url, const char *body_type, const uint8_t *body, size_t body_length, uint32_t timeout_ms,
                  uint8_t *answer, size_t room, size_t *length, char *type, size_t type_room, char *problem, size_t problem_room) {
    *length = 0;
    type[0] = problem[0] = 0;
    if (tap_curl_load()) return TAP_CURL_ABSENT;
    CURL *curl = lib.easy_init();
    // Not "Expect: 100-continue", for which small servers have no answer.
    struct curl_slist *headers = lib.slist_append(NULL, "Expect:");
    if (headers) {
        char header[128];
        snprintf(header, sizeof header, "Content-Type: %s", body_type);
        struct curl_slist *more = lib.slist_append(headers, header);
        if (more) headers = more;
    }
    if (!curl || !headers) {
        if (curl) lib.easy_cleanup(curl);
        if (headers) lib.slist_free_all(headers);
        snprintf(problem, problem_room, "no memory");
        return TAP_CURL_FAILED;
    }
    struct answer into = {answer, room, 0, 0};
    char words[ERROR_SIZE] = "";
    lib.easy_setopt(curl, OPT_URL, url);
    lib.easy_setopt(curl, OPT_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS));
    lib.easy_setopt(curl, OPT_FOLLOWLOCATION, 0L);
    lib.easy_setopt(curl, OPT_NOSIGNAL, 1L);
    lib.easy_setopt(curl, OPT_TIMEOUT_MS, (long)timeout_ms);
    lib.easy_setopt(curl, OPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
    lib.easy_setopt(curl, OPT_USERAGENT, "tap");
    lib.easy_setopt(curl, OPT_HTTPHEADER, headers);
    lib.easy_setopt(curl, OPT_POST, 1L);
    lib.easy_setopt(curl, OPT_POSTFIELDS, (const char *)body);
    lib.easy_setopt(curl, OPT_POSTFIELDSIZE, (long)body_length);
    lib.easy_setopt(curl, OPT_WRITEFUNCTION, take);
    lib.easy_setopt(curl, OPT_WRITEDATA, &into);
    lib.easy_setopt(curl, OPT_ERRORBUFFER, words);
    int result = lib.easy_perform(curl);
    int outcome;
    if (into.is_too_long) {
        outcome = TAP_CURL_TOO_LONG;
    } else if (result != OK) {
        snprintf(problem, problem_room, "%s", words[0] ? words : lib.easy_strerror(result));
        outcome = TAP_CURL_FAILED;
    } else {
        long status = 0;
        char *of_type = NULL;
        lib.easy_getinfo(curl, INFO_RESPONSE_CODE, &status);
        lib.easy_getinfo(curl, INFO_CONTENT_TYPE, &of_type);
        if (of_type) snprintf(type, type_room, "%s", of_type);
        *length = into.length;
        outcome = (int)status;
    }
    lib.easy_cleanup(curl);
    lib.slist_free_all(headers);
    return outcome;
}
