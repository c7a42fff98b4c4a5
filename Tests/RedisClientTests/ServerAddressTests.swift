import RedisClient
import Testing

@Suite("Addresses of servers")
struct ServerAddressTests {
    @Test(
        "Reads what people write",
        arguments: [
            ("redis-0.redis", "redis-0.redis", 6379), ("redis:7000", "redis", 7000), ("127.0.0.1:1", "127.0.0.1", 1),
            ("::1", "::1", 6379), ("[::1]", "::1", 6379), ("[fe80::1%eth0]:65535", "fe80::1%eth0", 65_535),
        ])
    func reads(text: String, host: String, port: Int) throws {
        let address = try #require(ServerAddress(text))
        #expect(address == ServerAddress(host: host, port: port))
        #expect(ServerAddress(address.description) == address)
    }

    @Test(
        "Refuses what is no address",
        arguments: [
            "", ":7000", "redis:", "redis:0", "redis:65536", "redis:+1", "redis:99999999999999999999", "[::1",
            "[::1]7000", "[::1]:", "[redis]:1", "re dis", "redis:7000 ",
        ])
    func refuses(text: String) { #expect(ServerAddress(text) == nil) }
}
