public import TapCore

/// What a wire carried, or a source said, when a finding was known.
public struct FindingValue: Sendable, Hashable {
    /// A signal, or a tag as `hmi.LEVEL`.
    public var name: String
    /// It is what a source says.
    public var isSaid: Bool
    /// As people read it: `3.62 m`, `high`, `auto`; nil: not known.
    public var text: String?
    /// When it was approved or written, since the session's start; of `none heard`: from when on; nil: it is of the finding's time.
    public var time: Nanoseconds?
    /// How long before the finding was known that was.
    var age: Nanoseconds?

    public init(name: String, isSaid: Bool, text: String?) {
        self.name = name
        self.isSaid = isSaid
        self.text = text
    }
}

extension FindingValue: CustomStringConvertible {
    /// What nobody was heard to write.
    static let noneHeard = "none heard"

    /// `LT1 is 3.62 m`, `hmi.LEVEL says 1.5 m`, `write to hmi.SP: register 4 of unit 1: 9, 300ms earlier`.
    public var description: String {
        if name.contains(" ") {
            let ago = age.map { age in
                let time = DurationText.exact(FindingValue.rounded(age))
                return text == FindingValue.noneHeard ? " in the \(time) before" : ", \(time) earlier"
            }
            return "\(name): \(text ?? "not known")\(ago ?? "")"
        }
        guard let text else { return "\(name) is not known" }
        return "\(name) \(isSaid ? "says" : "is") \(text)"
    }

    /// To a hundredth of a second, beyond a minute to a second, beyond an hour to a minute.
    private static func rounded(_ time: Nanoseconds) -> Nanoseconds {
        let size: Int64 = time < .seconds(60) ? 10_000_000 : time < .seconds(3_600) ? 1_000_000_000 : 60_000_000_000
        return Nanoseconds(max(0, time.count) / size * size)
    }
}
