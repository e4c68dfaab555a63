"""Witnesses: the server against a client in Python, the client against a liar, and two gateways that witness each other."""
import base64
import contextlib
import hashlib
import http.client
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile

from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, read, tap, wait_until, write
from stores import BOUNCE, SERIAL, TROUBLE, found, independent, make, need, record, recorded, verify
from witnesses import Log, Server, Signer, coded, consistency, cosigned, hashed, lying, serving


def witness(folder, name="witness"):
    """A new witness's directory, and its key."""
    return f"{folder}/{name}", tap("witness", "init", f"{folder}/{name}", "--name", f"bench/{name}").out.strip()


def policy(folder, *witnesses, quorum=None, name="policy.txt", more=""):
    """witnesses: (name, key, address)."""
    lines = "".join(f"witness {' '.join(words).rstrip()}\n" for words in witnesses)
    quorum = quorum or witnesses[0][0]
    return write(folder, name, f"# {name}\n{lines}{more}quorum {quorum}\n")


def cosign(store, rules, *more, status=0):
    return tap("record", "cosign", store, "--policy", rules, *more, status=status).out


@case
def a_witness_answers_as_the_specification_says(folder):
    need("cryptography", "pymerkle")
    import pymerkle
    state, key = witness(folder)
    log, stranger = Log("python.example/log", 7), Log("python.example/other", 3)
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for n in range(7):
        tree.append_entry(f"entry {n}".encode())
    equal(tree.get_state(), hashed(log.leaves))
    keys = write(folder, "logs.txt", f"# logs\n{log.signer.vkey}\n")
    with serving(state, keys) as server:
        path = f"/{hashlib.sha256(log.origin.encode()).hexdigest()}/checkpoint"
        equal(server.ask("", "GET", path)[0], 404)
        equal(server.ask(stranger.request(0))[0], 404)
        equal(server.ask(log.request(0, lines=stranger.signer.line(log.text())))[0], 403)
        # A line of the right key that does not verify, even beside one that does.
        wrong = log.signer.line(log.text(5))
        equal(server.ask(log.request(0, lines=wrong))[0], 403)
        equal(server.ask(log.request(0, lines=log.signer.line(log.text()) + wrong))[0], 403)
        equal(server.ask(log.request(8))[0], 400)
        equal(server.ask(log.request(3)), (409, "text/x.tlog.size", "0\n"))
        equal(server.ask(log.request(0, proof=[bytes(32)]))[0], 422)
        equal(server.ask(log.request(0, text=f"{log.origin}\n0\n{coded(bytes(32))}\n"))[0], 422)
        for bad in ["", "old 0\n", "old 00\n\n", "new 0\n\n", "old -1\n\n", "old 0\nx\n\n", "old 0\n" + coded(bytes(31)) + "\n\n",
                    "old 0\n" + 64 * (coded(bytes(32)) + "\n") + "\n", "old 0\r\n\n"]:
            equal(server.ask(bad + log.text() + "\n" + log.signer.line(log.text()) if bad.endswith("\n\n") else bad)[0], 400)
        equal(server.ask("old 0\n" + 63 * (coded(bytes(32)) + "\n") + log.request(0)[6:])[0], 422)
        # An empty log, then from each size to each larger one by one connection.
        before = int(time.time())
        size, connection = 0, http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
        for new in [0, 0, 1, 2, 5, 6, 7, 7]:
            status, kind, lines = server.ask(log.request(size, new), connection=connection)
            equal((status, kind), (200, "text/plain; charset=utf-8"))
            seconds = cosigned(key, log.text(new), lines)
            assert len(seconds) == 1 and before <= seconds[0] <= time.time() + 1, seconds
            size = new
        connection.close()
        # What it keeps has both signatures, and Python reads it.
        status, _, note = server.ask("", "GET", path)
        text, lines = note.split("\n\n")
        equal((status, text + "\n", len(cosigned(key, text + "\n", lines))), (200, log.text(), 1))
        assert log.signer.line(log.text()) in lines + "\n", lines
        log.grow(300)
        for old in [0, 3, 8]:
            equal(server.ask(log.request(old)), (409, "text/x.tlog.size", "7\n"))
        equal(server.ask(log.request(7, proof=[]))[0], 422)
        good = consistency(7, log.leaves)
        for place in range(len(good)):
            equal(server.ask(log.request(7, proof=good[:place] + [bytes(32)] + good[place + 1:]))[0], 422)
        equal(server.ask(log.request(7, proof=good + [bytes(32)]))[0], 422)
        equal(server.ask(log.request(7, proof=good[:-1]))[0], 422)
        # Another log of the same size, and one that grew from another.
        fork = Log(log.origin)
        fork.signer = log.signer
        fork.grow(7, "forged")
        equal(server.ask(fork.request(7))[0], 422)
        equal(server.ask(fork.grow(9).request(7))[0], 422)
        # Lines of an extension are signed with the rest.
        text = log.text(more="extension 1\nmore\n")
        status, _, lines = server.ask(log.request(7, text=text))
        equal((status, len(cosigned(key, text, lines))), (200, 1))
        for size in [307, 310, 511, 512, 513, 800]:
            old = len(log.leaves)
            if size > old:
                log.grow(size - old)
            equal(server.ask(log.request(old))[0], 200)
        # What is no request of this protocol.
        equal(server.ask("", "GET")[0], 405)
        equal(server.ask(log.request(800), path="/add")[0], 404)
        equal(server.ask("x" * 100_000)[0], 413)
        err = server.stop()
    assert err.startswith(f"tap: {key}: witness of 1 log\n"), err


