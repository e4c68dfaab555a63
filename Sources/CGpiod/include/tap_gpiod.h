// Listening to GPIO lines through libgpiod: one interface, two libraries behind it (tap_gpiod_v2.c for 2.x,
// tap_gpiod_v1.c for 1.6). There is no call here that could drive a line.
//
// Functions that can fail return a negative errno. None is thread-safe for the same object.
#ifndef TAP_GPIOD_H
#define TAP_GPIOD_H

#include <stdbool.h>
#include <stdint.h>

struct tap_gpiod_chip;
struct tap_gpiod_request;

/// Which interface this was built with: 2, 1, or 0 for none.
int tap_gpiod_api(void);
/// The version of the library that is loaded, as "2.1.3"; empty for none.
const char *tap_gpiod_version(void);

/// Opens a character device as /dev/gpiochip0. Requests nothing.
int tap_gpiod_chip_open(const char *path, struct tap_gpiod_chip **chip);
void tap_gpiod_chip_close(struct tap_gpiod_chip *chip);
/// Copies at most 31 bytes each.
void tap_gpiod_chip_describe(struct tap_gpiod_chip *chip, char name[32], char label[32], unsigned *lines);

struct tap_gpiod_line {
	char name[32];
	char consumer[32];
	bool used;
	bool output;
	bool active_low;
	/// 0 unknown or as is, 1 disabled, 2 pull-up, 3 pull-down.
	uint8_t bias;
};

/// What the kernel says of a line, without requesting it.
int tap_gpiod_line_describe(struct tap_gpiod_chip *chip, unsigned offset, struct tap_gpiod_line *line);

struct tap_gpiod_options {
	/// 0 as is, 1 disabled, 2 pull-up, 3 pull-down.
	uint8_t bias;
	/// 1 rising, 2 falling, 3 both.
	uint8_t edges;
	bool active_low;
	/// Stamp with CLOCK_REALTIME instead of CLOCK_MONOTONIC. 1.6: -EOPNOTSUPP.
	bool realtime;
	/// The kernel's debounce. 1.6: -EOPNOTSUPP unless 0.
	uint32_t debounce_us;
	/// Events the kernel's queue should hold. 1.6: ignored, it is always 16.
	uint32_t queue;
};

/// Requests one line as an input with edge detection. The chip must stay open as long as the request.
int tap_gpiod_request(struct tap_gpiod_chip *chip, unsigned offset, const struct tap_gpiod_options *options,
		      struct tap_gpiod_request **request);
void tap_gpiod_release(struct tap_gpiod_request *request);
/// Readable when events wait. Non-blocking.
int tap_gpiod_descriptor(struct tap_gpiod_request *request);
/// The logical level now: 0 or 1.
int tap_gpiod_value(struct tap_gpiod_request *request);
/// Stops or resumes edge detection; queued events stay. 1.6: -EOPNOTSUPP, release and request again instead.
int tap_gpiod_listen(struct tap_gpiod_request *request, bool edges);

struct tap_gpiod_event {
	uint64_t timestamp_ns;
	/// The kernel's line_seqno, from 1 on; 0 with 1.6, which has none.
	uint32_t sequence;
	uint32_t rising;
};

/// How many events one read takes at most.
#define TAP_GPIOD_BATCH 256

/// Reads what waits, up to TAP_GPIOD_BATCH. Returns the number of events; 0 if none waits.
int tap_gpiod_read(struct tap_gpiod_request *request, struct tap_gpiod_event *events);

#endif
