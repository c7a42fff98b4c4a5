// The one function of OpenSSL's libcrypto that Rehearse uses. Its own declaration has block scope, so that Swift sees
// nothing but the wrapper and no header of a particular version is needed.
#ifndef REHEARSE_CCRYPTO_H
#define REHEARSE_CCRYPTO_H

#include <stddef.h>

// Writes the 32 bytes of the SHA-256 of count bytes.
static inline void sha256(const unsigned char *bytes, size_t count, unsigned char *digest) {
    extern unsigned char *SHA256(const unsigned char *, size_t, unsigned char *);
    SHA256(bytes, count, digest);
}

#endif
