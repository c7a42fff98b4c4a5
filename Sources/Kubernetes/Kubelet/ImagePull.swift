/// When an image is asked for at the registry.
package enum ImagePull: Sendable, Equatable {
    /// At every start of a container: even a cached image does not start while the registry is away.
    case always
    case ifNotPresent
    case never

    /// The policy in force: the container's own, or `Always` for the tag `latest` and for none (v1.17 core defaults).
    package init(of container: Container) {
        switch container.imagePullPolicy {
        case "Always": self = .always
        case "Never": self = .never
        case "IfNotPresent": self = .ifNotPresent
        default: self = container.asksForLatest ? .always : .ifNotPresent
        }
    }
}

extension Container {
    /// The image's name with the tag or digest that it means.
    package var taggedImage: String { ImageLocality.normalized(image) }

    /// The image's tag is `latest`, or there is neither a tag nor a digest.
    package var asksForLatest: Bool { taggedImage.hasSuffix(":latest") }
}
