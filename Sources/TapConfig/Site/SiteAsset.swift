/// A thing of the installation that findings are about.
public struct SiteAsset: Sendable, Hashable {
    public var name: String
    public var title: String
    /// Its security zone (IEC 62443); empty: none is said.
    public var zone: String
}
