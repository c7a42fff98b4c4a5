import Kubernetes
import RedisCluster
import SystemModel

/// One replication, told.
package struct Story: Sendable {
    /// Each process as it says of itself before the fault: its own line of CLUSTER NODES.
    package var cast: [(process: Int, line: String)]
    /// In the order of time; only what happens from the fault on.
    package var lines: [StoryLine]
    package var outcome: Outcome
}

/// A replication as a story, for `rehearse timeline`. Asking changes nothing: the outcome is that of `replicate`.
extension ClusterSimulation {
    package func tell(_ index: Int) -> Story {
        recorder.keepsStory = true
        defer { recorder.keepsStory = false }
        prepare(index)
        run(until: faultTime - 1)
        recorder.views = (0..<count).map { nodes[$0].clusterView(wire) }
        let cast = recorder.views.enumerated().map { process, view in
            (process: process, line: view.nodes.first { $0.flags.has(.myself) }?.text ?? "")
        }
        run(until: horizon)
        finish(at: horizon)
        let told = stepLines + recorder.story.filter { $0.time >= 0 }
        // A process runs ahead of the others by the length of a save, so lines are not told in order.
        let lines = told.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return Story(cast: cast, lines: gathered(lines.map(\.element)), outcome: outcome)
    }

    /// What one packet brings about is said in several sentences; the lines that it changed belong after the last.
    private func gathered(_ told: [StoryLine]) -> [StoryLine] {
        var lines = told
        for index in lines.indices.dropLast()
        where lines[index].time == lines[index + 1].time && lines[index].process == lines[index + 1].process {
            lines[index + 1].changedLines = lines[index].changedLines + lines[index + 1].changedLines
            lines[index].changedLines = []
        }
        return lines
    }

    /// Keeps what a log would say, and which lines of this observer's CLUSTER NODES have changed since it last spoke.
    func tellStory(_ observation: Observation, _ p: Int, _ after: Int64) {
        guard recorder.keepsStory, recorder.views.count == count else { return }
        let changes = changedLines(p)
        let sentence = self.sentence(observation)
        guard sentence != nil || !changes.isEmpty else { return }
        recorder.keep(
            StoryLine(time: after, process: p, text: sentence ?? "sees the cluster change", changedLines: changes))
    }

    /// Pings and pongs come and go all the time, and links with them: a line that differs in nothing else stays out.
    private func changedLines(_ p: Int) -> [(before: String, after: String)] {
        let earlier = recorder.views[p]
        let view = nodes[p].clusterView(wire)
        recorder.views[p] = view
        var subjects: [NodeName] = []
        for transition in view.transitions(since: earlier) {
            if case .link = transition.change { continue }
            if !subjects.contains(transition.subject) { subjects.append(transition.subject) }
        }
        return subjects.map { (before: earlier[$0]?.text ?? "", after: view[$0]?.text ?? "") }
    }

    /// The process or pod behind a node id, by name.
    func name(of node: NodeID) -> String {
        let process = recorder.process(of: node, count: count)
        return process < 0 ? "an unknown node" : model.name(ofProcess: process)
    }
}

extension SystemModel {
    /// What people call a server: its pod's name, or its number among the processes.
    package func name(ofProcess process: Int) -> String {
        switch deployment {
        case .processes: "process \(process)"
        case .kubernetes(let deployment): "\(deployment.statefulSet.name)-\(process)"
        }
    }
}
