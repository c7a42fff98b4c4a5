import Foundation
import Kubernetes
import SystemModel
import Testing

@testable import ModelFile

/// Input that could be taken for something, but not for what its author meant, or that is too large to be meant.
struct RefusedInputTests {
    static let scenarios: [BadModel] = [
        BadModel(
            "half a second of grace", "two-nodes-six-pods", "scenarios/delete-pod.yaml", "{pod: $pod}",
            "{pod: $pod, gracePeriod: 500ms}",
            "scenarios/delete-pod.yaml:15:40: \"500ms\" as gracePeriod: Kubernetes takes whole seconds; write "
                + "0s or 1s"),
        BadModel(
            "an address for one who stays away", "six-processes", "scenarios/kill-master.yaml", "{role: master}",
            "{role: master, newAddress: true}",
            "scenarios/kill-master.yaml:9:40: newAddress without restartAfter: a process that stays away has no "
                + "address; add restartAfter: 3s"),
        BadModel(
            "an address for a pod", "two-nodes-six-pods", "scenarios/delete-pod.yaml", "delete: {pod: $pod}",
            "kill: {pod: $pod, newAddress: true}",
            "scenarios/delete-pod.yaml:15:37: newAddress in a model with manifests: a container that is started again "
                + "keeps its pod's address; leave it out, or delete the pod"),
        BadModel(
            "two steps of one name", "six-processes", "scenarios/kill-master.yaml", "      kill: {role: master}",
            "      as: it\n      kill: {role: master}\n    - at: 1s\n      as: it\n      kill: {role: master}",
            "scenarios/kill-master.yaml:12:11: a second step called it: sameAs could mean either; give each step a "
                + "label of its own"),
    ]

    static let environment: [BadModel] = [
        BadModel(
            "p50 twice", "six-processes", "environment.yaml", "withinHost: {lognormal: {p50: 40us, p99: 150us},",
            "withinHost: \"lognormal(p50 40us, p50 50us, p99 150us)\"\n    # {",
            "environment.yaml:23:17: \"50us\" as network.withinHost: lognormal has p50 twice; write each "
                + "argument once"),
        BadModel(
            "more than a day", "six-on-nfs", "environment.yaml", "{constant: 200us,", "{constant: 25h,",
            "environment.yaml:34:21: \"25h\" as nfs.rtt value: durations of an environment are a day at most; write "
                + "24h or less"),
        BadModel(
            "a tail of years", "six-on-nfs", "environment.yaml", "{constant: 200us,",
            "{lognormal: {p50: 1us, p99: 20h},",
            "environment.yaml:34:22: nfs.rtt: lognormal(p50 1us, p99 72000s): one in a million would be longer than "
                + "30 days; write a distribution with a lighter tail"),
        BadModel(
            "a write in three years", "six-processes", "environment.yaml", "load: {value: 0,", "load: {value: 1e-8,",
            "environment.yaml:36:9: a load of 1e-08: that is less than one write in 1000 s; write 0, or 0.001 or more"),
        BadModel(
            "too many nodes", "six-processes", "environment.yaml", "    masters: 3", "    masters: 501",
            "environment.yaml:10:14: 501 masters with 1 replica each, 1002 nodes: Redis Cluster is made for 1000 nodes "
                + "at most; write fewer masters or replicas"),
        BadModel(
            "storage beside manifests", "two-nodes-six-pods", "environment.yaml", "  engine: redis:7.0",
            "  engine: redis:7.0\n  storage: nfs",
            "environment.yaml:10:12: storage in a model with manifests: the volumes are those of the manifests; delete "
                + "the line"),
        BadModel(
            "a release without manifests", "six-processes", "environment.yaml", "  engine: redis:7.0",
            "  engine: redis:7.0\n  kubernetes: {version: \"1.17\"}",
            "environment.yaml:9:25: a Kubernetes version in a model without manifests: its processes run on bare "
                + "hosts; leave it out, or add kubernetes/ with the manifests"),
        BadModel(
            "pods without manifests", "six-processes", "environment.yaml", "  engine: redis:7.0",
            "  engine: redis:7.0\n  kubernetes: {placement: {redis-0: host}}",
            "environment.yaml:9:37: a placement of pods in a model without manifests: its processes run on bare hosts; "
                + "list processes under hosts, or add kubernetes/ with the manifests"),
        BadModel(
            "one pod of six", "two-nodes-six-pods", "environment.yaml", "    version: \"1.17\"\n",
            "    version: \"1.17\"\n    placement: {redis-app-0: node1}\n",
            "environment.yaml:12:30: a placement without redis-app-1: 1 of 6 pods have a node, and the scheduler "
                + "places all or none; write a node for each pod, or delete the placement"),
    ]

    @Test(arguments: scenarios + environment)
    func saysWhy(bad: BadModel) throws {
        let model = try ScratchModel(copyOf: bad.base)
        try model.replace(bad.old, by: bad.new, in: bad.file)
        let errors = try model.errors()
        #expect(errors == bad.expected, "\(errors.joined(separator: "\n"))")
    }

