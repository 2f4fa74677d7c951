/// Options as one word: `nodes=4,writers=3,events=300,span=60000,topology=mesh,faults=loss+crashes,skip=3-9+12`.
extension SimulationOptions: CustomStringConvertible {
    public var description: String {
        var parts = [
            "nodes=\(nodes)", "writers=\(writers)", "events=\(events)", "span=\(spanMs)",
            "topology=\(topology.rawValue)",
            "faults=\(faults.isEmpty ? "none" : faults.map(\.rawValue).joined(separator: "+"))",
        ]
        if startMs > 0 { parts.append("start=\(startMs)") }
        if !skipped.isEmpty {
            let ranges = skipped.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            parts.append("skip=\(ranges.joined(separator: "+"))")
        }
        return parts.joined(separator: ",")
    }

    /// Changes what `text` names, in the form of `description`.
    public mutating func override(_ text: String) throws(OptionsError) {
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw OptionsError("\"\(part)\" should be NAME=VALUE") }
            try set(pair[0], to: pair[1])
        }
        writers = min(writers, nodes)
    }

    private mutating func set(_ name: String, to value: String) throws(OptionsError) {
        switch name {
        case "nodes": nodes = Int(try Self.number(name, value, 2...9))
        case "writers": writers = Int(try Self.number(name, value, 1...9))
        case "events": events = Int(try Self.number(name, value, 0...100_000))
        case "span": spanMs = try Self.number(name, value, 1_000...86_400_000)
        case "start": startMs = try Self.number(name, value, 0...86_400_000)
        case "topology":
            guard let topology = Topology(rawValue: value) else {
                throw OptionsError(
                    "topology is \(value), not one of \(Topology.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            self.topology = topology
        case "faults": faults = try Self.faults(value, changing: faults)
        case "skip": skipped = try Self.ranges(value)
        default: throw OptionsError("there is no option \(name)")
        }
    }

    private static func number(
        _ name: String,
        _ text: String,
        _ range: ClosedRange<Int64>
    ) throws(OptionsError) -> Int64 {
        guard let number = Int64(text), range.contains(number) else {
            throw OptionsError("\(name) is \(text), not \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `none`, `all`, names joined by `+`; or names each with `+` or `-` before it, which change what is there.
    private static func faults(_ text: String, changing held: [FaultClass]) throws(OptionsError) -> [FaultClass] {
        var chosen = Set<FaultClass>()
        if text == "none" { return [] }
        if text == "all" { return FaultClass.allCases }
        if text.hasPrefix("-") || text.hasPrefix("+") { chosen.formUnion(held) }
        var names = text.replacing("-", with: "+-").split(separator: "+").map(String.init)
        names.removeAll { $0.isEmpty }
        for name in names {
            let isRemoved = name.hasPrefix("-")
            guard let fault = FaultClass(rawValue: isRemoved ? String(name.dropFirst()) : name) else {
                throw OptionsError(
                    "there is no fault \(name); there are \(FaultClass.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            if isRemoved { chosen.remove(fault) } else { chosen.insert(fault) }
        }
        return FaultClass.allCases.filter { chosen.contains($0) }
    }

    private static func ranges(_ text: String) throws(OptionsError) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: "+") {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, ends.count <= 2, first <= last else {
                throw OptionsError("skip should hold numbers like 3 or 3-9, not \(part)")
            }
            ranges.append(first...last)
        }
        return ranges
    }
}

/// What is wrong with options as typed.
public struct OptionsError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
