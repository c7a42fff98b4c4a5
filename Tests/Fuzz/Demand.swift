/// Ends the run where `condition` does not hold. Unlike `precondition` it says why in optimised builds too.
func demand(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
