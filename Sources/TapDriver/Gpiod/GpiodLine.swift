#if Gpiod
    import TapCore

    /// One line while it is captured: its request, what is known of it, and whether it is muted.
    struct GpiodLine {
        var info: LineInfo
        /// Index of its chip in the source.
        let chip: Int
        var audit: LineAudit
        /// nil while its chip is gone, or while it is muted with a library that cannot reconfigure.
        var request: RequestHandle?
        /// The present storm window: when it began, by the stamps of its events, and how many it has.
        var windowFrom = Timestamp.zero
        var windowCount = 0
        var mute: Mute?
        /// How long the next mute lasts, and when the last one ended: a storm soon after doubles it.
        var nextMute: Nanoseconds
        var lastResumed = Timestamp.zero
        /// Its chip is gone since.
        var goneSince: Timestamp?

        struct Mute {
            var since: Timestamp
            /// On the source's own (monotonic) clock.
            var until: Timestamp
            var level: Bool?
            var flips: UInt64 = 0
        }
    }
#endif
