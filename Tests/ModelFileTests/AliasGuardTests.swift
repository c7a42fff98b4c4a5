import Testing

@testable import ModelFile

/// Which asterisks are aliases, and which are signs in a script or a sentence.
struct AliasGuardTests {
    private func refusal(_ text: String) -> String? {
        AliasGuard.firstRefused(in: text).map { "\($0.line):\($0.column)" }
    }

    /// Each is legitimate YAML with an ampersand before a letter or digit and an asterisk before a letter.
    @Test(arguments: [
        "data:\n  run.sh: |\n    case $1 in\n      *slave*) redis-cli role 2>&1 ;;\n    esac\n  next: 1\n",
        "data:\n  a: |-\n\n    *x ? y\n     &z }: 1\n  b: >+\n    *c and\n    &d\n",
        "- run: |2\n     &x\n    *y : 1\n- |\n *z : &a\n", "a: 'it''s *one: &two'\nb: \"\\\" *three : &four\"\n",
        "a: \"two\n  lines *b : &c\n  more\"\nd: e\n", "a: [\"*b : 1\", '&c', {d: \"*e\"}]\n", "a: sh -c ls *b &c\n",
        "a: ls\n  *b : &c\n".replacing(" : ", with: " "), "a: 1 # *b : &c\n", "a: {b: |}\nc: '*d' # &e\n",
        "base: &base {x: 1}\na: *base\nb: {c: *base}\nd:\n  - *base\n  - <<: *base\n",
        "# *b &c\na: 1 # *b : &c\n", "a: |\r\n  *b : &c\r\nd: e\r\n",
    ])
    func leavesTextAlone(text: String) {
        #expect(refusal(text) == nil)
    }

    /// Structure that looks as if it were inside of a text: the parser would take each alias for part of a key.
    @Test(arguments: [
        ("a: &a [x]\nb: |\n  text\n*a : 1\n", "4:1"), ("a: &a [x]\nb: |\n  text\n? *a\n", "4:1"),
        ("a: &a [x]\n- c: |\n  *a : 1\n", "3:3"), ("a: &a [x]\nx: {y: \"\n  k: |\n  \", ? {k: *a} : 1}\n", "4:6"),
        ("a: &a [x]\nb: it 's\nc: {d: '\nk: |\n  ', ? {k: *a} : 1}\n", "5:6"),
        ("a: &a [x]\nb: foo\n  \"bar\nc: {d: \"\nk: |\n  \", ? {k: *a} : 1}\n", "6:6"),
        ("a: &a [x]\nx: {a: &x}\ny: foo, \"\nz: {*a : 1}\nw: \"\n", "4:5"),
        ("a: &a [x]\nb: {c: d\n  \"e\nf: {*a : 1}\n", "4:5"), ("a: &a [x]\nb: \"c\" # \"\nd: {*a : 1}\n", "3:5"),
        ("a: &a [x]\nb: !x\" |\n  *a : 1\n", "3:3"), ("a: &a [x]\nb: # |\n  *a : 1\n", "3:3"),
        ("a: &a [x]\nb: 1 |\nc: {*a : 1}\n", "3:5"), ("a: &a [x]\nb: 1\u{2028}*a : 1\n", "3:1"),
        ("a: &a [x]\rb: |\r c\r*a : 1\r", "4:1"),
    ])
    func findsKeys(text: String, place: String) {
        #expect(refusal(text) == place)
    }

    @Test func readsAScriptInAConfigMap() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            """
            kind: ConfigMap
            metadata: {name: scripts}
            data:
              ready.sh: |
                role=$(redis-cli role 2>&1)
                case "$role" in
                  *slave*) exit 0 ;;
                esac
            """, to: "kubernetes/scripts.yaml")
        #expect(try model.errors() == [])
    }
}
