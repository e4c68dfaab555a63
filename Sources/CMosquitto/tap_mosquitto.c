#include "tap_mosquitto.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// As mosquitto.h of libmosquitto 2 (ABI 1) has them.
struct mosquitto;
struct mosquitto_message {
    int mid;
    char *topic;
    void *payload;
    int payloadlen;
    int qos;
    bool retain;
};
enum {
    OK = 0,
    ERR_NOMEM = 1,
    ERR_INVAL = 3,
    ERR_ERRNO = 14,
    ERR_KEEPALIVE = 19,
};

static struct {
    int (*lib_init)(void);
    struct mosquitto *(*new)(const char *, bool, void *);
    void (*destroy)(struct mosquitto *);
    int (*will_set)(struct mosquitto *, const char *, int, const void *, int, bool);
    int (*username_pw_set)(struct mosquitto *, const char *, const char *);
    int (*tls_set)(struct mosquitto *, const char *, const char *, const char *, const char *, int (*)(char *, int, int, void *));
    int (*connect)(struct mosquitto *, const char *, int, int);
    int (*disconnect)(struct mosquitto *);
    int (*publish)(struct mosquitto *, int *, const char *, int, const void *, int, bool);
    int (*subscribe)(struct mosquitto *, int *, const char *, int);
    int (*loop)(struct mosquitto *, int, int);
    int (*socket)(struct mosquitto *);
    bool (*want_write)(struct mosquitto *);
    void (*connect_callback_set)(struct mosquitto *, void (*)(struct mosquitto *, void *, int));
    void (*publish_callback_set)(struct mosquitto *, void (*)(struct mosquitto *, void *, int));
    void (*subscribe_callback_set)(struct mosquitto *, void (*)(struct mosquitto *, void *, int, int, const int *));
    void (*message_callback_set)(struct mosquitto *, void (*)(struct mosquitto *, void *, const struct mosquitto_message *));
    const char *(*strerror)(int);
    const char *(*connack_string)(int);
} lib;

static int loaded = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libmosquitto.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    const struct {
        const char *name;
        void **place;
    } calls[] = {
        {"mosquitto_lib_init", (void **)&lib.lib_init},
        {"mosquitto_new", (void **)&lib.new},
        {"mosquitto_destroy", (void **)&lib.destroy},
        {"mosquitto_will_set", (void **)&lib.will_set},
        {"mosquitto_username_pw_set", (void **)&lib.username_pw_set},
        {"mosquitto_tls_set", (void **)&lib.tls_set},
        {"mosquitto_connect", (void **)&lib.connect},
        {"mosquitto_disconnect", (void **)&lib.disconnect},
        {"mosquitto_publish", (void **)&lib.publish},
        {"mosquitto_subscribe", (void **)&lib.subscribe},
        {"mosquitto_loop", (void **)&lib.loop},
        {"mosquitto_socket", (void **)&lib.socket},
        {"mosquitto_want_write", (void **)&lib.want_write},
        {"mosquitto_connect_callback_set", (void **)&lib.connect_callback_set},
        {"mosquitto_publish_callback_set", (void **)&lib.publish_callback_set},
        {"mosquitto_subscribe_callback_set", (void **)&lib.subscribe_callback_set},
        {"mosquitto_message_callback_set", (void **)&lib.message_callback_set},
        {"mosquitto_strerror", (void **)&lib.strerror},
        {"mosquitto_connack_string", (void **)&lib.connack_string},
    };
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        *calls[index].place = dlsym(library, calls[index].name);
        if (!*calls[index].place) return;
    }
    if (lib.lib_init() == OK) loaded = 0;
}

int tap_mosquitto_load(void) {
    pthread_once(&once, load);
    return loaded;
}

struct tap_mosquitto {
    struct mosquitto *handle;
    struct tap_mosquitto_calls calls;
    bool publishes;
};

static void answered(struct mosquitto *handle, void *user, int code) {
    (void)handle;
    struct tap_mosquitto *client = user;
    client->calls.answered(client->calls.user, code);
}

static void taken(struct mosquitto *handle, void *user, int number) {
    (void)handle;
    struct tap_mosquitto *client = user;
    client->calls.taken(client->calls.user, number);
}

static void granted(struct mosquitto *handle, void *user, int number, int count, const int *qualities) {
    (void)handle;
    struct tap_mosquitto *client = user;
    client->calls.granted(client->calls.user, number, count > 0 && qualities[0] <= 2);
}

