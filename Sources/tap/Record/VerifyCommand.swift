import ArgumentParser
import Glibc
import TapCommand
import TapCore
import TapFormats
import TapRecord
import TapServe

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a store, or a proof of a part of one, is as it was recorded.",
        usage: "tap verify <store> --key <key> [<options>]",
        discussion: """
            Reads every byte of a store and compares it with the log, and the log with its signatures, offline and also while \
            a recorder is writing. Needs the verifier key that 'tap record init' printed, from outside: a key that lies \
            in the store proves nothing. Of a proof ('tap prove') it also compares the copies with the chunks, and names \
            the files that no signature covers.

            GRADES
              consistent  signed by keys that this gateway still has
              sealed      signed by a key of a closed epoch, which is gone
              witnessed   covered by a checkpoint that was noted elsewhere (--seen)
                          or that witnesses cosigned (--policy)
            docs/threats.md says what each is worth against whom.

            FINDINGS
              altered     bytes are not what was recorded
              missing     what was recorded is not there
              unproven    no signature covers it, or not the right one
              unknown     a span of which the log says nothing
              unreadable  the medium gives an error
              extra       it is there, and nothing was recorded of it
              forked      a checkpoint noted elsewhere is of another history
              contradiction  an entry says something else than its records (--records),
                             or the gateway's clock than those outside

            EXAMPLES
              tap verify plant --key plant-3/press+8f3a1c20+AXk0...
              tap verify plant --key safe.txt --seen shift-book.txt
              tap verify plant --key safe.txt --records
              tap verify plant --key safe.txt --policy policy.txt
              tap verify plant --key safe.txt --tsa-ca authority.pem
              tap verify incident.tapproof --key safe.txt

            EXIT STATUS
              0    all of it holds
              1    something is altered, missing, extra or forked, or a contradiction
              2    nothing is altered, but something is unproven or unknown
              3    something is unreadable
              64   invalid command line
              65   it is no store and no proof, or of a newer format
              69   libcrypto is not there (--tsa-ca)
            """)

    @Argument(help: "The store, or the proof.", completion: .file())
    var store: String
    @Option(
        help: ArgumentHelp("The verifier key as text, or a file that has it in its first line.", valueName: "key"))
    var key: String
    @Option(help: StoreArguments.seenHelp, completion: .file())
    var seen: String?
    @Option(help: PolicyArgument.help, completion: .file())
    var policy: String?
    @Option(name: .customLong("tsa-ca"), help: StampArguments.authoritiesHelp, completion: .file())
    var authorities: String?
    @Flag(help: "Read all records too, and compare what their entries say of them; of a store.")
    var records = false

    func run() throws {
        SessionArguments.prepareToPrint()
        if ProofFile.isProof(store) || FileIdentity.isFile(store) { return try verifyProof() }
        let found: Verification
        do throws(TapError) {
            found = try RecordStore(store).verify(
                key: StoreArguments.key(key), seen: StoreArguments.seen(seen), policy: witnesses(),
                stamps: StampArguments.authorities(authorities), readsRecords: records)
            try ExitStatus.print(VerifyText.text(found, store: store) + "\n")
        } catch { throw ExitStatus.report(error) }
        let status = VerifyText.status(found)
        if status != 0 { throw ExitCode(status) }
    }

    private func witnesses() throws(TapError) -> WitnessPolicy? {
        guard let policy else { return nil }
        let read = try PolicyArgument.read(policy)
        let log = try StoreArguments.key(key)
        guard read.logs.isEmpty || read.logs.contains(log) else {
            throw TapError(
                .configuration, printable(policy), "is of other logs than the one whose key was given",
                remedy: "name that log in it too, or leave out its lines 'log'")
        }
        return read
    }

    private func verifyProof() throws {
        var found: ProofVerification
        do throws(TapError) {
            guard !records else {
                throw TapError(.usage, "--records", "is for stores", remedy: "leave it out")
            }
            let proof = try ProofFile(store)
            let (key, seen) = (try StoreArguments.key(key), try StoreArguments.seen(seen))
            let (policy, stamps) = (try witnesses(), try StampArguments.authorities(authorities))
            let lines = try proof.copiedLines
            var comparison: ProofComparison?
            defer { comparison?.stop() }
            found = try proof.verify(key: key, seen: seen, policy: policy, stamps: stamps) {
                comparison = ProofComparison(proof, lines: lines)
            }
            if !found.isBroken { try comparison?.finish(proof, &found) }
            try ExitStatus.print(ProofText.text(found) + "\n")
        } catch { throw ExitStatus.report(error) }
        let status = VerifyText.status(found.record)
        if status != 0 { throw ExitCode(status) }
    }
}
