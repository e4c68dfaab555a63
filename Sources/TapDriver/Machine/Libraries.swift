/// The hardware libraries that are loaded.
package struct Libraries: Sendable, Hashable {
    /// nil: built without.
    package var gpiod: GpiodLibrary?
    /// As "0.24"; nil: built without.
    package var iioVersion: String?
}

extension Libraries {
    static var loaded: Libraries {
        Libraries(gpiod: .loaded, iioVersion: IIOLibrary.version)
    }
}
