@main
struct OpenHive {
    static func main() {}
}
