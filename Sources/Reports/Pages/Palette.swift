/// The colours of a page, for light and for dark surroundings.
///
/// Texts keep a contrast of 4.5 to the background, and marks of 3, as WCAG 2.1 asks (1.4.3 and 1.4.11); a test holds
/// both. The six series are Okabe and Ito's, which colour-blind readers tell apart, darkened or lightened to that end.
enum Palette {
    struct Colour: Equatable {
        var name: String
        var light: String
        var dark: String
    }

    static let background = Colour(name: "background", light: "#ffffff", dark: "#15181c")
    static let panel = Colour(name: "panel", light: "#f3f5f7", dark: "#1e2329")

    /// One for each ink, by its name.
    static let inks: [Colour] = [
        Colour(name: "text", light: "#1a1d21", dark: "#e6e8ea"),
        Colour(name: "muted", light: "#5b6570", dark: "#9aa5b1"),
        Colour(name: "grid", light: "#dfe3e8", dark: "#343b44"),
        Colour(name: "first", light: "#0b6aa8", dark: "#5cb3e8"),
        Colour(name: "second", light: "#b45300", dark: "#eda23f"),
        Colour(name: "third", light: "#00795a", dark: "#2fbf95"),
        Colour(name: "fourth", light: "#a8487f", dark: "#dd92bd"),
        Colour(name: "fifth", light: "#6b6f00", dark: "#d3cb49"),
        Colour(name: "sixth", light: "#6a4fb3", dark: "#b09ae8"),
        Colour(name: "alert", light: "#b3261e", dark: "#f28b82"),
    ]

    /// CSS that sets one variable for each colour.
    static var variables: String {
        let colours = [background, panel] + inks
        let light = colours.map { "--\($0.name):\($0.light)" }.joined(separator: ";")
        let dark = colours.map { "--\($0.name):\($0.dark)" }.joined(separator: ";")
        return """
            :root{color-scheme:light dark;\(light)}
            @media (prefers-color-scheme:dark){:root{\(dark)}}
            @media print{:root{\(light)}}
            """
    }
}
