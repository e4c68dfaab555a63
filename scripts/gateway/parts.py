"""What the emulated gateway consists of: a Debian for arm64, its medium, and what is written into it. See scripts/gateway-test."""
import hashlib
import os
import re
import shutil
import subprocess

SUITE = "trixie"
PACKAGES = ("systemd,systemd-sysv,udev,kmod,libgpiod3,libiio0,libyaml-0-2,libzip5,libstdc++6,linux-image-arm64,e2fsprogs,procps,"
            "man-db,sudo,adduser,tzdata,dbus,libcurl4t64")  # fmt: skip
# What a boot needs and no more, unpacked and not set up: no program of the other kind is run to make it.
SMALL = ("systemd,systemd-sysv,udev,kmod,mount,util-linux,bash,dash,coreutils,grep,sed,libc-bin,base-files,base-passwd,"
         "libgpiod3,libiio0,libyaml-0-2,libzip5,libstdc++6,tzdata,linux-image-arm64")  # fmt: skip
SMALL_RECIPE = 2  # one more whenever what is made of them changes
ARM64 = (rb":tap-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
         rb":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F")  # fmt: skip
# tap takes the pins for hardware, as the kernel does.
BOARD = """tap-board: 1
name: virt
title: QEMU's virt machine
provenance: hardware
machine: {compatible: ["linux,dummy-virt"]}
sources: ["QEMU's virt machine: a PL061 with 8 lines"]
chips:
  - {label: 9030000.pl061, lines: 8}
lines:
  - {name: PIN0, chip: 9030000.pl061, offset: 0}
  - {name: PIN1, chip: 9030000.pl061, offset: 1}
  - {name: PIN2, chip: 9030000.pl061, offset: 2}
"""
# ADC channels that 'tap sim serve' serves on the host, which QEMU's network gives this address.
HOST = "10.0.2.2"
ADC_BOARD = BOARD.replace("name: virt", "name: virt-adc") + """adcs:
  - name: plant
    device: plant
    context: "%(uri)s"
    how: buffered
    timestamped: true
    simultaneous: true
    fitted: true
    channels:
      - {name: level, channel: voltage0, unit: V}
      - {name: supply, channel: voltage2, unit: V}
"""
ADC_SITE = """tap-site: 1
name: virt-adc
title: An emulated gateway with an ADC of another machine
board: /etc/tap/virt-adc.yaml
record: {store: /var/lib/tap/adc}
assets: {tank: Tank}
signals:
  LEVEL: {channel: plant.level, asset: tank, role: measurement, unit: V}
  SUPPLY: {channel: plant.supply, asset: tank, role: measurement, unit: V}
"""
# Without a limit nothing is dropped: on a full medium nothing is recorded until there is room.
SITE = """tap-site: 1
name: virt
title: An emulated gateway
board: /etc/tap/virt.yaml
record: {store: /var/lib/tap/record}
assets: {door: Guard door}
signals:
  PIN0: {asset: door, role: feedback, high: door closed}
  PIN1: {asset: door, role: feedback, high: door locked}
  PIN2: {asset: door, role: feedback, high: bell rings}
"""
# Commands from outside, a line each, by a port of virtio; their output, and a line with their status.
AGENT = r"""[Service]
ExecStart=/bin/bash -c 'until [ -e /dev/virtio-ports/agent ]; do sleep 0.2; done; exec 3<>/dev/virtio-ports/agent; echo ready >&3; \
 while read -r line <&3; do out=$(bash -c "$line" 2>&1 </dev/null); code=$?; printf "%%s\n==%%d\n" "$out" $code >&3; done'
"""
MEDIUM = """[Mount]
What=/dev/vda
Where=/var/lib/tap
Type=ext4
"""
# On a machine that starves, nothing of the system is given up for that.
PATIENCE = """[Manager]
DefaultTimeoutStartSec=15min
DefaultDeviceTimeoutSec=15min
"""
# The mirror port of the page, on which nobody speaks.
MIRROR = """[NetDev]
Name=eth1
Kind=dummy
"""
NETWORK = """[Match]
Type=ether
Name=!eth1
[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
"""


def run(*words, **options):
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


class Failed(Exception):
    """What is not as it should be."""


class Cannot(Exception):
    """What this machine, or its mirror, does not have. It says nothing of tap."""


