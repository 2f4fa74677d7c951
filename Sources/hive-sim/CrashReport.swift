#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Says which run it was when the process traps, and leaves with the code for it.
///
/// A trap can't be caught in the language; a signal handler may only write what was made ready before.
enum CrashReport {
    private static let capacity = 4_096
    nonisolated(unsafe) private static let line = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    nonisolated(unsafe) private static var count = 0

    static func install() {
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
            signal(number) { _ in
                _ = write(STDOUT_FILENO, CrashReport.line, CrashReport.count)
                _exit(12)
            }
        }
    }

    /// What to say if it happens now.
    static func prepare(_ text: String) {
        count = 0
        for byte in "crashed: \(text)\n".utf8.prefix(capacity) {
            line[count] = byte
            count += 1
        }
    }
}

/// Prints a line that can be seen at once, also by another program.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// Leaves with a code.
func leave(_ code: Int32) -> Never { exit(code) }
