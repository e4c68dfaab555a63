import TapCore

/// The bytes of a file as characters, to find where in a folded, quoted or repeated text a place is.
struct SourceText {
    private let lines: [[Unicode.Scalar]]
    var templates: [Repetition.Template] = []

    init(_ bytes: [UInt8]) {
        var lines: [[Unicode.Scalar]] = [[]]
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\n" { lines.append([]) } else if scalar != "\r" { lines[lines.count - 1].append(scalar) }
        }
        self.lines = lines
    }

    /// Where the character with this number of a value is written; the value begins at `start`.
    func place(of offset: Int, in value: String, from start: FilePosition) -> FilePosition {
        let value = Array(value.unicodeScalars)
        var place = start
        if let quote = scalar(at: place), quote == "\"" || quote == "'", value.first != quote { place.column += 1 }
        var index = 0
        while index < min(offset, value.count) {
            guard let written = scalar(at: place) else {
                // A line's end, with what indents the next one, is one space.
                guard place.line < lines.count else { return place }
                place = FilePosition(line: place.line + 1, column: 1)
                while scalar(at: place) == " " { place.column += 1 }
                if value[index] == " " { index += 1 }
                continue
            }
            if let (read, stands) = template(at: place, value, index) {
                place.column += read
                index += stands
                continue
            }
            place.column += 1
            if written == value[index] { index += 1 }
        }
        return place
    }

    private func scalar(at place: FilePosition) -> Unicode.Scalar? {
        guard lines.indices.contains(place.line - 1) else { return nil }
        let line = lines[place.line - 1]
        return line.indices.contains(place.column - 1) ? line[place.column - 1] : nil
    }

    /// Of a template that is written there: its length, and that of what stands for it.
    private func template(at place: FilePosition, _ value: [Unicode.Scalar], _ index: Int) -> (Int, Int)? {
        let rest = lines[place.line - 1].dropFirst(place.column - 1)
        for template in templates where rest.starts(with: template.name.unicodeScalars) {
            for stands in template.values where value[index...].starts(with: stands.unicodeScalars) {
                return (template.name.unicodeScalars.count, stands.unicodeScalars.count)
            }
        }
        return nil
    }
}