def check(holds, what):
    if not holds:
        raise Failed(what)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def cached(recipe, make):
    """A root file system that is made once, by a function of its path: for each recipe another one."""
    cache = os.environ.get("TAP_CACHE", os.path.expanduser("~/.cache/tap")) + "/gateway"
    root = f"{cache}/{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"
    if not os.path.isdir(root):
        making = f"{root}.making"
        shutil.rmtree(making, ignore_errors=True)
        os.makedirs(cache, exist_ok=True)
        make(making)
        os.rename(making, root)
    return root


def debian(root, variant, packages):
    mirror = run("sh", "-c", "apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Component: main' | grep -v security | head -n 1").strip()
    try:
        run("mmdebstrap", "--architectures=arm64", f"--variant={variant}", f"--include={packages}", SUITE, root,
            f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {SUITE} main",
            # No initrd of the kernel's: what is booted is made here, and under emulation that one takes minutes.
            env={**os.environ, "INITRD": "No"})  # fmt: skip
    except subprocess.CalledProcessError:
        raise Cannot(f"the Debian mirror '{mirror}' gives no {SUITE} for arm64, see above") from None


def base_root():
    """Debian with what the package needs."""
    def make(root):
        binfmt = "/proc/sys/fs/binfmt_misc"
        if not os.path.exists(f"{binfmt}/register"):
            run("mount", "-t", "binfmt_misc", "none", binfmt)
        if not any(name.endswith("aarch64") for name in os.listdir(binfmt)):
            with open(f"{binfmt}/register", "wb") as file:
                file.write(ARM64)
        debian(root, "minbase", PACKAGES)
    return cached(SUITE + PACKAGES, make)


def small_root():
    """A folder with a kernel, and with what a boot needs as the initrd `base`, to which a root is added that has the rest."""
    def make(made):
        root = f"{made}/root"
        os.makedirs(made)
        debian(root, "extract", SMALL)
        # What the packages' scripts would have made, as far as a boot needs it; users are made when it boots.
        for name in ("passwd", "group"):
            shutil.copy(f"{root}/usr/share/base-passwd/{name}.master", f"{root}/etc/{name}")
        # A root that lies in memory would be another machine at each boot.
        write(f"{root}/etc/machine-id", "7a70" * 8 + "\n")
        # A root that no program has set up counts as updated at each boot.
        for unit in ("systemd-hwdb-update", "systemd-journal-catalog-update", "ldconfig"):
            os.symlink("/dev/null", f"{root}/etc/systemd/system/{unit}.service")
        for kernel in os.listdir(f"{root}/usr/lib/modules"):
            run("depmod", "-b", root, kernel)
        initrd(root, f"{made}/base")
        os.rename(f"{root}/boot", f"{made}/boot")
        shutil.rmtree(root)
    return cached(f"{SUITE} {SMALL} {SMALL_RECIPE}", make)


def furnish(root):
    """What this trial needs to look inside; not the package."""
    units = f"{root}/etc/systemd/system"
    write(f"{units}/agent.service", AGENT)
    write(f"{units}/var-lib-tap.mount", MEDIUM)
    write(f"{units}/tap.service.d/medium.conf", "[Unit]\nRequiresMountsFor=/var/lib/tap\n")
    write(f"{root}/etc/systemd/network/ether.network", NETWORK)
    write(f"{root}/etc/systemd/network/eth1.netdev", MIRROR)
    write(f"{root}/etc/systemd/network/eth1.network", "[Match]\nName=eth1\n[Network]\nLinkLocalAddressing=no\n")
    write(f"{root}/etc/systemd/system.conf.d/patience.conf", PATIENCE)
    write(f"{root}/etc/modules-load.d/medium.conf", "virtio_blk\next4\n")
    # Somebody who says yes.
    write(f"{root}/etc/apt/apt.conf.d/yes", 'APT::Get::Assume-Yes "true";\n')
    os.makedirs(f"{root}/usr/local/bin", exist_ok=True)
    shutil.copy("packaging/trial/bounded", f"{root}/usr/local/bin/bounded")
    for target in ("multi-user", "local-fs"):
        os.makedirs(f"{units}/{target}.target.wants", exist_ok=True)
    os.symlink("../agent.service", f"{units}/multi-user.target.wants/agent.service")
    os.symlink("../var-lib-tap.mount", f"{units}/local-fs.target.wants/var-lib-tap.mount")
    os.symlink("/usr/lib/systemd/system/systemd-networkd.service", f"{units}/multi-user.target.wants/systemd-networkd.service")
    # It would take the console from units.
    os.symlink("/dev/null", f"{units}/serial-getty@ttyAMA0.service")
    write(f"{root}/etc/hostname", "gateway\n")
    write(f"{root}/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 gateway\n")
    write(f"{root}/etc/tap/virt.yaml", BOARD)


