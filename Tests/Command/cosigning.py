"""Having a store cosigned: the client against a liar, and what stores and proofs show of witnesses."""
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile

from harness import TAP, TIMEOUT_S, case, equal, one_line, tap, wait_until, write
from policies import cosign, policy, saying, witness
from proofs import by_python, flipped, packed
from stores import SERIAL, TROUBLE, found, independent, make, need, record, recorded, verify
from witnesses import Signer, cosigned, lying, serving


@case
def a_liar_in_place_of_a_witness_gets_nothing_into_the_store(folder):
    need("cryptography")
    store, key = recorded(folder)
    names = sorted(os.listdir(f"{store}/checkpoints"))
    true, other = Signer("bench/true", 4), Signer("bench/other", 4)
    plain = {"Content-Type": "text/plain"}
    with lying() as liar:
        rules = policy(folder, ("w", true.vkey, liar.url))

        def refused(lie, *words, status=74):
            liar.lie, liar.asked[:] = lie, []
            out = cosign(store, rules, "--timeout", "300ms" if lie == "hang" else "10s", status=status)
            assert out.startswith("w: ") and out.count("\n") == 1, out
            for word in words:
                assert word in out, out
            equal(sorted(os.listdir(f"{store}/checkpoints")), names)

        def signed(by, second=1_800_000_000, change=lambda text: text):
            return lambda body: (200, plain, by.line(change(body.split("\n\n", 1)[1].split("\n\n")[0] + "\n"), second).encode())

        refused("hang", "gives no answer")
        refused((200, plain, b"x" * 5_000_000), "sends more than 65536 bytes")
        refused((302, plain | {"Location": liar.url + "/elsewhere"}, b""), "points to another address (302)")
        equal(len(liar.asked), 1)
        refused((200, plain, b""), "no lines of signatures")
        refused((200, plain, b"hello\n"), "no lines of signatures")
        refused((200, plain, b"\xff\xfe\n"), "no lines of signatures")
        refused(signed(other), "gives no cosignature by bench/true")
        refused(signed(true, change=lambda text: text.replace("bench/press", "bench/other")), "does not fit the checkpoint")
        refused(signed(true, 0), "does not fit the checkpoint")
        refused((409, {"Content-Type": "text/x.tlog.size"}, b"0\n"), "which it was given")
        refused((409, {"Content-Type": "text/x.tlog.size"}, b"07\n"), "(409)")
        refused((409, plain, b"2\n"), "(409)")
        refused((409, {"Content-Type": "text/x.tlog.size"}, b"2\n"), "(409)")
        equal([body.split("\n")[0] for _, body in liar.asked], ["old 0", "old 2"])
        refused((403, plain, b""), "(403)")
        refused((404, plain, b""), "does not witness a log 'bench/press/simulated'")
        refused((500, plain, b""), "answers with status 500")
        refused((422, plain, b""), "saw another log", status=1)
        refused((409, {"Content-Type": "text/x.tlog.size"}, b"18446744073709551615\n"), "restored from a copy", status=1)
        # A cosignature counts whatever the witness's clock says, and that is said.
        liar.lie = signed(true)
        assert "its clock and this one are " in cosign(store, rules)
        names = sorted(os.listdir(f"{store}/checkpoints"))
        record(store, SERIAL, "1s")
        names += [name for name in os.listdir(f"{store}/checkpoints") if name not in names]
        names.sort()
        refused(signed(true, 1_700_000_000), "its time goes back")
        liar.lie = signed(true, 1_800_000_001)
        cosign(store, rules)
        liar.lie = "hang"
        record(store, SERIAL, "1s")
        equal(cosign(store, policy(folder, ("w", true.vkey, "file:///etc/passwd"), name="file.txt"), status=74).count("gives no answer"), 1)
    # But nobody's clock but its own says so.
    equal({word for word, _ in found(verify(store, key, "--policy", rules, status=1))}, {"contradiction"})
    assert "found: nothing" in verify(store, key)


