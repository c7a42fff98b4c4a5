import Foundation
import Testing

@testable import ModelFile

/// One mistake in a model that is otherwise right, and what the reader says about it.
struct BadModel: Sendable, CustomTestStringConvertible {
    var name: String
    var base: String
    var file: String
    var old: String
    var new: String
    var expected: [String]

    var testDescription: String { name }

    init(_ name: String, _ base: String, _ file: String, _ old: String, _ new: String, _ expected: String...) {
        self.name = name
        self.base = base
        self.file = file
        self.old = old
        self.new = new
        self.expected = expected
    }
}

struct BadModelTests {
    static let environment: [BadModel] = [
        BadModel(
            "unknown key", "six-processes", "environment.yaml", "  storage: local", "  storge: local",
            "environment.yaml:14:3: unknown key \"storge\" in spec: a misspelt key would silently change nothing; "
                + "did you mean \"storage\"?"),
        BadModel(
            "unknown key in a section", "six-processes", "environment.yaml", "    tickCost:", "    tick-costs:",
            "environment.yaml:28:5: unknown key \"tick-costs\" in the process section: a misspelt key would silently "
                + "change nothing; did you mean \"tickCost\"?"),
        BadModel(
            "a number without a unit", "six-on-nfs", "environment.yaml", "{constant: 200us,", "{constant: 200,",
            "environment.yaml:34:21: \"200\" as nfs.rtt value: a time needs its unit; write 200ms or 200s, "
                + "whichever is meant"
        ),
        BadModel(
            "an unknown unit", "six-on-nfs", "environment.yaml", "{constant: 200us,", "{constant: 200sec,",
            "environment.yaml:34:21: \"200sec\" as nfs.rtt value: there is no unit \"sec\"; use one of ns, us, "
                + "ms, s, min, h, d"
        ),
        BadModel(
            "a negative time", "six-on-nfs", "environment.yaml", "{constant: 200us,", "{constant: -200us,",
            "environment.yaml:34:21: \"-200us\" as nfs.rtt value: a time can't be negative; write a duration of "
                + "0s or more"
        ),
        BadModel(
            "quantiles upside down", "six-processes", "environment.yaml", "{lognormal: {p50: 40us, p99: 150us},",
            "{lognormal: {p50: 40us, p99: 15us},",
            "environment.yaml:23:29: network.withinHost: p50 40us: lies above p99 15us; write arguments that fit "
                + "the distribution"
        ),
        BadModel(
            "an unknown distribution", "six-processes", "environment.yaml", "{lognormal: {p50: 40us, p99: 150us},",
            "{normal: {p50: 40us, p99: 150us},",
            "environment.yaml:23:18: unknown key \"normal\" in network.withinHost, a distribution: a misspelt key "
                + "would "
                + "silently change nothing; write one of the known keys: source, constant, uniform, exponential, "
                + "lognormal, gamma, weibull, "
                + "quantiles"),
        BadModel(
            "a duplicate key", "six-processes", "environment.yaml", "  storage: local",
            "  storage: local\n  engine: redis:7.0",
            "environment.yaml:8:3: the key \"engine\" stands twice in one mapping: only one of them could count; "
                + "delete or rename one"),
        BadModel(
            "a tab", "six-processes", "environment.yaml", "    masters: 3", "\t\tmasters: 3",
            "environment.yaml:10:1: a tab in the indentation: YAML is indented by spaces only; replace the tab by "
                + "spaces"
        ),
        BadModel(
            "another engine", "six-processes", "environment.yaml", "engine: redis:7.0", "engine: keydb",
            "environment.yaml:8:11: \"keydb\" as engine: it must be one of redis:6.2, redis:7.0, redis:7.2, redis:7.4, "
                + "valkey:8, valkey:9; write one of the known values: redis:6.2, redis:7.0, redis:7.2, redis:7.4, "
                + "valkey:8, valkey:9"
        ),
        BadModel(
            "a process on no host", "six-processes", "environment.yaml", "[0, 1, 2, 3, 4, 5]", "[0, 1, 2, 3, 4]",
            "environment.yaml:13:7: process 5 is on no host: the hosts' lists must cover all 6 processes; add it to a "
                + "host's processes, or leave all lists out to have them spread by rule"),
        BadModel(
            "a process that isn't there", "six-processes", "environment.yaml", "[0, 1, 2, 3, 4, 5]",
            "[0, 1, 2, 3, 4, 5, 6]",
            "environment.yaml:13:7: process 6 on host host: 3 masters with 1 replica each are processes 0 to 5; "
                + "list only "
                + "these, or change the cluster section"),
        BadModel(
            "a bad directive", "six-processes", "environment.yaml", "cluster-node-timeout: 5000",
            "cluster-node-timeout: 5s",
            "environment.yaml:17:27: cluster-node-timeout 5s: redis-server takes a whole number without a unit; "
                + "write a number"
        ),
        BadModel(
            "a misspelt directive", "six-processes", "environment.yaml", "cluster-node-timeout: 5000",
            "cluster-node-timout: 5000",
            "environment.yaml:17:26: unknown directive \"cluster-node-timout\": redis-server 7.0 would not start "
                + "with it; "
                + "did you mean \"cluster-node-timeout\"?"),
        BadModel(
            "another kind of file", "six-processes", "environment.yaml", "kind: Environment", "kind: Environmnt",
            "environment.yaml:4:7: \"Environmnt\" as kind: this file must be kind Environment; write kind: "
                + "Environment"),
    ]

