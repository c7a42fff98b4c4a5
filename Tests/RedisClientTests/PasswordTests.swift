import Foundation
import Glibc
import Testing

@testable import RedisClient

@Suite("Passwords")
struct PasswordTests {
    private static func withFile(_ contents: [UInt8], _ body: (String) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        try Data(contents).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try body(file.path)
    }

    @Test("Whatever prints a password, it is not printed")
    func redacted() {
        let credentials = Credentials(user: "eve", password: Password("sesame"))
        let options = ConnectionOptions(credentials: credentials)
        var dumped = ""
        dump(options, to: &dumped)
        let texts = ["\(options)", String(reflecting: options), dumped, "\(credentials.password)", "\([credentials])"]
        for text in texts { #expect(!text.contains("sesame") && !text.isEmpty) }
    }

    @Test(
        "A file's first line is the password",
        arguments: [
            ("sesame", "sesame"), ("sesame\n", "sesame"), ("a b \r\nsecond\n", "a b "), ("\u{20AC}\n", "\u{20AC}"),
        ])
    func file(text: String, expected: String) throws {
        try PasswordTests.withFile(Array(text.utf8)) { path in
            let password = try PasswordSource.file(path).read()
            #expect(password.secret == expected)
        }
    }

    @Test("A file without a password is named")
    func badFile() throws {
        try PasswordTests.withFile(Array("\nx".utf8)) { path in
            #expect(throws: PasswordError.empty(path)) { try PasswordSource.file(path).read() }
        }
        try PasswordTests.withFile([0xFF, 0x0A]) { path in
            #expect(throws: PasswordError.notText(path)) { try PasswordSource.file(path).read() }
        }
        #expect(throws: PasswordError.tooLong("/dev/zero")) { try PasswordSource.file("/dev/zero").read() }
        #expect(throws: PasswordError.unreadable("/nowhere")) { try PasswordSource.file("/nowhere").read() }
        #expect(throws: PasswordError.unreadable("/tmp")) { try PasswordSource.file("/tmp").read() }
    }

    @Test("An environment variable is the password, an unset or empty one is not")
    func environment() throws {
        setenv("REHEARSE_TEST_PASSWORD", "sesame", 1)
        setenv("REHEARSE_TEST_EMPTY", "", 1)
        #expect(try PasswordSource.environment("REHEARSE_TEST_PASSWORD").read().secret == "sesame")
        for name in ["REHEARSE_TEST_EMPTY", "REHEARSE_TEST_UNSET", "", "A=B"] {
            #expect(throws: PasswordError.unset(name)) { try PasswordSource.environment(name).read() }
        }
    }

    /// Types keys into a prompt on a terminal of its own.
    ///
    /// - Returns: the password, and everything that the terminal showed.
    private static func type(_ keys: [UInt8]) throws -> (Result<String, PasswordError>, shown: String) {
        var keyboard: CInt = -1
        // Held open, so that the terminal's settings outlive the prompt.
        var held: CInt = -1
        var path = [CChar](repeating: 0, count: 256)
        try #require(openpty(&keyboard, &held, &path, nil, nil) == 0)
        defer {
            close(keyboard)
            close(held)
        }
        let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var before = termios()
        tcgetattr(held, &before)
        // Keys are typed once the question shows: what was typed before is thrown away.
        let typist = Thread { [keyboard] in
            var byte: UInt8 = 0
            while read(keyboard, &byte, 1) == 1, byte != UInt8(ascii: "?") {}
            _ = write(keyboard, keys, keys.count)
        }
        typist.start()
        let result: Result<String, PasswordError>
        do throws(PasswordError) {
            result = .success(try PasswordPrompt(terminal: name, question: "Word?").ask().secret)
        } catch {
            result = .failure(error)
        }
        var after = termios()
        tcgetattr(held, &after)
        #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag)
        #expect(before.c_lflag & tcflag_t(ECHO) != 0)
        var shown = [UInt8](repeating: 0, count: 1024)
        let count = read(keyboard, &shown, shown.count)
        return (result, String(decoding: shown.prefix(max(0, count)), as: UTF8.self))
    }

    @Test(
        "A prompt takes a line, and shows none of it",
        arguments: [
            (Array("sesame\r".utf8), "sesame"), (Array("x\u{15}ses\u{20AC}\u{7F}amu\u{8}e\n".utf8), "sesame"),
            (Array("\u{20AC}\r".utf8), "\u{20AC}"),
        ])
    func prompt(keys: [UInt8], expected: String) throws {
        let (result, shown) = try PasswordTests.type(keys)
        #expect(result == .success(expected))
        #expect(shown == "\r\n" || shown == "\r\r\n")
    }

    @Test("A prompt can be left", arguments: [[3], [4], [13], [97, 3]] as [[UInt8]])
    func left(keys: [UInt8]) throws { #expect(try PasswordTests.type(keys).0 == .failure(.cancelled)) }

    @Test("A prompt needs a terminal")
    func noTerminal() {
        for path in ["/dev/null", "/nowhere"] {
            #expect(throws: PasswordError.noTerminal) { try PasswordPrompt(terminal: path).ask() }
        }
    }

    @Test("Flags that contradict each other are named")
    func flags() throws {
        var flags = ConnectionFlags()
        flags.sni = "redis.test"
        #expect(throws: ConnectionOptionsError.needsTLS("--sni")) { try flags.options() }
        flags.tls = true
        #expect(try flags.options().tls != nil)
        flags.user = "eve"
        #expect(throws: ConnectionOptionsError.userWithoutPassword) { try flags.options() }
        flags.passwordSource = .environment("REHEARSE_TEST_UNSET")
        #expect(throws: PasswordError.unset("REHEARSE_TEST_UNSET")) { try flags.options() }
        flags = ConnectionFlags()
        flags.insecure = true
        #expect(throws: ConnectionOptionsError.needsTLS("--insecure")) { try flags.options() }
    }
}
