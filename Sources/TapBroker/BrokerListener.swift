// Unsafe here: bytes are lent by C for the duration of a call.

import CMosquitto
import TapCore

/// A message that a broker has passed on.
package struct BrokerMessage: Sendable, Hashable {
    /// Bytes of the longest payload that is read.
    package static let longest = 1 << 20

    package var topic: String
    /// nil: it was longer than that.
    package var payload: [UInt8]?
    /// The broker kept it for those who come later: when it was said is not known.
    package var isRetained: Bool

    package init(topic: String, payload: [UInt8]?, isRetained: Bool = false) {
        (self.topic, self.payload, self.isRetained) = (topic, payload, isRetained)
    }
}

/// A client of an MQTT broker that can only subscribe: it has no call that publishes, and below it one would be refused. Not
/// thread-safe.
@safe package final class BrokerListener: BrokerClient {
    private var messages: [BrokerMessage] = []
    /// Numbers of questions that the broker has not answered yet, and of those that it grants.
    private var asked: Set<Int32> = []
    private var granted: Set<Int32> = []

    package init(_ options: BrokerOptions) throws(Failure) { try super.init(options, will: nil) }

    override func grant(_ number: Int32, _ isGranted: Bool) {
        asked.remove(number)
        if isGranted { granted.insert(number) }
    }

    override func hear(_ topic: String, _ payload: UnsafeRawBufferPointer, _ isRetained: Bool) {
        let bytes = payload.count > BrokerMessage.longest ? nil : unsafe Array(payload)
        messages.append(BrokerMessage(topic: topic, payload: bytes, isRetained: isRetained))
    }

    /// Asks for messages of these topics, which may have wildcards.
    ///
    /// - Returns: the number of the question.
    package func subscribe(_ topics: String) throws(Failure) -> Int32 {
        var number: Int32 = 0
        try BrokerClient.check(unsafe tap_mosquitto_subscribe(client, topics, &number))
        asked.insert(number)
        return number
    }

    /// Whether the broker has answered to all questions.
    package var isAnswered: Bool { asked.isEmpty }

    /// Whether it grants that one.
    package func isGranted(_ number: Int32) -> Bool { granted.contains(number) }

    /// Does what there is to do, without waiting.
    ///
    /// - Returns: messages that have come.
    package func takeTurn() throws(Failure) -> [BrokerMessage] {
        try turn()
        defer { messages.removeAll(keepingCapacity: true) }
        return messages
    }
}
