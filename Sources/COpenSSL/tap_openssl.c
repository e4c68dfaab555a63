#include "tap_openssl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

// As the headers of OpenSSL 3 (ABI 3) have them.
typedef void BIO;
typedef void X509;
typedef void X509_STORE;
typedef void PKCS7;
typedef void TST_INFO;
typedef void TS_CTX;
typedef void ASN1_STRING;
typedef void STACK;
enum {
    CHECK_SIGNATURE = 1 << 0,
    CHECK_VERSION = 1 << 1,
    CHECK_IMPRINT = 1 << 3,
    PARTIAL_CHAIN = 0x80000,
    LIB_PEM = 9,
    NO_START_LINE = 108,
};

static struct {
    BIO *(*BIO_new_mem_buf)(const void *, int);
    int (*BIO_free)(BIO *);
    X509 *(*PEM_read_bio_X509)(BIO *, X509 **, void *, void *);
    void (*X509_free)(X509 *);
    X509_STORE *(*X509_STORE_new)(void);
    void (*X509_STORE_free)(X509_STORE *);
    int (*X509_STORE_add_cert)(X509_STORE *, X509 *);
    int (*X509_STORE_set_flags)(X509_STORE *, unsigned long);
    void *(*X509_STORE_get0_param)(const X509_STORE *);
    void (*X509_VERIFY_PARAM_set_time)(void *, time_t);
    PKCS7 *(*d2i_PKCS7)(PKCS7 **, const unsigned char **, long);
    void (*PKCS7_free)(PKCS7 *);
    STACK *(*PKCS7_get0_signers)(PKCS7 *, STACK *, int);
    TST_INFO *(*PKCS7_to_TS_TST_INFO)(PKCS7 *);
    void (*TS_TST_INFO_free)(TST_INFO *);
    const ASN1_STRING *(*TS_TST_INFO_get_time)(const TST_INFO *);
    const unsigned char *(*ASN1_STRING_get0_data)(const ASN1_STRING *);
    int (*ASN1_STRING_length)(const ASN1_STRING *);
    TS_CTX *(*TS_VERIFY_CTX_new)(void);
    void (*TS_VERIFY_CTX_free)(TS_CTX *);
    int (*TS_VERIFY_CTX_set_flags)(TS_CTX *, int);
    unsigned char *(*TS_VERIFY_CTX_set_imprint)(TS_CTX *, unsigned char *, long);
    X509_STORE *(*TS_VERIFY_CTX_set_store)(TS_CTX *, X509_STORE *);
    int (*TS_RESP_verify_token)(TS_CTX *, PKCS7 *);
    void *(*CRYPTO_malloc)(size_t, const char *, int);
    int (*OPENSSL_sk_num)(const STACK *);
    void *(*OPENSSL_sk_value)(const STACK *, int);
    void (*OPENSSL_sk_free)(STACK *);
    void *(*X509_get_subject_name)(const X509 *);
    char *(*X509_NAME_oneline)(const void *, char *, int);
    void (*ERR_clear_error)(void);
    unsigned long (*ERR_peek_last_error)(void);
    unsigned long (*ERR_get_error_all)(const char **, int *, const char **, const char **, int *);
    const char *(*ERR_reason_error_string)(unsigned long);
} lib;

static int loaded = TAP_OPENSSL_ABSENT;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define CALL(name) {#name, (void **)&lib.name}
    const struct {
        const char *name;
        void **place;
    } calls[] = {
        CALL(BIO_new_mem_buf),
        CALL(BIO_free),
        CALL(PEM_read_bio_X509),
        CALL(X509_free),
        CALL(X509_STORE_new),
        CALL(X509_STORE_free),
        CALL(X509_STORE_add_cert),
        CALL(X509_STORE_set_flags),
        CALL(X509_STORE_get0_param),
        CALL(X509_VERIFY_PARAM_set_time),
        CALL(d2i_PKCS7),
        CALL(PKCS7_free),
        CALL(PKCS7_get0_signers),
        CALL(PKCS7_to_TS_TST_INFO),
        CALL(TS_TST_INFO_free),
        CALL(TS_TST_INFO_get_time),
        CALL(ASN1_STRING_get0_data),
        CALL(ASN1_STRING_length),
        CALL(TS_VERIFY_CTX_new),
        CALL(TS_VERIFY_CTX_free),
        CALL(TS_VERIFY_CTX_set_flags),
        CALL(TS_VERIFY_CTX_set_imprint),
        CALL(TS_VERIFY_CTX_set_store),
        CALL(TS_RESP_verify_token),
        CALL(CRYPTO_malloc),
        CALL(OPENSSL_sk_num),
        CALL(OPENSSL_sk_value),
        CALL(OPENSSL_sk_free),
        CALL(X509_get_subject_name),
        CALL(X509_NAME_oneline),
        CALL(ERR_clear_error),
        CALL(ERR_peek_last_error),
        CALL(ERR_get_error_all),
        CALL(ERR_reason_error_string),
    };
#undef CALL
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        *calls[index].place = dlsym(library, calls[index].name);
        if (!*calls[index].place) return;
    }
    loaded = 0;
}

int tap_openssl_load(void) {
    pthread_once(&once, load);
    return loaded;
}

