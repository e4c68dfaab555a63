#ifndef TAP_GPIOD_H
#define TAP_GPIOD_H
#endif
