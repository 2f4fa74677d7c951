import Foundation

/// Standard output and standard error.
///
/// Whole lines only, so that the lines of two tasks never mix.
enum Terminal {
    /// Results go here.
    static func out(_ line: String) {
        write(line + "\n", to: FileHandle.standardOutput)
    }

    /// Everything that is not a result: progress, hints, errors.
    static func note(_ line: String) {
        write(line + "\n", to: FileHandle.standardError)
    }

    /// Text without a line end, for a line that is drawn over.
    static func draw(_ text: String) {
        write(text, to: FileHandle.standardError)
    }

    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Columns of the terminal on standard error; 80 where it does not say.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// A line typed in answer to a question; nil at the end of input.
    static func ask(_ question: String) -> String? {
        draw(question)
        return readLine(strippingNewline: true)
    }

    /// A reader that went away (`openhive feed | head`) is no error of ours: what could not be written is dropped.
    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