static void heard(struct mosquitto *handle, void *user, const struct mosquitto_message *message) {
    (void)handle;
    struct tap_mosquitto *client = user;
    client->calls.heard(client->calls.user, message->topic, message->payload, message->payloadlen > 0 ? (size_t)message->payloadlen : 0,
                        message->retain);
}

// Without it OpenSSL would ask for it at the terminal.
static int no_passphrase(char *words, int room, int writes, void *user) {
    (void)words, (void)room, (void)writes, (void)user;
    return 0;
}

struct tap_mosquitto *tap_mosquitto_new(const struct tap_mosquitto_options *options, struct tap_mosquitto_calls calls, int *code) {
    *code = ERR_INVAL;
    if (tap_mosquitto_load()) return NULL;
    struct tap_mosquitto *client = calloc(1, sizeof *client);
    *code = ERR_NOMEM;
    if (!client) return NULL;
    client->calls = calls;
    client->handle = lib.new(options->client, true, client);
    if (!client->handle) {
        if (errno == EINVAL) *code = ERR_INVAL;
        free(client);
        return NULL;
    }
    lib.connect_callback_set(client->handle, answered);
    client->publishes = options->will_topic != NULL;
    if (client->publishes) {
        lib.publish_callback_set(client->handle, taken);
    } else {
        lib.subscribe_callback_set(client->handle, granted);
        lib.message_callback_set(client->handle, heard);
    }
    *code = client->publishes && strncmp(options->will_topic, "tap/", 4) ? ERR_INVAL : OK;
    if (*code == OK && client->publishes)
        *code = lib.will_set(client->handle, options->will_topic, (int)strlen(options->will), options->will, 1, true);
    if (*code == OK && options->user) *code = lib.username_pw_set(client->handle, options->user, options->password);
    if (*code == OK && options->cafile)
        *code = lib.tls_set(client->handle, options->cafile, NULL, options->certfile, options->keyfile, no_passphrase);
    if (*code == OK) return client;
    tap_mosquitto_free(client);
    return NULL;
}

void tap_mosquitto_free(struct tap_mosquitto *client) {
    lib.destroy(client->handle);
    free(client);
}

// What the library returns, or an errno below zero.
static int result(int code) { return code == ERR_ERRNO && errno ? -errno : code; }

int tap_mosquitto_connect(struct tap_mosquitto *client, const char *host, uint16_t port, uint16_t keepalive_s) {
    return result(lib.connect(client->handle, host, port, keepalive_s));
}

int tap_mosquitto_descriptor(struct tap_mosquitto *client, bool *writes) {
    *writes = lib.want_write(client->handle);
    return lib.socket(client->handle);
}

int tap_mosquitto_turn(struct tap_mosquitto *client) { return result(lib.loop(client->handle, 0, 1)); }

void tap_mosquitto_disconnect(struct tap_mosquitto *client) { lib.disconnect(client->handle); }

int tap_mosquitto_publish(struct tap_mosquitto *client, const char *topic, const void *bytes, size_t count, int quality, bool is_retained,
                          int *number) {
    if (!client->publishes || strncmp(topic, "tap/", 4) || count > 1 << 24) return ERR_INVAL;
    return result(lib.publish(client->handle, number, topic, (int)count, bytes, quality, is_retained));
}

int tap_mosquitto_subscribe(struct tap_mosquitto *client, const char *topics, int *number) {
    if (client->publishes) return ERR_INVAL;
    return result(lib.subscribe(client->handle, number, topics, 1));
}

void tap_mosquitto_words(int code, char *words, size_t room) {
    char text[128];
    // The portable one, which fills what it is given.
    if (code < 0 && strerror_r(-code, text, sizeof text) == 0) {
        snprintf(words, room, "%s", text);
        return;
    }
    // For which libmosquitto 2.0.11 has no words.
    if (code == ERR_KEEPALIVE) {
        snprintf(words, room, "does not answer any more");
        return;
    }
    snprintf(words, room, "%s", tap_mosquitto_load() ? "no library" : lib.strerror(code));
}

void tap_mosquitto_refusal(int code, char *words, size_t room) {
    snprintf(words, room, "%s", tap_mosquitto_load() ? "no library" : lib.connack_string(code));
}
