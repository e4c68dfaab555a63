import TapConfig
import TapCore

/// A number of a plant's section: its key, where it goes, and what it may be.
typealias SectionNumber<Section> = (
    key: String, path: WritableKeyPath<Section, Double>, range: ClosedRange<Double>
)

/// A length of time of a plant's section.
typealias SectionTime<Section> = (
    key: String, path: WritableKeyPath<Section, Nanoseconds>, range: ClosedRange<Nanoseconds>
)

extension DocumentReader {
    /// A map of numbers and times at a key, each with its range; what is not there keeps its usual value.
    ///
    /// - Parameter owner: as messages call the map.
    func section<Section>(
        _ key: String, _ fields: Fields, _ owner: String, _ section: inout Section,
        _ numbers: [SectionNumber<Section>], _ times: [SectionTime<Section>] = []
    ) {
        guard let node = fields[key],
            let fields = self.fields(node, of: owner, known: numbers.map(\.key) + times.map(\.key))
        else { return }
        values(fields, &section, numbers, times)
    }

    /// The numbers and times of a map that may have other keys too.
    func values<Section>(
        _ fields: Fields, _ section: inout Section, _ numbers: [SectionNumber<Section>],
        _ times: [SectionTime<Section>]
    ) {
        for (key, path, range) in numbers {
            let bounds = "from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
            guard
                let value = number(
                    key, fields, in: range, bounds: bounds, example: plain(section[keyPath: path]))
            else { continue }
            section[keyPath: path] = value
        }
        for (key, path, range) in times {
            guard let time = duration(key, fields, within: range) else { continue }
            section[keyPath: path] = time
        }
    }
}
