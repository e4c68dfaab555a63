import TapCore

// Oscilloscopes that say of themselves, line by line, what others say in names of columns.

extension CSVLayout {
    /// Tektronix TDS: three columns of what it says of itself stand beside the first samples.
    ///
    /// - Parameter lines: the first of the file.
    mutating func readAside(_ lines: [Range<Int>], _ file: inout InputFile) throws(TapError) {
        var said: [String: String] = [:]
        var cells: [Range<Int>] = []
        for (index, line) in lines.enumerated() {
            text.split(file.bytes, line, into: &cells)
            guard cells.count >= 5, [3, 4].allSatisfy({ isNumber(file.bytes, CSVText.plain(file.bytes, cells[$0])) })
            else { break }
            let words = try words(Array(cells.prefix(2)), &file)
            guard index > 0 || words[0].lowercased() == "record length" else { return }
            if said[words[0].lowercased()] == nil { said[words[0].lowercased()] = words[1] }
        }
        guard said["record length"] != nil else { return }
        text.aside = 3
        names = ["time", said["source"] ?? ""]
        units = [said["horizontal units"] ?? "s", said["vertical units"] ?? ""]
    }

    /// GW Instek: `Waveform Data` stands above the samples, which have times, or are counts of its converter at a period
    /// that it says.
    mutating func readWaveform(_ lines: [[Range<Int>]], _ file: inout InputFile) throws(TapError) {
        var said: [String: String] = [:]
        for line in lines {
            let words = try words(line, &file)
            if words.count > 1 { said[words[0].lowercased()] = words[1] }
        }
        let name = said["source"] ?? ""
        if width > 1 {
            names = ["time", name]
            units = ["s", said["vertical units"] ?? ""]
        } else if let period = said["sampling period"].flatMap(CSVLayout.attoseconds), period > 0 {
            names = [name]
            raster = CSVRaster(start: 0, step: period)
        }
    }
}
