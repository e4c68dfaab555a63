"""docs/gateway.md, as somebody follows it who types each command. See scripts/gateway-test."""
import re

from parts import check

# In the emulated gateway another board has other names.
INSTEAD = {"/usr/share/tap/boards/raspberry-pi-4b.yaml": "/etc/tap/virt.yaml", "GPIO17": "PIN0"}
# Not typed, each for its reason.
LEFT_OUT = {
    "sudo nano /etc/tap/site.yaml": "no editor; the block below it is written instead",
    "sudo systemctl enable --now tap-hear@eth1": "there is no mirror port",
    "sudo systemctl restart tap-hear@eth1": "there is no mirror port",
    "sudo systemctl enable --now tap-cosign": "there is no policy and no witness",
}
TYPED = ("sudo ", "journalctl ")


def parts(text):
    """From installing to taking it away: (kind, text) of each block and each command within a sentence."""
    text = text[text.index("\n## 3. Install tap"):text.index("\n## Which package")]
    found = []
    for block in re.finditer(r"(?ms)^```(\w*)\n(.*?)^```$|`([^`\n]+)`", text):
        language, body, inline = block.groups()
        if inline is not None:
            if inline.startswith(TYPED):
                found.append(("command", inline))
        elif language == "yaml":
            found.append(("file", body))
        else:
            found += [("command", line) for line in body.strip().split("\n")]
    return found


def follow(gateway, path):
    """Gives the key that `init` printed."""
    with open(path, encoding="utf-8") as file:
        found = parts(file.read())
    key, typed = None, 0
    for kind, text in found:
        for name, instead in INSTEAD.items():
            text = text.replace(name, instead)
        if kind == "file":
            gateway.as_person(f"sudo tee /etc/tap/site.yaml >/dev/null <<'EOF'\n{text}EOF")
            continue
        command = re.sub(r"\s+#.*", "", text)
        if command in LEFT_OUT:
            print(f"    left out: {command} ({LEFT_OUT[command]})", flush=True)
            continue
        if "--key " in command:
            command = re.sub(r"--key \S+", f"--key {key}", command)
        out = gateway.as_person(command)
        typed += 1
        shown = out.strip().split("\n")
        print(f"    $ {command}\n" + "\n".join(f"      {line}" for line in shown[:12]), flush=True)
        if " record init " in command:
            key = shown[0]
            check(key.startswith("plant-3/press-3+"), f"'{command}' prints a key: {out}")
        if command.startswith("systemctl status"):
            check("active (running)" in out, f"the service runs: {out}")
            # Let the input change once: open the door.
            gateway.drive_door()
    print(f"docs/gateway.md was followed: {typed} commands", flush=True)
    return key
