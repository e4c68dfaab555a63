public import TapCore

/// Takes incidents. On one thread.
public protocol IncidentSink: AnyObject {
    /// - Parameter time: since the session's start.
    func changed(_ incident: Incident, _ change: Incident.Change, at time: Nanoseconds)
}
