public import TapCore

/// How characters stand on an asynchronous serial line: "9600,8n1".
///
/// A character is a start bit, the data bits (lowest first), a parity bit where there is one, and the stop bits. The
/// line rests at the level of a stop bit: high, low where it is inverted (as RS-232 levels seen through a comparator).
public struct UARTFormat: Sendable, Hashable {
    public enum Parity: String, Sendable, Hashable, CaseIterable {
        case none = "n"
        case even = "e"
        case odd = "o"
    }

    /// The raw value is their length in half bits.
    public enum StopBits: Int, Sendable, Hashable, CaseIterable {
        case one = 2
        case oneAndAHalf = 3
        case two = 4
    }

    /// Bits a second, 1 to 50,000,000.
    public let baud: Int
    /// 5 to 9.
    public let dataBits: Int
    public let parity: Parity
    public let stopBits: StopBits
    /// The line rests low, and a one is low.
    public let isInverted: Bool

    public static let bauds = 1...50_000_000
    public static let dataBitCounts = 5...9

    /// Traps outside the ranges above.
    public init(
        baud: Int, dataBits: Int = 8, parity: Parity = .none, stopBits: StopBits = .one, isInverted: Bool = false
    ) {
        precondition(UARTFormat.bauds.contains(baud) && UARTFormat.dataBitCounts.contains(dataBits))
        self.baud = baud
        self.dataBits = dataBits
        self.parity = parity
        self.stopBits = stopBits
        self.isInverted = isInverted
    }

    /// Of one character, in half bits.
    public var halfBits: Int { 2 * bitsBeforeStop + stopBits.rawValue }

    /// Start, data and parity.
    var bitsBeforeStop: Int { 1 + dataBits + (parity == .none ? 0 : 1) }

    /// Rounded to the nearest nanosecond from the exact value, so that errors do not add up over a long transmission.
    /// Stops at the longest span.
    public func span(ofHalfBits count: UInt64) -> Nanoseconds {
        let halfBitsPerSecond = 2 * UInt64(baud)
        let (seconds, rest) = count.quotientAndRemainder(dividingBy: halfBitsPerSecond)
        guard seconds < UInt64(Int64.max) / 1_000_000_000 else { return Nanoseconds(.max) }
        return Nanoseconds(Int64(seconds * 1_000_000_000 + (rest * 500_000_000 + UInt64(baud) / 2) / UInt64(baud)))
    }

    /// From the start bit of one to the start bit of the next when they follow without a pause.
    public func span(ofCharacters count: UInt64) -> Nanoseconds {
        let (halves, isOver) = count.multipliedReportingOverflow(by: UInt64(halfBits))
        return span(ofHalfBits: isOver ? .max : halves)
    }

    /// The parity bit that goes with these data bits; meaningless without parity.
    func parityBit(of data: UInt16) -> Bool { (data.nonzeroBitCount % 2 == 1) != (parity == .odd) }
}

extension UARTFormat: CustomStringConvertible {
    public var description: String {
        let stop =
            switch stopBits {
            case .one: "1"
            case .oneAndAHalf: "1.5"
            case .two: "2"
            }
        return "\(baud),\(dataBits)\(parity.rawValue)\(stop)\(isInverted ? ",inverted" : "")"
    }

    /// Reads "BAUD,DPS" with D data bits, parity P (n, e or o) and S stop bits, and ",inverted" behind it.
    ///
    /// - Parameter subject: what an error is about, as "--uart".
    public init(_ text: String, subject: String) throws(TapError) {
        func refuse(_ what: String) -> TapError {
            TapError(.usage, subject, what, remedy: "write it as 9600,8n1 or 19200,7e1.5,inverted")
        }
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 2 || fields.count == 3 else { throw refuse("'\(text)' is not a speed and frame") }
        guard fields[0].utf8.allSatisfy({ (48...57).contains($0) }), let baud = Int(fields[0]),
            UARTFormat.bauds.contains(baud)
        else { throw refuse("'\(fields[0])' is not a speed from 1 to \(UARTFormat.bauds.upperBound) bits per second") }
        let frame = fields[1].lowercased()
        guard let dataBits = frame.first?.wholeNumberValue, UARTFormat.dataBitCounts.contains(dataBits) else {
            throw refuse("'\(fields[1])' does not begin with 5 to 9 data bits")
        }
        guard let parity = frame.dropFirst().first.flatMap({ Parity(rawValue: String($0)) }) else {
            throw refuse("'\(fields[1])' has no parity n, e or o after its data bits")
        }
        let stops: [Substring: StopBits] = ["1": .one, "1.5": .oneAndAHalf, "2": .two]
        guard let stopBits = stops[frame.dropFirst(2)] else {
            throw refuse("'\(fields[1])' does not end with 1, 1.5 or 2 stop bits")
        }
        guard fields.count == 2 || fields[2] == "inverted" else {
            throw refuse("'\(fields[2])' is not 'inverted', the only thing that may follow the frame")
        }
        self.init(
            baud: baud, dataBits: dataBits, parity: parity, stopBits: stopBits, isInverted: fields.count == 3)
    }
}
