// Unsafe here: arrays and texts are passed to C for the duration of a call.

import CCurl
public import TapCore

/// Sends a request to a witness, or to an authority that stamps times, and takes its answer, through libcurl. Any thread.
public enum WitnessCaller {
    public struct Answer: Sendable {
        /// Of HTTP.
        public var status: Int
        public var contentType: String
        public var body: [UInt8]
    }

    /// Bytes of an answer that are taken.
    public static let longestAnswer = 1 << 16

    /// Blocks until the whole answer is there, at most for `timeout`.
    ///
    /// - Throws: also where the library is not there.
    ///
    /// - Parameter type: of the body.
    public static func post(
        _ body: [UInt8], type: String = "text/plain; charset=utf-8", to url: String, timeout: Nanoseconds
    ) throws(TapError) -> Answer {
        var (answer, length) = ([UInt8](repeating: 0, count: longestAnswer), 0)
        var (type, problem) = ([CChar](repeating: 0, count: 256), [CChar](repeating: 0, count: 256))
        let status = unsafe tap_curl_post(
            url, type, body, body.count, UInt32(clamping: timeout.count / 1_000_000), &answer, answer.count, &length,
            &type,
            type.count, &problem, problem.count)
        switch Int(status) {
        case TAP_CURL_ABSENT:
            throw TapError(
                .unsupported, "libcurl", "is not on this machine", remedy: "install it, on Debian as libcurl4")
        case TAP_CURL_TOO_LONG:
            throw TapError(
                .device, printable(url), "sends more than \(longestAnswer) bytes: it is no witness and no authority",
                remedy: "check its address")
        case ..<0:
            let words = String(decoding: problem.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw TapError(
                .device, printable(url), "gives no answer: \(printable(words))",
                remedy: "check its address and the network")
        default:
            let text = String(decoding: type.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            return Answer(status: Int(status), contentType: text, body: Array(answer.prefix(length)))
        }
    }
}
