/// Reads what is needed of a tag's attributes.
enum HTMLAttributes {
    /// The value of the first `href`, entities decoded; nil where there is none.
    ///
    /// - Parameter attributes: What stands between a tag's name and its `>`.
    static func href(in attributes: ArraySlice<Unicode.Scalar>) -> String? {
        var index = attributes.startIndex
        while index < attributes.endIndex {
            while index < attributes.endIndex, isSeparator(attributes[index]) { index += 1 }
            let nameStart = index
            while index < attributes.endIndex, attributes[index] != "=", !isSeparator(attributes[index]) { index += 1 }
            let name = HTMLScanner.lowercased(attributes[nameStart..<index])
            while index < attributes.endIndex, attributes[index].properties.isWhitespace { index += 1 }
            guard index < attributes.endIndex, attributes[index] == "=" else { continue }
            index += 1
            let value = readValue(attributes, &index)
            if name == "href" { return value }
        }
        return nil
    }

    private static func readValue(_ attributes: ArraySlice<Unicode.Scalar>, _ index: inout Int) -> String {
        while index < attributes.endIndex, attributes[index].properties.isWhitespace { index += 1 }
        guard index < attributes.endIndex else { return "" }
        let quote = attributes[index]
        let start: Int
        let end: Int
        if quote == "\"" || quote == "'" {
            start = index + 1
            end = attributes[start...].firstIndex(of: quote) ?? attributes.endIndex
            index = min(end + 1, attributes.endIndex)
        } else {
            start = index
            end = attributes[start...].firstIndex { $0.properties.isWhitespace } ?? attributes.endIndex
            index = end
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: attributes[start..<end])
        return HTMLEntities.decode(String(view))
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "/" || scalar.properties.isWhitespace
    }
}
