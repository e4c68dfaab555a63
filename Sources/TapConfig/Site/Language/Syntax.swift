import TapCore

/// An expression as it is written, before anybody knows what its names are.
indirect enum SyntaxForm {
    case quantity(Quantity)
    case name(String)
    case not(Syntax)
    case and([Syntax])
    case or([Syntax])
    /// `a < b < c`: one symbol less than there are operands.
    case chain([Syntax], [String])
    /// `+ - * /`
    case operation(String, Syntax, Syntax)
    case power(Syntax, Int)
    case negative(Syntax)
    case held(Syntax, Nanoseconds)
    case steady(Syntax, Nanoseconds)
    case jumps(Syntax)
    case failed(Syntax)
    case silent(Syntax)
    case call(String, [Syntax], window: Nanoseconds?)
    case temporal(String, Condition.Window, [Syntax])
}

struct Syntax {
    /// Where it begins, in characters from the expression's beginning.
    var at: Int
    var form: SyntaxForm
    /// It stands in parentheses, so that nobody can read it in two ways.
    var isClosed = false
}
