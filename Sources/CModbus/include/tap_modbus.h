#ifndef TAP_MODBUS_H
#define TAP_MODBUS_H

#include <stdint.h>

// Reading from a Modbus TCP server through libmodbus, which is loaded when it is first needed. There is no call here that writes,
// nor one that sends a request of the caller's making; scripts/check-listens looks at the executable.

struct tap_modbus;

// Functions 1 to 4.
enum tap_modbus_table {
    TAP_MODBUS_COILS = 1,
    TAP_MODBUS_DISCRETE_INPUTS = 2,
    TAP_MODBUS_HOLDING_REGISTERS = 3,
    TAP_MODBUS_INPUT_REGISTERS = 4,
};

// What tap_modbus_read returns where it gives no values, below zero.
enum {
    // To -11: the server answered with this exception, and the connection stays.
    TAP_MODBUS_EXCEPTION = -1,
    // No answer in time.
    TAP_MODBUS_SILENT = -100,
    // What came was no answer.
    TAP_MODBUS_GARBAGE = -101,
    // The connection is gone.
    TAP_MODBUS_BROKEN = -102,
};

// Loads the library. Returns 0, or -1 where it is not there. Any thread; the first call blocks as long as loading takes.
int tap_modbus_load(void);

// A client of one server, not connected.
//
// address: IPv4 or IPv6, in figures; names are not resolved, as that could block for long.
// timeout_us: how long connecting takes at most, and each answer, down to its last byte.
// Returns NULL where the library or memory is not there, the address is none, or the unit is one of 248 to 254.
struct tap_modbus *tap_modbus_new(const char *address, uint16_t port, uint8_t unit, uint32_t timeout_us);

// Returns 0 or an error number.
int tap_modbus_connect(struct tap_modbus *client);

// Reads count registers, or bits as 0 and 1, into words. At most 125 registers or 2,000 bits.
//
// Returns 0, or one of the above.
int tap_modbus_read(struct tap_modbus *client, enum tap_modbus_table table, uint16_t address, uint16_t count,
                    uint16_t *words);

void tap_modbus_close(struct tap_modbus *client);

// Closes too. NULL is fine.
void tap_modbus_free(struct tap_modbus *client);

#endif
