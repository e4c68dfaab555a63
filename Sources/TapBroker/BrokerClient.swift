// Unsafe here: texts and bytes are passed to C for the duration of a call, and C calls back within one, on the same thread.

import CMosquitto
import Glibc
package import TapCore

/// A connection to an MQTT broker, through libmosquitto. What passes over it is for `BrokerPublisher`, which can only publish,
/// and `BrokerListener`, which can only subscribe. Not thread-safe.
@safe package class BrokerClient {
    /// What libmosquitto returns, or an errno below zero.
    package struct Failure: Error {
        var code: Int32

        package var words: String {
            unsafe BrokerClient.text { unsafe tap_mosquitto_words(code, $0, $1) }
        }
    }

    /// nil: it has not answered yet; 0: it takes the connection.
    package private(set) var answer: Int32?
    private(set) var client: OpaquePointer?

    /// Loads the library where that was not done; blocks for as long.
    ///
    /// - Throws: it is not there.
    package static func checkLibrary() throws(TapError) {
        guard tap_mosquitto_load() == 0 else {
            throw TapError(
                .unsupported, "libmosquitto", "is not on this machine", remedy: "apt install libmosquitto1")
        }
    }

    /// - Parameter will: what the broker publishes where the connection ends without a word; nil: this client only subscribes.
    init(_ options: BrokerOptions, will: (topic: SendTopic, words: String)?) throws(Failure) {
        var code: Int32 = 0
        unsafe client = BrokerClient.made(options, will, Unmanaged.passUnretained(self).toOpaque(), &code)
        guard unsafe client != nil else { throw Failure(code: code) }
    }

    deinit { if let client = unsafe client { unsafe tap_mosquitto_free(client) } }

    /// - Parameter user: this client, which outlives what C makes of it.
    private static func made(
        _ options: BrokerOptions, _ will: (topic: SendTopic, words: String)?, _ user: UnsafeMutableRawPointer,
        _ code: inout Int32
    ) -> OpaquePointer? {
        var copies: [UnsafeMutablePointer<CChar>] = unsafe []
        defer { while let copy = unsafe copies.popLast() { unsafe free(copy) } }
        func text(_ text: String?) -> UnsafePointer<CChar>? {
            guard let text else { return nil }
            guard let copy = unsafe strdup(text) else { return nil }
            unsafe copies.append(copy)
            return unsafe UnsafePointer(copy)
        }
        var given = unsafe tap_mosquitto_options()
        unsafe given.client = text(options.client)
        unsafe given.user = text(options.login?.user)
        unsafe given.password = text(options.login?.password)
        unsafe given.cafile = text(options.tls?.authorities)
        unsafe given.certfile = text(options.tls?.certificate)
        unsafe given.keyfile = text(options.tls?.key)
        unsafe given.will_topic = text(will?.topic.description)
        unsafe given.will = text(will?.words)
        let calls = unsafe tap_mosquitto_calls(
            user: user,
            answered: { user, code in unsafe BrokerClient.of(user).answer = code },
            taken: { user, number in unsafe BrokerClient.of(user).take(number) },
            granted: { user, number, isGranted in unsafe BrokerClient.of(user).grant(number, isGranted) },
            heard: { user, topic, bytes, count, isRetained in
                guard let topic = unsafe topic else { return }
                let payload = unsafe UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count)
                unsafe BrokerClient.of(user).hear(String(cString: topic), payload, isRetained)
            })
        return unsafe tap_mosquitto_new(&given, calls, &code)
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> BrokerClient {
        unsafe Unmanaged<BrokerClient>.fromOpaque(user.unsafelyUnwrapped).takeUnretainedValue()
    }

    /// The broker has a message.
    func take(_ number: Int32) {}

    /// The broker has answered to a subscription.
    func grant(_ number: Int32, _ isGranted: Bool) {}

    /// A message has come; the bytes are lent for the call.
    func hear(_ topic: String, _ payload: UnsafeRawBufferPointer, _ isRetained: Bool) {}

    static func check(_ code: Int32) throws(Failure) { if code != 0 { throw Failure(code: code) } }

    /// Blocks while the name is looked up and TCP connects, which may be minutes.
    package func connect(_ host: String, _ port: UInt16, keepAlive_s: UInt16) throws(Failure) {
        try BrokerClient.check(unsafe tap_mosquitto_connect(client, host, port, keepAlive_s))
    }

    /// Why the broker does not take the connection; nil: it does, or has not answered.
    package var refusal: String? {
        guard let answer, answer != 0 else { return nil }
        return "does not take the connection: "
            + (unsafe BrokerClient.text { unsafe tap_mosquitto_refusal(answer, $0, $1) })
    }

    /// What to wait for before the next turn.
    package var descriptor: (number: Int32, writes: Bool) {
        var writes = false
        let number = unsafe tap_mosquitto_descriptor(client, &writes)
        return (number, writes)
    }

    /// Does what there is to do, without waiting.
    func turn() throws(Failure) { try BrokerClient.check(unsafe tap_mosquitto_turn(client)) }

    /// Ends the connection with a word, which later turns send.
    package func disconnect() { unsafe tap_mosquitto_disconnect(client) }

    private static func text(_ fill: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
        var words = [CChar](repeating: 0, count: 256)
        unsafe words.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe fill(base, buffer.count) }
        }
        let text = String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return printable(text.hasSuffix(".") ? String(text.dropLast()) : text, longest: 200)
    }
}
