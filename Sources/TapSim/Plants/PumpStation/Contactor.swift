import TapConfig
import TapCore

/// A motor contactor: its contacts follow the coil after milliseconds of its own, without bounce.
///
/// On pulling in, the auxiliary contact closes after the main ones; on dropping out it opens before them.
struct Contactor: Sendable {
    private(set) var isCoilOn = false
    private(set) var isMainClosed = false
    private(set) var isAuxiliaryClosed = false
    /// Its main contacts do not let go.
    private(set) var isWelded = false
    private(set) var operations: Int
    private let pullIn_ns: Double
    private let dropOut_ns: Double
    private var random: Random

    /// When the main, then the auxiliary contact is where the coil wants it; the end of time if it is.
    private(set) var mainMoves = UInt64.max
    private(set) var auxiliaryMoves = UInt64.max

    private static let auxiliaryLag_ns = 2_000_000.0

    init(_ pump: PumpStation.Pump, random: Random) {
        operations = pump.operations
        pullIn_ns = Double(pump.pullIn.count)
        dropOut_ns = Double(pump.dropOut.count)
        self.random = random
    }

    /// When a contact moves next.
    var next: UInt64 { min(mainMoves, auxiliaryMoves) }

    mutating func setCoil(_ isOn: Bool, at time: UInt64) {
        guard isOn != isCoilOn else { return }
        isCoilOn = isOn
        let spread = 0.9 + 0.2 * random.unit()
        if isOn {
            operations += 1
            let wear = Double(operations) * 100
            let delay = (pullIn_ns + wear) * spread
            mainMoves = isMainClosed ? .max : time + UInt64(delay)
            auxiliaryMoves = isAuxiliaryClosed ? .max : time + UInt64(delay + Contactor.auxiliaryLag_ns * spread)
        } else {
            let delay = dropOut_ns * spread
            mainMoves = isMainClosed && !isWelded ? time + UInt64(delay) : .max
            // Mirror contacts (IEC 60947-4-1, annex F): the auxiliary one cannot open while a main one is welded.
            auxiliaryMoves =
                isAuxiliaryClosed && !isWelded ? time + UInt64(delay - Contactor.auxiliaryLag_ns * spread) : .max
        }
    }

    /// Moves what is to move at `next`.
    mutating func move() {
        let time = next
        if auxiliaryMoves == time {
            isAuxiliaryClosed = isCoilOn
            auxiliaryMoves = .max
        }
        if mainMoves == time {
            isMainClosed = isCoilOn
            mainMoves = .max
        }
    }

    /// - Parameter isWelded: false: the weld breaks, and the contacts go where the coil wants them.
    mutating func setWelded(_ isWelded: Bool, at time: UInt64) {
        self.isWelded = isWelded
        if isWelded, !isCoilOn {
            mainMoves = .max
            auxiliaryMoves = .max
        } else if !isWelded, !isCoilOn {
            mainMoves = isMainClosed ? time : .max
            auxiliaryMoves = isAuxiliaryClosed ? time : .max
        }
    }
}
