import TapCore

/// What a COMTRADE record that is written is to be like.
public struct ComtradeOptions: Sendable {
    public enum Data: String, Sendable, Hashable, CaseIterable { case ascii, binary, float32 }
    public enum Revision: String, Sendable, Hashable, CaseIterable { case y1999 = "1999", y2013 = "2013" }

    /// nil: the smallest that loses nothing.
    public var data: Data?
    public var revision = Revision.y2013

    public init() {}
}
