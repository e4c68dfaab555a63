import TapCore

/// The lines of a dump by their identifiers' numbers: what nearly every change asks for.
///
/// Holds identifiers of one line only, and only those for which there is a place near where they belong: whoever finds
/// none asks `VCDHeader.variables`.
struct VCDLineTable: Sendable {
    private struct Place {
        var code: UInt64 = 0
        /// Negative: none.
        var line: Int32 = -1
    }

    private var places: [Place]
    private let shift: UInt64
    /// Places in which an identifier may be, however the file chooses them.
    private static let near = 8

    init(_ dump: VCDHeader) {
        // At least twice as many as are taken.
        let bits = Int.bitWidth - (2 * dump.lines.count).leadingZeroBitCount
        shift = UInt64(64 - max(1, bits))
        places = Array(repeating: Place(), count: (1 << max(1, bits)) + VCDLineTable.near)
        for code in dump.codes {
            guard let found = dump.variables[code], found.count == 1, found[0].lines.count == 1 else { continue }
            let start = place(of: code)
            let free = (start..<start + VCDLineTable.near).first { places[$0].line < 0 }
            if let free { places[free] = Place(code: code, line: Int32(found[0].lines[0].index)) }
        }
    }

    @inline(__always)
    private func place(of code: UInt64) -> Int {
        Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    @inline(__always)
    subscript(code: UInt64) -> Int? {
        let start = place(of: code)
        for index in start..<start &+ VCDLineTable.near {
            let place = places[index]
            if place.line < 0 { return nil }
            if place.code == code { return Int(place.line) }
        }
        return nil
    }
}
