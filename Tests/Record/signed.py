"""The tree, keys and signed notes of a log (docs/formats/record.md)."""
import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).digest()


class Tree:
    """RFC 6962: the roots of full subtrees, by their height, largest first; a leaf costs at most one hash for each height."""

    def __init__(self):
        self.peaks, self.size = [], 0

    def append(self, digest):
        height = 0
        while self.peaks and self.peaks[-1][0] == height:
            digest = sha256(b"\1" + self.peaks.pop()[1] + digest)
            height += 1
        self.peaks.append((height, digest))
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"")
        digest = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            digest = sha256(b"\1" + left + digest)
        return digest


def base64_of(data):
    return base64.b64encode(data).decode()


def strict(text):
    """Base64 as RFC 4648 writes it and in no other way."""
    data = base64.b64decode(text, validate=True)
    if base64_of(data) != text:
        raise ValueError("base64 with bits that are not used")
    return data


def key_id(name, public):
    return sha256(name.encode() + b"\n\1" + public)[:4]


def verifier_key(name, public):
    return f"{name}+{key_id(name, public).hex()}+{base64_of(bytes([1]) + public)}"


class Key:
    """A verifier key. ValueError: malformed."""

    def __init__(self, text, name=None):
        self.text = text
        self.name, identity, data = text.split("+", 2)
        data = strict(data)
        if len(data) != 33 or data[0] != 1 or verifier_key(self.name, data[1:]) != text:
            raise ValueError(f"{text!r} is no verifier key")
        if not self.name or any(c.isspace() for c in self.name) or (name is not None and self.name != name):
            raise ValueError(f"the key is named {self.name!r}")
        self.public, self.id = data[1:], bytes.fromhex(identity)

    def signed(self, signature, message):
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            return True
        except InvalidSignature:
            return False


def hand_over_text(origin, epoch, size, root, key, recovery_key):
    return f"tap.record.v1/hand-over\n{origin}\n{epoch}\n{size}\n{base64_of(root)}\n{key}\n{recovery_key}\n".encode()


class Note:
    """A signed checkpoint. ValueError: malformed."""

    def __init__(self, data):
        text, _, signatures = data.decode().partition("\n\n")
        self.signed = (text + "\n").encode()
        lines = text.split("\n")
        if len(lines) != 3 or not signatures.endswith("\n") or str(int(lines[1])) != lines[1]:
            raise ValueError("not three lines and signatures")
        self.origin, self.size, self.root = lines[0], int(lines[1]), strict(lines[2])
        self.signatures = []
        for line in signatures[:-1].split("\n"):
            dash, name, value = line.split(" ")
            if dash != "—" or len(value := strict(value)) < 5:
                raise ValueError("not a signature line")
            self.signatures.append((name, value[:4], value[4:]))

    def by(self, key):
        """Whether a line by this key is there and holds."""
        mine = [value for name, identity, value in self.signatures if (name, identity) == (key.name, key.id)]
        return len(mine) > 0 and all(key.signed(value, self.signed) for value in mine)