// Adds the certificates of a text in PEM to a store, where there is one. Returns how many, or TAP_OPENSSL_WRONG.
static int take_certificates(const char *pem, size_t length, X509_STORE *store) {
    if (length > INT32_MAX) return TAP_OPENSSL_WRONG;
    BIO *bio = lib.BIO_new_mem_buf(pem, (int)length);
    if (!bio) return TAP_OPENSSL_WRONG;
    lib.ERR_clear_error();
    int count = 0, is_taken = 1;
    X509 *certificate;
    while ((certificate = lib.PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        if (store && !lib.X509_STORE_add_cert(store, certificate)) is_taken = 0;
        lib.X509_free(certificate);
        count++;
    }
    unsigned long last = lib.ERR_peek_last_error();
    int is_end = (last >> 23 & 0xff) == LIB_PEM && (last & 0x7fffff) == NO_START_LINE;
    lib.BIO_free(bio);
    lib.ERR_clear_error();
    return is_taken && is_end ? count : TAP_OPENSSL_WRONG;
}

int tap_openssl_count_certificates(const char *pem, size_t length) {
    if (tap_openssl_load()) return TAP_OPENSSL_ABSENT;
    return take_certificates(pem, length, NULL);
}

// The last reason that the library has, with what it says of it.
static void say_why(char *problem, size_t room) {
    const char *data = "", *reason = NULL;
    unsigned long code;
    int flags;
    while ((code = lib.ERR_get_error_all(NULL, NULL, NULL, &data, &flags))) {
        reason = lib.ERR_reason_error_string(code);
        snprintf(problem, room, "%s%s%s", reason ? reason : "an error of the library", data && *data ? ": " : "", data ? data : "");
    }
    if (!reason) snprintf(problem, room, "no reason is given");
}

static void read_signer(PKCS7 *token, char *signer, size_t room) {
    STACK *signers = lib.PKCS7_get0_signers(token, NULL, 0);
    if (!signers) return;
    X509 *first = lib.OPENSSL_sk_num(signers) == 1 ? lib.OPENSSL_sk_value(signers, 0) : NULL;
    if (first) lib.X509_NAME_oneline(lib.X509_get_subject_name(first), signer, (int)room);
    lib.OPENSSL_sk_free(signers);
}

static int read_time(PKCS7 *token, char *time, size_t room) {
    TST_INFO *info = lib.PKCS7_to_TS_TST_INFO(token);
    if (!info) return 0;
    const ASN1_STRING *text = lib.TS_TST_INFO_get_time(info);
    int length = text ? lib.ASN1_STRING_length(text) : 0;
    int is_read = length > 0 && (size_t)length < room;
    if (is_read) {
        memcpy(time, lib.ASN1_STRING_get0_data(text), (size_t)length);
        time[length] = 0;
    }
    lib.TS_TST_INFO_free(info);
    return is_read;
}

// The store and a copy of the imprint become the context's.
static TS_CTX *context(const uint8_t *imprint, size_t length, X509_STORE *store) {
    TS_CTX *context = lib.TS_VERIFY_CTX_new();
    unsigned char *copy = context ? lib.CRYPTO_malloc(length, "tap", 0) : NULL;
    if (!copy) {
        if (context) lib.TS_VERIFY_CTX_free(context);
        lib.X509_STORE_free(store);
        return NULL;
    }
    memcpy(copy, imprint, length);
    lib.TS_VERIFY_CTX_set_flags(context, CHECK_SIGNATURE | CHECK_VERSION | CHECK_IMPRINT);
    lib.TS_VERIFY_CTX_set_imprint(context, copy, (long)length);
    lib.TS_VERIFY_CTX_set_store(context, store);
    return context;
}

int tap_openssl_check_stamp(const uint8_t *token, size_t token_length, const uint8_t *imprint, size_t imprint_length,
                            const char *pem, size_t pem_length, int64_t at_s, char *time, size_t time_room, char *signer,
                            size_t signer_room, char *problem, size_t problem_room) {
    time[0] = signer[0] = problem[0] = 0;
    if (tap_openssl_load()) return TAP_OPENSSL_ABSENT;
    X509_STORE *store = lib.X509_STORE_new();
    if (!store || take_certificates(pem, pem_length, store) <= 0) {
        if (store) lib.X509_STORE_free(store);
        snprintf(problem, problem_room, "there is no certificate of an authority");
        return TAP_OPENSSL_WRONG;
    }
    lib.X509_STORE_set_flags(store, PARTIAL_CHAIN);
    lib.X509_VERIFY_PARAM_set_time(lib.X509_STORE_get0_param(store), (time_t)at_s);
    TS_CTX *check = context(imprint, imprint_length, store);
    const unsigned char *end = token;
    lib.ERR_clear_error();
    PKCS7 *read = check ? lib.d2i_PKCS7(NULL, &end, (long)token_length) : NULL;
    int holds = 0;
    if (!read || end != token + token_length) {
        snprintf(problem, problem_room, "it is no token of a time stamp");
    } else if (lib.TS_RESP_verify_token(check, read) != 1) {
        say_why(problem, problem_room);
    } else if (!read_time(read, time, time_room)) {
        snprintf(problem, problem_room, "it has no time");
    } else {
        read_signer(read, signer, signer_room);
        holds = 1;
    }
    if (read) lib.PKCS7_free(read);
    if (check) lib.TS_VERIFY_CTX_free(check);
    lib.ERR_clear_error();
    return holds ? 0 : TAP_OPENSSL_WRONG;
}
