// Driving GPIO lines through libgpiod 2.x: the only calls in this project that set an output. `tap` does not link them.
//
// Functions that can fail return a negative errno; all of them -EOPNOTSUPP where they are built without libgpiod or
// with 1.6. None is thread-safe for the same object.
#ifndef TAP_DRIVE_H
#define TAP_DRIVE_H

#include <stdbool.h>

struct tap_drive;

/// Whether lines can be driven: built with libgpiod 2.x.
bool tap_drive_can(void);

/// Requests one line of a chip, as /dev/gpiochip0, as a push-pull output that is at `high` from the request on.
int tap_drive_request(const char *path, unsigned offset, bool active_low, bool high, struct tap_drive **drive);
/// Sets the logical level. Does not block on a processor's own chip; behind a bus it takes as long as a transfer.
int tap_drive_set(struct tap_drive *drive, bool high);
/// Gives the line back. What its pin does then is up to the driver: most leave it as it is.
void tap_drive_release(struct tap_drive *drive);

#endif