@case
def a_proof_carries_cosignatures_and_is_witnessed(folder):
    need("cryptography")
    store, key = recorded(folder, TROUBLE, "5s")
    states = [witness(folder, name) for name in ["one", "two"]]
    silent = Signer("bench/three", 4)
    path = f"{folder}/incident.tapproof"
    prove = lambda: tap("prove", store, "--key", key, "--from", "1s", "--to", "3s", "--out", path, "--overwrite", "--no-copies")
    with serving(states[0][0], key) as one, serving(states[1][0], key) as two:
        names = [("one", states[0][1], one.url), ("two", states[1][1], two.url + "/"), ("three", silent.vkey, "http://127.0.0.1:9")]
        most = policy(folder, *names, quorum="most", more="group most 2 one two three\n")
        every = policy(folder, *names, quorum="every", more="group every all one two three\n", name="every.txt")
        out = cosign(store, most)
        assert "three: http://127.0.0.1:9/add-checkpoint gives no answer" in out, out
        cosign(store, every, status=74)
    prove()
    with zipfile.ZipFile(path) as proof:
        note = proof.read("log/checkpoint").decode()
        readme = proof.read("README.txt").decode()
    text, lines = note.split("\n\n")
    for _, vkey in states:
        equal(len(cosigned(vkey, text + "\n", lines)), 1)
    out = tap("verify", path, "--key", key, "--policy", most).out
    assert re.search(r"\nwitnessed: entries up to \d+, by one at \S+, two at \S+\n", out) and "proves nothing" not in out, out
    assert out.count("proves nothing without a policy") == 0
    out = tap("verify", path, "--key", key).out
    equal(out.count("which proves nothing without a policy that names it (--policy)"), 2)
    out = tap("verify", path, "--key", key, "--policy", every, status=2).out
    equal(found(out), [("unproven", "policy")])
    assert "cosignatures that 'every' asks for; one of " in out and " entries is cosigned by one, two\n" in out, out
    # By hand: with the witness's key, and not with another.
    commands = re.findall(r"^\$ (.*)$", readme, re.MULTILINE)
    last = next(i for i, c in enumerate(commands) if "WITNESS" in c)
    for vkey, holds in [(states[0][1], True), (states[1][1], True), (states[0][1].replace("bench/one", "bench/two"), False)]:
        shutil.rmtree(f"{folder}/proof", ignore_errors=True)
        for command in commands[:1] + commands[last:]:
            run = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S,
                                 env=os.environ | {"PROOF": path, "KEY": key, "WITNESS": vkey})
        equal((run.returncode == 0, run.stdout), (holds, "Signature Verified Successfully\n" if holds else "Signature Verification Failure\n"))
    # Records behind the cosigned checkpoint are proven by the newest.
    record(store, SERIAL, "1s")
    tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--out", path, "--overwrite", "--no-copies")
    equal(zipfile.ZipFile(path).read("log/checkpoint").decode().count("\n— "), 2)


@case
def policies_are_read_strictly_and_mistakes_named_by_line(folder):
    need("cryptography")
    store, key = recorded(folder)
    one, two = Signer("bench/one", 4), Signer("bench/two", 4)
    for text, *words in [
        (f"witness a {one.vkey}\nquorum b\n", ":2", "'b' is not defined before"),
        (f"witness a {one.vkey}\n", "has no quorum"),
        (f"witness a {one.vkey}\nwitness b {one.vkey}\nquorum a\n", ":2", "is there already"),
        (f"witness none {one.vkey}\nquorum none\n", ":1", "'none'"),
        (f"witness a {one.vkey}\nwitness a {two.vkey}\nquorum a\n", ":2", "is defined twice"),
        (f"witness a {key}\nquorum a\n", ":1", "no verifier key of a witness"),
        (f"log {one.vkey}\nquorum none\n", ":1", "no verifier key of a log"),
        (f"witness a {one.vkey}\ngroup g 2 a\nquorum g\n", ":2", "1 to 1"),
        (f"witness a {one.vkey}\ngroup g all b\nquorum g\n", ":2", "'b' is not defined"),
        (f"witness a {one.vkey}\ngroup g any a\ngroup h any a\nquorum h\n", ":3", "member of a group already"),
        ("quorum none\nquorum none\n", ":2", "already"),
        ("quorum none\r\n", "control character"),
        ("hello\n", ":1", "'hello'"),
        (f"log {Signer('bench/other').vkey}\nquorum none\n", "is of other logs"),
    ]:
        rules = write(folder, "policy.txt", text)
        one_line(tap("verify", store, "--key", key, "--policy", rules, status=65).err, "policy.txt", *words)
    rules = write(folder, "policy.txt", f"  # all\n\tlog {key} https://log.example/\nwitness \u00fc {one.vkey}\ngroup g any \u00fc\n\nquorum none\n")
    verify(store, key, "--policy", rules)
    one_line(tap("record", "cosign", store, "--policy", rules, status=65).err, "no witness with an address")


