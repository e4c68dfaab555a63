#define _GNU_SOURCE
#include "tap_iio.h"

#include <errno.h>

#ifndef TAP_IIO

int tap_iio_library(unsigned *major, unsigned *minor, char tag[8])
{
	*major = *minor = 0;
	tag[0] = '\0';
	return -ENOSYS;
}

#else

#include <iio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// libiio and libxml2 write to stderr what their calls also return, several lines of it: nothing that a person could
// use beside tap's own message. glibc's stderr is a variable: it is replaced, once, by a stream that leaves out what is
// written by a thread that is in one of these calls. Everything else goes on to descriptor 2, which stays as it is.
static _Thread_local int quiet;

static ssize_t write_unless_quiet(void *cookie, const char *text, size_t size)
{
	(void)cookie;
	return quiet > 0 ? (ssize_t)size : write(STDERR_FILENO, text, size);
}

static void replace_stderr(void)
{
	FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_unless_quiet});

	if (!stream)
		return;
	setvbuf(stream, NULL, _IONBF, 0);
	stderr = stream;
}

static void be_quiet(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, replace_stderr);
	quiet++;
}

#define QUIETLY(call)                  \
	({                             \
		be_quiet();            \
		__typeof__(call) r_ = (call); \
		quiet--;               \
		r_;                    \
	})

struct tap_iio {
	struct iio_context *context;
	// Guards `buffer` alone, so that cancel never touches one that is being destroyed.
	pthread_mutex_t lock;
	struct iio_buffer *buffer;
};

int tap_iio_library(unsigned *major, unsigned *minor, char tag[8])
{
	iio_library_get_version(major, minor, tag);
	return 0;
}

// libiio fails with an errno, but some paths of 0.24 leave it 0.
static int failure(void) { return errno > 0 ? -errno : -EIO; }

int tap_iio_open(const char *uri, struct tap_iio **opened)
{
	struct tap_iio *made = calloc(1, sizeof *made);
	// libiio 0.24 writes into the URI ("host:port" is cut at the colon), so it gets a copy.
	char *copy = strdup(uri);
	int error = made && copy ? 0 : -ENOMEM;

	if (error == 0) {
		errno = 0;
		made->context = QUIETLY(iio_create_context_from_uri(copy));
		if (!made->context)
			error = failure();
	}
	free(copy);
	if (error != 0) {
		free(made);
		return error;
	}
	pthread_mutex_init(&made->lock, NULL);
	*opened = made;
	return 0;
}

void tap_iio_close(struct tap_iio *context)
{
	tap_iio_buffer_close(context);
	be_quiet();
	iio_context_destroy(context->context);
	quiet--;
	pthread_mutex_destroy(&context->lock);
	free(context);
}

int tap_iio_set_timeout(struct tap_iio *context, unsigned timeout_ms)
{
	return QUIETLY(iio_context_set_timeout(context->context, timeout_ms));
}

const char *tap_iio_backend(struct tap_iio *context) { return iio_context_get_name(context->context); }

static struct iio_device *device_at(struct tap_iio *context, unsigned device)
{
	return iio_context_get_device(context->context, device);
}

static struct iio_channel *channel_at(struct tap_iio *context, unsigned device, unsigned channel)
{
	return iio_device_get_channel(device_at(context, device), channel);
}

unsigned tap_iio_device_count(struct tap_iio *context) { return iio_context_get_devices_count(context->context); }

static int index_of(struct tap_iio *context, const struct iio_device *wanted)
{
	unsigned count = tap_iio_device_count(context);

	for (unsigned index = 0; wanted && index < count; index++)
		if (device_at(context, index) == wanted)
			return (int)index;
	return -ENODEV;
}

const char *tap_iio_context_attribute(struct tap_iio *context, const char *name)
{
	return iio_context_get_attr_value(context->context, name);
}

bool tap_iio_is_trigger(struct tap_iio *context, unsigned device)
{
	return iio_device_is_trigger(device_at(context, device));
}

const char *tap_iio_device_id(struct tap_iio *context, unsigned device)
{
	return iio_device_get_id(device_at(context, device));
}

const char *tap_iio_device_name(struct tap_iio *context, unsigned device)
{
	return iio_device_get_name(device_at(context, device));
}

const char *tap_iio_device_label(struct tap_iio *context, unsigned device)
{
	return iio_device_get_label(device_at(context, device));
}

unsigned tap_iio_channel_count(struct tap_iio *context, unsigned device)
{
	return iio_device_get_channels_count(device_at(context, device));
}

struct tap_iio_channel tap_iio_channel_at(struct tap_iio *context, unsigned device, unsigned channel)
{
	const struct iio_channel *found = channel_at(context, device, channel);
	const struct iio_data_format *format = iio_channel_get_data_format(found);

	return (struct tap_iio_channel){
		.id = iio_channel_get_id(found),
		.name = iio_channel_get_name(found),
		.is_output = iio_channel_is_output(found),
		.is_scannable = iio_channel_is_scan_element(found),
		.index = iio_channel_get_index(found),
		.bits = format->bits,
		.storage_bits = format->length,
		.shift = format->shift,
		.repeats = format->repeat,
		.is_big_endian = format->is_be,
		.is_signed = format->is_signed,
		.has_scale = format->with_scale,
		.scale = format->scale,
	};
}

void tap_iio_enable(struct tap_iio *context, unsigned device, unsigned channel)
{
	iio_channel_enable(channel_at(context, device, channel));
}

