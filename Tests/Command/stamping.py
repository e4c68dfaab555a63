"""Time stamps of RFC 3161: authorities are 'openssl ts', which also judges what tap asks and keeps."""
import contextlib
import datetime
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile

from harness import TAP, TIMEOUT_S, case, equal, one_line, tap, wait_until, write
from policies import policy, saying
from proofs import by_python, flipped, packed
from stores import BOUNCE, SERIAL, found, independent, make, need, record, recorded, verify
from witnesses import Signer, lying


def openssl(*words, **more):
    run = subprocess.run(["openssl", *words], capture_output=True, timeout=TIMEOUT_S, **more)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout


class Authority:
    """Keys and certificates of an authority that stamps times, in a folder of its own; days from today that its own is valid."""

    def __init__(self, folder, name="authority", begin=-1, end=365, chain=0, root_end=3_000):
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
        self.folder = f"{folder}/{name}"
        os.mkdir(self.folder)
        now = datetime.datetime.now(datetime.timezone.utc)

        def certificate(subject, key, issuer, signer, extensions, begin, end):
            called = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
            builder = x509.CertificateBuilder().subject_name(called(subject)).issuer_name(called(issuer)).public_key(
                key.public_key()).serial_number(x509.random_serial_number()).not_valid_before(
                now + datetime.timedelta(days=begin)).not_valid_after(now + datetime.timedelta(days=end))
            for extension in extensions:
                builder = builder.add_extension(extension, critical=True)
            return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

        root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root, self.pem, self.query = f"{self.folder}/root.pem", f"{self.folder}/own.pem", f"{self.folder}/query"
        with open(self.root, "wb") as file:
            file.write(certificate(f"{name} root", root, f"{name} root", root, [x509.BasicConstraints(True, None)], -3_000, root_end))
        with open(self.pem, "wb") as file:
            file.write(certificate(
                f"{name} time", own, f"{name} root", root, [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])], begin, end))
        with open(f"{self.folder}/key.pem", "wb") as file:
            file.write(own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        with open(f"{self.folder}/chain.pem", "wb") as file:
            for number in range(chain):
                file.write(certificate(f"{number}", root, f"{name} root", root, [], -1, 1))
        self.settings = write(self.folder, "settings", f"""\
[tsa]
default_tsa = own
[own]
serial = {self.folder}/serial
signer_cert = {self.pem}
signer_key = {self.folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1, millisecs:500
{f"certs = {self.folder}/chain.pem" if chain else ""}
""")

    def answer(self, query):
        with open(self.query, "wb") as file:
            file.write(query)
        return openssl("ts", "-reply", "-config", self.settings, "-queryfile", self.query)

    def answer_at(self, query, second):
        """As of a clock that says this."""
        place = lambda name: f"{self.folder}/{name}"
        with open(place("answer"), "wb") as file:
            file.write(self.answer(query))
        openssl("ts", "-reply", "-in", place("answer"), "-token_out", "-out", place("token"))
        info = openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", place("token"))
        text = time.strftime("\x18\x0f%Y%m%d%H%M%SZ", time.gmtime(second)).encode()
        with open(place("info"), "wb") as file:
            file.write(re.sub(rb"\x18\x0f\d{14}Z", text, info))
        token = openssl("cms", "-sign", "-binary", "-nodetach", "-in", place("info"), "-econtent_type", "1.2.840.113549.1.9.16.1.4",
                        "-cades", "-md", "sha256", "-signer", self.pem, "-inkey", place("key.pem"), "-outform", "DER")
        body = b"\x30\x03\x02\x01\x00" + token
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body


# The folder of each case is deleted with the processes' files.
KIND = {"Content-Type": "application/timestamp-reply"}


def stamping(authority, change=lambda query: query):
    return lambda body: (200, KIND, authority.answer(change(body)))


@contextlib.contextmanager
def asked(answer):
    """A server that authorities answer through; it gives bodies as bytes."""
    with lying() as server:
        server.raw = True
        server.lie = answer
        yield server


def stamp(store, url, pem, *more, status=0):
    return tap("record", "cosign", store, "--tsa", url, "--tsa-ca", pem, *more, status=status).out


def date(second):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000000Z", time.gmtime(second))


@case
def time_stamps_are_entries_that_bracket_the_log_from_outside(folder):
    need("cryptography")
    (store, key), authority = recorded(folder), Authority(folder)
    before = int(time.time())
    with asked(stamping(authority)) as server:
        out = stamp(store, server.url, authority.root)
        assert re.fullmatch(rf"{server.url}: stamped \d+ entries at \S+, signed by /CN=authority time\n", out), out
        # What openssl makes of the question.
        text = openssl("ts", "-query", "-in", authority.query, "-text").decode()
        assert "Hash Algorithm: sha256\n" in text and "Certificate required: yes\n" in text and "Policy OID: unspecified\n" in text, text
        equal([path for path, _ in server.asked], ["/"])
        record(store, SERIAL, "1s")
        stamp(store, server.url, authority.pem)
    after = int(time.time())
    independent(store, key)
    out = verify(store, key)
    assert "\ntime stamps: 2 in the log, none of them signed by an authority that was given (--tsa-ca)\n" in out and "by time stamps" not in out, out
    for pem in [authority.root, authority.pem]:
        out = verify(store, key, "--tsa-ca", pem)
        assert "\ntime stamps: 2 of 2 hold, signed by /CN=authority time\n" in out, out
        first, second = re.findall(r"^session \d: (by time stamps .*)$", out, re.MULTILINE)
        by = lambda text: re.search(r"all existed by (\S+)$", text)[1]
        seconds = range(before, after + 4)
        assert by(first) in map(date, seconds) and by(second) in map(date, seconds), out
        no_older = re.search(r"no older than (\S+),", second)[1]
        assert no_older in map(date, range(before - 2, after)), out
        assert "no older" not in first, out
    # A proof has the one before its chunks and the one behind, and openssl checks them.
    path = f"{folder}/incident.tapproof"
    tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--out", path, "--no-copies")
    out = verify(path, key, "--tsa-ca", authority.root)
    assert f"\nsession 2: {second}\n" in out and "\ntime stamps: 2 of 2 hold" in out, out
    equal(by_python(path, key).returncode, 0)
    with zipfile.ZipFile(path) as proof:
        tokens = [name for name in proof.namelist() if name.endswith(".tst")]
        equal(len(tokens), 2)
        readme = proof.read("README.txt").decode()
        assert all(f"proof/{name}  by /CN=authority time: " in readme for name in tokens), readme
        packed(path, {tokens[0]: flipped(proof.read(tokens[0]), 30)}, f"{folder}/bad.tapproof")
    equal(found(verify(f"{folder}/bad.tapproof", key, status=1)), [("altered", tokens[0])])
    commands = re.findall(r"^\$ (.*)$", readme, re.MULTILINE)
    for pem, holds in [(authority.root, True), (authority.pem, True), (Authority(folder, "other").root, False)]:
        shutil.rmtree(f"{folder}/proof", ignore_errors=True)
        for command in commands[:1] + commands[-2:]:
            run = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S,
                                 env=os.environ | {"PROOF": path, "KEY": key, "AUTHORITY": pem})
        equal((run.returncode == 0, run.stdout.split("\n")[0]), (holds, "Verification: OK" if holds else "Verification: FAILED"))


