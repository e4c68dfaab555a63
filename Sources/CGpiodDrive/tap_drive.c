#include "tap_drive.h"

#include <errno.h>

#ifdef TAP_GPIOD
#include <gpiod.h>
#endif

#if defined(TAP_GPIOD) && !defined(GPIOD_LINE_BULK_MAX_LINES) // defined by 1.x only
#include <stdlib.h>

struct tap_drive {
	struct gpiod_line_request *request;
	unsigned offset;
};

bool tap_drive_can(void) { return true; }

static int settings_of(unsigned offset, bool active_low, bool high, struct gpiod_line_config *config)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	int error = 0;

	if (!settings)
		return -ENOMEM;
	gpiod_line_settings_set_active_low(settings, active_low);
	if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) ||
	    gpiod_line_settings_set_output_value(settings, high ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE) ||
	    gpiod_line_config_add_line_settings(config, &offset, 1, settings))
		error = -errno;
	gpiod_line_settings_free(settings);
	return error;
}

int tap_drive_request(const char *path, unsigned offset, bool active_low, bool high, struct tap_drive **result)
{
	struct tap_drive *drive = calloc(1, sizeof *drive);
	struct gpiod_request_config *named = gpiod_request_config_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_chip *chip = NULL;
	int error = -ENOMEM;

	if (!drive || !named || !config)
		goto done;
	error = settings_of(offset, active_low, high, config);
	if (error)
		goto done;
	chip = gpiod_chip_open(path);
	if (!chip) {
		error = -errno;
		goto done;
	}
	gpiod_request_config_set_consumer(named, "tap-bench");
	drive->offset = offset;
	drive->request = gpiod_chip_request_lines(chip, named, config);
	error = drive->request ? 0 : -errno;

done:
	if (chip)
		gpiod_chip_close(chip);
	if (config)
		gpiod_line_config_free(config);
	if (named)
		gpiod_request_config_free(named);
	if (error)
		free(drive);
	else
		*result = drive;
	return error;
}

int tap_drive_set(struct tap_drive *drive, bool high)
{
	return gpiod_line_request_set_value(drive->request, drive->offset,
					    high ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE)
		       ? -errno
		       : 0;
}

void tap_drive_release(struct tap_drive *drive)
{
	gpiod_line_request_release(drive->request);
	free(drive);
}

#else

bool tap_drive_can(void) { return false; }

int tap_drive_request(const char *path, unsigned offset, bool active_low, bool high, struct tap_drive **drive)
{
	(void)path;
	(void)offset;
	(void)active_low;
	(void)high;
	(void)drive;
	return -EOPNOTSUPP;
}

int tap_drive_set(struct tap_drive *drive, bool high)
{
	(void)drive;
	(void)high;
	return -EOPNOTSUPP;
}

void tap_drive_release(struct tap_drive *drive) { (void)drive; }

#endif
