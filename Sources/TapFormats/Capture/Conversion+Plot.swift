public import TapCore

extension Conversion {
    /// Draws the span as SVG, in bounded memory. The input is read twice, because the axis needs to know where it ends;
    /// the picture takes its name only once it is whole. What reading found is noted below the picture too.
    ///
    /// - Parameters:
    ///   - input: a capture, see `CaptureFormat.open`.
    ///   - title: of the picture; nil: the input's name.
    public func draw(_ input: String, to output: String, title: String?) throws(TapError) -> Outcome {
        var reader = try open(input)
        var (header, selection) = try select(reader.header)
        header.version = version
        try FileIdentity.check(outputs: [("--out", output)], inputs: Conversion.files(input))
        let file = try OutputFile(output, mayReplace: mayReplace, appears: .whenWhole)
        defer { file.abandon() }
        let name = InputPlace.name(input)
        var extent = CaptureExtent(header)
        let found = try pump(&reader, selection, into: &extent, header).found
        let length = extent.length
        guard length > .zero else {
            guard span.from > .zero else {
                throw TapError(
                    .configuration, name, "lasts no time, so there is nothing to draw",
                    remedy: "'tap info' shows what it holds")
            }
            throw TapError(
                .usage, "--from", "is not before the end of \(name)", remedy: "'tap info' shows from when to when it is"
            )
        }
        // On the axis of the whole capture, wherever the picture begins.
        header.origin = header.origin - span.from
        let shown = (from: span.from, to: span.from + length)
        let plot = Plot(
            from: shown.from, to: shown.to, title: title ?? fileName(name), notes: found.map { "\(name): \($0)" })
        var writer = PlotWriter(
            header, span: shown, to: ByteWriter(file), meaning: meaning, isReadable: selectsAll, plot: { plot })
        reader = try open(input)
        var outcome = try pump(&reader, selection, into: &writer, header, .drawing)
        outcome.length = length
        try file.commit()
        return outcome
    }
}
