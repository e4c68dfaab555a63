import TapCore

/// A circuit breaker's mechanism: what is set in motion goes on to its end. Main contacts of three poles, two auxiliary
/// contacts that are never both closed while it is sound, and a closing spring that a motor charges.
struct CircuitBreaker: Sendable {
    /// The main contacts touch.
    private(set) var touches: InlineArray<3, Bool> = .init(repeating: true)
    private(set) var isClosedContact = true
    private(set) var isOpenContact = false
    private(set) var isCharged = true
    /// Times that it has opened.
    private(set) var operations = 0
    private(set) var isMoving = false

    var isSlow = false
    /// The pole of IC does not open.
    private(set) var isPoleStuck = false
    private(set) var isAuxiliaryStuck = false
    private var isMotorDead = false
    /// What its shaft says, whatever the contacts do.
    private(set) var isClosed = true

    private var agenda = Agenda<Move>()
    private let parameters: FeederBay.Breaker
    private var random: Random

    enum Move: Sendable {
        case poles(Bool)
        case closedContact(Bool)
        case openContact(Bool)
        case ends
        case charged
    }

    init(_ parameters: FeederBay.Breaker, random: Random) {
        self.parameters = parameters
        self.random = random
    }

    /// When something moves next; the end of time if nothing does.
    var next: UInt64 { agenda.next }

    /// The trip coil, or a hand. An open breaker and one that moves stay as they are.
    mutating func open(at time: UInt64) {
        guard isClosed, !isMoving else { return }
        isMoving = true
        operations += 1
        let parts = time + span(parameters.opening)
        agenda.add(.poles(false), at: parts)
        agenda.add(.closedContact(false), at: parts)
        let opens = parts + gap()
        agenda.add(.openContact(true), at: opens)
        agenda.add(.ends, at: opens)
    }

    /// The close coil, or a hand: takes what the spring holds.
    mutating func close(at time: UInt64) {
        guard !isClosed, !isMoving, isCharged else { return }
        isMoving = true
        isCharged = false
        let touches = time + span(parameters.closing)
        agenda.add(.openContact(false), at: touches - gap())
        agenda.add(.poles(true), at: touches)
        agenda.add(.closedContact(true), at: touches)
        agenda.add(.ends, at: touches)
        charge(from: touches)
    }

    /// Does what is due at `next`.
    ///
    /// - Returns: whether poles parted or touched.
    mutating func move() -> Bool {
        guard let (_, move) = agenda.take(before: .max) else { return false }
        switch move {
        case .poles(let isClosed):
            self.isClosed = isClosed
            for pole in 0..<3 where !(pole == 2 && isPoleStuck && !isClosed) { touches[pole] = isClosed }
            return true
        case .closedContact(let isClosed): if !isAuxiliaryStuck { isClosedContact = isClosed }
        case .openContact(let isClosed): isOpenContact = isClosed
        case .ends: isMoving = false
        case .charged: if !isMotorDead { isCharged = true }
        }
        return false
    }

    /// Whether a fault is there; at its end what it held goes where it belongs.
    ///
    /// - Returns: whether a pole parted.
    mutating func setPoleStuck(_ isThere: Bool) -> Bool {
        isPoleStuck = isThere
        guard !isThere, touches[2] != isClosed else { return false }
        touches[2] = isClosed
        return true
    }

    mutating func setAuxiliaryStuck(_ isThere: Bool) {
        isAuxiliaryStuck = isThere
        if !isThere, !isMoving { isClosedContact = isClosed }
    }

    mutating func setMotorDead(_ isThere: Bool, at time: UInt64) {
        isMotorDead = isThere
        if !isThere, !isCharged { charge(from: time) }
    }

    private mutating func charge(from time: UInt64) { agenda.add(.charged, at: time + spread(parameters.springMotor)) }

    private mutating func span(_ time: Nanoseconds) -> UInt64 { spread(time) * (isSlow ? 3 : 1) }

    private mutating func gap() -> UInt64 { spread(parameters.gap) * (isSlow ? 3 : 1) }

    private mutating func spread(_ time: Nanoseconds) -> UInt64 {
        UInt64(Double(time.count) * (0.94 + 0.12 * random.unit()))
    }
}
