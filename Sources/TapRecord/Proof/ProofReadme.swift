import TapCore

/// The file README.txt of a proof: each check by hand, in commands that need nothing of tap.
///
/// Lines that begin with `$` are commands; the tests run them one by one.
struct ProofReadme {
    let text: String

    init(_ draft: ProofDraft, _ extras: ProofDraft.Extras) {
        let checkpoint = try? Checkpoint(parsing: draft.note.text)
        let first = draft.contents.chunks.first
        var parts = [
            ProofReadme.opening(draft, checkpoint), ProofReadme.start, ProofReadme.keys, ProofReadme.signatures,
            ProofReadme.root,
        ]
        if let first, let segment = draft.contents.segments[first.entry.segment] {
            parts.append(ProofReadme.chunk(segment, first.index))
        }
        let cosignatures = draft.note.signatures.filter { $0.signature.count == ProofReadme.cosignatureLength }
        let outside = ProofReadme.outside(draft.contents)
        if !cosignatures.isEmpty {
            parts.append(ProofReadme.cosignature(of: cosignatures.map(\.name), in: ProofNames.checkpoint))
        } else if let first = outside.first {
            parts.append(ProofReadme.cosignature(of: [first.name], in: first.path))
        }
        if !outside.isEmpty { parts.append(ProofReadme.times(outside)) }
        if let stamps = ProofReadme.stamps(draft.contents) { parts.append(stamps) }
        parts.append(ProofReadme.files(draft, extras))
        parts.append(ProofReadme.limits)
        text = parts.joined(separator: "\n") + "\n"
    }

    private static func opening(_ draft: ProofDraft, _ checkpoint: Checkpoint?) -> String {
        """
        \(draft.provenance)
        span asked for: \(printable(draft.span))

        This is a proof of what tap recorded in that span: \(counted(draft.chunkCount, "chunk")) of records, and of a log of
        \(checkpoint?.size ?? 0) entries the \(draft.entryCount) that say what those chunks are. It shows that the records are
        those which the log's keys have signed. It does not show that they were true when they were recorded. This
        file, and those named below as not covered, are proven by nothing: read them as words of whoever gave you the file.

        You need: this proof, as the one file that it was; the log's verifier key FROM ELSEWHERE (a safe, a shift book, a
        letter; the copy in here proves nothing); and unzip, python3 and openssl of version 3 or later. Begin in an empty folder,
        also where you have unpacked the proof to read this. Lines that begin with $ are commands: type what is behind it. In a
        shell, name the two:

            PROOF=/path/to/incident.tapproof   # this proof, from the root of the file system
            KEY='name+12345678+base64'         # the verifier key, all of its line, in quotes

        """
    }

    private static let start = """
        1. Unpack, and look at what is there.

        $ unzip -q "$PROOF" -d proof
        $ cat proof/log/checkpoint

           The checkpoint: name of the log, number of entries, root of their tree, an empty line, and two signatures: by the
           log's key and by the key of an epoch of ten minutes.

        """

    private static let keys = """
        2. Is the key in here the one that you have from elsewhere?

        $ test "$(cat proof/keys/log.vkey)" = "$KEY" && echo same

           It prints: same. If it prints nothing, this is a proof of another log, or KEY is not the whole line: go no further.
           The next two commands print the key's 32 bytes, as that line has them and as openssl reads them from log.pem, which
           is used below. Both must print the same:

        $ cut -d+ -f3- proof/keys/log.vkey | openssl base64 -d -A | tail -c 32 | openssl base64
        $ openssl pkey -pubin -in proof/keys/log.pem -outform DER | tail -c 32 | openssl base64

        """

    private static let signatures = """
        3. Are the checkpoint's first three lines signed by both keys?

        $ head -n 3 proof/log/checkpoint > proof/text
        $ sed -n 5p proof/log/checkpoint | cut -d' ' -f3 | openssl base64 -d -A | tail -c 64 > proof/signature
        $ openssl pkeyutl -verify -pubin -inkey proof/keys/log.pem -rawin -in proof/text -sigfile proof/signature
        $ sed -n 6p proof/log/checkpoint | cut -d' ' -f3 | openssl base64 -d -A | tail -c 64 > proof/signature
        $ openssl pkeyutl -verify -pubin -inkey proof/keys/epoch.pem -rawin -in proof/text -sigfile proof/signature

           Twice openssl says: Signature Verified Successfully. That the second key is one of this log is part of step 4.

        """

