import TapCore
import TapDriver

extension Doctor {
    func machineCheck() -> DoctorCheck {
        guard machine.model.isEmpty else { return .fine("machine", machine.model) }
        return .unknown(
            "machine", "no name",
            why: "neither a device tree nor DMI says what this is, so a board file cannot be checked against it")
    }

    func boardChecks(_ board: Board, _ gpio: GPIOInventory) -> [DoctorCheck] {
        guard !isSimulated else { return [.fine("board", "\(board.name): simulated, so any machine will do")] }
        var checks = [compatibleCheck(board)]
        if !board.chips.isEmpty { checks.append(boardChipsCheck(board, gpio)) }
        if board.adcs.contains(where: { $0.isFitted }) { checks.append(boardConvertersCheck(board)) }
        return checks
    }

    private func compatibleCheck(_ board: Board) -> DoctorCheck {
        guard !board.compatible.isEmpty else { return .fine("board", "\(board.name): made for any machine") }
        let here = machine.texts("/proc/device-tree/compatible")
        if let match = here.first(where: board.compatible.contains) {
            return .fine("board", "\(board.name): this machine is \(match)")
        }
        let wanted = board.compatible.joined(separator: " or ")
        return .broken(
            "board", "\(board.name) is for another machine",
            why: here.isEmpty
                ? "it is for \(wanted), but this machine has no device tree that says so"
                : "it is for \(wanted), but this machine is \(here.joined(separator: ", "))",
            remedy: "name the board file of this machine, or put one of its names into machine.compatible")
    }

    private func boardChipsCheck(_ board: Board, _ gpio: GPIOInventory) -> DoctorCheck {
        let wrong = board.chips.compactMap { gpio.find($0).complaint($0) }
        let total = "\(board.chips.count)"
        guard !wrong.isEmpty else {
            return .fine("board chips", board.chips.count == 1 ? "found" : "all \(total) found")
        }
        let found = "\(board.chips.count - wrong.count) of \(total) as in the board file"
        guard gpio.refused.isEmpty else {
            return .unknown(
                "board chips", found,
                why: "\(wrong.joined(separator: "; ")); but \(counted(gpio.refused.count, "chip")) could not be opened",
                remedy: "see 'gpio access' below")
        }
        let here = gpio.chips.map { "\($0.label) (\($0.lines.count))" }
        return .broken(
            "board chips", found, why: wrong.joined(separator: "; "),
            remedy: here.isEmpty
                ? "see 'gpio chips' below"
                : "compare with those found: \(here.joined(separator: ", ")); "
                    + "then correct the board file, or load the missing chip's driver")
    }

    private func boardConvertersCheck(_ board: Board) -> DoctorCheck {
        let fitted = board.adcs.filter { $0.isFitted && $0.context == "local:" }
        let here = iioDevices().map(\.names)
        let wrong = fitted.map { ($0, DeviceMatch($0.device, among: here)) }.filter { $0.1.index == nil }
        let missing = wrong.filter { $0.1 == .missing }.map(\.0)
        let found = "\(fitted.count - wrong.count) of \(fitted.count) found"
        for (adc, match) in wrong {
            guard let (what, remedy) = match.ambiguity(adc.device) else { continue }
            return .broken("board ADCs", found, why: "\(adc.name): \(what)", remedy: remedy)
        }
        guard let first = missing.first else {
            return .fine("board ADCs", "all of them: \(fitted.map(\.name).joined(separator: ", "))")
        }
        let driver = first.driver.isEmpty ? "its driver" : "the driver (modprobe \(first.driver))"
        return .broken(
            "board ADCs", found,
            why: "no IIO device is called \(missing.map(\.device).joined(separator: ", "))",
            remedy: "load \(driver) and check that the device tree names it")
    }
}
