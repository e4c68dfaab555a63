"""docs/gateway.md, as somebody follows it who types each command. See scripts/gateway-test."""
import re

from parts import check

# In the emulated gateway another board has other names.
INSTEAD = {"/usr/share/tap/boards/raspberry-pi-4b.yaml": "/etc/tap/virt.yaml", "GPIO17": "PIN0"}
# Not typed, for its reason.
LEFT_OUT = {"sudo nano /etc/tap/site.yaml": "no editor; the block below it is written instead"}
# What root makes before a command is typed: what the words around it ask for, and a witness that is on this machine.
FIRST = {
    "sudo systemctl enable --now tap-hear@eth1": "printf '%s\\n' claims: '  hmi:' "
        "'    from: {packets: eth1, server: 10.0.0.5, unit: 1, socket: /run/tap/claims.sock}' '    every: 1s' '    late: 1s' "
        "'    tags: {FLOW: {at: 2, signed: true, is: 0.1 m3/h}}' >>/etc/tap/site.yaml; systemctl reload tap",
    "sudo systemctl enable --now tap-cosign": "cd /tmp; echo 'KEY' >log.vkey; tap witness init witness --name trial/witness >witness.vkey; "
        "systemd-run -q --unit=witness tap witness serve /tmp/witness --log /tmp/log.vkey --listen 127.0.0.1:8377; "
        "printf 'witness one %s http://127.0.0.1:8377\\nquorum one\\n' \"$(head -n 1 witness.vkey)\" >/etc/tap/policy.txt",
}  # fmt: skip
# What comes of it, as root sees it.
GIVEN = "[ $(journalctl --no-pager -u tap-hear@eth1 | grep -c 'a session listens, and is given what is said') = TIMES ]"
THEN = {
    "sudo systemctl enable --now tap-hear@eth1": GIVEN.replace("TIMES", "1"),
    "sudo systemctl restart tap-hear@eth1": GIVEN.replace("TIMES", "2"),
    "sudo systemctl enable --now tap-cosign": "runuser -u tap -- tap verify /var/lib/tap/record --key 'KEY' --policy /etc/tap/policy.txt | grep -i witnessed",
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
        if command in FIRST:
            gateway.run(FIRST[command].replace("KEY", key))
        out = gateway.as_person(command)
        typed += 1
        shown = out.strip().split("\n")
        print(f"    $ {command}\n" + "\n".join(f"      {line}" for line in shown[:12]), flush=True)
        if command in THEN:
            gateway.wait(THEN[command].replace("KEY", key), f"'{command}' does what it is for")
        if " record init " in command:
            key = shown[0]
            check(key.startswith("plant-3/press-3+"), f"'{command}' prints a key: {out}")
        if command.startswith("systemctl status"):
            check("active (running)" in out, f"the service runs: {out}")
            # Let the input change once: open the door.
            gateway.drive_door()
    print(f"docs/gateway.md was followed: {typed} commands", flush=True)
    return key
