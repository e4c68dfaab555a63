import TapCore

/// Names of a site that is made, each given once.
struct DraftNames {
    private var taken: Set<String>

    init(_ taken: [String] = []) { self.taken = Set(taken) }

    /// The nearest to a text that a signal, a tag or a source may be called and that nothing is called yet.
    mutating func term(_ text: String) -> String {
        let letters = text.unicodeScalars.prefix(56).map { scalar -> Character in
            isMade(of: "_", String(scalar)) ? Character(scalar) : "_"
        }
        var name = String(letters)
        if name.utf8.first.map(isLetter) != true { name = "X" + name }
        if SiteReader.reserved.contains(name) { name += "_" }
        var (unique, number) = (name, 2)
        while !taken.insert(unique).inserted {
            unique = "\(name)_\(number)"
            number += 1
        }
        return unique
    }
}
