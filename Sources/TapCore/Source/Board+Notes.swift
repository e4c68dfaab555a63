extension Board {
    /// What its file notes, each in one line: of the board as a whole, then, beginning with the name, of some of its lines
    /// with their chips, and of some of its ADCs with their channels. What makes stamps late or channels unequal in time
    /// is noted too.
    public func notes(lines: [BoardLine], adcs: [BoardADC]) -> [String] {
        var all = notes
        for chip in chips where chip.isSlow && lines.contains(where: { $0.chip == chip.label }) {
            all.append("\(chip.label): behind a slow bus, so edges are stamped late, in a thread")
        }
        for line in lines where !line.note.isEmpty { all.append("\(line.name): \(line.note)") }
        for adc in adcs {
            if !adc.note.isEmpty { all.append("\(adc.name): \(adc.note)") }
            if adc.channels.count > 1, !adc.isSimultaneous {
                all.append("\(adc.name): channels are sampled in turn, not at the same moment")
            }
            for channel in adc.channels where !channel.note.isEmpty {
                all.append("\(adc.name).\(channel.name): \(channel.note)")
            }
        }
        return all.map { $0.split(separator: "\n").joined(separator: " ") }
    }
}
