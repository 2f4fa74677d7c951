/// The version of this program, as `--version`, `/openapi.json` and `.well-known` tell it.
public enum ProgramVersion {
    public static let text = "0.1.0"
}
