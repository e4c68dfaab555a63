public import TapCore
public import TapDriver

/// Says what a machine can do as a witness, and what stands in the way. It reads; it requests no line, and changes
/// nothing.
public struct Doctor: Sendable {
    let machine: Machine
    /// The board this machine is to be.
    let board: Board?
    /// Where recordings are to be kept.
    let storage: String
    /// What was measured of the board.
    let profile: ProfileFound

    /// - Parameter storage: a directory; a relative one is below the working directory.
    public init(
        _ machine: Machine = .current, board: Board? = nil, storage: String = ".", profile: ProfileFound = .none
    ) {
        self.machine = machine
        self.board = board
        self.storage = storage
        self.profile = profile
    }

    /// Looks at everything, always in this order. Takes some milliseconds; opens and closes the GPIO chips.
    public func examine() -> [DoctorCheck] {
        let gpio = machine.gpio()
        var checks = [machineCheck()]
        if let board { checks += boardChecks(board, gpio) }
        checks.append(kernelCheck())
        checks += gpioChecks(gpio)
        checks += iioChecks()
        checks += [preemptionCheck(), timerCheck(), lockedMemoryCheck(), realTimeCheck(), governorCheck()]
        checks += [synchronisationCheck(), batteryClockCheck()]
        checks += storageChecks()
        return checks
    }

    /// Whether the board given can do without a machine's pins.
    var isSimulated: Bool { board?.provenance == .simulated }
}
