// Between the files of the preload library.
#ifndef TAP_PRELOAD_INTERNAL_H
#define TAP_PRELOAD_INTERNAL_H

#include "tap_preload.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

/// The function that this library stands before.
#define NEXT(function)                                                                                                 \
	({                                                                                                             \
		static __typeof__(&function) next;                                                                     \
		if (!next)                                                                                             \
			next = (__typeof__(&function))dlsym(RTLD_NEXT, #function);                                     \
		next;                                                                                                  \
	})

/// Numbers from the environment.
uint64_t setting(const char *name, uint64_t otherwise);
uint64_t monotonic_ns(void);

/// A line was requested, and will be fed so many events.
void meter_expect(uint64_t events);
/// The calling thread took events out of a request.
void meter_took(uint64_t events);
/// The calling thread comes back for more, and is done with all it took.
void meter_comes_back(void);

#endif
