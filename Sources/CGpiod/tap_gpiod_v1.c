// libgpiod 1.6 (stock Debian 12, Ubuntu 24.04): kernel uAPI v1. No sequence numbers, so a loss can only be inferred;
// no choice of clock, no debounce, a queue of 16 that drops the newest.
#ifdef TAP_GPIOD
#include <gpiod.h>
#ifdef GPIOD_LINE_BULK_MAX_LINES // defined by 1.x only

#include "tap_gpiod.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

struct tap_gpiod_chip {
	struct gpiod_chip *chip;
	/// To open another handle: 1.6 keeps one line object per chip handle.
	char path[64];
};

struct tap_gpiod_request {
	struct gpiod_chip *chip;
	struct gpiod_line *line;
};

int tap_gpiod_api(void) { return 1; }
const char *tap_gpiod_version(void) { return gpiod_version_string(); }

int tap_gpiod_chip_open(const char *path, struct tap_gpiod_chip **result)
{
	struct tap_gpiod_chip *chip;

	if (strlen(path) >= sizeof chip->path)
		return -ENAMETOOLONG;
	chip = calloc(1, sizeof *chip);
	if (!chip)
		return -ENOMEM;
	strcpy(chip->path, path);
	chip->chip = gpiod_chip_open(path);
	if (!chip->chip) {
		int error = errno;

		free(chip);
		return -error;
	}
	*result = chip;
	return 0;
}

void tap_gpiod_chip_close(struct tap_gpiod_chip *chip)
{
	gpiod_chip_close(chip->chip);
	free(chip);
}

static void copy(char to[32], const char *from)
{
	memset(to, 0, 32);
	if (from)
		strncpy(to, from, 31);
}

void tap_gpiod_chip_describe(struct tap_gpiod_chip *chip, char name[32], char label[32], unsigned *lines)
{
	copy(name, gpiod_chip_name(chip->chip));
	copy(label, gpiod_chip_label(chip->chip));
	*lines = gpiod_chip_num_lines(chip->chip);
}

int tap_gpiod_line_describe(struct tap_gpiod_chip *chip, unsigned offset, struct tap_gpiod_line *result)
{
	struct gpiod_line *line = gpiod_chip_get_line(chip->chip, offset);

	if (!line)
		return -errno;
	copy(result->name, gpiod_line_name(line));
	copy(result->consumer, gpiod_line_consumer(line));
	result->used = gpiod_line_is_used(line);
	result->output = gpiod_line_direction(line) == GPIOD_LINE_DIRECTION_OUTPUT;
	result->active_low = gpiod_line_active_state(line) == GPIOD_LINE_ACTIVE_STATE_LOW;
	switch (gpiod_line_bias(line)) {
	case GPIOD_LINE_BIAS_DISABLE: result->bias = 1; break;
	case GPIOD_LINE_BIAS_PULL_UP: result->bias = 2; break;
	case GPIOD_LINE_BIAS_PULL_DOWN: result->bias = 3; break;
	default: result->bias = 0;
	}
	return 0;
}

int tap_gpiod_request(struct tap_gpiod_chip *chip, unsigned offset, const struct tap_gpiod_options *options,
		      struct tap_gpiod_request **result)
{
	static const int flags[] = {0, GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE, GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
				    GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN};
	static const int types[] = {GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES, GPIOD_LINE_REQUEST_EVENT_RISING_EDGE,
				    GPIOD_LINE_REQUEST_EVENT_FALLING_EDGE, GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES};
	struct gpiod_line_request_config config = {
		.consumer = "tap",
		.request_type = types[options->edges & 3],
		.flags = flags[options->bias & 3] | (options->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0),
	};
	struct tap_gpiod_request *request;
	int descriptor, error;

	if (options->realtime || options->debounce_us)
		return -EOPNOTSUPP;
	request = calloc(1, sizeof *request);
	if (!request)
		return -ENOMEM;
	request->chip = gpiod_chip_open(chip->path);
	if (!request->chip)
		goto failed;
	request->line = gpiod_chip_get_line(request->chip, offset);
	if (!request->line || gpiod_line_request(request->line, &config, 0))
		goto failed;
	descriptor = gpiod_line_event_get_fd(request->line);
	if (descriptor < 0 || fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK))
		goto failed;
	*result = request;
	return 0;

failed:
	error = errno;
	if (request->chip)
		gpiod_chip_close(request->chip);
	free(request);
	return -error;
}

void tap_gpiod_release(struct tap_gpiod_request *request)
{
	gpiod_line_release(request->line);
	gpiod_chip_close(request->chip);
	free(request);
}

int tap_gpiod_descriptor(struct tap_gpiod_request *request)
{
	return gpiod_line_event_get_fd(request->line);
}

int tap_gpiod_value(struct tap_gpiod_request *request)
{
	int value = gpiod_line_get_value(request->line);

	return value < 0 ? -errno : value;
}

int tap_gpiod_listen(struct tap_gpiod_request *request, bool edges)
{
	(void)request;
	(void)edges;
	return -EOPNOTSUPP;
}

int tap_gpiod_read(struct tap_gpiod_request *request, struct tap_gpiod_event *events)
{
	// The library reads at most 16 at once (its kernel queue holds no more).
	struct gpiod_line_event read[16];
	int count = gpiod_line_event_read_multiple(request->line, read, 16);

	if (count < 0)
		return errno == EAGAIN ? 0 : -errno;
	for (int index = 0; index < count; index++) {
		events[index].timestamp_ns =
			(uint64_t)read[index].ts.tv_sec * 1000000000u + (uint64_t)read[index].ts.tv_nsec;
		events[index].sequence = 0;
		events[index].rising = read[index].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
	}
	return count;
}

#endif
#endif
