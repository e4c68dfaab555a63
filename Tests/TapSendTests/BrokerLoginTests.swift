import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapBroker

struct BrokerLoginTests {
    private let folder = ScratchFolder()

    private func login(_ text: String, mode: mode_t = 0o600) throws -> BrokerLogin {
        let path = folder.write("login", Array(text.utf8))
        #expect(unsafe chmod(path, mode) == 0)
        return try BrokerLogin(path: path)
    }

    @Test func `a login is two lines that nobody else may read`() throws {
        for text in ["gateway\nse cret", "gateway\nse cret\n"] {
            let login = try login(text, mode: 0o440)
            #expect((login.user, login.password) == ("gateway", "se cret"))
        }
        for (text, mode, words) in [
            ("a\nb\n", 0o604, "may be read or changed by others"),
            ("a\nb\n", 0o620, "may be read or changed by others"),
            ("", 0o600, "is not two lines"), ("a", 0o600, "is not two lines"), ("\nb", 0o600, "is not two lines"),
            ("a\nb\nc", 0o600, "is not two lines"), ("a\nb\u{0}", 0o600, "is not two lines"),
            ("a\n" + String(repeating: "x", count: 1_023), 0o600, "is not two lines"),
        ] as [(String, mode_t, String)] {
            let error = #expect(throws: TapError.self, "\(text)") { try login(text, mode: mode) }
            #expect(error?.kind == .configuration)
            #expect(error?.what == words)
        }
        #expect(throws: TapError.self) { try BrokerLogin(path: folder.file("absent")) }
    }
}
