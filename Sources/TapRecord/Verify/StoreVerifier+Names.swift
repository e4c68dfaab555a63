import TapCore

extension StoreVerifier {
    /// Files that no entry names, and the verifier key that lies in the store.
    mutating func checkNames(isRecording: Bool) {
        let names = (try? disk.names(in: StoreLayout.segments)) ?? []
        for name in names {
            let number = StoreLayout.segmentNumber(name)
            if let number, known.contains(number) || isRecording && number >= state.nextSegment { continue }
            result.add(.extra, "segments/\(printable(name))", "no entry of the log names it")
        }
        let text = try? disk.contentsIfThere(StoreLayout.verifierKey)
        if text == nil {
            result.add(.missing, StoreLayout.verifierKey, "is not there")
        } else if let text, String(decoding: text, as: UTF8.self) != key.text + "\n" {
            result.add(.altered, StoreLayout.verifierKey, "is not the key that was given")
        }
    }
}