    private static let root = """
        4. Do the entries give the root, and are the chunks those of the entries? A program of 80 lines of Python looks. It comes
           with the file that it checks: read it before you run it, or take it from where you trust it.

        $ python3 proof/reader.py "$PROOF" "$KEY"

           It computes the root from log/entries and log/proof, compares it with the checkpoint, and checks both signatures
           and the digest of each chunk. Its last line says what holds; what does not hold is in lines that begin with
           "wrong". Where it ends in a Traceback, PROOF is not this file, KEY is not all of its line, or the file was damaged: then
           nothing is shown.

        """

    private static func chunk(_ segment: ProofSegment, _ index: UInt64) -> String {
        let chunk = segment.chunks[0]
        let digest = Hex.encode(chunk.sha256)
        return """
            5. One chunk by hand. Entry \(index) says that bytes \(chunk.offset) to \(chunk.offset + chunk.length) of segment \(segment.entry.number) have the SHA-256
               \(digest). In here they stand behind the segment's head:

            $ tail -c +\(segment.entry.length + 1) proof/\(segment.path) | head -c \(chunk.length) | openssl sha256

               That digest has to stand at the end of its line. Entry \(index) is in here as chunks/\(index).entry and has the same digest
               as 32 bytes; this prints 1 where it has, and 0 where it has not:

            $ python3 -c 'print(open("proof/chunks/\(index).entry","rb").read().hex())' | grep -c \(digest)

               And chunks/\(index).tlog-proof shows to any program for C2SP tlog-proof that the log has this entry.

            """
    }

    /// A time and a signature of Ed25519.
    private static let cosignatureLength = WitnessKey.timeLength + VerifierKey.signatureLength

    private static func cosignature(of names: [String], in path: String) -> String {
        """
        6. Who outside saw a checkpoint, and when? \(path) has lines by \(names.map { printable($0) }.joined(separator: ", ")).
           Each is by a witness whose key you have FROM ELSEWHERE. In a shell, name the key of one of them:

            WITNESS='name+12345678+base64'     # the witness's verifier key, in quotes

           Its line, and the second since 1970 in which it signed:

        $ grep -F " ${WITNESS%%+*} " proof/\(path) | cut -d' ' -f3 | openssl base64 -d -A > proof/line
        $ python3 -c 'print(int.from_bytes(open("proof/line","rb").read()[4:12],"big"))'

           It has signed two lines and the checkpoint's text; its key as openssl reads it is 12 bytes and the 32 of the key:

        $ python3 -c 'print("cosignature/v1\\ntime",int.from_bytes(open("proof/line","rb").read()[4:12],"big"))' > proof/text
        $ head -n 3 proof/\(path) >> proof/text
        $ tail -c 64 proof/line > proof/signature
        $ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000' > proof/witness.der
        $ echo "$WITNESS" | cut -d+ -f3- | openssl base64 -d -A | tail -c 32 >> proof/witness.der
        $ openssl pkeyutl -verify -pubin -keyform DER -inkey proof/witness.der -rawin -in proof/text -sigfile proof/signature

           Signature Verified Successfully: the log was as the checkpoint says at that time, by the witness's clock. The
           gateway's keys cannot write another history of it that this witness would have signed.

        """
    }

    private static func outside(_ contents: ProofContents) -> [(path: String, name: String, isBefore: Bool)] {
        contents.outside.compactMap { place in
            let (index, cosignature) = contents.cosignatures[place]
            guard let key = WitnessKey(cosignature.witness) else { return nil }
            let isBefore = index < contents.chunks.first?.index ?? 0
            return (ProofNames.outside(index), printable(key.name), isBefore)
        }
    }

