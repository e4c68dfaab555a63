import Glibc
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapRecord

/// What systemd says of a service that has ended, into the record of its site.
enum ServiceEnding {
    /// Enters nothing of a service that ended in order: its record says so already.
    static func enter(site path: String) throws(TapError) {
        guard let result = variable("SERVICE_RESULT") else {
            throw TapError(
                .usage, "--ended", "is for ExecStopPost= of systemd, which sets SERVICE_RESULT",
                remedy: "leave it out")
        }
        guard result != "success" else { return }
        guard let store = try CommandSite.load(path).record?.store else {
            throw TapError(.configuration, path, "has no 'record'", remedy: "name a store")
        }
        let request = ServiceEnd.request(
            result: result, code: variable("EXIT_CODE") ?? "", status: variable("EXIT_STATUS") ?? "")
        _ = try RecordStore(store).enter(request, clock: .system)
    }

    private static func variable(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(String(cString: text).prefix(100))
    }
}
