public import TapCore

/// A line that is driven. Used on one thread at a time.
///
/// `begin` comes first, `release` last and once; in between `set` as often as one likes.
public protocol DrivenLine: AnyObject {
    /// Takes the line and puts it at its first level. On an error nothing stays taken.
    func begin(_ isHigh: Bool) throws(TapError)
    /// Blocks for as long as the driver takes.
    func set(_ isHigh: Bool) throws(TapError)
    /// Gives the line back; what can be put as it was before is.
    func release()
}
