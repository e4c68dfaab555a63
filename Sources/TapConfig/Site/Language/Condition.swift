public import TapCore

/// What is true, false or unknown at each time. Names are those of the site; every one of them is declared.
public indirect enum Condition: Sendable, Hashable {
    case constant(Bool)
    /// The line is high.
    case line(String)
    /// The tag is claimed to be true.
    case tag(TagName)
    /// What stands under `words` by this name.
    case word(String)
    /// The tag is claimed to be this one of its words.
    case says(TagName, word: String)
    /// The source should have said something, and has not.
    case silent(String)
    case not(Condition)
    case all([Condition])
    case any([Condition])
    /// Both are true or both are false.
    case same(Condition, Condition)
    case compare(Measure, Relation, Measure)
    /// Has been true for this long.
    case holds(Condition, for: Nanoseconds)
    /// Has changed by no more than this over a time.
    case steady(Measure, by: Double, over: Nanoseconds)
    /// The channel has changed faster than the site says is plausible.
    case jumps(String)
    /// The current of the channel's loop is one by which its transmitter signals a failure.
    case failed(String)
    /// Has been true at some time from so long ago to so long ago.
    case once(Condition, Window)
    /// Has been true at every time of the window.
    case historically(Condition, Window)
    /// Will be true at some time of the window, which lies ahead.
    case eventually(Condition, Window)
    /// Will be true at every time of the window, which lies ahead.
    case always(Condition, Window)
    /// The second was true at some time of the window, and the first has been ever since.
    case since(Condition, Condition, Window)

    /// From and to, both counted from the present; the second not before the first.
    public struct Window: Sendable, Hashable {
        public var from: Nanoseconds
        public var to: Nanoseconds
    }
}
