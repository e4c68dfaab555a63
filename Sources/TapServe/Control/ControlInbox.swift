import Synchronization
import TapCore

/// What people say to a session that runs, on its way into the session's records. Safe from any thread.
public final class ControlInbox: Sendable {
    /// It has no time yet: that is when the session takes it.
    struct Item: Sendable {
        var author: ShortText
        var text: ShortText
    }

    /// More at once are refused: nobody types as fast.
    static let most = 64

    private let items = Mutex<[Item]>([])
    let arrived = WakePipe()

    public init() {}

    /// - Parameter texts: they stay together.
    /// - Returns: false: too many wait.
    public func put(author: String, texts: [String]) -> Bool {
        let isThere = items.withLock { items in
            guard items.count + texts.count <= ControlInbox.most else { return false }
            items += texts.map { Item(author: ShortText(author), text: ShortText($0)) }
            return true
        }
        if isThere { arrived.wake() }
        return isThere
    }

    func take() -> [Item] {
        arrived.clear()
        return items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
