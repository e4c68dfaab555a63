// Unsafe here: texts and bytes are passed to C for the duration of a call, and C calls back within one, on the same thread.

import CMosquitto
import Glibc
import TapCore

/// A client of an MQTT broker, through libmosquitto. It can only publish, under `tap/`. Not thread-safe.
@safe final class BrokerClient {
    /// What libmosquitto returns, or an errno below zero.
    struct Failure: Error {
        var code: Int32

        var words: String {
            unsafe BrokerClient.text { unsafe tap_mosquitto_words(code, $0, $1) }
        }
    }

    /// nil: it has not answered yet; 0: it takes the connection.
    private(set) var answer: Int32?
    /// Numbers of messages that the broker has since they were asked for.
    private var taken: [Int32] = []
    private var client: OpaquePointer?

    static var isThere: Bool { tap_mosquitto_load() == 0 }

    /// - Parameter will: what the broker publishes where the connection ends without a word.
    init(_ options: BrokerOptions, will: (topic: SendTopic, words: String)) throws(Failure) {
        var code: Int32 = 0
        unsafe client = BrokerClient.made(options, will, Unmanaged.passUnretained(self).toOpaque(), &code)
        guard unsafe client != nil else { throw Failure(code: code) }
    }

    deinit { if let client = unsafe client { unsafe tap_mosquitto_free(client) } }

    /// - Parameter user: this client, which outlives what C makes of it.
    private static func made(
        _ options: BrokerOptions, _ will: (topic: SendTopic, words: String), _ user: UnsafeMutableRawPointer,
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
        unsafe given.will_topic = text(will.topic.description)
        unsafe given.will = text(will.words)
        let calls = unsafe tap_mosquitto_calls(
            user: user,
            answered: { user, code in unsafe BrokerClient.of(user).answer = code },
            taken: { user, number in unsafe BrokerClient.of(user).taken.append(number) })
        return unsafe tap_mosquitto_new(&given, calls, &code)
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> BrokerClient {
        unsafe Unmanaged<BrokerClient>.fromOpaque(user.unsafelyUnwrapped).takeUnretainedValue()
    }

    private static func check(_ code: Int32) throws(Failure) { if code != 0 { throw Failure(code: code) } }

    /// Blocks while the name is looked up and TCP connects, which may be minutes.
    func connect(_ host: String, _ port: UInt16, keepAlive_s: UInt16) throws(Failure) {
        try BrokerClient.check(unsafe tap_mosquitto_connect(client, host, port, keepAlive_s))
    }

    /// Why the broker does not take the connection.
    func refusal(_ code: Int32) -> String { unsafe BrokerClient.text { unsafe tap_mosquitto_refusal(code, $0, $1) } }

    /// What to wait for before the next turn.
    var descriptor: (number: Int32, writes: Bool) {
        var writes = false
        let number = unsafe tap_mosquitto_descriptor(client, &writes)
        return (number, writes)
    }

    /// Does what there is to do, without waiting.
    ///
    /// - Returns: numbers of messages that the broker has.
    func turn() throws(Failure) -> [Int32] {
        try BrokerClient.check(unsafe tap_mosquitto_turn(client))
        defer { taken = [] }
        return taken
    }

    /// - Parameter isSure: until the broker has said that it has it; otherwise it is sent once.
    /// - Returns: its number.
    func publish(_ bytes: [UInt8], to topic: SendTopic, isSure: Bool, isRetained: Bool) throws(Failure) -> Int32 {
        var number: Int32 = 0
        try BrokerClient.check(
            unsafe tap_mosquitto_publish(
                client, topic.description, bytes, bytes.count, isSure ? 1 : 0, isRetained, &number))
        return number
    }

    /// Ends the connection with a word, which later turns send.
    func disconnect() { unsafe tap_mosquitto_disconnect(client) }

    private static func text(_ fill: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
        var words = [CChar](repeating: 0, count: 256)
        unsafe words.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe fill(base, buffer.count) }
        }
        let text = String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return printable(text.hasSuffix(".") ? String(text.dropLast()) : text, longest: 200)
    }
}