@case
def a_witness_holds_no_connection_that_says_nothing_and_no_more_than_it_was_given(folder):
    need("cryptography")
    state, _ = witness(folder)
    log = Log("python.example/log", 3)
    with serving(state, log.signer.vkey, more=["--connections", "2"]) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S) for _ in range(2)]
        silent[0].sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1")
        with contextlib.suppress(ConnectionError):  # the third is rejected
            third = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S)
            third.settimeout(TIMEOUT_S)
            equal(third.recv(1), b"")
            third.close()
        for one in silent:  # both are disconnected after ten seconds
            one.settimeout(TIMEOUT_S)
            while one.recv(100):
                pass
            one.close()
        equal(server.ask(log.request(0))[0], 200)


@case
def a_witness_forgets_nothing_through_kills(folder):
    need("cryptography")
    state, key = witness(folder)
    dice = random.Random(14)
    log, size = Log("python.example/log", 0), 0
    for _ in range(8):
        server = Server(state, log.signer.vkey)
        try:
            status, _, answer = server.ask(log.request(0 if size else 1, size, proof=[]) if size else log.request(0, 0))
            if size:
                # What was answered is there; one more may have been kept without an answer.
                equal(status, 409)
                kept = int(answer)
                assert kept in (size, len(log.leaves)), (kept, size)
                size = kept
            deadline = time.monotonic() + dice.uniform(0.0, 0.15)
            while True:
                log.leaves = log.leaves[:size]
                log.grow(dice.randint(1, 5))
                if time.monotonic() > deadline:
                    connection = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S)
                    body = log.request(size).encode()
                    connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                    server.kill()
                    connection.close()
                    break
                status, _, lines = server.ask(log.request(size))
                equal((status, len(cosigned(key, log.text(), lines))), (200, 1))
                size = len(log.leaves)
        finally:
            if server.process.poll() is None:
                server.kill()
    assert size > 0


