/// What makes a board a bench: lines that `tap-bench` may drive. No other program of this project drives any.
public struct BoardBench: Sendable, Hashable {
    public enum Drive: Sendable, Hashable {
        /// Each line of the board by its own pull: the kernel's gpio-sim, without a wire.
        case pulls
        /// Output lines that are wired to the inputs they drive.
        case outputs([BoardLoopback])
    }

    public var drive: Drive
    /// Names of the boards for which a profile measured here is good.
    public var profileFor: [String]

    public init(_ drive: Drive, profileFor: [String]) {
        self.drive = drive
        self.profileFor = profileFor
    }
}
