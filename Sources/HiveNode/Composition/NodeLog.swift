import Logging

/// Loggers of a node: they write to standard error, so that standard output is free for answers.
enum NodeLog {
    static func logger(level: String) -> Logger {
        var logger = Logger(label: "openhive") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .info
        return logger
    }

    /// For frameworks whose information is this program's detail.
    static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        if logger.logLevel <= .debug { quiet.logLevel = logger.logLevel }
        return quiet
    }
}
