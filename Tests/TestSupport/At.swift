public import TapCore

/// That many nanoseconds after a clock's zero.
public func at(_ nanoseconds: UInt64) -> Timestamp { Timestamp(nanoseconds: nanoseconds) }
