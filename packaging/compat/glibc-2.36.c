// What objects that were compiled with glibc 2.38 want and glibc 2.36, that of Debian 12, has not. Linked into the
// program by scripts/relink where the C library is that old.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// As C23 has them they also read binary numbers, where the base is 0 or 2: nothing in tap asks for that.
long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }

long long __isoc23_strtoll(const char *text, char **end, int base) { return strtoll(text, end, base); }

int __isoc23_sscanf(const char *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vsscanf(text, format, arguments);
    va_end(arguments);
    return count;
}

size_t strlcpy(char *to, const char *from, size_t room) {
    size_t length = strlen(from);
    if (room > 0) {
        size_t copied = length < room ? length : room - 1;
        memcpy(to, from, copied);
        to[copied] = 0;
    }
    return length;
}
