import Glibc

/// This process as the system numbers it.
enum ProcessNumber {
    static var own: Int32 { getpid() }
}
