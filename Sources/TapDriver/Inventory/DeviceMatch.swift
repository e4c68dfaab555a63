/// What an IIO device is called.
package struct DeviceNames: Sendable, Hashable {
    /// As `iio:device0`; the number changes between boots.
    package var id: String
    package var name: String?
    /// Of the device tree: distinguishes devices of one name.
    package var label: String?

    package init(id: String, name: String?, label: String?) {
        self.id = id
        self.name = name
        self.label = label
    }

    package var shown: String { name ?? id }
}

/// Which device of a context a board means: the one rule for `lines`, `doctor` and `capture`.
package enum DeviceMatch: Sendable, Hashable {
    /// Its index.
    case found(Int)
    case missing
    /// Several fit, and nothing says which is meant.
    case ambiguous([DeviceNames])

    /// - Parameter wanted: an ID; or a name, or else a label, in which one `*` stands for any text.
    package init(_ wanted: String, among devices: [DeviceNames]) {
        if let index = devices.firstIndex(where: { $0.id == wanted }) {
            self = .found(index)
            return
        }
        var fitting = devices.indices.filter { namePattern(wanted, fits: devices[$0].shown) }
        if fitting.isEmpty {
            fitting = devices.indices.filter { devices[$0].label.map { namePattern(wanted, fits: $0) } ?? false }
        }
        self =
            fitting.count > 1 ? .ambiguous(fitting.map { devices[$0] }) : fitting.first.map { .found($0) } ?? .missing
    }

    package var index: Int? { if case .found(let index) = self { index } else { nil } }

    /// What is ambiguous, and what to write instead; nil: it is not.
    package func ambiguity(_ wanted: String) -> (what: String, remedy: String)? {
        guard case .ambiguous(let devices) = self else { return nil }
        let labels = devices.compactMap(\.label)
        let isTold = Set(labels).count == devices.count
        return (
            "\(devices.count) devices fit \(wanted), so it is ambiguous",
            "name one by its \(isTold ? "label" : "ID"): \((isTold ? labels : devices.map(\.id)).joined(separator: ", "))"
        )
    }
}

/// - Parameter pattern: a name in which one `*` stands for any text.
package func namePattern(_ pattern: String, fits name: String) -> Bool {
    guard let star = pattern.firstIndex(of: "*") else { return name == pattern }
    let before = pattern[..<star]
    let after = pattern[pattern.index(after: star)...]
    return name.count >= before.count + after.count && name.hasPrefix(before) && name.hasSuffix(after)
}
