#include "tap_gpiod.h"
