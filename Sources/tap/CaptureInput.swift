import TapCore
import TapFormats
import TapRecord

/// What a command reads: a capture file, or a store.
enum CaptureInput {
    static func open(
        _ path: String, _ options: ReadOptions, from: Nanoseconds = .zero, to: Nanoseconds? = nil
    ) throws(TapError) -> any CaptureReader & ~Copyable {
        guard RecordStore.isStore(path) else { return try CaptureFormat.open(path, options, from: from, to: to) }
        let reader = try StoreReader(path, from: from, to: to, wanted: options.wanted)
        guard from > .zero || to != nil else { return reader }
        return WindowReader(reader, from: from, to: to)
    }

    /// What converts, draws or describes either.
    static func conversion() -> Conversion {
        var conversion = Conversion(version: Tap.version)
        conversion.opening = { (path, options, from, to) throws(TapError) in
            try open(path, options, from: from, to: to)
        }
        return conversion
    }
}
