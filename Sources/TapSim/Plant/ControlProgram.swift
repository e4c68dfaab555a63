/// A PLC's program, whatever its machine: called once a scan with the inputs as they were at the scan's beginning.
protocol ControlProgram: Sendable {
    associatedtype Inputs: Sendable
    associatedtype Outputs: Sendable

    /// What the output cards hold while no program runs.
    static var safeOutputs: Outputs { get }
    /// As after switching on: nothing remembered.
    mutating func restart(at time: UInt64)
    mutating func scan(_ inputs: Inputs, at time: UInt64) -> Outputs
}
