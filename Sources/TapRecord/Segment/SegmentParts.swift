import TapCore

/// What the segments of one source in one session have in common.
struct SegmentParts: Sendable {
    let source: UInt32
    /// The message Session.
    let session: [UInt8]
    /// log_time of that message.
    let logTime: UInt64

    /// Of MCAP, for the messages of this source.
    func channel(_ kind: SpanMessage.Kind) -> UInt16 {
        let first = UInt16(16 + 4 * source)
        switch kind {
        case .edges: return first
        case .events: return first + 1
        case .scans: return first + 2
        }
    }

    private static let sessionChannel: UInt16 = 1

    private var declarations: [UInt8] {
        let schemas = ["Session", "Edges", "Events", "Scans"].enumerated().flatMap { index, name in
            MCAP.schema(UInt16(index + 1), "tap.record.v1.\(name)", RecordDescriptor.fileSet)
        }
        return schemas + MCAP.channel(SegmentParts.sessionChannel, "session", schema: 1)
            + MCAP.channel(channel(.edges), "source/\(source)/edges", schema: 2)
            + MCAP.channel(channel(.events), "source/\(source)/events", schema: 3)
            + MCAP.channel(channel(.scans), "source/\(source)/scans", schema: 4)
    }

    /// All that stands before the first chunk of records, with the place of the session's chunk.
    func head() -> (bytes: [UInt8], session: ChunkPlace) {
        var bytes = MCAP.magic + MCAP.header() + declarations
        var chunk = ChunkBytes()
        chunk.message(.events, at: .zero) { $0.bytes += session }
        let place = chunk.put(at: UInt64(bytes.count)) { _ in
            ChunkBytes.Label(channel: SegmentParts.sessionChannel, sequence: 0, logTime: logTime)
        }
        bytes += chunk.bytes
        return (bytes, place)
    }

    /// What head and ending take of a file, an upper bound.
    var overhead: UInt64 { UInt64(head().bytes.count + summaryLength(chunks: 64)) }

    /// An upper bound of what `ending` gives.
    func summaryLength(chunks: Int) -> Int {
        // Times, offset, length; up to four indexes; their length, a name of no compression, two sizes.
        let chunkIndex: Int = MCAP.recordHeader + 32 + 44 + 8 + 4 + 16
        return declarations.count + chunks * chunkIndex + 256
    }

    /// DataEnd, summary, Footer and magic, of a file in which they begin at `offset`.
    func ending(_ chunks: [ChunkPlace], from offset: UInt64) -> [UInt8] {
        var bytes = MCAP.dataEnd()
        let start = offset + UInt64(bytes.count)
        bytes += declarations
        for chunk in chunks { bytes += SegmentParts.chunkIndex(chunk) }
        bytes += statistics(chunks)
        return bytes + MCAP.footer(summaryStart: start) + MCAP.magic
    }

    private static func chunkIndex(_ chunk: ChunkPlace) -> [UInt8] {
        MCAP.record(.chunkIndex) { (bytes: inout [UInt8]) in
            bytes.append(little: chunk.firstTime)
            bytes.append(little: chunk.lastTime)
            bytes.append(little: chunk.offset)
            bytes.append(little: chunk.recordLength)
            bytes.append(little: UInt32(10 * chunk.indexes.count))
            for index in chunk.indexes {
                bytes.append(little: index.channel)
                bytes.append(little: index.offset)
            }
            bytes.append(little: chunk.indexLength)
            bytes.append(little: UInt32(0))
            let content: UInt64 = chunk.recordLength - UInt64(MCAP.recordHeader + MCAP.chunkFields)
            bytes.append(little: content)
            bytes.append(little: content)
        }
    }

    private func statistics(_ chunks: [ChunkPlace]) -> [UInt8] {
        var counts: [UInt16: UInt64] = [:]
        for chunk in chunks { counts.merge(chunk.messages, uniquingKeysWith: +) }
        return MCAP.record(.statistics) { (bytes: inout [UInt8]) in
            bytes.append(little: counts.values.reduce(0, +))
            bytes.append(little: UInt16(4))
            bytes.append(little: UInt32(4))
            bytes.append(little: UInt32(0))
            bytes.append(little: UInt32(0))
            bytes.append(little: UInt32(chunks.count))
            bytes.append(little: chunks.map(\.firstTime).min() ?? 0)
            bytes.append(little: chunks.map(\.lastTime).max() ?? 0)
            bytes.append(little: UInt32(10 * counts.count))
            for channel in counts.keys.sorted() {
                bytes.append(little: channel)
                bytes.append(little: counts[channel]!)
            }
        }
    }
}
