/// One value or truth of a `ValueGraph`, made of those before it.
struct ValueNode: BitwiseCopyable, Sendable {
    enum Kind: BitwiseCopyable, Sendable {
        // What records say.
        case constant, channel, line, tag
        // Whether supplies are there for as long as what they feed takes to drop or to come back; a channel while that is so.
        case supplied, fed
        // Of a line: its level, unknown while it is not steady; the instants at which it rises.
        case level, rises
        // Of a tag: the instants at which it is claimed, whether it says a word; of a source: whether it is silent.
        case said, says, silent
        // Values.
        case sum, difference, product, quotient, power, negative, greatest, least, magnitude
        case integral, change, starts, counted
        // Truths.
        case not, and, or, same, atLeast, above, steady, jumps, balance, bound
        // Whether a clock is right.
        case clock
        // The span of a value over the lateness of claims, and whether the last claim lay within it.
        case hull, agrees
        // Whether the last claim fits what a line counted; whether claims are late by no more than allowed; whether a source
        // repeats itself.
        case counts, inTime, repeats
        // Whether a source makes too many claims.
        case flooded
        // Somebody writes what nobody may write; a person permits some work.
        case written, permit
        // The value that a tag may have, which a person may change.
        case approved
    }

    var kind: Kind
    /// Operands, which stand before it; -1: none. A line has that of its supplies.
    var left = -1
    var right = -1
    /// Accuracy, tolerance, the size of a pulse, or what else the kind has one of.
    var number = 0.0
    var second = 0.0
    /// A hull, a history, a word, an exponent, an estimate, or a time in nanoseconds.
    var place = 0
    /// What the watch calls it; -1: it is asked for by others alone.
    var atom = -1
    /// Its place among `Readings`; -1: nobody reads it.
    var shown = -1

    /// Its value at an instant depends on nothing but what its operands are at that instant.
    var isPlain: Bool {
        switch kind {
        case .constant, .channel, .fed, .sum, .difference, .product, .quotient, .power, .negative, .greatest, .least,
            .magnitude, .not, .and, .or, .same, .atLeast, .above, .balance, .bound:
            true
        default: false
        }
    }
}
