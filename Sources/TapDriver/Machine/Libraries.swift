import CGpiod

/// The hardware libraries that are loaded.
package struct Libraries: Sendable, Hashable {
    /// 2, 1, or 0 for built without.
    package var gpiodInterface: Int
    /// As "2.1.3".
    package var gpiodVersion: String
    /// As "0.24"; nil: built without.
    package var iioVersion: String?
}

extension Libraries {
    static var loaded: Libraries {
        Libraries(
            gpiodInterface: Int(tap_gpiod_api()), gpiodVersion: unsafe String(cString: tap_gpiod_version()),
            iioVersion: IIOLibrary.version)
    }
}
