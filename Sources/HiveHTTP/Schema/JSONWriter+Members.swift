public import HiveModel

extension JSONWriter {
    public mutating func member(_ key: StaticString, _ text: String) {
        self.key(key)
        string(text)
    }

    /// `null` for nil.
    public mutating func member(_ key: StaticString, _ text: String?) {
        self.key(key)
        string(text)
    }

    public mutating func member(_ key: StaticString, _ number: Int64) {
        self.key(key)
        int(number)
    }

    /// `null` for nil.
    public mutating func member(_ key: StaticString, _ number: Int64?) {
        self.key(key)
        int(number)
    }

    public mutating func member(_ key: StaticString, _ flag: Bool) {
        self.key(key)
        bool(flag)
    }

    /// A time in ISO 8601, given in milliseconds since 1970.
    public mutating func member(_ key: StaticString, timeMs: Int64) {
        self.key(key)
        isoMilliseconds(timeMs)
    }

    /// `null` for nil.
    public mutating func member(_ key: StaticString, timeMs: Int64?) {
        self.key(key)
        isoMilliseconds(timeMs)
    }

    /// An array of texts.
    public mutating func member(_ key: StaticString, _ texts: [String]) {
        self.key(key)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}
