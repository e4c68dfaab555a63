#ifndef TAP_MOSQUITTO_H
#define TAP_MOSQUITTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A client of an MQTT broker, through libmosquitto, which is loaded when it is first needed. One that has a will only publishes:
// under tap/ alone, and takes no message. One that has none only subscribes: whatever it is asked to publish is refused.
//
// Nothing here starts a thread. All calls for one client are made from one thread at a time.

// Loads the library. Returns 0, or -1 where it is not there. Any thread; the first call blocks as long as loading takes.
int tap_mosquitto_load(void);

struct tap_mosquitto;

// Called from within tap_mosquitto_turn.
struct tap_mosquitto_calls {
    void *user;
    // The broker has answered: 0 takes the connection, another one is why not, as tap_mosquitto_refusal has it.
    void (*answered)(void *user, int code);
    // The broker has a message of quality 1; of quality 0: it is given to the system.
    void (*taken)(void *user, int number);
    // What the broker answers to a subscription.
    void (*granted)(void *user, int number, bool is_granted);
    // A message; the bytes are lent for the call. is_retained: the broker kept it, for those who come later.
    void (*heard)(void *user, const char *topic, const void *bytes, size_t count, bool is_retained);
};

struct tap_mosquitto_options {
    const char *client;
    // NULL: none.
    const char *user, *password;
    // In PEM; NULL: none. Where there is a cafile, the broker's certificate and its name are checked.
    const char *cafile, *certfile, *keyfile;
    // Published by the broker, and retained, where the connection ends without a word. NULL: this client publishes nothing.
    const char *will_topic, *will;
};

// Does not connect. Returns NULL where the library is not there or takes an option not; code is then why, for
// tap_mosquitto_words.
struct tap_mosquitto *tap_mosquitto_new(const struct tap_mosquitto_options *options, struct tap_mosquitto_calls calls, int *code);
// Closes a connection without a word, so that the broker publishes the will.
void tap_mosquitto_free(struct tap_mosquitto *client);

// Connects and asks the broker to take the connection; `answered` has what it says. Blocks while the host's name is looked up, and
// as long as TCP needs to connect, which may be minutes. Returns 0 or a code.
int tap_mosquitto_connect(struct tap_mosquitto *client, const char *host, uint16_t port, uint16_t keepalive_s);
// The descriptor to wait for, or -1; and whether to wait until it can be written to.
int tap_mosquitto_descriptor(struct tap_mosquitto *client, bool *writes);
// Does what there is to do, without waiting. Returns 0, or a code: the connection is gone.
int tap_mosquitto_turn(struct tap_mosquitto *client);
// Ends the connection with a word: no will. It is sent by later turns.
void tap_mosquitto_disconnect(struct tap_mosquitto *client);

// Begins to publish. Returns 0 and the message's number, or a code. A client without a will is refused, and a topic that does not
// begin with "tap/".
int tap_mosquitto_publish(struct tap_mosquitto *client, const char *topic, const void *bytes, size_t count, int quality, bool is_retained,
                          int *number);

// Asks for messages of these topics, which may have wildcards, at quality 1. Returns 0 and the question's number, or a code.
int tap_mosquitto_subscribe(struct tap_mosquitto *client, const char *topics, int *number);

// Words for a code; below zero it is an errno. Copied, with its end.
void tap_mosquitto_words(int code, char *words, size_t room);
void tap_mosquitto_refusal(int code, char *words, size_t room);

#endif
