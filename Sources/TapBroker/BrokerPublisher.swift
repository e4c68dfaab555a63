// Unsafe here: bytes are passed to C for the duration of a call.

import CMosquitto
import TapCore

/// A client of an MQTT broker that can only publish, under `tap/`. Not thread-safe.
@safe package final class BrokerPublisher: BrokerClient {
    /// Numbers of messages that the broker has since they were asked for.
    private var taken: [Int32] = []

    /// - Parameter will: what the broker publishes where the connection ends without a word.
    package init(_ options: BrokerOptions, will: (topic: SendTopic, words: String)) throws(Failure) {
        try super.init(options, will: will)
    }

    override func take(_ number: Int32) { taken.append(number) }

    /// Does what there is to do, without waiting.
    ///
    /// - Returns: numbers of messages that the broker has.
    package func takeTurn() throws(Failure) -> [Int32] {
        try turn()
        defer { taken = [] }
        return taken
    }

    /// - Parameter isSure: until the broker has said that it has it; otherwise it is sent once.
    /// - Returns: its number.
    package func publish(_ bytes: [UInt8], to topic: SendTopic, isSure: Bool, isRetained: Bool) throws(Failure) -> Int32
    {
        var number: Int32 = 0
        try BrokerClient.check(
            unsafe tap_mosquitto_publish(
                client, topic.description, bytes, bytes.count, isSure ? 1 : 0, isRetained, &number))
        return number
    }
}
