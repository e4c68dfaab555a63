/// A number of bytes for people, in powers of 1,024 with one decimal.
package struct ByteSize: CustomStringConvertible {
    let bytes: UInt64

    package init(_ bytes: UInt64) { self.bytes = bytes }

    package var description: String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        guard bytes >= 1024 else { return "\(bytes) B" }
        var unit = 0
        // Tenths of the unit, rounded down: a size that is shown is there.
        var whole = bytes
        var rest: UInt64 = 0
        while whole >= 1024 {
            rest = whole % 1024
            whole /= 1024
            unit += 1
        }
        return "\(whole).\(rest * 10 / 1024) \(units[unit - 1])"
    }
}
