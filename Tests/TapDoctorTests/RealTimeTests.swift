import TapCore
import Testing

@testable import TapDriver

@Suite
struct RealTimeTests {
    let fake = FakeMachine()
    let all = RealTimeOptions(fifoPriority: 50, cpus: [2, 3], lockMemory: true)

    @Test func `what is granted is reported, in order`() {
        let outcomes = all.apply(on: fake.machine)
        #expect(outcomes.map(\.word) == ["SCHED_FIFO 50", "CPU 2,3", "memory locked"])
        #expect(outcomes.map(\.what) == [.priority, .affinity, .memory])
        #expect(outcomes.map(\.granted) == [true, true, true])
    }

    @Test func `nothing asked, nothing done`() {
        fake.calls.setFIFO = { _ throws(Errno) in Issue.record("asked for a priority") }
        fake.calls.setAffinity = { _ throws(Errno) in Issue.record("asked for CPUs") }
        fake.calls.lockMemory = { () throws(Errno) in Issue.record("asked to lock memory") }
        #expect(RealTimeOptions().apply(on: fake.machine) == [])
    }

    @Test func `what is refused says how to allow it, and the rest is still asked for`() {
        fake.calls.setFIFO = { _ throws(Errno) in throw .notPermitted }
        fake.calls.lockMemory = { () throws(Errno) in throw .notPermitted }
        let outcomes = all.apply(on: fake.machine)
        #expect(outcomes.map(\.granted) == [false, true, false])
        #expect(
            outcomes[0].word == "SCHED_FIFO 50 refused: EPERM; allow it with 'LimitRTPRIO=50' in the unit or "
                + "'pi - rtprio 50' in /etc/security/limits.d/tap.conf")
        #expect(
            outcomes[2].word == "locking memory refused: EPERM; allow it with 'LimitMEMLOCK=infinity' in the unit or "
                + "'pi - memlock unlimited' in /etc/security/limits.d/tap.conf")
    }

    @Test func `a limit too small for what a session adds is not tried: a later allocation would fail`() {
        fake.calls.lockedMemoryLimit_bytes = { 8 << 20 }
        fake.calls.lockMemory = { () throws(Errno) in Issue.record("tried all the same") }
        let outcomes = RealTimeOptions(lockMemory: true).apply(on: fake.machine)
        #expect(
            outcomes.map(\.word) == [
                "memory not locked: the limit is 8.0 MiB, but 276.0 MiB are needed; allow it with "
                    + "'LimitMEMLOCK=infinity' in the unit or 'pi - memlock unlimited' in "
                    + "/etc/security/limits.d/tap.conf"
            ])
    }

    @Test func `CPUs that are not there are reported with those that are`() {
        fake.write("/sys/devices/system/cpu/online", "0-3\n")
        fake.calls.setAffinity = { _ throws(Errno) in throw .noDevice }
        #expect(
            RealTimeOptions(cpus: [3, 9]).apply(on: fake.machine).map(\.word) == [
                "CPU 3,9 refused: ENODEV; not all of them are available and the thread runs on the others; online are: "
                    + "0-3"
            ])
    }

    @Test func `this machine refuses a priority and CPUs that cannot be`() {
        let outcomes = RealTimeOptions(fifoPriority: 100, cpus: [-1]).apply()
        #expect(outcomes.map(\.granted) == [false, false])
        #expect(outcomes[0].word == "SCHED_FIFO 100 refused: EINVAL; priorities go from 1 to 99")
    }
}
