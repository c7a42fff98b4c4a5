/// What a comparison of recordings with the simulation comes to.
package enum ReplayVerdict: String, Sendable, CaseIterable {
    case agrees, disagrees
    case tooLittleData = "too little data"
}
