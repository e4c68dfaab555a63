/// What lies between dosing pump and vessel: what a stroke puts in comes out a dead time later.
struct DosingLine: Sendable {
    /// Millilitres by the step in which they arrive.
    private var bins: [Double]
    private var now = 0
    private(set) var held_ml = 0.0

    /// - Parameter steps: of dead time.
    init(steps: Int) { bins = Array(repeating: 0, count: max(1, steps)) }

    mutating func put(_ volume_ml: Double) {
        bins[(now + bins.count - 1) % bins.count] += volume_ml
        held_ml += volume_ml
    }

    /// What arrives in this step; on to the next.
    mutating func step() -> Double {
        let arrives = bins[now]
        bins[now] = 0
        held_ml = max(0, held_ml - arrives)
        now = (now + 1) % bins.count
        return arrives
    }
}
