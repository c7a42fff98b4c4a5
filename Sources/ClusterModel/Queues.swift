import RedisCluster

/// Many queues, first in, first out, over one pool of links: a steady state allocates nothing.
struct Queues<Element: BitwiseCopyable>: ~Copyable {
    /// One queue; its elements are in the pool.
    struct Queue: BitwiseCopyable {
        fileprivate var first: Int32 = -1
        fileprivate var last: Int32 = -1

        var isEmpty: Bool { @inline(__always) get { first < 0 } }
    }

    struct Link: BitwiseCopyable {
        var element: Element
        var next: Int32
    }

    private var links = FlatArray<Link>(minimumCapacity: 64)
    private var free: Int32 = -1

    mutating func removeAll() {
        links.removeAll()
        free = -1
    }

    @inline(__always)
    mutating func append(_ element: Element, to queue: inout Queue) {
        let index = free
        if index >= 0 {
            free = links[Int(index)].next
            links[Int(index)] = Link(element: element, next: -1)
            link(index, to: &queue)
        } else {
            links.append(Link(element: element, next: -1))
            link(Int32(links.count - 1), to: &queue)
        }
    }

    @inline(__always)
    mutating func popFirst(_ queue: inout Queue) -> Element? {
        let index = queue.first
        guard index >= 0 else { return nil }
        let link = links[Int(index)]
        queue.first = link.next
        if link.next < 0 { queue.last = -1 }
        links[Int(index)].next = free
        free = index
        return link.element
    }

    @inline(__always)
    private mutating func link(_ index: Int32, to queue: inout Queue) {
        if queue.last >= 0 { links[Int(queue.last)].next = index } else { queue.first = index }
        queue.last = index
    }
}
