import Foundation
import Testing

@Suite("rehearse record")
struct RecordTests {
    @Test(
        "Wrong command lines are refused, and say why",
        arguments: [
            (["127.0.0.1:1", "-o", "x", "--interval", "4ms"], "--interval 4ms is not from 5ms to 1min"),
            (["127.0.0.1:1", "-o", "x", "--append", "--force"], "--append and --force exclude each other"),
            (["127.0.0.1:1", "-o", "x", "--append", "--redact"], "--append and --redact"),
            (["127.0.0.1:1", "-o", "x", "--namespace", "n"], "--namespace needs --kubernetes"),
            (["127.0.0.1:1", "-o", "x", "--ask-password", "--password-file", "f"], "exclude each other"),
            (["127.0.0.1:99999", "-o", "x"], "127.0.0.1:99999"),
            (["127.0.0.1:1"], "Missing expected argument '--output"),
            (["-o", "x"], "host:port"),
        ])
    func usage(arguments: [String], words: String) throws {
        let result = try Tool.run(["record"] + arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test("Nobody answers: 69, and no file; a password that can't be read: 1")
    func nobody() throws {
        let scratch = try Scratch()
        let file = scratch.url.appending(path: "r.jsonl").path
        let result = try Tool.run("record", "127.0.0.1:1", "-o", file)
        #expect(result.status == 69 && result.errors.contains("127.0.0.1:1: connection refused"))
        #expect(!FileManager.default.fileExists(atPath: file))
        let secret = try Tool.run("record", "127.0.0.1:1", "-o", file, "--password-file", "\(file).none")
        #expect(secret.status == 1 && secret.errors.contains("\(file).none"))
    }

    /// A server alone, of which CLUSTER NODES tells one line. `$HOST` is its address and `$DIR` its directory, in which
    /// the lines run once it answers.
    private func withServer(_ lines: String) throws -> Tool.Result {
        try Tool.shell(
            """
            DIR=$(mktemp -d); HOST=127.$((RANDOM % 254 + 1)).$((RANDOM % 254 + 1)).$((RANDOM % 254 + 1))
            cd $DIR; redis-server --bind $HOST --port 6379 --save '' --cluster-enabled yes --dir $DIR >log &
            SERVER=$!; trap 'kill -9 $SERVER; rm -rf $DIR' EXIT
            until grep -q 'eady to accept connections' log || ! kill -0 $SERVER; do sleep 0.01; done
            \(lines)
            """)
    }

    private static let hasServer = FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-server")

    @Test(
        "Records until interrupted, takes notes from its input, sums up, and overwrites nothing",
        .enabled(if: hasServer, "NO SERVER BINARY: install redis-server"))
    func session() throws {
        let result = try withServer(
            """
            mkfifo input; "$REHEARSE" record $HOST -o r.jsonl --interval 20ms --note 'at first' <input 2>errors &
            TOOL=$!; exec 3>input; echo 'typed' >&3; echo '' >&3
            until grep -q typed r.jsonl; do kill -0 $TOOL || exit 9; sleep 0.05; done
            kill -TERM $TOOL; wait $TOOL; echo "ended $?"; cat errors r.jsonl
            "$REHEARSE" record $HOST -o r.jsonl 2>&1; echo "again $?"
            "$REHEARSE" record $HOST -o r.jsonl --append --duration 300ms --note 'later' \\
                </dev/null 2>/dev/null; echo "append $?"
            cat r.jsonl | wc -l; grep -c rehearse.recording r.jsonl
            "$REHEARSE" record $HOST -o r.jsonl --force --redact --duration 300ms \\
                </dev/null 2>/dev/null; echo "force $?"
            grep -c $HOST r.jsonl
            """)
        let output = result.output
        #expect(output.contains("ended 0\n"), "\(output) \(result.errors)")
        #expect(output.contains("r.jsonl: 1 node, "))
        #expect(output.contains(#""text":"at first""#) && output.contains(#""text":"typed""#))
        #expect(output.contains("File exists; --append continues it, --force replaces it\nagain 74\n"))
        #expect(output.contains("append 0\n") && output.contains("\n2\nforce 0\n0\n"), "\(output)")
    }

    @Test(
        "Notes that come by a pipe keep their order", .enabled(if: hasServer, "NO SERVER BINARY: install redis-server"))
    func order() throws {
        let result = try withServer(
            """
            mkfifo input; "$REHEARSE" record $HOST -o r.jsonl <input 2>errors & TOOL=$!
            exec 3>input; seq -f 'note %g' 1 300 >&3
            until grep -q 'note 300"' r.jsonl; do kill -0 $TOOL || exit 9; sleep 0.05; done
            kill -TERM $TOOL; wait $TOOL; grep -o 'note [0-9]*' r.jsonl
            """)
        let expected = (1...300).map { "note \($0)" }
        #expect(result.output.split(separator: "\n").map(String.init) == expected, "\(result.errors)")
    }

    @Test(
        "What was recorded when it is killed -9 is a recording",
        .enabled(if: hasServer, "NO SERVER BINARY: install redis-server"))
    func killed() throws {
        let result = try withServer(
            """
            "$REHEARSE" record $HOST -o r.jsonl --interval 5ms </dev/null 2>/dev/null & TOOL=$!
            until grep -q '"kind":"view"' r.jsonl 2>/dev/null; do kill -0 $TOOL || exit 9; sleep 0.02; done
            kill -9 $TOOL; wait $TOOL
            "$REHEARSE" record $HOST -o r.jsonl --append --duration 200ms </dev/null; echo "append $?"
            """)
        #expect(result.output == "append 0\n", "\(result.output) \(result.errors)")
    }

    @Test(
        "Pods come from kubectl, by their addresses",
        .enabled(if: hasServer, "NO SERVER BINARY: install redis-server"))
    func pods() throws {
        let result = try withServer(
            """
            cat >kubectl <<END
            #!/bin/sh
            echo '{"items":[{"metadata":{"name":"redis-0"},"spec":{"nodeName":"node1"},'
            echo ' "status":{"phase":"Running","podIP":"'$HOST'"}}]}'
            END
            chmod +x kubectl; export PATH=$DIR:$PATH
            "$REHEARSE" record $HOST -o r.jsonl --kubernetes app=redis </dev/null 2>/dev/null & TOOL=$!
            until grep -q '"pod":"redis-0","worker":"node1","podPhase":"Running"' r.jsonl 2>/dev/null; do
              kill -0 $TOOL || exit 9; sleep 0.05
            done
            kill -INT $TOOL; wait $TOOL; echo "ended $?"
            """)
        #expect(result.output == "ended 0\n", "\(result.errors)")
    }

    @Test(
        "The live view is for terminals: on one it shows the node, elsewhere nothing",
        .enabled(if: hasServer, "NO SERVER BINARY: install redis-server"))
    func watching() throws {
        let result = try withServer(
            """
            "$REHEARSE" record $HOST -o a.jsonl --watch --duration 500ms </dev/null 2>/dev/null | wc -c
            export TERM=xterm
            script -qec "$REHEARSE record $HOST -o b.jsonl --watch --duration 1s" screen >/dev/null </dev/null
            grep -c "$HOST:6379  .*  master" screen
            """)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "0" && lines.count == 2 && lines[1] != "0", "\(result.output) \(result.errors)")
    }
}
