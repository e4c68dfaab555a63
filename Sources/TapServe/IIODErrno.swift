/// The negative of the system's error numbers, as the protocol sends them.
enum IIODErrno: Int {
    case noEntry = -2
    case badDescriptor = -9
    case permission = -13
    case busy = -16
    case noDevice = -19
    case invalid = -22
}
