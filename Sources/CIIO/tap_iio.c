#include "tap_iio.h"
