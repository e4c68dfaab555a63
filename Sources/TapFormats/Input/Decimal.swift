/// Numbers in bytes of text, exactly, without a detour over floating point.
enum Decimal {
    /// Without the white space around it.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var range = range
        while let last = range.last, bytes[last] <= 0x20 { range = range.dropLast() }
        while let first = range.first, bytes[first] <= 0x20 { range = range.dropFirst() }
        return range
    }

    /// Digits only; nil: something else, nothing, or more than 64 bits.
    @inline(__always)
    static func unsigned(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 20 else { return nil }
        var value: UInt64 = 0
        if range.count <= 19 {
            for index in range {
                let digit = bytes[index] &- 48
                guard digit <= 9 else { return nil }
                value = value &* 10 &+ UInt64(digit)
            }
            return value
        }
        for index in range {
            let digit = bytes[index] &- 48
            guard digit <= 9 else { return nil }
            let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = tens.addingReportingOverflow(UInt64(digit))
            guard !isOver, !isOverToo else { return nil }
            value = sum
        }
        return value
    }

    /// With a sign or without.
    static func signed(_ bytes: [UInt8], _ range: Range<Int>) -> Int64? {
        guard let first = range.first else { return nil }
        let isNegative = bytes[first] == UInt8(ascii: "-")
        let digits = isNegative || bytes[first] == UInt8(ascii: "+") ? range.dropFirst() : range
        guard let magnitude = unsigned(bytes, digits) else { return nil }
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// `digits[.digits][e[+-]digits]` times 10^`exponent` as a whole number, rounded to the nearest, halves up.
    ///
    /// - Parameter point: the decimal mark.
    /// - Returns: nil: something else, negative, or more than 64 bits. `isExact`: whether nothing was rounded.
    static func scaled(
        _ bytes: [UInt8], _ range: Range<Int>, exponent: Int, point mark: UInt8 = UInt8(ascii: ".")
    ) -> (value: UInt64, isExact: Bool)? {
        var value: UInt64 = 0
        var digits = 0
        var point: Int?
        var exponent = exponent
        var rest = range
        while let index = rest.first {
            let byte = bytes[index]
            if byte &- 48 <= 9 {
                guard digits < 19 || (value == 0) else { return nil }
                value = value &* 10 &+ UInt64(byte &- 48)
                if value > 0 { digits += 1 }
                if point != nil { exponent -= 1 }
                rest = rest.dropFirst()
            } else if byte == mark, point == nil {
                point = index
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard rest.lowerBound - range.lowerBound - (point == nil ? 0 : 1) > 0 else { return nil }
        if let mark = rest.first {
            guard bytes[mark] | 0x20 == UInt8(ascii: "e"), let written = signed(bytes, rest.dropFirst()),
                written.magnitude < 1_000
            else { return nil }
            exponent += Int(written)
        }
        return shift(value, by: exponent)
    }

    private static func shift(_ value: UInt64, by exponent: Int) -> (UInt64, Bool)? {
        guard value > 0 else { return (0, true) }
        guard exponent < 20 else { return nil }
        guard exponent > -21 else { return (0, false) }
        var power: UInt64 = 1
        for _ in 0..<min(19, exponent.magnitude) { power *= 10 }
        if exponent >= 0 {
            let (product, isOver) = value.multipliedReportingOverflow(by: power)
            return isOver ? nil : (product, true)
        }
        // Below a tenth of one where the power does not fit.
        guard exponent >= -19 else { return (0, false) }
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
        return (quotient + (remainder >= power - power / 2 ? 1 : 0), remainder == 0)
    }

    /// Floating point as the standard library reads it: nearest, ties to even; nil: something else.
    static func double(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        // No number that means something is longer.
        guard range.count <= 400 else { return nil }
        return Double(String(decoding: bytes[range], as: UTF8.self))
    }
}
