// libiio 0.2x, made narrow: what tap needs, by index instead of by pointer, with -errno instead of errno, and with
// libiio's traps taken out of the way (each named in tap_iio.c). Without the trait IIO only tap_iio_library exists
// in a meaningful form: it says so.
//
// One context is used by one thread at a time; tap_iio_cancel alone may be called from any other.
#ifndef TAP_IIO_H
#define TAP_IIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Version and tag of the libiio that runs. Returns 0, or -ENOSYS if this program was built without it.
int tap_iio_library(unsigned *major, unsigned *minor, char tag[8]);

/// A context; at most one buffer is open in it.
struct tap_iio;

/// Opens a context. The network backend may block for 5 s each for connecting and for each answer.
int tap_iio_open(const char *uri, struct tap_iio **opened);

/// Closes buffer and context. May block like a read over the network.
void tap_iio_close(struct tap_iio *context);

/// Limit of each single wait from now on, milliseconds.
int tap_iio_set_timeout(struct tap_iio *context, unsigned timeout_ms);

/// "local", "network", "xml", ...: owned by the context.
const char *tap_iio_backend(struct tap_iio *context);

unsigned tap_iio_device_count(struct tap_iio *context);
/// The context's own attribute; owned by the context, NULL: it has none.
const char *tap_iio_context_attribute(struct tap_iio *context, const char *name);
bool tap_iio_is_trigger(struct tap_iio *context, unsigned device);
/// As iio:device0; owned by the context.
const char *tap_iio_device_id(struct tap_iio *context, unsigned device);
/// Owned by the context; NULL: it has none.
const char *tap_iio_device_name(struct tap_iio *context, unsigned device);
/// Of the device tree. Owned by the context; NULL: it has none.
const char *tap_iio_device_label(struct tap_iio *context, unsigned device);

struct tap_iio_channel {
	const char *id;   // owned by the context
	const char *name; // owned by the context; NULL: it has none
	bool is_output;
	bool is_scannable;
	long index; // its place in a scan; channels of one index share it
	unsigned bits, storage_bits, shift, repeats;
	bool is_big_endian, is_signed;
	bool has_scale; // as the context's description says it
	double scale;
};

unsigned tap_iio_channel_count(struct tap_iio *context, unsigned device);
struct tap_iio_channel tap_iio_channel_at(struct tap_iio *context, unsigned device, unsigned channel);
void tap_iio_enable(struct tap_iio *context, unsigned device, unsigned channel);
/// Bytes of a scan of the enabled channels, as this libiio counts them, or -errno.
ssize_t tap_iio_sample_size(struct tap_iio *context, unsigned device);

/// Attributes of a channel, or with channel -1 of the device. Returns 0 or -errno; the text ends with NUL, without
/// a line's end.
int tap_iio_read(struct tap_iio *context, unsigned device, int channel, const char *attribute, char *text, size_t size);
int tap_iio_write(struct tap_iio *context, unsigned device, int channel, const char *attribute, const char *text);
bool tap_iio_has(struct tap_iio *context, unsigned device, int channel, const char *attribute);

/// The device's trigger as the index of a device, -ENOENT if none is set, or another -errno.
int tap_iio_trigger(struct tap_iio *context, unsigned device);
/// Sets the trigger, with -1 none.
int tap_iio_set_trigger(struct tap_iio *context, unsigned device, int trigger);

/// Opens a buffer of the enabled channels.
int tap_iio_buffer_open(struct tap_iio *context, unsigned device, size_t scans, unsigned kernel_buffers);
/// Closes the buffer; its bytes are gone.
void tap_iio_buffer_close(struct tap_iio *context);
/// A descriptor for poll(2), from here on without blocking in refill; -ENOSYS where the backend has none.
int tap_iio_buffer_fd(struct tap_iio *context);
/// Fills the buffer. Returns bytes or -errno; they stay until the next call. `step`: bytes from a scan to the next.
ssize_t tap_iio_refill(struct tap_iio *context, const void **start, size_t *step);
/// Where in a scan of the last refill an enabled channel begins.
ssize_t tap_iio_offset(struct tap_iio *context, unsigned device, unsigned channel);
/// Makes a refill, running or next, return -EBADF. From any thread, also when no buffer is open.
void tap_iio_cancel(struct tap_iio *context);

/// Local devices only. Whether a program has the device's buffer open: 1, 0 or -errno.
int tap_iio_is_capturing(const char *device_id);
/// Local devices only. Whether no hardware stands behind the device: it is on no bus, as those made by configfs.
bool tap_iio_is_emulated(const char *device_id);

/// Asks the IIOD at a TCP port for its version, each wait no longer than timeout_ms. Returns 0, -EPROTO if what
/// answers is no IIOD, -ETIMEDOUT if nothing answers, -ENOENT if the host has no address, or another -errno.
int tap_iio_probe(const char *host, const char *port, unsigned timeout_ms);

struct tap_iio_guard;

/// Opens a port of 127.0.0.1 that is a way to the IIOD of a host and lets no answer to READBUF pass that is longer than
/// what was asked for: see tap_iio_guard.c. Serves one context. Returns 0 or -errno; resolving the host may block.
int tap_iio_guard_open(const char *host, const char *port, struct tap_iio_guard **opened, unsigned short *own_port);
/// Ends its connections and waits for its threads. After the context is closed.
void tap_iio_guard_close(struct tap_iio_guard *guard);

/// Keeps the calling thread from being killed by SIGPIPE.
void tap_iio_block_sigpipe(void);

#endif
