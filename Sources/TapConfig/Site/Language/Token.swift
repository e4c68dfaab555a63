/// A piece of an expression and where it begins, in characters from the expression's beginning.
struct Token {
    enum Kind: Equatable {
        /// A name, perhaps with a dot in it, or a word of the language.
        case name(String)
        /// Digits as written, and a unit or nothing.
        case number(String, unit: String)
        case symbol(String)
        case end
    }

    var kind: Kind
    var at: Int

    /// As it is written, for messages.
    var text: String {
        switch kind {
        case .name(let name): name
        case .number(let digits, let unit): unit.isEmpty ? digits : "\(digits) \(unit)"
        case .symbol(let symbol): symbol
        case .end: "the end"
        }
    }
}