@case
def what_is_no_time_stamp_of_the_checkpoint_does_not_get_into_the_log(folder):
    need("cryptography")
    (store, key), good = recorded(folder), Authority(folder)
    expired, early = Authority(folder, "expired", -20, -10), Authority(folder, "early", 10, 20)
    other, long = Authority(folder, "other"), Authority(folder, "long", chain=60)
    size = os.stat(f"{store}/edge").st_size
    earlier = []

    def cut(query):  # certificates are not asked for
        assert query.endswith(b"\1\1\xff"), query
        return bytes([query[0], query[1] - 3]) + query[2:-3]

    with asked(None) as server:
        def refused(answer, *words, pem=good.root, more=()):
            server.lie, server.asked[:] = answer, []
            out = stamp(store, server.url, pem, *more, status=74)
            assert out.startswith(f"{server.url}: ") and out.count("\n") == 1, out
            for word in words:
                assert word in out, out
            equal(os.stat(f"{store}/edge").st_size, size)
            equal(len(server.asked), 1)

        refused(stamping(expired), "gives no time stamp: ", "certificate has expired", pem=expired.root)
        refused(stamping(expired), "certificate has expired", pem=expired.pem)
        refused(stamping(early), "certificate is not yet valid", pem=early.root)
        refused(stamping(other), "unable to get local issuer certificate")
        refused(stamping(good, cut), "signer certificate not found")
        refused(lambda query: earlier.append(good.answer(query)) or (200, KIND, earlier[0][:-1]), "is no time stamp")
        refused((200, KIND, earlier[0]), "is an answer to another question")
        refused(stamping(good, lambda query: query.replace(query[24:56], bytes(32))), "is of something else")
        refused(stamping(good, lambda query: query.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203"))),
                "gives no time stamp: status 2")
        refused(stamping(long), "it has more than 16384 bytes", pem=long.root)
        # A bit of what is signed, and one of the signature.
        for byte in [earlier[0].index(b"Z") - 1, len(earlier[0]) - 3]:
            refused(lambda query, byte=byte: (200, KIND, flipped(good.answer(query), byte)), "gives no time stamp: ")
        for garbage in [b"", b"hello\n", b"\x30\x84\xff\xff\xff\xff", b"\x30\x80\0\0", bytes(60_000), earlier[0] * 2]:
            refused((200, KIND, garbage), "what it sends is no time stamp")
        refused((200, KIND, b"\x30\x03\x30\x01\x02" + bytes(5_000_000)), "sends more than 65536 bytes")
        refused("hang", "gives no answer", more=("--timeout", "300ms"))
        refused((302, KIND | {"Location": server.url + "/elsewhere"}, b""), "points to another address (302)")
        refused((500, KIND, b""), "answers with status 500")
    refused_by_curl = tap("record", "cosign", store, "--tsa", "file:///etc/passwd", "--tsa-ca", good.root, status=74).out
    assert "gives no answer" in refused_by_curl, refused_by_curl
    assert "time stamps:" not in verify(store, key)
    for words, status, *said in [
        (("--tsa", "http://127.0.0.1:1/"), 64, "need each other"), (("--tsa-ca", good.root), 64, "give --policy, --tsa or both"),
        (("--tsa", "http://127.0.0.1:1/", "--tsa-ca", write(folder, "no.pem", "hello\n")), 65, "no.pem", "no certificates"),
        (("--tsa", "http://127.0.0.1:1/", "--tsa-ca", f"{folder}/none.pem"), 65, "none.pem", "cannot be read"),
        (("--tsa", "http://127.0.0.1:1/", "--tsa-ca", write(
            folder, "cut.pem", open(good.root).read() + open(good.root).read()[:300])), 65, "cut.pem", "no certificates"),
    ]:
        err = tap("record", "cosign", store, *words, status=status).err
        assert all(word in err for word in said), err


@case
def a_time_stamp_whose_authority_was_not_given_proves_nothing(folder):
    need("cryptography")
    (store, key), authority, other = recorded(folder), Authority(folder), Authority(folder, "other")
    with asked(stamping(authority)) as server:
        stamp(store, server.url, authority.root)
    out = verify(store, key, "--tsa-ca", other.root, status=2)
    equal([word for word, _ in found(out)], ["unproven"])
    assert "is not signed by an authority that was given: " in out and "by time stamps" not in out, out
    assert "1 in the log, none of them signed by an authority that was given (--tsa-ca)\n" in out, out
    both = write(folder, "both.pem", open(other.pem).read() + open(authority.root).read())
    assert "1 of 1 hold" in verify(store, key, "--tsa-ca", both)


@case
def a_recorder_is_stamped_while_it_records_beside_witnesses_and_no_more_than_asked_for(folder):
    need("cryptography")
    (store, key), authority, true = make(folder), Authority(folder), Signer("bench/true", 4)
    with asked(stamping(authority)) as server, lying() as witness:
        witness.lie = saying(true, int(time.time()))
        rules = policy(folder, ("w", true.vkey, witness.url))
        recorder = subprocess.Popen([TAP, "record", "run", "--store", store, "--sim", BOUNCE, "--for", "60s"],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cosigner = None
        try:
            wait_until(lambda: os.path.exists(f"{store}/segments/00000001.mcap"), "recording")
            cosigner = subprocess.Popen(
                [TAP, "record", "cosign", store, "--policy", rules, "--tsa", server.url, "--tsa-ca", authority.root, "--every", "50ms",
                 "--tsa-every", "1h"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_until(lambda: len(witness.asked) >= 4 and server.asked, "cosigning")
        finally:
            for process in [cosigner, recorder]:
                if process:
                    process.send_signal(signal.SIGINT)
                    process.wait(timeout=TIMEOUT_S)
        equal((len(server.asked), cosigner.returncode), (1, 0))
    out = verify(store, key, "--policy", rules, "--tsa-ca", authority.root)
    assert re.search(r"\nsession 1: by the clocks of witnesses ", out) and re.search(r"\nsession 1: by time stamps ", out), out
    independent(store, key)


@case
def a_certificate_has_to_be_valid_when_it_stamped_and_not_when_that_is_verified(folder):
    need("cryptography")
    # Ten days ago its certificate expired, and it stamped before.
    old, then = Authority(folder, "old", -20, -10), int(time.time()) - 15 * 86_400
    # Its own is valid, and that of who vouches for it is not any more.
    orphan = Authority(folder, "orphan", root_end=-1)
    with asked(None) as server:
        def stamped(name, answer, pem):
            """A store with a time stamp, and a proof of what came later."""
            store, key = recorded(folder, name=name)
            server.lie = answer
            out = stamp(store, server.url, pem)
            record(store, SERIAL, "1s")
            path = f"{folder}/{name}.tapproof"
            tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--out", path, "--no-copies")
            return out, key, [store, path]

        out, key, both = stamped("old-store", lambda query: (200, KIND, old.answer_at(query, then)), old.root)
        assert f" entries at {date(then + 2)}, signed by /CN=old time; its clock and this one are 129" in out and out.count("\n") == 1, out
        for what in both:
            out = verify(what, key, "--tsa-ca", old.root, status=1)
            assert "\ntime stamps: 1 of 1 hold, signed by /CN=old time\n" in out, out
            # It says the truth, and so the gateway's clock does not.
            equal({word for word, _ in found(out)}, {"contradiction"})
        server.lie = stamping(old)
        assert "certificate has expired" in stamp(both[0], server.url, old.root, status=74)
        server.lie = stamping(orphan)
        assert "certificate has expired" in stamp(both[0], server.url, orphan.root, status=74)
        out, key, both = stamped("orphan-store", stamping(orphan), orphan.pem)
        assert "apart" not in out, out
        for what in both:
            out = verify(what, key, "--tsa-ca", orphan.root, status=2)
            equal(re.findall(r"^  unproven: entry \d+: its time stamp is not signed by an authority that was given: .*:(.*)$", out, re.MULTILINE),
                  ["certificate has expired"])
            assert "1 of 1 hold" in verify(what, key, "--tsa-ca", orphan.pem)


@case
def a_clock_that_is_years_from_that_of_an_authority_is_found_in_stores_and_proofs(folder):
    need("cryptography")
    now, year = int(time.time()), 31_536_000
    authority = Authority(folder, begin=-1_000, end=1_000)
    # Less and more the two seconds that the authority says its clock may be off.
    for second, off_s, words in [(now - 2 * year, 2, "that it existed by"), (now + 2 * year, -2, "that it is no older than")]:
        store, key = recorded(folder, name=f"store{second}")
        path = f"{folder}/{second}.tapproof"
        with asked(lambda query: (200, KIND, authority.answer_at(query, second))) as server:
            out = stamp(store, server.url, authority.root)
            assert "its clock and this one are 6307" in out and out.count("\n") == 1, out
        record(store, SERIAL, "1s")
        tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--out", path, "--no-copies")
        for what in [store, path]:
            out = verify(what, key, "--tsa-ca", authority.root, status=1)
            equal({word for word, _ in found(out)}, {"contradiction"})
            said = re.findall(r"the gateway's clock said \S+, and time stamps (.*) (\S+): the clock was wrong\n", out)
            assert said and set(said) == {(words, date(second + off_s)[:19] + "Z")}, out
            assert "nothing is altered, missing or unproven" in verify(what, key)
