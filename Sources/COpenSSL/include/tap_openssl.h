#ifndef TAP_OPENSSL_H
#define TAP_OPENSSL_H

#include <stddef.h>
#include <stdint.h>

// Checks time stamps of RFC 3161 through OpenSSL's libcrypto of version 3, which is loaded when it is first needed. Nothing is
// fetched from a network: whether a certificate was revoked is not looked at.

enum {
    TAP_OPENSSL_ABSENT = -1,
    // problem says what.
    TAP_OPENSSL_WRONG = -2,
};

// Loads the library. Returns 0, or TAP_OPENSSL_ABSENT where it is not there. Any thread; the first call blocks as long as loading
// takes.
int tap_openssl_load(void);

// How many certificates a text in PEM has. Returns TAP_OPENSSL_WRONG where one of them cannot be read.
int tap_openssl_count_certificates(const char *pem, size_t length);

// Whether a token (DER) is signed over `imprint` by an authority that one of the certificates in `pem` stands for: it is the signer's
// or was used to sign it, through any number of others that the token has. All of them must have been valid at `at_s`, in seconds since
// 1970. Any thread.
//
// time: the token's time as the library reads it, YYYYMMDDhhmmss[.f]Z.
// signer: the subject of the signer's certificate.
// problem: why not, where the result is TAP_OPENSSL_WRONG.
// Returns 0 or one of the above.
int tap_openssl_check_stamp(const uint8_t *token, size_t token_length, const uint8_t *imprint, size_t imprint_length,
                            const char *pem, size_t pem_length, int64_t at_s, char *time, size_t time_room, char *signer,
                            size_t signer_room, char *problem, size_t problem_room);

#endif
