import Glibc

/// What `scripts/soak` asks of tests that run longer there than in CI, by environment.
public enum Soak {
    /// 0: as in CI; other seeds make other cases.
    public static let seed = UInt64(number("TAP_SOAK_SEED") ?? 0)

    /// A number that is set in the environment; nil: it is not.
    public static func number(_ name: String) -> Int? {
        unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
    }

    /// One line that `scripts/soak` adds up; nothing in CI.
    public static func count(_ what: String, _ count: Int) {
        if number("TAP_SOAK_SEED") != nil { print("soak: \(count) \(what)") }
    }
}
