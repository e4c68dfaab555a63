public import ArgumentParser
public import Glibc
public import TapCore

/// One exit status for each kind of failure; every command's help lists those it has.
public enum ExitStatus {
    public static func code(_ kind: TapError.Kind) -> Int32 {
        switch kind {
        case .usage: 64
        case .configuration: 65
        case .notFound: 66
        case .wrongMachine: 67
        case .unsupported: 69
        case .output: 73
        case .device: 74
        case .busy: 75
        case .permission: 77
        case .closedPipe: 141
        }
    }

    public static let table = """
        EXIT STATUS
          0    done
          64   the command line makes no sense
          65   the board file has mistakes or cannot be read
          66   no such line, channel, chip or device
          67   the board file is of another machine
          69   hardware, its driver or library cannot do that
          73   the output cannot be written
          74   a device or remote failed, gave garbage or no answer
          75   a line is in use or was named twice
          77   a permission is missing
          141  the reader of the output has gone
        """

    /// Tells the error in one line on standard error and gives the exit status to throw.
    public static func tell(_ error: TapError) -> ExitCode {
        // A closed pipe is how `tap ... | head` ends: nothing to complain about.
        if error.kind != .closedPipe { say("\(Program.name): \(error)") }
        return ExitCode(code(error.kind))
    }

    /// One line, written at once.
    public static func say(_ text: String, on descriptor: Int32 = STDERR_FILENO) {
        let line = text + "\n"
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
