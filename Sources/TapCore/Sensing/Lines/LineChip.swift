/// An open chip.
public protocol LineChip: AnyObject, Sendable {
    var provenance: Provenance { get }
    /// As "gpiochip0", its label, and as "/dev/gpiochip0".
    var name: String { get }
    var label: String { get }
    var path: String { get }
    /// How many it has.
    var lines: Int { get }

    /// Requests a line as an input with edge detection, with a queue of its own, as `line.options` says. Fills in what
    /// its queue holds.
    ///
    /// - Parameter line: its offset is one of the chip's.
    func request(_ line: inout LineInfo) throws(LineRefusal) -> any RequestedLine
}
