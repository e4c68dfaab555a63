/// The RTU's registers.
typealias FeederReport = RegisterReport<FeederTag>
