import TapConfig
import TapCore
import TapDecode

@testable import TapSim

/// A plant's serial line, read by the decoder of captures.
enum SerialLine {
    static func frames(_ edges: [Signals.Transition]) -> [ModbusFrame] {
        let format = UARTFormat(baud: 19_200, dataBits: 8, parity: .even)
        var characters = UARTDecoder(format)
        var decoder = ModbusDecoder(format)
        var frames: [ModbusFrame] = []
        func take(_ character: UARTCharacter) { decoder.take(character) { frames.append($0) } }
        characters.level(isHigh: true, at: .zero, take)
        for edge in edges {
            let time = Timestamp(nanoseconds: edge.time)
            characters.edge(at: time, isRising: edge.isHigh, take)
            decoder.advance(to: characters.settled) { frames.append($0) }
        }
        characters.finish(at: Timestamp(nanoseconds: (edges.last?.time ?? 0) + 1_000_000_000), take)
        decoder.finish { frames.append($0) }
        var pairing = ModbusPairing()
        for index in frames.indices { pairing.read(&frames[index]) }
        return frames
    }
}