    static let manifests: [BadModel] = [
        BadModel(
            "a word for a number", "two-nodes-six-pods", "kubernetes/redis.yaml", "replicas: 6", "replicas: six",
            "kubernetes/redis.yaml:10:13: StatefulSet.spec.replicas is \"six\": a whole number from 0 to 5000 is "
                + "needed; "
                + "write such a number"),
        BadModel(
            "a quantity", "two-nodes-six-pods", "kubernetes/redis.yaml", "storage: 200M", "storage: 200MB",
            "kubernetes/redis.yaml:69:22: StatefulSet.spec.volumeClaimTemplates[].spec.resources.requests.storage is "
                + "\"200MB\": there is no suffix \"MB\"; write a number with a suffix, such as 100m, 200M or 200Mi"),
        BadModel(
            "an access mode", "two-nodes-six-pods", "kubernetes/redis.yaml", "[\"ReadWriteMany\"]",
            "[\"ReadWriteManny\"]",
            "kubernetes/redis.yaml:66:23: StatefulSet.spec.volumeClaimTemplates[].spec.accessModes[] is "
                + "\"ReadWriteManny\": Kubernetes knows ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod; "
                + "did you mean \"ReadWriteMany\"?"),
        BadModel(
            "an object twice", "two-nodes-six-pods", "kubernetes/redis-pv.yaml", "redis-nfs-pv2", "redis-nfs-pv1",
            "kubernetes/redis-pv.yaml:14:1: PersistentVolume redis-nfs-pv1 is described twice: a cluster has only "
                + "one, and "
                + "kubernetes/redis-pv.yaml:1 describes it too; delete one of the two"),
        BadModel(
            "no kind", "two-nodes-six-pods", "kubernetes/redis-headless-service.yaml", "kind: Service", "kid: Service",
            "kubernetes/redis-headless-service.yaml:1:1: an object without a kind: nothing says what it describes; add "
                + "kind: StatefulSet, Node, Service, ..."),
        BadModel(
            "a directive in the ConfigMap", "two-nodes-six-pods", "kubernetes/redis-configmap.yaml", "appendonly yes",
            "appendonly maybe",
            "kubernetes/redis-configmap.yaml:8:16: appendonly maybe: redis-server takes yes or no; write yes or no"),
        BadModel(
            "an unknown directive in the ConfigMap", "two-nodes-six-pods", "kubernetes/redis-configmap.yaml",
            "appendonly yes", "append-only yes",
            "kubernetes/redis-configmap.yaml:8:5: unknown directive \"append-only\": redis-server 7.0 would not "
                + "start with "
                + "it; did you mean \"appendonly\"?"),
        BadModel(
            "an open quote in the ConfigMap", "two-nodes-six-pods", "kubernetes/redis-configmap.yaml",
            "dir /var/lib/redis",
            "dir \"/var/lib/redis",
            "kubernetes/redis-configmap.yaml:12:5: a quote that is not closed, or text attached to one: "
                + "redis-server would "
                + "not start; close the quote and leave a space after it"),
        BadModel(
            "a cluster that isn't one", "two-nodes-six-pods", "kubernetes/redis-configmap.yaml", "cluster-enabled yes",
            "cluster-enabled no",
            "kubernetes/redis-configmap.yaml:9:5: cluster-enabled is not yes: without it there is no Redis "
                + "Cluster; write "
                + "cluster-enabled yes in redis.conf"),
        BadModel(
            "numbers that contradict", "two-nodes-six-pods", "environment.yaml", "masters: 3", "masters: 4",
            "environment.yaml:16:14: 4 masters with 1 replica each: that is 8 pods, and StatefulSet redis-app has "
                + "6; write "
                + "numbers that fit: masters × (1 + replicasPerMaster) = replicas"),
        BadModel(
            "a StatefulSet that isn't there", "two-nodes-six-pods", "environment.yaml", "statefulSet: redis-app",
            "statefulSet: redis-ap",
            "environment.yaml:13:18: no StatefulSet redis-ap: kubernetes/ doesn't describe it; did you mean "
                + "\"redis-app\"?"
        ),
    ]

