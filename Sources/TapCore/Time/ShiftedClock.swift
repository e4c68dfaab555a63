/// Another clock, ahead of it by a constant.
struct ShiftedClock: TapClock {
    let base: any TapClock
    let ahead: Nanoseconds

    func now() -> Timestamp { base.now() + ahead }
    func realSpan(of span: Nanoseconds) -> Nanoseconds { base.realSpan(of: span) }
}
