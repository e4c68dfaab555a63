// Built without libgpiod (trait Gpiod off): there are no chips.
#ifndef TAP_GPIOD
#include "tap_gpiod.h"

int tap_gpiod_api(void) { return 0; }
const char *tap_gpiod_version(void) { return ""; }
#endif
