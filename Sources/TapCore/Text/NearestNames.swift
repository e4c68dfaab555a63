/// The names most like `text`, best first; equally like ones in the order given.
///
/// - Parameter farthest: changed characters up to which a name still counts as like; nil: any number.
package func nearestNames(
    to text: String, in names: some Collection<String>, count: Int = 3, farthest: Int? = nil
) -> [String] {
    let wanted = folded(text)
    var best: [(distance: Int, name: String)] = []
    for name in names {
        let distance = editDistance(wanted, folded(name))
        if let farthest, distance > farthest { continue }
        let place = best.firstIndex { $0.distance > distance } ?? best.endIndex
        guard place < count else { continue }
        best.insert((distance, name), at: place)
        if best.count > count { best.removeLast() }
    }
    return best.map(\.name)
}

/// The one name that `text` was probably meant to be; nil: none is near.
package func probableName(for text: String, in names: some Collection<String>) -> String? {
    // All of a single character is no likeness.
    let length = text.unicodeScalars.count
    return nearestNames(to: text, in: names, count: 1, farthest: max(length > 1 ? 1 : 0, min(3, length / 3))).first
}

/// The names that begin with `text`, in the order given, at most eight; empty for an empty text.
package func namesBeginning(with text: String, in names: some Collection<String>) -> [String] {
    let wanted = folded(text)
    guard !wanted.isEmpty else { return [] }
    return Array(names.lazy.filter { folded($0).starts(with: wanted) }.prefix(8))
}

/// The names that `text` was probably meant to be: all that begin with it, or else the one that is near; mostly none.
package func meantNames(by text: String, in names: some Collection<String>) -> [String] {
    let begin = namesBeginning(with: text, in: names)
    return begin.isEmpty ? probableName(for: text, in: names).map { [$0] } ?? [] : begin
}

/// "did you mean 'A' or 'B'?"; nil: nothing is like it.
///
/// - Parameter prefix: before each name.
package func guess(_ text: String, in names: some Collection<String>, prefix: String = "") -> String? {
    let found = meantNames(by: text, in: names)
    guard !found.isEmpty else { return nil }
    return "did you mean \(found.map { "'\(prefix)\(printable($0))'" }.joined(separator: " or "))?"
}

/// Lower case, `_` as `-`, and no more than a name may have.
private func folded(_ text: String) -> [UInt8] {
    text.utf8.prefix(64).map { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "_"): UInt8(ascii: "-")
        default: byte
        }
    }
}

/// Bytes to insert, delete, change or swap with their neighbour (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in right.indices {
            let change = last[column] + (left[row] == right[column] ? 0 : 1)
            var cost = min(change, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
