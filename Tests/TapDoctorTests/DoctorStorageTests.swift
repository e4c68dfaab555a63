import TapCore
import Testing

@testable import TapDoctor
@testable import TapDriver

@Suite
struct DoctorStorageTests {
    let fake = FakeMachine()

    private func mounts(_ lines: String...) {
        fake.write("/proc/self/mountinfo", lines.joined(separator: "\n") + "\n")
    }

    private func plug(_ disk: String, at folder: String, rotating: String? = nil) {
        fake.take("/sys/dev/block/8:1")
        fake.disk("8:1", at: "\(folder)/block/\(disk)", partition: "\(disk)1")
        if let rotating { fake.write("/sys/\(folder)/block/\(disk)/queue/rotational", rotating) }
        mounts("24 1 8:1 / / rw - ext4 /dev/\(disk)1 rw")
    }

    @Test func `an eMMC says how much of its life is used, other media say nothing`() {
        #expect(MediumLife(of: "/srv/tap", on: fake.machine).medium == "ext4 on mmcblk0 (eMMC)")
        #expect(MediumLife(of: "/srv/tap", on: fake.machine).usedAtMost == nil)
        let folder = "/sys/devices/platform/fe340000.mmc/mmc_host/mmc0/mmc0:0001/block/mmcblk0/device"
        for (text, used) in [("0x01 0x03", 30), ("0x0b 0x00", 110), ("0x00 0x00", nil), ("0x7f x", nil)] {
            fake.write("\(folder)/life_time", text + "\n")
            #expect(MediumLife(of: "/srv/tap", on: fake.machine).usedAtMost == used, "\(text)")
        }
        for (text, reserve) in [
            ("0x01", MediumLife.Reserve.normal), ("0x02", .warning), ("0x03", .urgent), ("0x00", nil),
        ] {
            fake.write("\(folder)/pre_eol_info", text + "\n")
            #expect(MediumLife(of: "/srv/tap", on: fake.machine).reserve == reserve, "\(text)")
        }
    }

    private func found() -> String? { fake.check("storage", storage: "/srv/tap")?.found }

    @Test func `an SD card is degraded, an eMMC fine`() {
        fake.write("/sys/devices/platform/fe340000.mmc/mmc_host/mmc0/mmc0:0001/block/mmcblk0/device/type", "SD\n")
        let check = fake.check("storage")
        #expect(check?.verdict == .degraded)
        #expect(check?.found == "/srv/tap: ext4 on mmcblk0 (SD card)")
    }

    @Test func `a disk's kind is read from sysfs`() {
        plug("nvme0n1", at: "devices/pci0000:00/nvme/nvme0")
        #expect(found() == "/srv/tap: ext4 on nvme0n1 (solid state)")
        plug("sda", at: "devices/pci0000:00/ata1/host0", rotating: "0\n")
        #expect(found() == "/srv/tap: ext4 on sda (solid state)")
        plug("sdb", at: "devices/pci0000:00/ata2/host1", rotating: "1\n")
        #expect(found() == "/srv/tap: ext4 on sdb (rotating disk)")
        plug("sdc", at: "devices/pci0000:00/usb1/1-1/host2", rotating: "1\n")
        #expect(found() == "/srv/tap: ext4 on sdc (USB)")
        plug("vda", at: "devices/pci0000:00/virtio1", rotating: "1\n")
        #expect(found() == "/srv/tap: ext4 on vda (virtual disk)")
        plug("sdd", at: "devices/platform/odd")
        #expect(found() == "/srv/tap: ext4 on sdd (kind not known)")
        #expect(fake.check("storage")?.verdict == .unknown)
    }

    @Test func `an encrypted disk is judged by the disk below`() {
        plug("nvme0n1", at: "devices/pci0000:00/nvme/nvme0")
        fake.link("/sys/class/block/nvme0n1p3", "../../devices/pci0000:00/nvme/nvme0/block/nvme0n1/nvme0n1p3")
        fake.write("/sys/devices/pci0000:00/nvme/nvme0/block/nvme0n1/nvme0n1p3/partition", "3\n")
        fake.write("/sys/devices/virtual/block/dm-0/slaves/nvme0n1p3/partition", "3\n")
        fake.link("/sys/dev/block/253:0", "../../devices/virtual/block/dm-0")
        mounts("24 1 253:0 / / rw - ext4 /dev/mapper/root rw")
        #expect(found() == "/srv/tap: ext4 on nvme0n1 (solid state)")
    }

    @Test func `btrfs, whose device number is its own, is judged by its source`() {
        plug("sda", at: "devices/pci0000:00/ata1/host0", rotating: "0\n")
        fake.link("/sys/class/block/sda1", "../../devices/pci0000:00/ata1/host0/block/sda/sda1")
        mounts("24 1 0:27 /@ / rw - btrfs /dev/sda1 rw,subvol=/@")
        #expect(found() == "/srv/tap: btrfs on sda (solid state)")
    }

    @Test func `the innermost mount counts, also one with a space in its name, and the later of two`() {
        mounts(
            "24 1 179:2 / / rw - ext4 /dev/root rw", "25 24 0:30 / /srv rw - tmpfs tmpfs rw",
            #"26 25 0:31 / /srv/my\040tap rw - overlay overlay rw"#, "27 25 0:32 / /srv/ta rw - nfs4 nas:/x rw")
        #expect(found() == "/srv/tap: tmpfs (memory)")
        #expect(fake.check("storage", storage: "/srv/my tap")?.found == "/srv/my tap: overlay (overlay)")
        mounts("24 1 179:2 / / rw - ext4 /dev/root rw", "25 1 0:40 / / rw - hostfs hostfs rw")
        #expect(found() == "/srv/tap: hostfs (elsewhere)")
    }

    @Test func `a directory that is missing, read-only or somebody else's is broken`() {
        fake.calls.access = { _, _ throws(Errno) in throw .denied }
        #expect(
            fake.check("storage")
                == .broken(
                    "storage", "/srv/tap: ext4 on mmcblk0 (eMMC)", why: "pi may not write there (EACCES)",
                    remedy: "take ownership of it, or name another with --storage\nsudo chown pi /srv/tap"))
        fake.calls.space = { _ throws(Errno) in .init(free_bytes: 1 << 40, total_bytes: 1 << 41, isReadOnly: true) }
        #expect(fake.check("storage")?.why == "it is mounted read-only")
        fake.calls.realPath = { _ throws(Errno) in throw .notFound }
        #expect(
            fake.check("storage")
                == .broken(
                    "storage", "/srv/tap: ENOENT", why: "there is no such directory",
                    remedy: "create it, or name another with --storage\nsudo install -d -o pi /srv/tap"))
        #expect(fake.check("storage space") == nil)
    }

    @Test(arguments: [
        (UInt64(1) << 30, DoctorCheck.Verdict.fine, "1.0 GiB free of 2.0 GiB"),
        ((UInt64(1) << 30) - 1, .degraded, "1023.9 MiB free of 2.0 GiB"),
        (64 << 20, .degraded, "64.0 MiB free of 2.0 GiB"),
        ((64 << 20) - 1, .broken, "63.9 MiB free of 2.0 GiB"), (0, .broken, "0 B free of 2.0 GiB"),
    ])
    func `little space is degraded, next to none broken`(free: UInt64, verdict: DoctorCheck.Verdict, found: String) {
        fake.calls.space = { _ throws(Errno) in .init(free_bytes: free, total_bytes: 2 << 30, isReadOnly: false) }
        #expect(fake.check("storage space")?.verdict == verdict)
        #expect(fake.check("storage space")?.found == found)
    }
}
