/// What somebody wrote on a bus, as claims of a source's tag `writes` have it: `register 14 of unit 1: 4900`.
public struct BusWrite: Sendable, Hashable {
    /// The tag under which a source that is heard says what is written to it.
    public static let tag = "writes"
    /// What it says once it is heard, and again after a loss: nothing was written since.
    public static let nothing = "nothing"

    public var areCoils: Bool
    public var addresses: ClosedRange<Int>
    /// 0: all units, none of which answers.
    public var unit: UInt8
    /// As many as fit a claim.
    public var values: [UInt16]
    /// The server did not accept it.
    public var isRefused: Bool

    public init(areCoils: Bool, from address: UInt16, unit: UInt8, values: [UInt16], isRefused: Bool = false) {
        self.areCoils = areCoils
        addresses = Int(address)...Int(address) + max(0, values.count - 1)
        self.unit = unit
        self.values = values
        self.isRefused = isRefused
    }

    /// At most 63 bytes; values that do not fit are left out, which `...` says.
    public var text: String {
        let what = areCoils ? "coil" : "register"
        let place =
            addresses.count == 1
            ? "\(what) \(addresses.lowerBound)" : "\(what)s \(addresses.lowerBound)..\(addresses.upperBound)"
        var text = "\(isRefused ? "refused: " : "")\(place) of \(unit == 0 ? "all units" : "unit \(unit)"):"
        for value in values {
            let next = " \(value)"
            guard text.utf8.count + next.utf8.count <= 59 else { return text + " ..." }
            text += next
        }
        return text
    }

    /// nil: it is no such text.
    public init?(_ text: String) {
        var words = text.split(separator: " ")[...]
        isRefused = words.first == "refused:"
        if isRefused { words = words.dropFirst() }
        guard let what = words.popFirst(), ["register", "registers", "coil", "coils"].contains(what),
            let place = words.popFirst(), words.popFirst() == "of"
        else { return nil }
        let ends = place.split(separator: ".").compactMap { UInt16($0) }
        guard let first = ends.first, let last = ends.last, first <= last, let next = words.popFirst(),
            let unit = words.popFirst()
        else { return nil }
        areCoils = what.hasPrefix("coil")
        addresses = Int(first)...Int(last)
        guard next == "unit" else {
            guard next == "all", unit == "units:" else { return nil }
            self.unit = 0
            values = words.compactMap { UInt16($0) }
            return
        }
        guard unit.hasSuffix(":"), let number = UInt8(unit.dropLast()) else { return nil }
        self.unit = number
        values = words.compactMap { UInt16($0) }
    }
}

extension SiteClaimSource {
    /// Of a write to what the source reads.
    public func allows(_ write: BusWrite) -> Bool {
        let function: Int? =
            switch origin {
            case .heard(_, _, let function), .packets(_, _, _, _, let function, _): function
            case .poll(_, _, _, let function): function
            case .file, .socket, .given: nil
            }
        switch writes {
        case nil: return true
        case .some(.none): return false
        case .addresses(let ranges):
            let hasBits = function == 1 || function == 2
            return write.areCoils == hasBits
                && write.addresses.allSatisfy { address in ranges.contains { $0.contains(address) } }
        }
    }
}
