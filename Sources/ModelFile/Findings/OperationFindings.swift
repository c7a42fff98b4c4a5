import Kubernetes
import RedisCluster
import SystemModel

/// What follows for running the cluster: drains, rolling updates, shutdowns, clients from outside.
struct OperationFindings {
    let model: SystemModel
    let deployment: KubernetesDeployment

    private var set: StatefulSet { deployment.statefulSet }
    private var objects: ClusterObjects { deployment.objects }
    private var object: String { "statefulset/\(set.name)" }
    private var container: Container { deployment.container }

    var all: [Finding] { budget + grace + shell + outside + rollout + image + version + headOfLine }

    private var pod: Pod { self.set.pod(ordinal: 0, version: deployment.version) }

    private var budget: [Finding] {
        let budgets = objects.podDisruptionBudgets.filter { budget in
            budget.namespace == set.namespace && budget.selector?.matches(pod.labels) ?? false
        }
        guard let budget = budgets.first else {
            return [
                Finding(
                    .warning, object,
                    "no PodDisruptionBudget covers its pods: a drain evicts all pods of a worker at once",
                    advice: "add one with maxUnavailable: 1")
            ]
        }
        if budgets.count > 1 {
            return [
                Finding(
                    .problem, "poddisruptionbudget/\(budget.name)",
                    "\(budgets.count) budgets cover the same pods: the eviction API refuses every eviction",
                    advice: "keep one")
            ]
        }
        let allowsNone =
            switch budget.rule {
            case .maxUnavailable(.count(0)), .maxUnavailable(.percent(0)), .minAvailable(.percent(100)): true
            case .minAvailable(.count(let count)): count >= set.replicas
            default: false
            }
        guard allowsNone else { return [] }
        return [
            Finding(
                .warning, "poddisruptionbudget/\(budget.name)", "it never allows an eviction: drains don't end",
                advice: "write maxUnavailable: 1")
        ]
    }

    private var grace: [Finding] {
        let grace = set.template.spec.terminationGraceSeconds
        guard Int64(grace) <= model.conf.shutdownTimeoutSeconds else { return [] }
        return [
            Finding(
                .warning, object,
                "terminationGracePeriodSeconds is \(grace) and shutdown-timeout "
                    + "\(model.conf.shutdownTimeoutSeconds): a server that "
                    + "waits for a lagging replica is killed before it has flushed its AOF",
                advice: "make the grace period some seconds longer than shutdown-timeout")
        ]
    }

    /// A shell as the first process does not pass SIGTERM on.
    private var shell: [Finding] {
        guard let first = (container.command + container.arguments).first,
            ["sh", "bash"].contains(first.split(separator: "/").last.map(String.init) ?? ""),
            let script = (container.command + container.arguments).last(where: { $0.contains("redis-server") }),
            !script.split(whereSeparator: \.isWhitespace).contains("exec")
        else { return [] }
        return [
            Finding(
                .warning, object,
                "a shell is the first process of the container and does not exec redis-server: SIGTERM never "
                    + "reaches it, and each "
                    + "stop takes the whole grace period and ends with SIGKILL",
                advice: "write exec redis-server ...")
        ]
    }

    /// Clients that come through a NodePort are sent to pod addresses by MOVED.
    private var outside: [Finding] {
        let open = objects.services.first { service in
            (service.kind == .nodePort || service.kind == .loadBalancer) && service.selects(pod)
        }
        guard let open, !announces else { return [] }
        return [
            Finding(
                .warning, "service/\(open.name)",
                "a client from outside reaches one pod, and MOVED then sends it to pod addresses that it can't reach",
                advice: "keep cluster clients inside, or announce reachable addresses (cluster-announce-ip)")
        ]
    }

    private var announces: Bool {
        let names = ["cluster-announce-ip", "cluster-announce-hostname"]
        let words = RedisChoice.words(of: container)
        if words.contains(where: { word in names.contains { word.contains($0) } }) { return true }
        return objects.configMaps.contains { map in
            map.namespace == set.namespace
                && map.data.entries.contains { entry in names.contains { entry.value.contains($0) } }
        }
    }

    private var rollout: [Finding] {
        var findings: [Finding] = []
        if !container.hasReadinessProbe {
            findings.append(
                Finding(
                    .note, object,
                    "no readiness probe: a pod counts as Ready as soon as it runs, so a rolling update goes on "
                        + "before the cluster is ok",
                    advice: "add one that asks CLUSTER INFO"))
        }
        if !container.hasPreStop, !model.conf.failoverAtShutdown, model.shape.replicasPerMaster > 0 {
            findings.append(
                Finding(
                    .note, object,
                    "no preStop hook: \(model.engine.server) hands nothing over on SIGTERM, so each master that is "
                        + "stopped for longer than the node timeout costs a failover",
                    advice: "let preStop send CLUSTER FAILOVER to a replica and wait for it"))
        }
        return findings
    }

    private var image: [Finding] {
        guard !container.image.isEmpty, container.asksForLatest, ImagePull(of: container) == .always else { return [] }
        return [
            Finding(
                .note, object,
                "image \(container.image) has no fixed tag: each start asks the registry, fails while it is away, "
                    + "and may run another version",
                advice: "write a tag, such as redis:7.0.15")
        ]
    }

    private var version: [Finding] {
        guard let image = ImageVersion(of: container.image), image.engine != model.engine else { return [] }
        let remedy = image.engine.map { "write engine: \($0.rawValue) under spec in environment.yaml" }
        return [
            Finding(
                .warning, object,
                "its image holds \(image.product) \(image.version), and the forecasts follow \(model.engine.rawValue)",
                advice: remedy ?? "no engine follows \(image.product) \(image.version): choose the nearest")
        ]
    }

    private var headOfLine: [Finding] {
        guard set.podManagementPolicy == .orderedReady, set.replicas > 1 else { return [] }
        return [
            Finding(
                .note, object,
                "OrderedReady: a pod that is stuck on a dead worker keeps every pod of a higher ordinal from "
                    + "being re-created",
                advice: "know the runbook (delete the Node object, or force-delete the pod), or use Parallel")
        ]
    }
}
