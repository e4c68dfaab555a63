import TapCore

/// The tags that are looked for, by what files call them: `hmi LEVEL`, `hmi.LEVEL`, or `LEVEL` where one source has it.
struct ClaimTags: Sendable {
    let tags: [ClaimTag]
    private var numbers: [String: Int] = [:]
    /// What a file names besides: a few of them, or all, in the order in which they came.
    private(set) var strangers: [String] = []

    /// Nothing is looked for: whatever a file names is wanted.
    let isOpen: Bool
    private let namesAll: Bool
    private var known: Set<String> = []
    /// Of those of them that came with one.
    private(set) var units: [String: String] = [:]

    private static let some = 8
    private static let most = 4_096

    init(_ tags: [ClaimTag], namesAll: Bool = false) {
        self.tags = tags
        self.namesAll = namesAll
        isOpen = tags.isEmpty
        var named: [String: [Int]] = [:]
        for (number, tag) in tags.enumerated() {
            numbers["\(tag.info.source).\(tag.info.name)"] = number
            named[tag.info.name, default: []].append(number)
        }
        for (name, found) in named where found.count == 1 { numbers[name] = found[0] }
        // A title is never taken for a name.
        for (number, tag) in tags.enumerated() { numbers[tag.info.title] = number }
    }

    /// nil: it is none of them.
    func number(_ name: String, of source: String?) -> Int? {
        guard let source, !source.isEmpty else { return numbers[name] }
        return numbers["\(source) \(name)"]
    }

    mutating func pass(_ stranger: String, unit: String? = nil) {
        let most = isOpen || namesAll ? ClaimTags.most : ClaimTags.some
        guard strangers.count < most, known.insert(stranger).inserted else { return }
        strangers.append(stranger)
        units[stranger] = unit
    }

    /// A stranger with its source, of which neither has this mark in it.
    static func open(_ name: String, of source: String?) -> String {
        source.map { "\($0)\(mark)\(name)" } ?? name
    }

    /// U+001F, the unit separator.
    static let mark: Character = "\u{1F}"

    /// What is to be said of what was passed over.
    var remarks: [String] {
        guard !strangers.isEmpty else { return [] }
        let most = namesAll ? ClaimTags.most : 4
        let named = strangers.prefix(most).map { printable($0, longest: 40) }.joined(separator: ", ")
        let isAll = strangers.count <= most && strangers.count < ClaimTags.most
        return ["not looked for, and passed over: \(named)\(isAll ? "" : " and others")"]
    }
}
