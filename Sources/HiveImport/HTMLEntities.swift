/// Character references of HTML: `&amp;`, `&#39;`, `&#x2F;`.
enum HTMLEntities {
    /// Names are at most this long; a reference is looked for no further.
    static let lengthMax = 12

    /// Text with all references replaced; what is none stays as it is.
    static func decode(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let scalars = Array(text.unicodeScalars)
        var out = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if scalars[index] == "&", let (decoded, end) = decode(scalars, at: index) {
                out.append(contentsOf: decoded.unicodeScalars)
                index = end
            } else {
                out.append(scalars[index])
                index += 1
            }
        }
        return String(out)
    }

    /// The reference that begins at `&`, and the index after its `;`; nil where there is none.
    static func decode(_ scalars: [Unicode.Scalar], at start: Int) -> (text: String, end: Int)? {
        let limit = min(scalars.count, start + 2 + lengthMax)
        guard let semicolon = scalars[start..<limit].firstIndex(of: ";"), semicolon > start + 1 else { return nil }
        let body = scalars[(start + 1)..<semicolon]
        var name = String.UnicodeScalarView()
        name.append(contentsOf: body)
        let text = body.first == "#" ? numeric(body.dropFirst()) : named[String(name)]
        return text.map { ($0, semicolon + 1) }
    }

    /// `39` or `x2F`.
    ///
    /// A number no text can hold (0, surrogates, beyond Unicode) is U+FFFD, a control character nothing.
    private static func numeric(_ digits: ArraySlice<Unicode.Scalar>) -> String? {
        let isHex = digits.first == "x" || digits.first == "X"
        let body = isHex ? digits.dropFirst() : digits
        guard !body.isEmpty else { return nil }
        var value: UInt32 = 0
        for scalar in body {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue, isHex || digit < 10 else { return nil }
            value = min(value * (isHex ? 16 : 10) + UInt32(digit), 0x11_0000)
        }
        guard value != 0, let scalar = Unicode.Scalar(value) else { return "\u{FFFD}" }
        return HTMLScanner.isPrintable(scalar) ? String(Character(scalar)) : ""
    }

    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "AMP": "&", "LT": "<",
        "GT": ">", "QUOT": "\"", "iexcl": "¡", "cent": "¢", "pound": "£", "curren": "¤", "yen": "¥", "brvbar": "¦",
        "sect": "§", "uml": "¨", "copy": "©", "ordf": "ª", "laquo": "«", "not": "¬", "shy": "\u{AD}", "reg": "®",
        "macr": "¯", "deg": "°", "plusmn": "±", "sup2": "²", "sup3": "³", "acute": "´", "micro": "µ", "para": "¶",
        "middot": "·", "cedil": "¸", "sup1": "¹", "ordm": "º", "raquo": "»", "frac14": "¼", "frac12": "½",
        "frac34": "¾", "iquest": "¿", "Agrave": "À", "Aacute": "Á", "Acirc": "Â", "Atilde": "Ã", "Auml": "Ä",
        "Aring": "Å", "AElig": "Æ", "Ccedil": "Ç", "Egrave": "È", "Eacute": "É", "Ecirc": "Ê", "Euml": "Ë",
        "Igrave": "Ì", "Iacute": "Í", "Icirc": "Î", "Iuml": "Ï", "ETH": "Ð", "Ntilde": "Ñ", "Ograve": "Ò",
        "Oacute": "Ó", "Ocirc": "Ô", "Otilde": "Õ", "Ouml": "Ö", "times": "×", "Oslash": "Ø", "Ugrave": "Ù",
        "Uacute": "Ú", "Ucirc": "Û", "Uuml": "Ü", "Yacute": "Ý", "THORN": "Þ", "szlig": "ß", "agrave": "à",
        "aacute": "á", "acirc": "â", "atilde": "ã", "auml": "ä", "aring": "å", "aelig": "æ", "ccedil": "ç",
        "egrave": "è", "eacute": "é", "ecirc": "ê", "euml": "ë", "igrave": "ì", "iacute": "í", "icirc": "î",
        "iuml": "ï", "eth": "ð", "ntilde": "ñ", "ograve": "ò", "oacute": "ó", "ocirc": "ô", "otilde": "õ",
        "ouml": "ö", "divide": "÷", "oslash": "ø", "ugrave": "ù", "uacute": "ú", "ucirc": "û", "uuml": "ü",
        "yacute": "ý", "thorn": "þ", "yuml": "ÿ", "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š",
        "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”",
        "bdquo": "„", "dagger": "†", "Dagger": "‡", "bull": "•", "hellip": "…", "permil": "‰", "prime": "′",
        "Prime": "″", "lsaquo": "‹", "rsaquo": "›", "euro": "€", "trade": "™", "larr": "←", "uarr": "↑",
        "rarr": "→", "darr": "↓", "harr": "↔", "rArr": "⇒", "hArr": "⇔", "minus": "−", "infin": "∞", "asymp": "≈",
        "ne": "≠", "le": "≤", "ge": "≥", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
        "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "tau": "τ", "omega": "ω", "Delta": "Δ", "Sigma": "Σ",
        "Omega": "Ω", "sum": "∑", "radic": "√", "check": "✓", "hearts": "♥",
    ]
}
