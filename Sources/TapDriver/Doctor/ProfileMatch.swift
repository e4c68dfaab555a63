public import TapCore

extension Profile {
    /// Of this machine, with nothing measured yet.
    public init(of board: Board, version: String, on machine: Machine = .current) {
        let kernel = machine.calls.kernel()
        self.init(
            bench: board.name, boards: board.bench?.profileFor ?? [board.name], provenance: board.provenance,
            utc: RealtimeClock().now().nanoseconds, version: version, model: machine.model,
            architecture: kernel.processor, kernel: kernel.release, kernelBuild: kernel.version,
            libgpiod: machine.libraries.gpiodVersion, lines: [])
    }

    /// Why what was measured says nothing of this board on this machine; nil: it does.
    public func complaint(_ board: Board, on machine: Machine = .current) -> String? {
        let kernel = machine.calls.kernel()
        func other(_ what: String, _ there: String, _ here: String) -> String? {
            there == here ? nil : "it is for \(what) \(there.isEmpty ? "without a name" : there), but this is \(here)"
        }
        return boards.contains(board.name)
            ? other("provenance", provenance.rawValue, board.provenance.rawValue)
                ?? other("machine", model, machine.model)
                ?? other("architecture", architecture, kernel.processor) ?? other("kernel", self.kernel, kernel.release)
                ?? other("kernel \(self.kernel)", kernelBuild, kernel.version)
            : "it is for board \(boards.joined(separator: " or ")), but this is \(board.name)"
    }
}

/// A profile as it was found for a board, or why there is none.
public enum ProfileFound: Sendable, Hashable {
    /// Nobody measured, or nobody said where it is.
    case none
    case profile(Profile, path: String)
    /// A file that cannot be used: why.
    case unusable(path: String, why: String)

    /// The same for a board on a machine: what is of another one cannot be used.
    public func fitting(_ board: Board, on machine: Machine = .current) -> ProfileFound {
        guard case .profile(let profile, let path) = self, let why = profile.complaint(board, on: machine) else {
            return self
        }
        return .unusable(path: path, why: why)
    }
}

extension Machine {
    /// What the device tree or DMI calls it; empty if neither does.
    public var model: String {
        if let model = texts("/proc/device-tree/model").first { return model }
        guard let product = text("/sys/class/dmi/id/product_name"), !product.isEmpty else { return "" }
        let maker = text("/sys/class/dmi/id/sys_vendor") ?? ""
        return maker.isEmpty ? product : "\(maker) \(product)"
    }
}

extension Doctor {
    func shortestPulseCheck() -> DoctorCheck {
        let fitting = board.map { profile.fitting($0, on: machine) } ?? profile
        let (why, remedy) = (
            "two edges closer than this machine's interrupt latency become one or none, undetected",
            "measure it on a bench with tap-bench; until then, a missing edge does not prove that there was no pulse"
        )
        switch fitting {
        case .none: return .unknown("shortest pulse", "not measured", why: why, remedy: remedy)
        case .unusable(let path, let reason):
            return .unknown(
                "shortest pulse", "not measured here", why: "the profile \(path) is not used: \(reason); \(why)",
                remedy: "measure this machine on a bench with tap-bench loop")
        case .profile(let profile, let path):
            guard board != nil else {
                return .unknown(
                    "shortest pulse", "not known to be for this board",
                    why: "the profile \(path) is for board \(profile.boards.joined(separator: " or "))",
                    remedy: "name the board with --board")
            }
            guard let pulse = profile.shortestPulse else {
                return .unknown(
                    "shortest pulse", "not measured", why: "the profile \(path) does not have it for every line",
                    remedy: remedy)
            }
            let rate = profile.losslessRate_hz.map { ", no loss up to \($0) changes/s on a line" } ?? ""
            let late = profile.interruptLatency.map {
                "; timestamps are late by \(Doctor.span($0.median)), 99.9% by \(Doctor.span($0.share999)) or less"
            }
            return .fine("shortest pulse", "\(Doctor.span(UInt64(pulse.count)))\(rate)\(late ?? ""); see \(path)")
        }
    }

    /// With a unit that fits, six significant digits.
    static func span(_ nanoseconds: UInt64) -> String {
        for (unit, size) in [("s", 1e9), ("ms", 1e6), ("us", 1e3)] where Double(nanoseconds) >= size {
            return "\(LineTable.number(Double(nanoseconds) / size)) \(unit)"
        }
        return "\(nanoseconds) ns"
    }
}