    static let scenarios: [BadModel] = [
        BadModel(
            "an unknown verb", "six-processes", "scenarios/kill-master.yaml", "kill: {role: master}",
            "kil: {role: master}",
            "scenarios/kill-master.yaml:9:7: unknown key \"kil\" in a step: a misspelt key would silently change "
                + "nothing; "
                + "did you mean \"kill\"?"),
        BadModel(
            "no verb", "six-processes", "scenarios/kill-master.yaml", "      kill: {role: master}\n", "",
            "scenarios/kill-master.yaml:8:7: a step with no verb: each step does one thing; add one of delete, kill, "
                + "terminate, freeze, crash, cut, partition, nfs, link, failover, loseVolume, rollout, drain, preStop, "
                + "create"),
        BadModel(
            "two verbs", "six-processes", "scenarios/kill-master.yaml", "      kill: {role: master}",
            "      kill: {role: master}\n      freeze: {role: replica}",
            "scenarios/kill-master.yaml:8:7: a step with kill and freeze: each step does one thing; write a step "
                + "for each, "
                + "with the same at:"),
        BadModel(
            "too many masters", "six-processes", "scenarios/kill-two-masters.yaml", "count: 2", "count: 4",
            "scenarios/kill-two-masters.yaml:9:35: 4 masters: the cluster has 3; write 3 or less"),
        BadModel(
            "a pod that isn't there", "two-nodes-six-pods", "scenarios/delete-pod.yaml", "default: redis-app-0",
            "default: redis-app-6",
            "scenarios/delete-pod.yaml:10:31: no pod redis-app-6: the StatefulSet has redis-app-0 to redis-app-5; "
                + "did you "
                + "mean \"redis-app-0\"?"),
        BadModel(
            "a node that isn't there", "two-nodes-six-pods", "scenarios/lose-node1.yaml", "node: node1", "node: nodo1",
            "scenarios/lose-node1.yaml:12:21: no node nodo1: the model has master, node1, node2; did you mean "
                + "\"node1\"?"
        ),
        BadModel(
            "Kubernetes' verb without Kubernetes", "six-processes", "scenarios/kill-master.yaml", "kill:", "delete:",
            "scenarios/kill-master.yaml:9:7: delete in a model of bare processes: only Kubernetes has pods to delete; "
                + "write kill (SIGKILL) or terminate (SIGTERM)"),
        BadModel(
            "storage that isn't there", "six-processes", "scenarios/kill-master.yaml", "kill: {role: master}",
            "nfs: {kind: stall}",
            "scenarios/kill-master.yaml:9:7: nfs in a model without NFS: its data is on local disks; write "
                + "storage: nfs in "
                + "environment.yaml, or use volumes with nfs"),
        BadModel(
            "ten years", "six-processes", "scenarios/freeze-master.yaml", "default: forever", "default: 3653d",
            "scenarios/freeze-master.yaml:8:36: \"3653d\" as for: that is ten years or more; write a shorter time, or "
                + "forever where it is legal"),
        BadModel(
            "no time at all", "six-processes", "scenarios/freeze-master.yaml", "default: forever", "default: 0s",
            "scenarios/freeze-master.yaml:8:36: for 0s: a fault that lasts no time is none; write 1s, or forever"),
        BadModel(
            "an undeclared parameter", "six-processes", "scenarios/freeze-master.yaml", "for: $for}", "for: $four}",
            "scenarios/freeze-master.yaml:11:35: \"$four\": no parameter of that name is declared; did you mean "
                + "\"for\"?"
        ),
        BadModel(
            "an unused parameter", "six-processes", "scenarios/freeze-master.yaml", "for: $for}", "for: 5s}",
            "scenarios/freeze-master.yaml:8:5: the parameter for is never used: setting it would change nothing; write "
                + "$for where it belongs, or delete it"),
        BadModel(
            "another name than the file's", "six-processes", "scenarios/kill-master.yaml", "name: kill-master",
            "name: kill-a-master",
            "scenarios/kill-master.yaml:1:1: the name kill-a-master: a scenario is run by the name of its file, "
                + "kill-master; write name: kill-master, or rename the file"),
        BadModel(
            "an end before the last step", "two-nodes-six-pods", "scenarios/master-returns.yaml", "atMost: 10min",
            "atMost: 5s",
            "scenarios/master-returns.yaml:18:19: \"5s\" as atMost: observation would end before the last step has "
                + "happened; write more than 15s"),
    ]

    @Test(arguments: environment + manifests + scenarios)
    func saysWhatIsWrong(bad: BadModel) throws {
        let model = try ScratchModel(copyOf: bad.base)
        try model.replace(bad.old, by: bad.new, in: bad.file)
        let errors = try model.errors()
        #expect(errors == bad.expected, "\(errors.joined(separator: "\n"))")
    }
}
