/// A replication as a story, for `rehearse timeline`.
extension ClusterSimulation {
    /// Runs one replication and keeps every line of its story, in the order in which it was told.
    package func tell(_ index: Int) -> (outcome: Outcome, story: [StoryLine]) {
        recorder.keepsStory = true
        defer { recorder.keepsStory = false }
        let outcome = replicate(index)
        return (outcome, recorder.story)
    }
}
