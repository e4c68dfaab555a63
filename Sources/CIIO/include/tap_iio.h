#ifndef TAP_IIO_H
#define TAP_IIO_H
#endif
