public import TapCore

extension Profile {
    /// Of this machine, with nothing measured yet.
    public init(of board: Board, version: String, on machine: Machine = .current) {
        let kernel = machine.calls.kernel()
        self.init(
            bench: board.name, boards: board.bench?.profileFor ?? [board.name], provenance: board.provenance,
            utc: RealtimeClock().now().nanoseconds, version: version, model: machine.model,
            architecture: kernel.processor, kernel: kernel.release, kernelBuild: kernel.version,
            libgpiod: machine.libraries.gpiod?.version ?? "", lines: [])
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
