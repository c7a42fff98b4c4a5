/// Labels or annotations of an object: keys with values, sorted by key, so that no order depends on hashing.
package struct Labels: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Sorted by key; no key twice.
    package private(set) var entries: [Entry]

    package init() { entries = [] }

    /// Of a key given twice the last value holds, as in a YAML mapping read leniently.
    package init(_ pairs: [(key: String, value: String)]) {
        self.init()
        for pair in pairs { self[pair.key] = pair.value }
    }

    package var isEmpty: Bool { entries.isEmpty }

    package subscript(key: String) -> String? {
        get {
            let index = insertionIndex(of: key)
            guard index < entries.count, entries[index].key == key else { return nil }
            return entries[index].value
        }
        set {
            let index = insertionIndex(of: key)
            let present = index < entries.count && entries[index].key == key
            switch (present, newValue) {
            case (true, let value?): entries[index].value = value
            case (true, nil): entries.remove(at: index)
            case (false, let value?): entries.insert(Entry(key: key, value: value), at: index)
            case (false, nil): break
            }
        }
    }

    /// These labels with the other's added; where both have a key, the other's value holds.
    package func merging(_ other: Labels) -> Labels {
        var merged = self
        for entry in other.entries { merged[entry.key] = entry.value }
        return merged
    }

    private func insertionIndex(of key: String) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Labels: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}