ssize_t tap_iio_sample_size(struct tap_iio *context, unsigned device)
{
	return iio_device_get_sample_size(device_at(context, device));
}

int tap_iio_read(struct tap_iio *context, unsigned device, int channel, const char *attribute, char *text, size_t size)
{
	ssize_t count = QUIETLY(channel < 0
		? iio_device_attr_read(device_at(context, device), attribute, text, size - 1)
		: iio_channel_attr_read(channel_at(context, device, (unsigned)channel), attribute, text, size - 1));

	if (count < 0)
		return (int)count;
	text[(size_t)count < size ? (size_t)count : size - 1] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

int tap_iio_write(struct tap_iio *context, unsigned device, int channel, const char *attribute, const char *text)
{
	ssize_t count = QUIETLY(channel < 0
		? iio_device_attr_write(device_at(context, device), attribute, text)
		: iio_channel_attr_write(channel_at(context, device, (unsigned)channel), attribute, text));

	return count < 0 ? (int)count : 0;
}

bool tap_iio_has(struct tap_iio *context, unsigned device, int channel, const char *attribute)
{
	return channel < 0
		? iio_device_find_attr(device_at(context, device), attribute) != NULL
		: iio_channel_find_attr(channel_at(context, device, (unsigned)channel), attribute) != NULL;
}

int tap_iio_trigger(struct tap_iio *context, unsigned device)
{
	const struct iio_device *trigger = NULL;
	int error = QUIETLY(iio_device_get_trigger(device_at(context, device), &trigger));

	// An empty file is an I/O error to libiio's local backend: no trigger is set.
	if (error == -EIO && strcmp(tap_iio_backend(context), "local") == 0)
		return -ENOENT;
	if (error < 0)
		return error;
	return trigger ? index_of(context, trigger) : -ENOENT;
}

int tap_iio_set_trigger(struct tap_iio *context, unsigned device, int trigger)
{
	return QUIETLY(iio_device_set_trigger(
		device_at(context, device), trigger < 0 ? NULL : device_at(context, (unsigned)trigger)));
}

int tap_iio_buffer_open(struct tap_iio *context, unsigned device, size_t scans, unsigned kernel_buffers)
{
	const struct iio_device *found = device_at(context, device);
	struct iio_buffer *buffer;
	// Backends without the notion answer -ENOSYS: then there is nothing to set.
	int error = QUIETLY(iio_device_set_kernel_buffers_count(found, kernel_buffers));

	if (error < 0 && error != -ENOSYS)
		return error;
	errno = 0;
	buffer = QUIETLY(iio_device_create_buffer(found, scans, false));
	if (!buffer)
		return failure();
	pthread_mutex_lock(&context->lock);
	context->buffer = buffer;
	pthread_mutex_unlock(&context->lock);
	return 0;
}

void tap_iio_buffer_close(struct tap_iio *context)
{
	struct iio_buffer *buffer;

	pthread_mutex_lock(&context->lock);
	buffer = context->buffer;
	context->buffer = NULL;
	pthread_mutex_unlock(&context->lock);
	if (!buffer)
		return;
	be_quiet();
	iio_buffer_destroy(buffer);
	quiet--;
}

int tap_iio_buffer_fd(struct tap_iio *context)
{
	int descriptor = iio_buffer_get_poll_fd(context->buffer);
	int error = descriptor < 0 ? 0 : iio_buffer_set_blocking_mode(context->buffer, false);

	return error < 0 ? error : descriptor;
}

ssize_t tap_iio_refill(struct tap_iio *context, const void **start, size_t *step)
{
	ssize_t bytes = QUIETLY(iio_buffer_refill(context->buffer));

	if (bytes >= 0) {
		*start = iio_buffer_start(context->buffer);
		*step = (size_t)iio_buffer_step(context->buffer);
	}
	return bytes;
}

ssize_t tap_iio_offset(struct tap_iio *context, unsigned device, unsigned channel)
{
	return (char *)iio_buffer_first(context->buffer, channel_at(context, device, channel))
		- (char *)iio_buffer_start(context->buffer);
}

void tap_iio_cancel(struct tap_iio *context)
{
	pthread_mutex_lock(&context->lock);
	if (context->buffer)
		iio_buffer_cancel(context->buffer);
	pthread_mutex_unlock(&context->lock);
}

int tap_iio_is_capturing(const char *device_id)
{
	char path[256];
	int answer;
	FILE *file;

	snprintf(path, sizeof path, "/sys/bus/iio/devices/%s/buffer/enable", device_id);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	answer = fgetc(file);
	fclose(file);
	return answer == EOF ? -EIO : answer == '1';
}

bool tap_iio_is_emulated(const char *device_id)
{
	static const char devices[] = "/sys/devices/";
	static const char virtual[] = "virtual/";
	char path[256], *real, *rest;
	bool answer = false;

	snprintf(path, sizeof path, "/sys/bus/iio/devices/%s", device_id);
	real = realpath(path, NULL);
	if (real && strncmp(real, devices, strlen(devices)) == 0) {
		rest = real + strlen(devices);
		if (strncmp(rest, virtual, strlen(virtual)) == 0)
			rest += strlen(virtual);
		// Whatever has hardware has a parent: /sys/devices/platform/..., /sys/devices/pci0000:00/...
		answer = strcmp(rest, device_id) == 0;
	}
	free(real);
	return answer;
}

#endif
