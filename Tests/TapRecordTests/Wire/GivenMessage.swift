import TapCore

@testable import TapRecord

/// A message of a chunk, with its bytes.
struct GivenMessage {
    let kind: SpanMessage.Kind
    let firstTime: Timestamp
    let bytes: [UInt8]

    static func all(of chunk: ChunkBytes) -> [GivenMessage] {
        chunk.messages.map {
            GivenMessage(kind: $0.kind, firstTime: $0.firstTime, bytes: Array(chunk.bytes[$0.place]))
        }
    }
}
