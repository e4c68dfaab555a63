/// Where and why libyaml could go no further.
struct YAMLProblem: Error {
    /// nil: out of memory.
    var position: FilePosition?
    /// In libyaml's words.
    var problem: String
    /// What it was reading and where that began; empty: nothing in particular.
    var context: String
}