def settle_in(root):
    """A person who may use sudo."""
    run("chroot", root, "useradd", "--create-home", "--shell", "/bin/bash", "--groups", "adm", "person")
    write(f"{root}/etc/sudoers.d/person", "person ALL=(ALL) NOPASSWD: ALL\n")


def hand_over(root, deb, newer):
    """The packages, to the person."""
    home = f"{root}/home/person"
    shutil.copy(deb, home)
    os.link(f"{home}/{os.path.basename(deb)}", f"{home}/tap_OLDER_arm64.deb")
    shutil.copy(newer, f"{home}/tap_NEWER_arm64.deb")


def newer_package(deb, folder):
    """The same content under a higher version."""
    run("dpkg-deb", "--raw-extract", deb, f"{folder}/newer")
    control = f"{folder}/newer/DEBIAN/control"
    with open(control, encoding="utf-8") as file:
        text = file.read()
    lines = [f"{line}+newer" if line.startswith("Version: ") else line for line in text.split("\n")]
    write(control, "\n".join(lines))
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", f"{folder}/newer", f"{folder}/newer.deb")
    return f"{folder}/newer.deb"


def install(root, deb):
    """The package, and a site of pins. It is started once there is a record."""
    for name in os.listdir(f"{root}/home/person"):
        if name.endswith(".deb"):
            os.unlink(f"{root}/home/person/{name}")
    shutil.copy(deb, f"{root}/tmp/tap.deb")
    run("mount", "-t", "proc", "proc", f"{root}/proc")
    try:
        run("chroot", root, "dpkg", "-i", "/tmp/tap.deb", stderr=subprocess.STDOUT)
    finally:
        run("umount", f"{root}/proc")
    be_patient(root)
    write(f"{root}/etc/tap/site.yaml", SITE)


def be_patient(root):
    """The service waits for udev as its unit says, but for the bound: on a machine that starves, that is over too early."""
    with open(f"{root}/usr/lib/systemd/system/tap.service", encoding="utf-8") as file:
        waits = re.findall(r"(?m)^ExecStartPre=.*$", file.read())
    patient = [re.sub(r"--timeout=\d+", "--timeout=240", wait) for wait in waits]
    write(f"{root}/etc/systemd/system/tap.service.d/patience.conf", "\n".join(["[Service]", "ExecStartPre=", *patient, ""]))


def unpack(root, deb):
    """The same where nothing is set up: the service is enabled by hand, and its user made at boot."""
    run("dpkg-deb", "--extract", deb, root)
    os.symlink("/usr/lib/systemd/system/tap.service", f"{root}/etc/systemd/system/multi-user.target.wants/tap.service")
    be_patient(root)
    write(f"{root}/etc/tap/site.yaml", SITE)


# What such a machine does not have, or nobody reads here: it would have to be loaded at each boot.
LEFT_OUT = ("boot", "usr/share/locale", "usr/share/i18n", "var/cache", "var/lib/apt", "tmp/tap.deb", "usr/lib/linux-image-*",
            "usr/lib/aarch64-linux-gnu/gconv", "usr/lib/modules/*/kernel/sound", *(
                f"usr/lib/modules/*/kernel/drivers/{name}" for name in ("gpu", "media", "net/ethernet", "net/wireless")))  # fmt: skip


def initrd(root, path, base=None):
    """Of a root, behind what `base` has."""
    left_out = " -o ".join(f"-path './{name}'" for name in LEFT_OUT)
    if base:
        shutil.copy(base, path)
    with open(path, "ab") as out:
        names = subprocess.Popen(f"find . \\( {left_out} \\) -prune -o -print0", shell=True, cwd=root, stdout=subprocess.PIPE)
        subprocess.run(["cpio", "--null", "-o", "-H", "newc", "--quiet"], cwd=root, stdin=names.stdout, stdout=out, check=True)


def empty_medium(folder):
    run("truncate", "-s", "256M", f"{folder}/disk")
    run("mkfs.ext4", "-q", "-F", f"{folder}/disk")
