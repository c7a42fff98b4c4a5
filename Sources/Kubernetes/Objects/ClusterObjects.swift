/// The objects of a cluster that matter here, in the order in which they were given.
package struct ClusterObjects: Sendable, Equatable {
    package var nodes: [KubernetesNode]
    package var pods: [Pod]
    package var statefulSets: [StatefulSet]
    package var services: [Service]
    package var persistentVolumes: [PersistentVolume]
    package var persistentVolumeClaims: [PersistentVolumeClaim]
    package var storageClasses: [StorageClass]
    package var configMaps: [ConfigMap]
    package var podDisruptionBudgets: [PodDisruptionBudget]
    package var otherWorkloads: [OtherWorkload]

    package init(
        nodes: [KubernetesNode] = [], pods: [Pod] = [], statefulSets: [StatefulSet] = [], services: [Service] = [],
        persistentVolumes: [PersistentVolume] = [], persistentVolumeClaims: [PersistentVolumeClaim] = [],
        storageClasses: [StorageClass] = [], configMaps: [ConfigMap] = [],
        podDisruptionBudgets: [PodDisruptionBudget] = [], otherWorkloads: [OtherWorkload] = []
    ) {
        self.nodes = nodes
        self.pods = pods
        self.statefulSets = statefulSets
        self.services = services
        self.persistentVolumes = persistentVolumes
        self.persistentVolumeClaims = persistentVolumeClaims
        self.storageClasses = storageClasses
        self.configMaps = configMaps
        self.podDisruptionBudgets = podDisruptionBudgets
        self.otherWorkloads = otherWorkloads
    }
}
