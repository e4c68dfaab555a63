import TapCore

extension RecordStore {
    /// The newest session of which a segment is there, with the notes of its header; nil: none, or it cannot be read. Nothing is
    /// verified. Blocks as long as the medium does.
    public func newestSession() -> (number: UInt64, notes: [String])? {
        let disk = SystemDisk(path)
        let numbers = (try? disk.names(in: StoreLayout.segments))?.compactMap { name in
            name.hasSuffix(".mcap") ? UInt64(name.dropLast(5)) : nil
        }
        for number in (numbers ?? []).sorted(by: >) {
            // The last one may have been cut off before it had a head.
            guard let file = try? disk.openToRead(SegmentWriter.path(number)),
                let scan = try? SegmentScan(headOf: file), let message = try? SessionMessage(decoding: scan.session)
            else { continue }
            return (message.session, message.header.notes)
        }
        return nil
    }
}
