/// Why a text is no expression, or none that means something here.
struct ExpressionProblem: Error {
    /// In characters from the expression's beginning.
    var at: Int
    var what: String
    var why = ""
    var fix: String
}
