#if IIO
    import CLinux
    import Glibc
    import Synchronization
    import TapCore

    @testable import TapDriver

    /// A small IIOD on 127.0.0.1 that serves one made-up ADC to real libiio 0.2x clients, and misbehaves on request.
    ///
    /// It speaks the text protocol as iiod 0.25 does where a client has neither binary protocol nor compression.
    final class FakeIIOD: Sendable {
        /// What it does instead of serving from the start.
        enum Manner: Sendable, Hashable {
            case serves
            /// Takes connections and says nothing.
            case silent
            /// Says that it is an IIOD, and nothing more.
            case stuck
            /// Answers everything with these bytes.
            case babbles(String)
        }

        /// What happens once a number of scans has been delivered; it then goes on as before, if it can.
        enum Turn: Sendable, Hashable {
            /// The client waits for its next buffer until it gives up.
            case stall
            /// Every connection is closed.
            case drop
            /// Every connection is closed, and nobody listens any more.
            case vanish
            /// The trigger stops, until `resume`: the remote's own timeout passes.
            case pause
            /// Something else than a number of bytes.
            case babble
            /// From then on there are no bytes, for ever.
            case end
            /// More bytes than were asked for.
            case flood
            /// The rest of what follows a mask that is too long would be taken for numbers.
            case longMask
        }

        struct ADC: Sendable {
            var period_ns: Int64 = 1_000_000
            /// The remote's clock when its first scan is taken.
            var epoch_ns: Int64 = 7_000_000_000_000
            var isTimestamped = true
            /// Numbers of scans that the kernel lost.
            var missing: Set<Int> = []
            var turns: [(afterScans: Int, turn: Turn)] = []
            var attributes: [String: String] = [
                "iio:device0 current_timestamp_clock": "realtime",
                "iio:device0 voltage0 scale": "0.5",
                "iio:device0 voltage0 raw": "1234",
                "iio:device0 voltage1 scale": "2.0",
                "iio:device0 voltage1 offset": "-7",
                "iio:device0 voltage1 raw": "-5",
                "iio:device0 temp raw": "40000000000",
                "iio:device0 temp input": "23437.5",
                "trigger0 sampling_frequency": "1000",
            ]
            var trigger: String?
            /// What the context says that its signals are.
            var provenance: String?
            /// There is a second device of the same name.
            var hasTwin = false
            /// Another client has these channels open too: mask bits beyond those asked for.
            var otherMask: UInt32 = 0
        }

        private struct State {
            var adc: ADC
            /// The number that the next scan has at the ADC, and how many were delivered.
            var next = 0
            var delivered = 0
            var connections: [Int32] = []
            var threads: [UInt64] = []
            var isStopping = false
            var isPaused = false
            var onStuck: (@Sendable () -> Void)?
            var commands: [String] = []
        }

        let port: UInt16
        private let listener: Int32
        private let manner: Manner
        private let state: Mutex<State>
        private let resumed = WakePipe()

        init(_ adc: ADC = ADC(), _ manner: Manner = .serves) {
            self.manner = manner
            state = Mutex(State(adc: adc))
            let listening = FakeIIOD.listen()
            listener = listening.socket
            port = listening.port
            spawn { $0.accept() }
        }

        var uri: String { "ip:127.0.0.1:\(port)" }
        /// Every command line that clients have sent.
        var commands: [String] { state.withLock { $0.commands } }
        func attribute(_ name: String) -> String? { state.withLock { $0.adc.attributes[name] } }
        var trigger: String? { state.withLock { $0.adc.trigger } }

        /// Closes everything and waits for its threads.
        func stop() {
            state.withLock { $0.isStopping = true }
            vanish()
            while let thread = state.withLock({ $0.threads.popLast() }) { tap_thread_join(thread) }
        }

        /// Calls `body` whenever it was asked something that it does not answer.
        func onStuck(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onStuck = body } }

        /// The trigger goes on.
        func resume() {
            state.withLock { $0.isPaused = false }
            resumed.wake()
        }

        private var isPaused: Bool { state.withLock { $0.isPaused } }

        private func vanish() {
            shutdown(listener, Int32(SHUT_RDWR))
            drop()
        }

        private func drop() {
            state.withLock { for connection in $0.connections { shutdown(connection, Int32(SHUT_RDWR)) } }
        }

        // MARK: Connections

        private func accept() {
            while true {
                let connection = Glibc.accept(listener, nil, nil)
                guard connection >= 0 else { break }
                let isStopping = state.withLock { state in
                    state.connections.append(connection)
                    return state.isStopping
                }
                if isStopping { shutdown(connection, Int32(SHUT_RDWR)) }
                spawn { $0.talk(connection) }
            }
            close(listener)
        }

        private func talk(_ connection: Int32) {
            var lines = LineReader(connection)
            talking: while let line = lines.next() {
                guard !line.isEmpty else { continue }
                state.withLock { $0.commands.append(line) }
                switch manner {
                case .silent: continue
                case .stuck where line != "VERSION": state.withLock { $0.onStuck }?()
                case .babbles(let text): send(connection, text)
                case .serves, .stuck: if !answer(line, connection, &lines) { break talking }
                }
            }
            state.withLock { state in state.connections.removeAll { $0 == connection } }
            close(connection)
        }

        /// - Returns: false if the connection is over.
        private func answer(_ line: String, _ connection: Int32, _ lines: inout LineReader) -> Bool {
            let words = line.split(separator: " ").map(String.init)
            switch words[0] {
            case "VERSION": send(connection, "0.25.abcdefg\n")
            case "PRINT":
                let text = state.withLock { FakeIIOD.xml($0.adc) }
                send(connection, "\(text.utf8.count)\n\(text)\n")
            case "TIMEOUT", "OPEN", "CLOSE", "SET": send(connection, "0\n")
            case "READ": read(words, connection)
            case "WRITE":
                let value = lines.bytes(Int(words[words.count - 1]) ?? 0)
                let text = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
                state.withLock { $0.adc.attributes[FakeIIOD.key(words.dropLast())] = text }
                send(connection, "\(value.count)\n")
            case "GETTRIG":
                let name = state.withLock { $0.adc.trigger }
                send(connection, name.map { "\($0.utf8.count)\n\($0)\n" } ?? "0\n")
            case "SETTRIG":
                state.withLock { $0.adc.trigger = words.count > 2 ? "fake-trigger" : nil }
                send(connection, "0\n")
            case "READBUF": return readBuffer(Int(words[2]) ?? 0, connection, &lines)
            case "EXIT": return false
            default: send(connection, "-22\n")
            }
            return true
        }

        private static func key(_ words: some Collection<String>) -> String {
            words.dropFirst().filter { $0 != "INPUT" }.joined(separator: " ")
        }

        private func read(_ words: [String], _ connection: Int32) {
            guard let value = attribute(FakeIIOD.key(words)) else { return send(connection, "-2\n") }
            send(connection, "\(value.utf8.count + 1)\n\(value)\0\n")
        }

        // MARK: Scans

        private func readBuffer(_ wanted: Int, _ connection: Int32, _ lines: inout LineReader) -> Bool {
            let turn = state.withLock { state -> Turn? in
                guard let due = state.adc.turns.first, state.delivered >= due.afterScans else { return nil }
                if due.turn != .end { state.adc.turns.removeFirst() }
                if due.turn == .pause { state.isPaused = true }
                return due.turn
            }
            switch turn {
            case .stall:
                // Until the client hangs up.
                _ = lines.next()
                return false
            case .drop:
                drop()
                return false
            case .vanish:
                vanish()
                return false
            case .babble:
                send(connection, "banana\n")
                return true
            case .end:
                send(connection, "0\n")
                return true
            case .flood:
                send(connection, "\(wanted + 1_000)\n0000000b\n")
                send(connection, [UInt8](repeating: 0x5A, count: wanted + 1_000))
                return true
            case .longMask:
                send(connection, "\(wanted)\n0000000b0000000b\n")
                send(connection, Array(repeating: UInt8(ascii: "9"), count: wanted - 9) + Array("9999999\n".utf8))
                return true
            case .pause, nil: break
            }
            if isPaused { resumed.wait(.milliseconds(50)) }
            if isPaused {
                send(connection, "-110\n")
                return true
            }
            let (mask, bytes) = state.withLock { state -> (UInt32, [UInt8]) in
                let mask: UInt32 = (state.adc.isTimestamped ? 0b1011 : 0b0011) | state.adc.otherMask
                let size = FakeIIOD.scan(state.adc, 0).count
                return (mask, (0..<wanted / size).flatMap { _ in FakeIIOD.take(&state) })
            }
            send(connection, "\(bytes.count)\n\(hex(mask))\n")
            send(connection, bytes)
            return true
        }

        private func hex(_ mask: UInt32) -> String {
            let digits = String(mask, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }

        private static func take(_ state: inout State) -> [UInt8] {
            while state.adc.missing.contains(state.next) { state.next += 1 }
            defer {
                state.next += 1
                state.delivered += 1
            }
            return scan(state.adc, state.next)
        }

        /// voltage0 le:u12/16>>4 is the scan's number, voltage1 be:s16/16>>0 its negative; with another client also
        /// voltage2; then its time.
        static func scan(_ adc: ADC, _ number: Int) -> [UInt8] {
            let first = UInt16(truncatingIfNeeded: number << 4)
            let second = UInt16(bitPattern: Int16(truncatingIfNeeded: -number))
            var bytes = [UInt8(first & 0xFF), UInt8(first >> 8), UInt8(second >> 8), UInt8(second & 0xFF)]
            if adc.otherMask != 0 { bytes += [0xEE, 0xEE, 0xEE, 0xEE] }
            guard adc.isTimestamped else { return bytes }
            while bytes.count % 8 != 0 { bytes.append(0) }
            let time = adc.epoch_ns + Int64(number) * adc.period_ns
            return bytes + (0..<8).map { UInt8(truncatingIfNeeded: time >> Int64(8 * $0)) }
        }
    }

    // MARK: Sockets

    extension FakeIIOD {
        /// Sound: the retain is taken back by the one thread that gets the pointer.
        private func spawn(_ body: @escaping @Sendable (FakeIIOD) -> Void) {
            let box = Box { body(self) }
            var thread: UInt64 = 0
            let status = unsafe tap_thread_start(
                &thread, { raw in unsafe Unmanaged<Box>.fromOpaque(raw.unsafelyUnwrapped).takeRetainedValue().run() },
                Unmanaged.passRetained(box).toOpaque())
            precondition(status == 0, "no thread could be made")
            state.withLock { $0.threads.append(thread) }
        }

        private final class Box: Sendable {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }

        private static func listen() -> (socket: Int32, port: UInt16) {
            let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    unsafe bind(made, generic, size) == 0 && Glibc.listen(made, 8) == 0
                        && getsockname(made, generic, &size) == 0
                }
            }
            precondition(made >= 0 && status, "no socket on 127.0.0.1")
            return (made, UInt16(bigEndian: address.sin_port))
        }

        private func send(_ connection: Int32, _ text: String) { send(connection, Array(text.utf8)) }

        private func send(_ connection: Int32, _ bytes: [UInt8]) {
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes.withUnsafeBytes { raw in
                    unsafe Glibc.send(
                        connection, raw.baseAddress?.advanced(by: sent), raw.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }

        /// What a client sends: lines, and bytes after some of them.
        struct LineReader {
            private let connection: Int32
            private var pending: [UInt8] = []

            init(_ connection: Int32) { self.connection = connection }

            /// nil: the connection is over.
            mutating func next() -> String? {
                while true {
                    if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                        let line = pending[..<end].filter { $0 != UInt8(ascii: "\r") }
                        pending.removeFirst(end + 1)
                        return String(decoding: line, as: UTF8.self)
                    }
                    guard fill() else { return nil }
                }
            }

            mutating func bytes(_ count: Int) -> [UInt8] {
                while pending.count < count, fill() {}
                let taken = Array(pending.prefix(count))
                pending.removeFirst(taken.count)
                return taken
            }

            private mutating func fill() -> Bool {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = unsafe recv(connection, &buffer, buffer.count, 0)
                guard count > 0 else { return false }
                pending += buffer.prefix(count)
                return true
            }
        }
    }
#endif
