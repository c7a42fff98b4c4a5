// Written by `make capacity-checks`; measure again instead of editing.

import SystemModel

/// What a real server did.
enum MeasuredOn {
    static let server = "redis 7.0.15"
    static let cases: [MeasuredCase] = [
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 10, keySize: 12, keys: 50000, expiring: false),
            106.486, quantum: 16),
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 44, keySize: 12, keys: 50000, expiring: false),
            138.486, quantum: 16),
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 45, keySize: 12, keys: 50000, expiring: false),
            154.486, quantum: 16),
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 100, keySize: 12, keys: 50000, expiring: false),
            202.486, quantum: 16),
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 1000, keySize: 12, keys: 20000, expiring: false),
            1117.107, quantum: 16),
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 10000, keySize: 12, keys: 4000, expiring: false),
            10328.192, quantum: 16),
        MeasuredCase(
            .memory(kind: .string, elements: 1, size: 100, keySize: 12, keys: 50000, expiring: true),
            244.972, quantum: 16),
        MeasuredCase(
            .memory(kind: .hash, elements: 8, size: 40, keySize: 12, keys: 10000, expiring: false),
            541.107, quantum: 16),
        MeasuredCase(
            .memory(kind: .set, elements: 8, size: 40, keySize: 12, keys: 10000, expiring: false),
            861.107, quantum: 16),
        MeasuredCase(
            .memory(kind: .list, elements: 8, size: 40, keySize: 12, keys: 10000, expiring: false),
            573.107, quantum: 16),
        MeasuredCase(
            .memory(kind: .zset, elements: 8, size: 40, keySize: 12, keys: 10000, expiring: false),
            541.107, quantum: 16),
        MeasuredCase(
            .memory(kind: .hash, elements: 600, size: 40, keySize: 12, keys: 500, expiring: false),
            65944.192, quantum: 16),
        MeasuredCase(
            .memory(kind: .set, elements: 600, size: 40, keySize: 12, keys: 500, expiring: false),
            56344.192, quantum: 16),
        MeasuredCase(
            .memory(kind: .list, elements: 600, size: 40, keySize: 12, keys: 500, expiring: false),
            25672.192, quantum: 16),
        MeasuredCase(
            .memory(kind: .zset, elements: 600, size: 40, keySize: 12, keys: 500, expiring: false),
            89052.16, quantum: 16),
        MeasuredCase(.connection, 38213.84, quantum: 16),
        MeasuredCase(.snapshot(keySize: 12, size: 10), 25.0, quantum: 16),
        MeasuredCase(.snapshot(keySize: 12, size: 1000), 1016.0, quantum: 16),
        MeasuredCase(.copied(keys: 200000, writes: 5000, size: 100), 29057024.0, quantum: 16),
        MeasuredCase(.copied(keys: 200000, writes: 50000, size: 100), 39055360.0, quantum: 16),
        MeasuredCase(.copied(keys: 10000, writes: 2000, size: 10000), 23007232.0, quantum: 16),
        MeasuredCase(.appendOnly(keySize: 12, size: 10), 49.0, quantum: 16),
        MeasuredCase(.appendOnly(keySize: 12, size: 1000), 1041.0, quantum: 16),
        MeasuredCase(.commits(writes: 1.0, atRandom: false), 0.95, quantum: 16),
        MeasuredCase(.commits(writes: 50.0, atRandom: false), 1.049, quantum: 16),
        MeasuredCase(.bus(nodes: 6, nodeTimeout: 5.0), 3.85, quantum: 16),
        MeasuredCase(.bus(nodes: 6, nodeTimeout: 2.0), 9.767, quantum: 16),
    ]
}
