import NIOCore
import Synchronization
public import TapCore
import TapDecode
public import TapSim

/// Serves a plant's registers over Modbus TCP, as a gateway in front of the plant's units would: each answer is what the unit
/// would answer its HMI at that instant. A client's question changes nothing for plant and other clients, unless the scenario lets
/// an operator write: then what is written counts from that instant on.
///
/// Safe from any thread.
public final class ModbusServer: Sendable {
    public struct Options: Sendable {
        /// An address of this machine, or its name.
        public var host = "127.0.0.1"
        /// 0: any that is free.
        public var port = 502
        /// Connections at once; more are rejected.
        public var connections = 16
        /// How long a client may neither ask nor take an answer.
        public var idle = Nanoseconds.seconds(60)

        public init() {}
    }

    private struct State: Sendable {
        var registers: PlantRegisters
        var isLate = false
    }

    let options: Options
    let say: @Sendable (String) -> Void
    private let clock: any TapClock
    private let state: Mutex<State>
    private let listener: ClientListener

    /// How often the plant goes on, and how long it may work before clients have their turn.
    private static let turn = Nanoseconds.milliseconds(10)
    private static let work = Nanoseconds.milliseconds(20)
    /// Of the plant's time, at once.
    private static let piece = Nanoseconds.milliseconds(100)
    /// In real time, that is reported.
    private static let late = Nanoseconds.seconds(1)

    /// - Parameters:
    ///   - clock: the plant's time, from its zero on.
    ///   - say: called with one line for each client that violates the protocol, on any thread.
    public init(
        _ registers: PlantRegisters, clock: any TapClock, options: Options = Options(),
        say: @escaping @Sendable (String) -> Void
    ) {
        self.clock = clock
        self.options = options
        self.say = say
        state = Mutex(State(registers: registers))
        listener = ClientListener(
            .tcp(host: options.host, port: options.port), connections: options.connections, threads: 1, say: say)
    }

    /// Listens; clients are served from now on.
    ///
    /// - Returns: the port.
    public func start() throws(TapError) -> Int {
        let port = try listener.start(remedy: "choose another --modbus port or --bind address") { channel, peer in
            try ModbusConnection.add(to: channel, self, peer: peer)
        }
        // Also while nobody asks: what was left to do would be too much for one answer.
        listener.eventLoop.scheduleRepeatedTask(
            initialDelay: .zero, delay: .nanoseconds(ModbusServer.turn.count)
        ) { _ in self.goOn() }
        return port
    }

    /// Ends every connection. Blocks until all have ended.
    public func stop() { listener.stop() }

    /// Connections that there were, and those that were rejected.
    public var counts: (served: Int, turnedAway: Int) {
        let counts = listener.counts
        return (counts.served, counts.turnedAway)
    }

    /// The registers of a unit now; nil: it does not answer.
    func registers(ofUnit unit: UInt8) -> [UInt16]? {
        goOn()
        return state.withLock { $0.registers.registers(ofUnit: unit) }
    }

    /// As `RegisterPlant` takes it, now.
    func write(_ request: ModbusRequest, toUnit unit: UInt8) -> ModbusResponse? {
        goOn()
        return state.withLock { $0.registers.write(request, toUnit: unit) }
    }

    /// To now, or as far as a moment's work brings the plant.
    private func goOn() {
        let isLate = state.withLock { state in
            let now = clock.now()
            while state.registers.time < now, clock.realSpan(of: clock.now() - now) < ModbusServer.work {
                state.registers.advance(to: min(now, state.registers.time + ModbusServer.piece))
            }
            guard !state.isLate, clock.realSpan(of: now - state.registers.time) > ModbusServer.late else {
                return false
            }
            state.isLate = true
            return true
        }
        guard isLate else { return }
        say("the plant cannot go as fast as --speed asks: registers are late")
    }
}