@case
def a_witness_that_lost_what_it_cosigned_does_not_start(folder):
    need("cryptography")
    state, key = witness(folder)
    log = Log("python.example/log", 3)
    one_line(tap("witness", "serve", f"{folder}/none", "--log", log.signer.vkey, status=65).err, "is no witness", "tap witness init")
    with serving(state, log.signer.vkey) as server:
        equal(server.ask(log.request(0))[0], 200)
        one_line(tap("witness", "serve", state, "--log", log.signer.vkey, "--listen", "127.0.0.1:0", status=65).err, "in use by another witness")
    kept = f"{state}/logs/{hashlib.sha256(log.origin.encode()).hexdigest()}"
    good = open(kept, "rb").read()
    for damage in [lambda: os.remove(kept), lambda: open(kept, "wb").write(good.replace(b"\n3\n", b"\n2\n")),
                   lambda: os.remove(f"{state}/origins")]:
        damage()
        one_line(tap("witness", "serve", state, "--log", log.signer.vkey, "--listen", "127.0.0.1:0", status=65).err,
                 "make a new witness")
        open(kept, "wb").write(good)
    equal(oct(os.stat(f"{state}/keys/witness").st_mode & 0o777), "0o600")
    one_line(tap("witness", "init", state, "--name", "x", status=73).err, "is not empty")
    one_line(tap("witness", "init", f"{folder}/new", "--name", "a b", status=64).err, "a space")


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
def gateways_witness_each_other_and_rewriting_one_is_found_from_the_other(folder):
    need("cryptography")
    stores = {name: recorded(folder, TROUBLE, "5s", name) for name in ["left", "right"]}
    # Two gateways of one origin would be one log.
    shutil.rmtree(stores["right"][0])
    stores["right"] = make(folder, "right", "bench/right/simulated")
    record(stores["right"][0], SERIAL, "1s")
    states = {name: witness(folder, f"{name}-witness") for name in stores}
    other = {"left": "right", "right": "left"}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(serving(states[name][0], stores[other[name]][1])) for name in stores}
        rules = {
            name: policy(folder, (other[name], states[other[name]][1], servers[other[name]].url), name=f"{name}.txt",
                         more=f"log {stores[name][1]}\n") for name in stores}
        for name, (store, key) in stores.items():
            equal(found(verify(store, key, "--policy", rules[name], status=2)), [("unproven", "policy")])
            assert re.fullmatch(rf"{other[name]}: cosigned \d+ entries at \S+\n", cosign(store, rules[name]))
            cosign(store, rules[name])  # the entry of the cosignature
            assert re.fullmatch(rf"{other[name]}: has cosigned all \d+ entries, at \S+\n", cosign(store, rules[name]))
            assert re.search(rf"\nwitnessed: entries up to \d+, by {other[name]} at \S+\n", verify(store, key, "--policy", rules[name]))
            independent(store, key)
        (left, key), book = stores["left"], write(folder, "book.txt", tap("record", "checkpoint", stores["left"][0]).out)
        shutil.copytree(left, f"{folder}/copy")
        record(left, SERIAL, "1s")
        cosign(left, rules["left"])
        # Restored from a copy, a store is behind; gone on from there, it is another log.
        os.rename(left, f"{folder}/true")
        shutil.copytree(f"{folder}/copy", left)
        assert "was restored from a copy" in cosign(left, rules["left"], status=1)
        for _ in range(3):
            record(left, BOUNCE, "2s")
        out = cosign(left, rules["left"], status=1)
        assert "saw another log" in out, out
        shutil.rmtree(left)
        os.rename(f"{folder}/true", left)
    equal(found(verify(left, key, "--seen", book, "--policy", rules["left"])), [])


@case
def what_a_thief_with_all_keys_writes_is_found_by_a_witness_and_a_line_in_a_shift_book(folder):
    need("cryptography")
    if not shutil.which("protoc"):
        raise Skip("no protoc: Tests/Command/run installs it")
    sys.path.append("Tests/Record")
    import selftest
    import thief
    recorder = selftest.make(f"{folder}/sound")
    key = recorder.text_of(recorder.origin, recorder.log_key)
    state, witness_key = witness(folder)
    book = write(folder, "book.txt", tap("record", "checkpoint", f"{folder}/sound").out)
    with serving(state, key) as server:
        rules = policy(folder, ("other", witness_key, server.url))
        cosign(f"{folder}/sound", rules)
        for act in [thief.rewritten, thief.refounded, thief.reintroduced, thief.truncated, thief.restored]:
            store = f"{folder}/{act.__name__}"
            shutil.copytree(f"{folder}/sound", store)
            act(store)
            # As it stands, what the store kept of the witness shows it.
            assert {word for word, _ in found(verify(store, key, "--policy", rules, status=None))} & {"altered", "missing"}, act
            shutil.rmtree(f"{store}/checkpoints")
            out = cosign(store, rules, status=None)
            assert out.startswith("other: ") and ("saw another log" in out or "restored from a copy" in out), (act, out)
            assert {word for word, _ in found(verify(store, key, "--seen", book, status=1))} & {"forked", "missing"}, act
        # The witness goes on with the right one.
        assert "has cosigned all" in cosign(f"{folder}/sound", rules)


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


def saying(signer, second):
    """A witness in Python whose clock says what it is given."""
    return lambda body: (200, {"Content-Type": "text/plain"},
                         signer.line(body.split("\n\n", 1)[1].split("\n\n")[0] + "\n", second).encode())


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
        from proving import by_python, flipped, packed
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
