import RedisCluster
import Testing

/// Which accepted link is whose.
struct EngineLinkTests {
    /// 6.2 looks the sender of every packet up and leaves links alone.
    @Test(arguments: [(EngineRules.redis62, false), (.redis70, true)])
    func linksAreTied(rules: EngineRules, tied: Bool) {
        var conf = RedisConf()
        conf.nodeTimeout = 5000
        let cluster = ManualCluster.running(masters: 3, replicas: 1, seed: 1, conf: conf, rules: rules)
        var identified = 0
        cluster.onEffect = { _, effect in if case .identify = effect { identified += 1 } }
        cluster.kill(1)
        cluster.restart(1)
        for _ in 0..<5 { cluster.tick() }
        #expect((identified > 0) == tied)
    }
}