    /// A pod beyond the replicas is none of the set's.
    @Test func aPinOfNoPod() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let pins = (0...6).map { "      redis-app-\($0): node1\n" }.joined()
        try model.replace(
            "    version: \"1.17\"\n", by: "    version: \"1.17\"\n    placement:\n\(pins)", in: "environment.yaml")
        #expect(
            try model.errors().map { $0.prefix { $0 != ";" } } == [
                "environment.yaml:19:20: redis-app-6 is no pod of StatefulSet redis-app: only its pods are placed"
            ])
        // `--set` asks for a size that the list was not written for.
        let larger = try model.read(["cluster.masters=4"])
        #expect(larger.assumed.contains { $0.subject == "placement" })
        guard case .kubernetes(let deployment) = larger.model.deployment else { return }
        #expect(deployment.placement == nil)
    }

    @Test func aPodOnNoNode() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let pods = (0..<6).map { ordinal in
            "  - {metadata: {name: redis-app-\(ordinal)}, spec: {nodeName: node\(ordinal == 4 ? 9 : 1)}}\n"
        }
        try model.write("kind: PodList\nitems:\n\(pods.joined())", to: "kubernetes/pods.yaml")
        let errors = try model.errors()
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("kubernetes/pods.yaml:7:5: pod redis-app-4 is on node9: ") == true, "\(errors)")
    }

    @Test func twoFilesOfOneScenario() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        let text = try String(contentsOfFile: "\(model.path)/scenarios/kill-master.yaml", encoding: .utf8)
        try model.write(text, to: "scenarios/kill-master.yml")
        #expect(
            try model.errors()
                == [
                    "scenarios/kill-master.yml:1:1: a second scenario kill-master: ./scenarios/kill-master.yaml "
                        + "has that name already; rename one of the two files"
                ].map { $0.replacingOccurrences(of: "./", with: "") })
    }

    @Test func tooManyMachines() throws {
        let hosts = (0...ModelLimits.machines).map { "    - {name: h\($0)}\n" }.joined()
        let processes = try ScratchModel(copyOf: "six-processes")
        try processes.replace("    - {name: host, processes: [0, 1, 2, 3, 4, 5]}\n", by: hosts, in: "environment.yaml")
        #expect(try processes.errors().first?.contains("5001 hosts: at most 5000 are modelled") == true)
        let pods = try ScratchModel(copyOf: "two-nodes-six-pods")
        let status = "status: {allocatable: {cpu: 1}}"
        let nodes = (0...ModelLimits.machines).map { "  - {metadata: {name: n\($0)}, \(status)}\n" }.joined()
        try pods.write("kind: NodeList\nitems:\n\(nodes)", to: "kubernetes/many.yaml")
        #expect(try pods.errors().first?.contains("5004 Nodes: at most 5000 are modelled") == true)
    }

    /// Each file alone would do.
    @Test func tooMuchOfEverything() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let values = "kind: X\nitems: [" + String(repeating: "1,", count: YAMLReader.nodeLimit / 2) + "1]\n"
        try model.write(values, to: "kubernetes/a.yaml")
        #expect(try model.errors() == [])
        try model.write(values, to: "kubernetes/b.yaml")
        #expect(try model.errors().first?.contains("more than 1000000 values") == true)
        for index in 0...ModelDirectory.sizeLimit / SourceFile.sizeLimit {
            try model.write(Data(repeating: 0x20, count: SourceFile.sizeLimit), to: "kubernetes/\(index).yaml")
        }
        #expect(try model.errors().first?.hasPrefix("kubernetes/3.yaml:1:1: more than 64 MiB up to this file") == true)
        // Scenarios count although they are read one by one.
        for index in 1...4 { try FileManager.default.removeItem(atPath: "\(model.path)/kubernetes/\(index).yaml") }
        for index in 0...2 {
            try model.write(Data(repeating: 0x20, count: SourceFile.sizeLimit), to: "scenarios/a\(index).yaml")
        }
        #expect(try model.errors().contains { $0.hasPrefix("scenarios/a2.yaml:1:1: more than 64 MiB") })
    }

    /// What a file says must not reach the terminal as a command to it.
    @Test func terminalsAreNotCommanded() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        try model.replace("storage: local", by: "storage: \"\\e[2J\\u202Elocal\"", in: "environment.yaml")
        let error = try #require(try model.errors().first)
        #expect(error.hasPrefix("environment.yaml:14:12: \"\u{FFFD}[2J\u{FFFD}local\" as storage"), "\(error)")
        #expect(PrintableText.lines(of: "a\tb\nc\u{85}\u{1B}]0;x\u{7}") == "a b\nc\u{FFFD}\u{FFFD}]0;x\u{FFFD}")
        #expect(PrintableText.line(of: "a\nb\u{2066}ü") == "a b\u{FFFD}ü")
    }
}
