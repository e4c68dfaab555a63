extension LogProblem {
    /// The medium gave an error.
    var isUnreadable: Bool {
        if case .disk = what { return true }
        return false
    }
}
