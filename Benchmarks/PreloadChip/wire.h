// The wires behind a request, and the thread that makes their events.
#ifndef TAP_PRELOAD_WIRE_H
#define TAP_PRELOAD_WIRE_H

#include <linux/gpio.h>
#include <stdbool.h>
#include <stdint.h>

struct wire;

/// Makes what serves a request, and sets its `fd`. Returns an errno: EPERM if it would drive a line.
int wire_open(struct gpio_v2_line_request *request, struct wire **wire);
/// Starts its events. The wire frees itself once the request's `fd` is closed.
void wire_feed(struct wire *wire);
bool wire_has(const struct wire *wire, uint32_t offset);

/// These return an errno.
int wire_levels(struct wire *wire, struct gpio_v2_line_values *values);
int wire_configure(struct wire *wire, const struct gpio_v2_line_config *config);

#endif
