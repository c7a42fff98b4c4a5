package struct ServicePort: Sendable, Equatable {
    package var name: String
    package var port: Int
    package var targetPort: Int
    package var nodePort: Int?

    package init(name: String = "", port: Int, targetPort: Int? = nil, nodePort: Int? = nil) {
        self.name = name
        self.port = port
        self.targetPort = targetPort ?? port
        self.nodePort = nodePort
    }
}

package struct Service: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
        case loadBalancer = "LoadBalancer"
        case externalName = "ExternalName"
    }

    package var namespace: String
    package var name: String
    /// Nil selects nothing; its Endpoints are somebody else's.
    package var selector: Labels?
    /// `clusterIP: None`.
    package var isHeadless: Bool
    package var kind: Kind
    package var ports: [ServicePort]

    package init(
        namespace: String = "default", name: String, selector: Labels? = nil, isHeadless: Bool = false,
        kind: Kind = .clusterIP, ports: [ServicePort] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.selector = selector
        self.isHeadless = isHeadless
        self.kind = kind
        self.ports = ports
    }

    /// Whether the Service's selector picks the pod. No selector picks nothing.
    package func selects(_ pod: Pod) -> Bool {
        guard let selector, pod.namespace == namespace else { return false }
        return LabelSelector(matchLabels: selector).matches(pod.labels)
    }
}

package struct ConfigMap: Sendable, Equatable {
    package var namespace: String
    package var name: String
    package var data: Labels

    package init(namespace: String = "default", name: String, data: Labels = [:]) {
        self.namespace = namespace
        self.name = name
        self.data = data
    }
}