    private static func times(_ outside: [(path: String, name: String, isBefore: Bool)]) -> String {
        let lines = outside.map { note in
            "   proof/\(note.path)  by \(note.name): "
                + (note.isBefore
                    ? "the entries behind it are no older than its time"
                    : "the chunks existed by its time")
        }
        return """
            7. When were the chunks entered, by clocks outside? The log has cosignatures as entries. Nobody knows one before it is
               made, so what is entered behind it is no older; and what is before the checkpoint that it is of existed by then.
               Here they are as notes, each of the entry that its name has; 'tap verify' compares the two. Do step 6 with these
               in place of proof/log/checkpoint:

            \(lines.joined(separator: "\n"))

            """
    }

    /// Time stamps before the first chunk and behind the last; nil: there are none.
    private static func stamps(_ contents: ProofContents) -> String? {
        let stamps = contents.stampedOutside.map { contents.timeStamps[$0] }
        guard let first = stamps.first, let read = first.stamp.read(origin: contents.initial.origin) else { return nil }
        let (token, text) = (ProofNames.stamp(first.index), ProofNames.stamped(first.index))
        let begin = contents.chunks.first?.index ?? 0
        let lines = stamps.map { index, stamp in
            "   proof/\(ProofNames.stamp(index))  by \(printable(stamp.authority)): "
                + (index < begin
                    ? "the entries behind it are no older than its time" : "the chunks existed by its time")
        }
        return """
            8. And by the clocks of authorities that stamp times (RFC 3161)? The log has time stamps as entries, for which the same
               is true as for cosignatures. Each is here as its token, beside the text that was stamped: three lines of a
               checkpoint.

            \(lines.joined(separator: "\n"))

               You need the authority's certificate FROM ELSEWHERE. In a shell, name it:

                AUTHORITY=/path/to/authority.pem   # its certificate, or the one that signed that

            $ openssl ts -reply -token_in -in proof/\(token) -token_out -text | grep 'Time stamp:'
            $ openssl ts -verify -token_in -in proof/\(token) -data proof/\(text) -CAfile "$AUTHORITY" -partial_chain -attime \(read.time_us / 1_000_000)

               It says: Verification: OK. The number is the time stamp's own, in seconds since 1970: certificates have to
               be valid then. Whether one was revoked is not looked at.

            """
    }

    private static func files(_ draft: ProofDraft, _ extras: ProofDraft.Extras) -> String {
        var lines = [
            "Files:", "",
            "  log/checkpoint, log/proof, log/entries  the log (specification/tapproof.md)",
            "  segments/NNNNNNNN.mcap                  heads of segments and chunks, each a file that MCAP tools open",
            "  keys/                                   public keys, as verifier keys and as PEM",
            "  chunks/                                 the first chunk's entry of each source, and its C2SP tlog-proof",
            "  outside/                                cosignatures and time stamps around the chunks, where the log has some",
            "  clock.csv                               clock fixes: monotonic time against UTC",
            "  configuration.txt                       what was recorded, from where, by which version",
        ]
        if !extras.answers.isEmpty {
            lines.append(
                "  answers.txt                             what the chunks say of single lines, as of one that was quiet"
            )
        }
        if !extras.copies.isEmpty {
            lines.append(
                "  copies/                                 the chunks' records as CSV and COMTRADE, as far as they can hold them"
            )
        }
        lines += [
            "", "Not covered by any signature:", "",
            "  README.txt, reader.py, specification/      as whoever made this file wrote them",
        ]
        if !extras.answers.isEmpty {
            lines.append(
                "  lines that begin with # in answers.txt  what 'tap complete' said on the store; the other lines follow from the"
            )
            lines.append(
                "                                          chunks: 'tap verify' makes them again and compares them")
        }
        if !extras.incident.isEmpty {
            lines.append(
                "  incident.txt                            what 'tap incident show' says of it, by the rules of site.yaml"
            )
            lines.append(
                "  site.yaml                               the rules. Covered where each session in configuration.txt has a note 'site"
            )
            lines.append(
                "                                          file, SHA-256': 'openssl sha256 proof/site.yaml' has to print that"
            )
        }
        if !extras.copies.isEmpty {
            lines.append(
                "  comments (#) in copies                  the copies themselves follow from the chunks: 'tap verify' compares them"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let limits = """
        Who has tap: 'tap verify FILE --key KEY' does all this at once; with --seen it compares checkpoints that were noted
        elsewhere, with --policy cosignatures, with --tsa-ca time stamps; without the first two whoever holds the gateway's
        keys could have written another history.

        """
}
