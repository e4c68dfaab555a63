import TapCore

/// What a capture thread asks of the scheduler and of memory, so that it wakes in time on a busy machine.
public struct RealTimeOptions: Sendable, Hashable {
    /// 1 to 99 under SCHED_FIFO (sched(7)); nil: an ordinary thread.
    public var fifoPriority: Int?
    /// The CPUs the thread may run on, counted from 0; nil: any.
    public var cpus: [Int]?
    /// Keep the whole process in memory (mlockall(2)).
    public var lockMemory: Bool

    public init(fifoPriority: Int? = nil, cpus: [Int]? = nil, lockMemory: Bool = false) {
        self.fifoPriority = fifoPriority
        self.cpus = cpus
        self.lockMemory = lockMemory
    }

    /// Asks for all of it, for the calling thread; memory is locked for its whole process. Call it at the start of the
    /// thread, as from `ThreadDriver.Group`'s `prepare`.
    ///
    /// What is refused is reported and leaves the thread as it was.
    ///
    /// - Returns: one outcome for each thing asked for, in the order above.
    public func apply(on machine: Machine = .current) -> [RealTimeOutcome] {
        var outcomes: [RealTimeOutcome] = []
        if let fifoPriority { outcomes.append(applyPriority(fifoPriority, machine)) }
        if let cpus { outcomes.append(applyAffinity(cpus, machine)) }
        if lockMemory { outcomes.append(applyLocking(machine)) }
        return outcomes
    }

    private func applyPriority(_ priority: Int, _ machine: Machine) -> RealTimeOutcome {
        let asked = "SCHED_FIFO \(priority)"
        do throws(Errno) { try machine.calls.setFIFO(priority) } catch {
            let advice =
                switch error {
                case .notPermitted:
                    "allow it with 'LimitRTPRIO=\(priority)' in the unit or '\(machine.userName) - rtprio \(priority)' in "
                        + LimitsFile.path
                case .invalid: "priorities go from 1 to 99"
                default: "run 'tap doctor'"
                }
            return RealTimeOutcome(.priority, granted: false, "\(asked) refused: \(error.name); \(advice)")
        }
        return RealTimeOutcome(.priority, granted: true, asked)
    }

    private func applyAffinity(_ cpus: [Int], _ machine: Machine) -> RealTimeOutcome {
        let asked = "CPU \(cpus.map(String.init).joined(separator: ","))"
        do throws(Errno) { try machine.calls.setAffinity(cpus) } catch {
            let online = machine.text("/sys/devices/system/cpu/online") ?? "not known"
            let advice =
                switch error {
                case .noDevice: "not all of them are available and the thread runs on the others; online are: \(online)"
                case .invalid: "none of them is available; online are: \(online)"
                default: "run 'tap doctor'"
                }
            return RealTimeOutcome(.affinity, granted: false, "\(asked) refused: \(error.name); \(advice)")
        }
        return RealTimeOutcome(.affinity, granted: true, asked)
    }

    private func applyLocking(_ machine: Machine) -> RealTimeOutcome {
        let allow =
            "allow it with 'LimitMEMLOCK=infinity' in the unit or '\(machine.userName) - memlock unlimited' in "
            + LimitsFile.path
        if case .tooSmall(let limit, let wanted) = MemoryLocking.permission(machine) {
            return RealTimeOutcome(
                .memory, granted: false,
                "memory not locked: the limit is \(ByteSize(limit)), but \(ByteSize(wanted)) are needed; \(allow)")
        }
        do throws(Errno) { try machine.calls.lockMemory() } catch {
            return RealTimeOutcome(.memory, granted: false, "locking memory refused: \(error.name); \(allow)")
        }
        return RealTimeOutcome(.memory, granted: true, "memory locked")
    }
}
