import TapCore
import TapFormats
import TapRecord

/// What a command reads: a capture file, or a store.
enum CaptureInput {
    static func open(
        _ path: String, _ options: ReadOptions, from: Nanoseconds = .zero, to: Nanoseconds? = nil
    ) throws(TapError) -> any CaptureReader & ~Copyable {
        let reader = try whole(path, options)
        guard from > .zero || to != nil else { return reader }
        return WindowReader(reader, from: from, to: to)
    }

    private static func whole(_ path: String, _ options: ReadOptions) throws(TapError) -> any CaptureReader & ~Copyable
    {
        if RecordStore.isStore(path) { return try StoreReader(path) }
        return try CaptureFormat.open(path, options)
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
