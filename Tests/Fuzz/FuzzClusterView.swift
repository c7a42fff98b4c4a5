/// The parser of CLUSTER NODES under libFuzzer: what is printed reads back the same, and prints the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    let text = String(decoding: input, as: UTF8.self)
    let view: ClusterView
    do throws(ClusterViewError) {
        view = try ClusterView(parsing: text)
    } catch {
        demand(error.line >= 1 && error.column >= 1 && !error.description.isEmpty, "no place: \(error)")
        return 0
    }
    do throws(ClusterViewError) {
        let again = try ClusterView(parsing: view.text)
        demand(again == view, "what was printed reads as something else: \(view.text)")
        demand(again.text == view.text, "what was printed prints as something else")
    } catch {
        fatalError("what was printed does not read: \(error): \(view.text)")
    }
    return 0
}
