import TapCore

/// How a file ends that was torn, by a power cut or because its writer was killed: within a record.
enum TornEnd {
    /// Nothing is known of any line, device or tag from here on.
    static func append(_ header: SessionHeader, at time: Timestamp, to buffer: inout RecordBuffer) {
        let subjects =
            header.lines.map { Gap.Subject.line($0.id) } + header.devices.map { .device($0.id) }
            + header.tags.map { .tag($0.id) }
        for subject in subjects {
            buffer.append(
                .gap(Gap(.notRecorded, subject, .unknown, discovered: time, from: time, to: .distantFuture)))
        }
    }

    /// - Parameter line: of the file, in which it ends.
    static func remark(line: Int) -> String {
        "ends within a record, in line \(line): it was read up to there, and what followed is lost"
    }
}
