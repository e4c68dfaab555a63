public import TapCore

extension Site {
    /// The tag of that name, as `hmi.SP_HIGH`, if it is compared with an approved value.
    public func approvable(_ name: String) -> SiteTag? {
        for source in sources {
            for tag in source.tags where "\(source.name).\(tag.name)" == name {
                if case .approved = tag.agreement { return tag }
            }
        }
        return nil
    }

    /// Tags that are compared with an approved value, in order.
    public var approvable: [String] {
        sources.flatMap { source in source.tags.map { "\(source.name).\($0.name)" } }.filter { approvable($0) != nil }
    }
}

extension SiteTag {
    /// What the site file says is approved, in the SI's base; nil: it is compared with something else.
    public var approved: Double? { if case .approved(let value) = agreement { value } else { nil } }

    /// What would be approved, in the SI's base.
    ///
    /// - Throws: where it is no quantity, or of another dimension.
    public func approval(of text: String) throws(TapError) -> Double {
        let quantity: Quantity
        do throws(Quantity.Problem) { quantity = try Quantity(text) } catch {
            let (what, fix) = error.words(printable(text), example: "2100 mm")
            throw TapError(.usage, name, what, remedy: fix)
        }
        guard quantity.dimension == dimension else {
            throw TapError(
                .usage, name, "\(quantity.text) is \(quantity.dimension.words), where \(dimension.words) is expected",
                remedy: dimension == .number ? "write it without a unit" : "write it in \(dimension.unit) or the like")
        }
        return quantity.value
    }
}
