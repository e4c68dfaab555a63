public import TapCore

/// Reads frames as requests and responses, and pairs them: on one line, as RS-485, or from one line to another where
/// each direction has its own.
///
/// A frame of a function whose request and response look alike is taken as the response when it answers the request
/// before it, within `responseTimeout`. On one line a client that repeats itself sooner than that looks like a server
/// that echoes; where requests of one line have been answered on another, each has its direction.
public struct ModbusPairing: Sendable {
    private let responseTimeout: Nanoseconds
    /// Of each line, the request that nobody has answered.
    private var pending: [(unit: UInt8, request: ModbusRequest, end: Timestamp)?]
    /// Of each line.
    private var directions: [Direction]

    private enum Direction { case unknown, requests, responses, both }

    /// - Parameter lines: how many are decoded together.
    public init(lines: Int = 1, responseTimeout: Nanoseconds = .seconds(1)) {
        pending = Array(repeating: nil, count: lines)
        directions = Array(repeating: .unknown, count: lines)
        self.responseTimeout = responseTimeout
    }

    /// Gives a frame its role, where its CRC fits.
    ///
    /// - Parameters:
    ///   - frame: frames of all lines come in order of time.
    ///   - line: 0 for the first.
    public mutating func read(_ frame: inout ModbusFrame, line: Int = 0) {
        if frame.isCRCRight { frame.role = role(of: frame, line) }
    }

    /// An answer may have been missed, on any line.
    public mutating func forget() {
        for line in pending.indices { pending[line] = nil }
    }

    private mutating func role(of frame: ModbusFrame, _ line: Int) -> ModbusFrame.Role {
        let unit = frame.bytes[0]
        let body = frame.bytes[1..<frame.bytes.count - 2]
        let response = ModbusResponse(body)
        let request = ModbusRequest(body)
        if let response, request == nil || directions[line] != .requests {
            // The line of its own first: two buses may be decoded together.
            for other in [line] + pending.indices.filter({ $0 != line }) {
                guard let asked = pending[other], asked.unit == unit, response.answers(asked.request),
                    other == line || frame.start >= asked.end, frame.start - asked.end <= responseTimeout
                else { continue }
                pending[other] = nil
                learn(from: other, to: line, isCertain: request == nil)
                return .response(response, to: asked.request, after: frame.start - asked.end)
            }
        }
        if let request, response == nil || directions[line] != .responses {
            // Nobody answers what is sent to all.
            pending[line] = unit == 0 ? nil : (unit, request, frame.end)
            return .request(request)
        }
        return response.map { .response($0, to: nil, after: nil) } ?? .unreadable
    }

    /// A request of one line was answered on the other.
    ///
    /// - Parameter isCertain: the answer looks like no request.
    private mutating func learn(from asking: Int, to answering: Int, isCertain: Bool) {
        if asking == answering {
            if isCertain { directions[asking] = .both }
        } else if directions[asking] == .unknown, directions[answering] == .unknown {
            (directions[asking], directions[answering]) = (.requests, .responses)
        }
    }
}
