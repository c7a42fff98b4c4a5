import RESP
import Testing

@Suite("RESP encoder and readings")
struct EncoderTests {
    @Test("What is printed reads back the same", arguments: Fixture.all)
    func roundTrip(fixture: Fixture) {
        var bytes: [UInt8] = []
        RESPEncoder.append(fixture.value, to: &bytes)
        #expect(Decoded(whole: bytes).values == [fixture.value])
    }

    @Test("A command is an array of bulk strings, counted in bytes")
    func command() {
        let expected = "*3\r\n$3\r\nSET\r\n$2\r\nk\u{1}\r\n$5\r\n\u{20AC}\r\n\r\n"
        #expect(RESPCommand("SET", "k\u{1}", "\u{20AC}\r\n").bytes == Array(expected.utf8))
        #expect(RESPCommand([]).bytes == Array("*0\r\n".utf8))
    }

    @Test("A command shows its first word only")
    func discretion() {
        let command = RESPCommand("AUTH", "user", "sesame")
        var dumped = ""
        dump(command, to: &dumped)
        for text in ["\(command)", String(reflecting: command), dumped, "\([command])"] {
            #expect(text.contains("AUTH") && !text.contains("sesame"), "\(text)")
        }
    }

    @Test("A map reads the same, whether it came as RESP2 or RESP3")
    func maps() {
        let keys = [RESPValue.bulk("proto"), .integer(3), .bulk("role"), .simple("master")]
        let map = RESPValue.map(RESPValue.pairs((keys[0], keys[1]), (keys[2], keys[3])))
        for reply in [.array(keys), map, .attributed([], map)] {
            #expect(reply["proto"]?.integer == 3)
            #expect(reply["role"]?.text == "master")
            #expect(reply["version"] == nil)
        }
        #expect(RESPValue.array([.null]).pairs == nil)
    }

    @Test("Numbers, strings and lists are read from every type that holds them")
    func readings() {
        #expect(RESPValue.bulk("-12").integer == -12)
        #expect(RESPValue.bulk("12x").integer == nil)
        #expect(RESPValue.verbatim("txt", "a\nb").text == "a\nb")
        #expect(RESPValue.bulkString([0xFF]).text == "\u{FFFD}")
        #expect(RESPValue.integer(1).text == nil)
        #expect(RESPValue.set([.null]).elements == [.null])
        #expect(RESPValue.bulk("x").elements == nil)
    }

    @Test(
        "An error reply has a code and a message",
        arguments: [
            ("ERR no such key", "ERR", "no such key"), ("NOAUTH", "NOAUTH", ""), ("oops", "", "oops"), ("", "", ""),
            ("MOVED 1 127.0.0.1:1", "MOVED", "1 127.0.0.1:1"),
        ])
    func failures(text: String, code: String, message: String) throws {
        let failure = try #require(RESPValue.failed(text).failure)
        #expect(failure.code == code)
        #expect(failure.message == message)
        #expect(RESPValue.simple(text).failure == nil)
    }
}
