package import TapConfig
package import TapFormats

extension SiteTag {
    /// What claims of it that come by name can be.
    package var claimKind: ClaimTag.Kind {
        switch kind {
        case .bool: .bool
        case .number: .number
        case .words(let words): .words(words)
        case .clock: .text
        }
    }
}