@case
def cosignatures_are_entries_that_bracket_the_log_from_outside(folder):
    need("cryptography")
    (store, key), true = recorded(folder), Signer("bench/true", 4)
    path, now = f"{folder}/incident.tapproof", int(time.time())
    date = lambda second: time.strftime("%Y-%m-%dT%H:%M:%S.000000000Z", time.gmtime(second))
    with lying() as witness_:
        rules = policy(folder, ("w", true.vkey, witness_.url))
        for second in [now - 30, now - 20, now + 40]:  # the second: what entering the first one entered
            witness_.lie = saying(true, second)
            if second > now:
                record(store, SERIAL, "1s")
            cosign(store, rules)
    shutil.rmtree(f"{store}/checkpoints")  # the entries say it
    out = verify(store, key, "--policy", rules, status=2)
    equal(found(out), [("unproven", "policy")])
    first, second = re.findall(r"^session \d: (by the clocks .*)$", out, re.MULTILINE)
    equal(first, f"by the clocks of witnesses all existed by {date(now - 30)}")
    equal(second, f"by the clocks of witnesses its entries are no older than {date(now - 30)}, all existed by {date(now + 40)}")
    independent(store, key)
    assert "by the clocks" not in verify(store, key)
    tap("prove", store, "--key", key, "--from", "0s", "--to", "1s", "--out", path, "--no-copies")
    out = verify(path, key, "--policy", rules, status=2)
    assert f"\nsession 2: {second}\n" in out, out
    with zipfile.ZipFile(path) as proof:
        notes = [name for name in proof.namelist() if name.startswith("outside/")]
        equal([cosigned(true.vkey, proof.read(name).decode().split("\n\n")[0] + "\n", proof.read(name).decode().split("\n\n")[1])
               for name in notes], [[now - 30], [now + 40]])
        readme = proof.read("README.txt").decode()
        assert all(f"proof/{name}  by bench/true: " in readme for name in notes), readme
        equal(by_python(path, key).returncode, 0)
        packed(path, {notes[0]: flipped(proof.read(notes[0]), 30)}, f"{folder}/bad.tapproof")
    equal(found(verify(f"{folder}/bad.tapproof", key, status=1)), [("altered", notes[0])])


@case
def a_clock_that_lies_beyond_what_witnesses_say_fails(folder):
    need("cryptography")
    one, two, now, year = Signer("bench/one", 4), Signer("bench/two", 4), int(time.time()), 31_536_000
    for second in [now + year, now - year]:
        store, key = recorded(folder, name=f"store{second}")
        with lying() as witness_:
            rules = policy(folder, ("w", one.vkey, witness_.url))
            both = policy(folder, ("w", one.vkey, ""), ("v", two.vkey, ""), quorum="g", more="group g all w v\n", name="both.txt")
            witness_.lie = saying(one, second)
            assert "its clock and this one are 315" in cosign(store, rules)
            record(store, SERIAL, "1s")
        out = verify(store, key, "--policy", rules, status=1)
        equal([word for word, _ in found(out)], ["contradiction"] * 2)
        assert "the gateway's clock said " in out and "the clock was wrong" in out, out
        # One witness's clock is no quorum's, and without a policy nobody's.
        equal(found(verify(store, key, "--policy", both, status=2)), [("unproven", "policy")])
        verify(store, key)


@case
def a_recorder_enters_what_arrives_while_it_records(folder):
    need("cryptography")
    (store, key), true = make(folder), Signer("bench/true", 4)
    with lying() as witness_:
        rules = policy(folder, ("w", true.vkey, witness_.url))
        recorder = subprocess.Popen([TAP, "record", "run", "--store", store, "--sim", SERIAL, "--for", "60s"],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: os.path.exists(f"{store}/segments/00000001.mcap"), "recording")
            before = os.stat(f"{store}/edge").st_size
            witness_.lie = saying(true, int(time.time()))
            run = tap("record", "cosign", store, "--policy", rules)
            equal((run.err, os.listdir(f"{store}/spool")), ("", []))
            assert b"bench/true cosigned " in open(f"{store}/edge", "rb").read()[before:]
        finally:
            recorder.send_signal(signal.SIGINT)
            recorder.wait(timeout=TIMEOUT_S)
    assert re.search(r"\nsession 1: by the clocks of witnesses entries of it up to \d+ existed by ", verify(store, key, "--policy", rules))
    independent(store, key)
