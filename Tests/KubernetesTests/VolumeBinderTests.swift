import Kubernetes
import Randomness
import Testing

@Suite("Volume binding")
struct VolumeBinderTests {
    private func volume(
        _ name: String, _ bytes: Int, modes: [AccessMode] = [.readWriteMany], storageClass: String = ""
    ) -> PersistentVolume {
        PersistentVolume(name: name, capacityBytes: bytes, accessModes: modes, storageClass: storageClass)
    }

    private func claim(_ bytes: Int, modes: [AccessMode] = [.readWriteMany]) -> PersistentVolumeClaim {
        PersistentVolumeClaim(name: "data", uid: "1", requestBytes: bytes, accessModes: modes)
    }

    private func bind(_ objects: inout ClusterObjects) -> VolumeBinder.Outcome {
        var random = RandomStream(key: 1)
        return VolumeBinder.bind(claim: "data", namespace: "default", in: &objects, random: &random)
    }

    @Test("takes the smallest that fits, of those with the fewest access modes")
    func smallest() {
        var objects = ClusterObjects(
            persistentVolumes: [
                volume("both", 100, modes: [.readWriteOnce, .readWriteMany]), volume("large", 300), volume("fit", 200),
                volume("small", 99), volume("single", 100, modes: [.readWriteOnce]),
                volume("classy", 100, storageClass: "fast"),
            ],
            persistentVolumeClaims: [claim(100)])
        #expect(bind(&objects) == .bound(volume: "fit"))
        #expect(objects.persistentVolumeClaims[0].phase == .bound)
        #expect(objects.persistentVolumes[2].claim == ClaimReference(namespace: "default", name: "data", uid: "1"))
        #expect(bind(&objects) == .bound(volume: "fit"))
    }

    @Test("a volume reserved for the claim wins, one reserved for another is out")
    func reserved() {
        var objects = ClusterObjects(
            persistentVolumes: [volume("other", 100), volume("small", 100), volume("mine", 500)],
            persistentVolumeClaims: [claim(100)])
        objects.persistentVolumes[0].claim = ClaimReference(namespace: "default", name: "someone")
        objects.persistentVolumes[2].claim = ClaimReference(namespace: "default", name: "data")
        #expect(bind(&objects) == .bound(volume: "mine"))
    }

    @Test("Retain keeps a released volume from its own successor")
    func retain() {
        var objects = ClusterObjects(persistentVolumes: [volume("v", 100)], persistentVolumeClaims: [claim(100)])
        #expect(bind(&objects) == .bound(volume: "v"))
        objects.persistentVolumes[0].phase = .released
        objects.persistentVolumeClaims = [claim(100)]
        #expect(bind(&objects) == .pending)
    }

    @Test("a class that provisions makes a volume, one that waits for a consumer waits")
    func classes() {
        var objects = ClusterObjects(persistentVolumeClaims: [claim(100)])
        #expect(bind(&objects) == .pending)
        objects.storageClasses = [
            StorageClass(name: "local", provisioner: "csi.example", bindingMode: .waitForFirstConsumer, isDefault: true)
        ]
        #expect(bind(&objects) == .waitsForConsumer)
        objects.storageClasses[0].bindingMode = .immediate
        #expect(bind(&objects) == .provisioned(volume: "pvc-1"))
        #expect(objects.persistentVolumes[0].storageClass == "local")
    }

    @Test(
        "one missing byte is too small",
        arguments: [("200M", "200M", true), ("200M", "200Mi", false), ("1Gi", "1G", true)])
    func exact(capacity: String, request: String, fits: Bool) throws {
        let objects = ClusterObjects(persistentVolumes: [volume("v", try Quantity(parsing: capacity).units)])
        let claim = claim(try Quantity(parsing: request).units)
        #expect(VolumeBinder.candidates(for: claim, in: objects).isEmpty != fits)
    }
}

@Suite("Quantities")
struct QuantityTests {
    @Test(
        "are exact",
        arguments: [
            ("200M", 200_000_000), ("200Mi", 209_715_200), ("1.5", 2), ("1e3", 1000), ("2Gi", 2_147_483_648),
            (".5Ki", 512),
            ("0.1Gi", 107_374_183), ("1E3", 1000), ("12e-1", 2), ("0", 0), ("+5k", 5000),
            ("1Pi", 1_125_899_906_842_624),
            ("00000000000000000000000001k", 1000), ("0.0000000000000000000000001Ki", 1), ("1n", 1), ("1e-70", 1),
        ])
    func units(text: String, units: Int) throws {
        #expect(try Quantity(parsing: text).units == units)
    }

    @Test(
        "cpu is read in thousandths",
        arguments: [("100m", 100), ("1.5", 1500), ("0.0001", 1), ("2", 2000), ("1500u", 2)])
    func milli(text: String, milli: Int) throws {
        #expect(try Quantity(parsing: text).milli == milli)
    }

    @Test(
        "bad ones are errors",
        arguments: [
            ("", .empty), ("abc", .malformedNumber), ("1..2", .unknownSuffix(".2")), ("5Q", .unknownSuffix("Q")),
            ("-1", .negative), ("1e", .unknownSuffix("e")), ("99999999999999999999", .tooLarge), ("9Ei", .tooLarge),
            ("1e99999999999999999999999", .unknownSuffix("e99999999999999999999999")), ("1e300", .tooLarge),
            ("5 M", .unknownSuffix(" M")), (".", .malformedNumber), ("١", .malformedNumber),
        ] as [(String, Quantity.ParseError)])
    func errors(text: String, error: Quantity.ParseError) {
        #expect(throws: error) { try Quantity(parsing: text) }
    }
}
