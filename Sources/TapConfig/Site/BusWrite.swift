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
    /// The address of who asked for it; empty: a serial bus has none, or it does not fit.
    public var master: String

    public init(
        areCoils: Bool, from address: UInt16, unit: UInt8, values: [UInt16], isRefused: Bool = false,
        by master: String = ""
    ) {
        self.master = master
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
        var text = "\(isRefused ? "refused: " : "")\(place) of \(unit == 0 ? "all units" : "unit \(unit)")"
        // Of IPv6, an address may leave no room for the rest.
        let by = " by \(master)"
        if !master.isEmpty, text.utf8.count + by.utf8.count < 59 { text += by }
        text += ":"
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
        var end = unit
        master = ""
        if words.first == "by", let name = words.dropFirst().first {
            words = words.dropFirst(2)
            master = String(name.dropLast())
            end = unit + name.suffix(1)
        }
        guard end.hasSuffix(":") else { return nil }
        switch (next, end.dropLast()) {
        case ("all", "units"): self.unit = 0
        case ("unit", let digits):
            guard let number = UInt8(digits) else { return nil }
            self.unit = number
        default: return nil
        }
        values = words.compactMap { UInt16($0) }
    }
}

extension SiteClaimSource {
    /// Of a write to what the source reads.
    public func allows(_ write: BusWrite) -> Bool {
        switch writes {
        case nil: return true
        case .some(.none): return false
        case .addresses(let ranges):
            let hasBits = function == 1 || function == 2
            return write.areCoils == hasBits
                && write.addresses.allSatisfy { address in ranges.contains { $0.contains(address) } }
        }
    }

    /// Whether a write changes what one of its registers holds: one that was accepted, and inputs cannot be written.
    public func changes(_ register: SiteRegister, _ write: BusWrite) -> Bool {
        let isInput = function == 2 || function == 4
        let last = register.address + register.words - 1
        return !write.isRefused && !isInput && write.areCoils == (function == 1)
            && write.addresses.overlaps(register.address...last)
    }

    private var function: Int? {
        switch origin {
        case .heard(_, _, let function), .packets(_, _, _, _, let function, _): function
        case .poll(_, _, _, let function): function
        case .file, .socket, .broker, .given: nil
        }
    }
}
