#include "tap_modbus.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// As modbus.h of libmodbus 3.1 (ABI 5) has them.
#define MODBUS_ENOBASE 112345678
enum { MOST_BITS = 2000, MOST_REGISTERS = 125, LAST_EXCEPTION = 11, LAST_OWN_ERROR = 32 };

typedef struct modbus modbus_t;

static struct {
    modbus_t *(*new_tcp_pi)(const char *, const char *);
    int (*set_slave)(modbus_t *, int);
    int (*set_response_timeout)(modbus_t *, uint32_t, uint32_t);
    int (*set_byte_timeout)(modbus_t *, uint32_t, uint32_t);
    int (*connect)(modbus_t *);
    int (*read_bits)(modbus_t *, int, int, uint8_t *);
    int (*read_input_bits)(modbus_t *, int, int, uint8_t *);
    int (*read_registers)(modbus_t *, int, int, uint16_t *);
    int (*read_input_registers)(modbus_t *, int, int, uint16_t *);
    void (*close)(modbus_t *);
    void (*free)(modbus_t *);
} lib;

static int loaded = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libmodbus.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    const struct {
        const char *name;
        void **place;
    } calls[] = {
        {"modbus_new_tcp_pi", (void **)&lib.new_tcp_pi},
        {"modbus_set_slave", (void **)&lib.set_slave},
        {"modbus_set_response_timeout", (void **)&lib.set_response_timeout},
        {"modbus_set_byte_timeout", (void **)&lib.set_byte_timeout},
        {"modbus_connect", (void **)&lib.connect},
        {"modbus_read_bits", (void **)&lib.read_bits},
        {"modbus_read_input_bits", (void **)&lib.read_input_bits},
        {"modbus_read_registers", (void **)&lib.read_registers},
        {"modbus_read_input_registers", (void **)&lib.read_input_registers},
        {"modbus_close", (void **)&lib.close},
        {"modbus_free", (void **)&lib.free},
    };
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        *calls[index].place = dlsym(library, calls[index].name);
        if (!*calls[index].place) return;
    }
    loaded = 0;
}

int tap_modbus_load(void) {
    pthread_once(&once, load);
    return loaded;
}

struct tap_modbus {
    modbus_t *context;
    int is_connected;
};

static int is_address(const char *text) {
    struct in6_addr address;
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

struct tap_modbus *tap_modbus_new(const char *address, uint16_t port, uint8_t unit, uint32_t timeout_us) {
    if (tap_modbus_load() || !is_address(address)) return NULL;
    struct tap_modbus *client = calloc(1, sizeof *client);
    if (!client) return NULL;
    char service[8];
    snprintf(service, sizeof service, "%u", (unsigned)port);
    client->context = lib.new_tcp_pi(address, service);
    if (!client->context) {
        free(client);
        return NULL;
    }
    if (lib.set_slave(client->context, unit) != 0) {
        tap_modbus_free(client);
        return NULL;
    }
    lib.set_response_timeout(client->context, timeout_us / 1000000, timeout_us % 1000000);
    // Else each byte would have a timeout of its own, and a slow server minutes.
    lib.set_byte_timeout(client->context, 0, 0);
    return client;
}

int tap_modbus_connect(struct tap_modbus *client) {
    tap_modbus_close(client);
    errno = 0;
    if (lib.connect(client->context) == 0) {
        client->is_connected = 1;
        return 0;
    }
    return errno ? errno : EIO;
}

static int outcome(int got, int count) {
    if (got == count) return 0;
    int code = got < 0 ? errno : 0;
    if (code > MODBUS_ENOBASE && code <= MODBUS_ENOBASE + LAST_EXCEPTION) return MODBUS_ENOBASE - code;
    if (code == ETIMEDOUT) return TAP_MODBUS_SILENT;
    if (got >= 0 || (code > MODBUS_ENOBASE && code <= MODBUS_ENOBASE + LAST_OWN_ERROR)) return TAP_MODBUS_GARBAGE;
    return TAP_MODBUS_BROKEN;
}

int tap_modbus_read(struct tap_modbus *client, enum tap_modbus_table table, uint16_t address, uint16_t count,
                    uint16_t *words) {
    if (!client->is_connected) return TAP_MODBUS_BROKEN;
    errno = 0;
    int is_bits = table == TAP_MODBUS_COILS || table == TAP_MODBUS_DISCRETE_INPUTS;
    if (count == 0 || count > (is_bits ? MOST_BITS : MOST_REGISTERS)) return TAP_MODBUS_GARBAGE;
    if (!is_bits) {
        int got = table == TAP_MODBUS_HOLDING_REGISTERS
                      ? lib.read_registers(client->context, address, count, words)
                      : lib.read_input_registers(client->context, address, count, words);
        return outcome(got, count);
    }
    // libmodbus writes whole bytes of bits, up to a byte more than was asked for.
    uint8_t bits[MOST_BITS + 8];
    int got = table == TAP_MODBUS_COILS ? lib.read_bits(client->context, address, count, bits)
                                        : lib.read_input_bits(client->context, address, count, bits);
    int result = outcome(got, count);
    for (int index = 0; result == 0 && index < count; index++) words[index] = bits[index];
    return result;
}

void tap_modbus_close(struct tap_modbus *client) {
    if (client->is_connected) lib.close(client->context);
    client->is_connected = 0;
}

void tap_modbus_free(struct tap_modbus *client) {
    if (!client) return;
    tap_modbus_close(client);
    lib.free(client->context);
    free(client);
}
