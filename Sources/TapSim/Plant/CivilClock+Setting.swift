public import TapCore

extension CivilClock {
    /// What a run's clock is set to. The wires know nothing of it.
    public struct Setting: Sendable, Hashable {
        /// Local date and time at the run's start.
        public var start = DateAndTime(year: 2026, month: 3, day: 26)
        /// Of local standard time against UTC.
        public var utcOffset = Nanoseconds.seconds(3_600)
        public var daylightSaving = DaylightSaving.eu

        /// `eu`: from the last Sunday of March to that of October, changing at 01:00 UTC (directive 2000/84/EC).
        public enum DaylightSaving: String, Sendable, Hashable, CaseIterable { case eu, none }

        public init() {}
    }

    public struct DateAndTime: Sendable, Hashable {
        public var year: Int
        public var month: Int
        public var day: Int
        public var secondOfDay = 0

        public init(year: Int, month: Int, day: Int, secondOfDay: Int = 0) {
            self.year = year
            self.month = month
            self.day = day
            self.secondOfDay = secondOfDay
        }
    }
}
