public import ArgumentParser
import Glibc
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
        case .closedPipe: 128 + SIGPIPE
        // As a shell reports a program that a signal has ended.
        case .interrupted: 128 + (Interruption.signal ?? SIGINT)
        }
    }

    public static let table = """
        EXIT STATUS
          0    done, or ended by Ctrl-C, SIGTERM or SIGHUP
          64   invalid command line
          65   invalid or unreadable board file
          66   no such line, channel, chip or ADC
          67   the board file describes another machine
          69   not supported by the hardware, its driver or a library
          73   the output cannot be written
          74   a chip, ADC or remote host failed or did not answer
          75   a line is in use or was named twice
          77   permission denied
          141  the output was closed by its reader
        """

    /// Reports the error in one line on standard error and returns the exit status to throw.
    public static func report(_ error: TapError) -> ExitCode {
        // A closed pipe is how `tap ... | head` ends: nothing to complain about.
        if error.kind != .closedPipe { say("\(Program.name): \(error)") }
        return ExitCode(code(error.kind))
    }

    /// Writes what a command was asked for to standard output.
    ///
    /// - Throws: that it cannot be written: what is printed in vain is no success.
    public static func print(_ text: String) throws(TapError) {
        try DescriptorOutput(STDOUT_FILENO, name: "standard output").write(text)
    }

    /// A line, or some, on standard error, written at once, of which a terminal obeys nothing.
    public static func say(_ text: String) {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { printable(String($0), longest: .max) + "\n" }.joined()
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
