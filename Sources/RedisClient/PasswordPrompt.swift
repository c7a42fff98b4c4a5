import Glibc

/// Asks for a password on a terminal that shows nothing of what is typed.
struct PasswordPrompt {
    /// The process's own terminal, even where standard input is a file.
    var terminal = "/dev/tty"
    var question = "Password: "

    func ask() throws(PasswordError) -> Password {
        let descriptor = open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .noTerminal }
        defer { close(descriptor) }
        var before = termios()
        guard tcgetattr(descriptor, &before) == 0 else { throw .noTerminal }
        var silent = before
        // Keys come as bytes, Ctrl-C too: a signal would leave the terminal without echo.
        silent.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
        silent.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR)
        guard tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else { throw .noTerminal }
        defer { tcsetattr(descriptor, TCSAFLUSH, &before) }
        write(question, to: descriptor)
        defer { write("\r\n", to: descriptor) }
        return try readLine(from: descriptor)
    }

    private func write(_ text: String, to descriptor: CInt) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    private func readLine(from descriptor: CInt) throws(PasswordError) -> Password {
        var typed: [UInt8] = []
        while true {
            var key: UInt8 = 0
            let count = read(descriptor, &key, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw .cancelled }
            switch key {
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                guard !typed.isEmpty else { throw .cancelled }
                guard let secret = String(validating: typed, as: UTF8.self) else { throw .notText(terminal) }
                return Password(secret)
            case Key.interrupt: throw .cancelled
            case Key.endOfInput where typed.isEmpty: throw .cancelled
            case Key.killLine: typed.removeAll()
            case Key.backspace, Key.delete: Key.dropCharacter(&typed)
            default:
                guard typed.count < PasswordSource.longest else { throw .tooLong(terminal) }
                typed.append(key)
            }
        }
    }

    /// The control keys of a line, as terminals send them.
    private enum Key {
        static let interrupt: UInt8 = 3
        static let endOfInput: UInt8 = 4
        static let backspace: UInt8 = 8
        static let killLine: UInt8 = 21
        static let delete: UInt8 = 127

        /// Drops the last character with all its bytes of UTF-8.
        static func dropCharacter(_ typed: inout [UInt8]) {
            while let byte = typed.popLast(), byte & 0xC0 == 0x80 {}
        }
    }
}
