// Unsafe here: arrays and texts are passed to C for the duration of a call.

import COpenSSL
public import TapCore
public import TapRecord

/// Checks signatures of time stamps through OpenSSL's libcrypto. Any thread.
public enum StampLibrary {
    /// Longest file of certificates.
    public static let longest = 1 << 20

    /// - Parameters:
    ///   - pem: certificates of authorities that are believed.
    ///   - name: of the file that they came from.
    /// - Throws: also where the library is not there.
    public static func authorities(_ pem: String, _ name: String) throws(TapError) -> StampAuthorities {
        let bytes = Array(pem.utf8.map(CChar.init(bitPattern:)))
        let count = unsafe tap_openssl_count_certificates(bytes, bytes.count)
        if Int(count) == TAP_OPENSSL_ABSENT {
            throw TapError(
                .unsupported, "libcrypto of OpenSSL 3", "is not on this machine",
                remedy: "install it, on Debian as libssl3; or check time stamps with 'openssl ts -verify'")
        }
        guard count > 0 else {
            throw TapError(
                .configuration, printable(name), "has no certificates in PEM that can be read",
                remedy: "give the authority's certificate, as 'openssl x509' prints it")
        }
        return StampAuthorities { token, imprint, at_s in
            var time = [CChar](repeating: 0, count: 64)
            var (signer, problem) = ([CChar](repeating: 0, count: 256), [CChar](repeating: 0, count: 256))
            let result = unsafe tap_openssl_check_stamp(
                token, token.count, imprint, imprint.count, bytes, bytes.count, Int64(clamping: at_s), &time,
                time.count,
                &signer, signer.count, &problem, problem.count)
            return result == 0
                ? .signed(by: StampLibrary.text(signer), time: StampLibrary.text(time))
                : .fails(StampLibrary.text(problem))
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
