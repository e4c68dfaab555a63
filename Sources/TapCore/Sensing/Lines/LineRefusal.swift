/// Why a kernel does not give a line.
public enum LineRefusal: Error, Sendable, Hashable {
    /// EBUSY; the consumer's name is empty where it gives none.
    case busy(consumer: String)
    /// It stands as an output: requesting it would stop it from being driven.
    case isOutput
    /// EACCES, EPERM.
    case permission
    /// EOPNOTSUPP, EINVAL, in the system's words.
    case unsupported(String)
    /// Anything else, in the system's words.
    case failed(String)

    /// The words for a person.
    ///
    /// - Parameter kernel: what the line was asked of, as "libgpiod 2.1.3".
    func error(_ line: LineInfo, of chip: any LineChip, isRealtime: Bool, kernel: String) -> TapError {
        let place = LineRefusal.place(line, chip)
        switch self {
        case .busy(let consumer):
            return TapError(
                .busy, place, "is in use by \(consumer.isEmpty ? "an unnamed program" : "'\(consumer)'")",
                remedy: "stop that program or driver, or leave the line out")
        case .isOutput:
            return TapError(
                .busy, place, "is an output: requesting it would stop it from being driven",
                remedy: "tap only listens; make it an input first if it should be one")
        case .permission:
            return TapError(.permission, place, "permission denied", remedy: LineRefusal.permissionRemedy)
        case .unsupported(let words):
            return TapError(
                .unsupported, place, "cannot be captured with these options: \(words)",
                remedy: isRealtime || line.options != LineOptions()
                    ? "leave out clock, bias, debounce or active-low: the chip or \(kernel) cannot"
                    : "the chip's driver has no interrupts for this line")
        case .failed(let words):
            return TapError(.device, place, words, remedy: "'tap doctor' checks this machine")
        }
    }

    static func pastEnd(_ line: LineInfo, of chip: any LineChip) -> TapError {
        TapError(
            .notFound, place(line, chip), "is past the end of chip '\(chip.label)', which has \(chip.lines) lines",
            remedy: "does the board file describe another machine?")
    }

    /// - Parameter others: the labels of the chips that are there.
    public static func noChip(_ label: String, others: [String]) -> TapError {
        TapError(
            .notFound, "chip '\(label)'", "is not on this machine",
            remedy: others.isEmpty
                ? "it has no GPIO chips; 'tap doctor' gives the reason"
                : "it has \(others.joined(separator: ", ")); does the board file describe another machine?")
    }

    /// Names no user and no group: it may be a person's or a service's, and the device may be any group's.
    public static let permissionRemedy =
        "the user that tap runs as must be in the group that owns it; 'tap doctor' as that user prints what to type, "
        + "for tap.service 'sudo -u tap tap doctor'"

    private static func place(_ line: LineInfo, _ chip: any LineChip) -> String {
        "line '\(line.name)' (\(chip.name) offset \(line.offset))"
    }
}
