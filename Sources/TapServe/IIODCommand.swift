/// A line of the IIOD's text protocol.
enum IIODCommand: Equatable {
    case version
    case description
    case exit
    case timeout
    case read(Attribute)
    /// - Parameter count: of the bytes that follow the line.
    case write(Attribute, count: Int)
    case open(device: String, samples: Int, mask: String)
    case close(device: String)
    case readBuffer(device: String, count: Int)
    case getTrigger(device: String)
    case setTrigger(device: String, trigger: String?)
    case setBufferCount(device: String, Int)
    /// Invalid, or asks for what this server does not have; lines stay in step.
    case refused(IIODErrno)
    /// Bytes follow, and the line does not say how many: the stream is out of step for good.
    case outOfStep

    struct Attribute: Equatable {
        enum Place: Equatable {
            case device, debug, buffer
            case channel(String, isOutput: Bool)
        }
        var device: String
        var place: Place
        /// nil: all of them.
        var name: String?
    }

    /// More than the kernel takes in one attribute.
    static let longestValue = 4_096
    /// As many as the kernel would find memory for.
    static let mostSamples = 1 << 24

    /// - Parameter line: without its end.
    init(_ line: some Collection<UInt8>) {
        guard line.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 9 }) else {
            self = .refused(.invalid)
            return
        }
        let words = line.split { $0 == 0x20 || $0 == 9 }.map { String(decoding: $0, as: UTF8.self) }
        self = IIODCommand.parse(words) ?? .refused(.invalid)
    }

    private static func parse(_ words: [String]) -> IIODCommand? {
        let rest = words.dropFirst()
        switch (words.first, rest.count) {
        case ("VERSION", 0): return .version
        case ("PRINT", 0): return .description
        case ("EXIT", 0): return .exit
        case ("TIMEOUT", 1): return number(words[1], in: 0...Int(UInt32.max)).map { _ in .timeout }
        case ("READ", 1...): return attribute(rest).map { .read($0) }
        case ("WRITE", _):
            guard let count = rest.last.flatMap({ number($0, in: 0...longestValue) }) else { return .outOfStep }
            // What it is for may be unknown; how many bytes follow is not.
            let target = attribute(rest.dropLast())
            return .write(target ?? Attribute(device: "", place: .device, name: nil), count: count)
        case ("WRITEBUF", _): return .outOfStep
        case ("OPEN", 3):
            return number(words[2], in: 1...mostSamples).map { .open(device: words[1], samples: $0, mask: words[3]) }
        case ("CLOSE", 1): return .close(device: words[1])
        case ("READBUF", 2): return number(words[2], in: 0...Int.max).map { .readBuffer(device: words[1], count: $0) }
        case ("GETTRIG", 1): return .getTrigger(device: words[1])
        case ("SETTRIG", 1): return .setTrigger(device: words[1], trigger: nil)
        case ("SETTRIG", 2): return .setTrigger(device: words[1], trigger: words[2])
        case ("SET", 3) where words[2] == "BUFFERS_COUNT":
            return number(words[3], in: 1...1_024).map { .setBufferCount(device: words[1], $0) }
        // ZPRINT and BINARY among them: clients then do without.
        default: return nil
        }
    }

    private static func attribute(_ words: ArraySlice<String>) -> Attribute? {
        let words = Array(words)
        guard let device = words.first else { return nil }
        let rest = words.dropFirst()
        switch rest.first {
        case "INPUT", "OUTPUT":
            guard (2...3).contains(rest.count) else { return nil }
            return Attribute(
                device: device, place: .channel(words[2], isOutput: words[1] == "OUTPUT"), name: rest.dropFirst(2).first
            )
        case "DEBUG", "BUFFER":
            guard rest.count <= 2 else { return nil }
            return Attribute(
                device: device, place: words[1] == "DEBUG" ? .debug : .buffer, name: rest.dropFirst().first)
        default:
            guard rest.count <= 1 else { return nil }
            return Attribute(device: device, place: .device, name: rest.first)
        }
    }

    /// Decimal digits and nothing else.
    private static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text),
            range.contains(value)
        else { return nil }
        return value
    }
}
