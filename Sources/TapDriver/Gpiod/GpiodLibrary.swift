import CGpiod

/// A libgpiod, and what it can do.
package struct GpiodLibrary: Sendable, Hashable {
    /// As "2.1.3".
    package var version: String
    /// It speaks the kernel's uAPI v2: events carry numbers, so that a full kernel queue is counted; the size of that
    /// queue, the clock of events and a debounce may be chosen, and a line can be polled while its edges are off.
    package var hasUAPI2: Bool

    package init(version: String, hasUAPI2: Bool) {
        self.version = version
        self.hasUAPI2 = hasUAPI2
    }

    /// The one that is loaded; nil: built without.
    static var loaded: GpiodLibrary? {
        guard tap_gpiod_api() > 0, let words = unsafe tap_gpiod_version() else { return nil }
        return unsafe GpiodLibrary(version: String(cString: words), hasUAPI2: tap_gpiod_api() >= 2)
    }

    /// What it cannot do, a sentence each.
    var limits: [String] {
        guard !hasUAPI2 else { return [] }
        return [
            "libgpiod \(version): events carry no sequence numbers, so a full kernel queue is not counted, only inferred from repeated directions",
            "libgpiod \(version): the kernel queue holds 16 events and drops the newest",
            "libgpiod \(version): no choice of event clock and no kernel debounce",
            "libgpiod \(version): a muted line is released, so its level is not polled while it is muted",
        ]
    }
}
