/// What is asked about, by its name.
public enum AskedSubject: Sendable, Hashable {
    case line(String)
    /// Claims.
    case tag(String)
    /// Scans.
    case device(String)

    public var name: String {
        switch self {
        case .line(let name), .tag(let name), .device(let name): name
        }
    }

    /// As in messages.
    var word: String {
        switch self {
        case .line: "line"
        case .tag: "tag"
        case .device: "ADC"
        }
    }

    func subjects(in table: SourceTable) -> [Subject] {
        switch self {
        case .line(let name): table.lines.filter { $0.name == name }
        case .tag(let name): table.tags.filter { $0.name == name }
        case .device(let name): table.devices.filter { $0.name == name }
        }
    }
}
