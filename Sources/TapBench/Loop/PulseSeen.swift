import TapCore

/// A pulse that was driven: no shorter than `least`, no longer than `most`, and whether both its edges were seen.
struct PulseSeen: Hashable {
    var least: Nanoseconds
    var most: Nanoseconds
    var isSeen: Bool

    /// - Parameter drives: high and low in turn.
    static func all(_ drives: [DriveRecord], _ edges: [Edge]) -> [PulseSeen] {
        var pulses: [PulseSeen] = []
        var next = edges.startIndex
        for index in stride(from: 0, to: drives.count - 1, by: 2) {
            let (rise, fall) = (drives[index], drives[index + 1])
            let end = index + 2 < drives.count ? drives[index + 2].before : .distantFuture
            var those: [Edge] = []
            while next < edges.endIndex, edges[next].time < end {
                those.append(edges[next])
                next += 1
            }
            pulses.append(
                PulseSeen(
                    least: max(.zero, fall.before - rise.after), most: fall.after - rise.before,
                    isSeen: those.map(\.isRising) == [true, false] && those[0].time >= rise.before
                        && those[1].time >= fall.before))
        }
        return pulses
    }
}
