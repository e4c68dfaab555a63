import Synchronization
import TapCommand
import TapCore
import TapWatch

/// Which incidents a watch that runs has, for whoever asks it. Safe from any thread.
final class IncidentBoard: Sendable {
    private struct State {
        /// In order; nil: nobody looks after it.
        var open: [(number: Int, acknowledger: String?)] = []
        /// The last ones, as the watch keeps them.
        var closed: [Int] = []
    }

    private let state = Mutex(State())

    func note(_ incident: Incident, _ change: Incident.Change) {
        state.withLock { state in
            let number = incident.number
            let isClosed = change == .closed || state.closed.contains(number) && change != .reopened
            state.open.removeAll { $0.number == number }
            state.closed.removeAll { $0 == number }
            if isClosed {
                state.closed.append(number)
                if state.closed.count > IncidentLog.mostClosed { state.closed.removeFirst() }
            } else {
                state.open.append((number, incident.acknowledgement?.author))
                state.open.sort { $0.number < $1.number }
            }
        }
    }

    /// Why nothing can be said of it; nil: it can.
    func refusal(of number: Int) -> String? {
        state.withLock { state in
            guard !state.open.contains(where: { $0.number == number }), !state.closed.contains(number) else {
                return nil
            }
            let open = state.open.map { "\($0.number)" }.joined(separator: ", ")
            return "this watch has no incident \(number); " + (open.isEmpty ? "none is open" : "open: \(open)")
        }
    }

    func acknowledger(of number: Int) -> String? {
        state.withLock { $0.open.first { $0.number == number }?.acknowledger }
    }
}

/// Keeps a board, and gives incidents on. On one thread.
final class BoardedIncidents: IncidentSink {
    private let board: IncidentBoard
    private let next: any IncidentSink

    init(_ board: IncidentBoard, then next: any IncidentSink) {
        self.board = board
        self.next = next
    }

    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds) {
        board.note(incident, change)
        next.changed(incident, change, at: time)
    }
}
