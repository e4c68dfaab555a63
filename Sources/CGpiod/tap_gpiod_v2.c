// libgpiod 2.x: the full path (kernel uAPI v2).
#ifdef TAP_GPIOD
#include <gpiod.h>
#ifndef GPIOD_LINE_BULK_MAX_LINES // defined by 1.x only

#include "tap_gpiod.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tap_gpiod_chip {
	struct gpiod_chip *chip;
};

struct tap_gpiod_request {
	struct gpiod_line_request *request;
	struct tap_gpiod_options options;
	unsigned offset;
	int descriptor;
	struct gpio_v2_line_event events[TAP_GPIOD_BATCH];
};

int tap_gpiod_api(void) { return 2; }
const char *tap_gpiod_version(void) { return gpiod_api_version(); }

int tap_gpiod_chip_open(const char *path, struct tap_gpiod_chip **result)
{
	struct tap_gpiod_chip *chip = calloc(1, sizeof *chip);

	if (!chip)
		return -ENOMEM;
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
	struct gpiod_chip_info *info = gpiod_chip_get_info(chip->chip);

	copy(name, info ? gpiod_chip_info_get_name(info) : NULL);
	copy(label, info ? gpiod_chip_info_get_label(info) : NULL);
	*lines = info ? (unsigned)gpiod_chip_info_get_num_lines(info) : 0;
	if (info)
		gpiod_chip_info_free(info);
}

int tap_gpiod_line_describe(struct tap_gpiod_chip *chip, unsigned offset, struct tap_gpiod_line *line)
{
	struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->chip, offset);

	if (!info)
		return -errno;
	copy(line->name, gpiod_line_info_get_name(info));
	copy(line->consumer, gpiod_line_info_get_consumer(info));
	line->used = gpiod_line_info_is_used(info);
	line->output = gpiod_line_info_get_direction(info) == GPIOD_LINE_DIRECTION_OUTPUT;
	line->active_low = gpiod_line_info_is_active_low(info);
	switch (gpiod_line_info_get_bias(info)) {
	case GPIOD_LINE_BIAS_DISABLED: line->bias = 1; break;
	case GPIOD_LINE_BIAS_PULL_UP: line->bias = 2; break;
	case GPIOD_LINE_BIAS_PULL_DOWN: line->bias = 3; break;
	default: line->bias = 0;
	}
	gpiod_line_info_free(info);
	return 0;
}

static int settings_of(const struct tap_gpiod_options *options, bool edges, unsigned offset,
		       struct gpiod_line_config *config)
{
	static const enum gpiod_line_bias biases[] = {GPIOD_LINE_BIAS_AS_IS, GPIOD_LINE_BIAS_DISABLED,
						      GPIOD_LINE_BIAS_PULL_UP, GPIOD_LINE_BIAS_PULL_DOWN};
	static const enum gpiod_line_edge detected[] = {GPIOD_LINE_EDGE_NONE, GPIOD_LINE_EDGE_RISING,
							GPIOD_LINE_EDGE_FALLING, GPIOD_LINE_EDGE_BOTH};
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	int error = 0;

	if (!settings)
		return -ENOMEM;
	gpiod_line_settings_set_active_low(settings, options->active_low);
	gpiod_line_settings_set_debounce_period_us(settings, options->debounce_us);
	if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) ||
	    gpiod_line_settings_set_edge_detection(settings, detected[edges ? options->edges & 3 : 0]) ||
	    gpiod_line_settings_set_bias(settings, biases[options->bias & 3]) ||
	    gpiod_line_settings_set_event_clock(settings, options->realtime ? GPIOD_LINE_CLOCK_REALTIME
									    : GPIOD_LINE_CLOCK_MONOTONIC) ||
	    gpiod_line_config_add_line_settings(config, &offset, 1, settings))
		error = -errno;
	gpiod_line_settings_free(settings);
	return error;
}

int tap_gpiod_request(struct tap_gpiod_chip *chip, unsigned offset, const struct tap_gpiod_options *options,
		      struct tap_gpiod_request **result)
{
	struct tap_gpiod_request *request = calloc(1, sizeof *request);
	struct gpiod_request_config *named = gpiod_request_config_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	int error = -ENOMEM;

	if (!request || !named || !config)
		goto failed;
	request->options = *options;
	request->offset = offset;
	error = settings_of(options, true, offset, config);
	if (error)
		goto failed;
	gpiod_request_config_set_consumer(named, "tap");
	gpiod_request_config_set_event_buffer_size(named, options->queue);
	request->request = gpiod_chip_request_lines(chip->chip, named, config);
	if (!request->request) {
		error = -errno;
		goto failed;
	}
	request->descriptor = gpiod_line_request_get_fd(request->request);
	if (fcntl(request->descriptor, F_SETFL, fcntl(request->descriptor, F_GETFL) | O_NONBLOCK)) {
		error = -errno;
		goto failed;
	}
	gpiod_line_config_free(config);
	gpiod_request_config_free(named);
	*result = request;
	return 0;

failed:
	if (config)
		gpiod_line_config_free(config);
	if (named)
		gpiod_request_config_free(named);
	if (request)
		tap_gpiod_release(request);
	return error;
}

void tap_gpiod_release(struct tap_gpiod_request *request)
{
	if (request->request)
		gpiod_line_request_release(request->request);
	free(request);
}

int tap_gpiod_descriptor(struct tap_gpiod_request *request)
{
	return request->descriptor;
}

int tap_gpiod_value(struct tap_gpiod_request *request)
{
	enum gpiod_line_value value = gpiod_line_request_get_value(request->request, request->offset);

	return value == GPIOD_LINE_VALUE_ERROR ? -errno : value == GPIOD_LINE_VALUE_ACTIVE;
}

int tap_gpiod_listen(struct tap_gpiod_request *request, bool edges)
{
	struct gpiod_line_config *config = gpiod_line_config_new();
	int error;

	if (!config)
		return -ENOMEM;
	error = settings_of(&request->options, edges, request->offset, config);
	if (!error && gpiod_line_request_reconfigure_lines(request->request, config))
		error = -errno;
	gpiod_line_config_free(config);
	return error;
}

// The kernel's own events (linux/gpio.h): libgpiod's copy of them and its four calls for each cost more than all the rest
// (docs/decisions/0014). It keeps none back, so none is passed by.
int tap_gpiod_read(struct tap_gpiod_request *request, struct tap_gpiod_event *events)
{
	ssize_t length = read(request->descriptor, request->events, sizeof request->events);
	int count = (int)(length / (ssize_t)sizeof *request->events);

	if (length < 0)
		return errno == EAGAIN ? 0 : -errno;
	// The kernel gives whole events, at least one.
	if (count == 0)
		return -EIO;
	for (int index = 0; index < count; index++) {
		const struct gpio_v2_line_event *event = &request->events[index];

		events[index].timestamp_ns = event->timestamp_ns;
		events[index].sequence = event->line_seqno;
		events[index].rising = event->id == GPIO_V2_LINE_EVENT_RISING_EDGE;
	}
	return count;
}

#endif
#endif
