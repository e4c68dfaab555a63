"""Witnesses and policies for cases, and having a store cosigned."""
from harness import tap, write


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


def saying(signer, second):
    """A witness in Python whose clock says what it is given."""
    return lambda body: (200, {"Content-Type": "text/plain"},
                         signer.line(body.split("\n\n", 1)[1].split("\n\n")[0] + "\n", second).encode())
