//! A picture that grows downwards.

use std::fmt::{self, Display, Write};

pub(crate) const WIDTH: f64 = 720.0;

/// One a server, in the order in which they were measured.
const COLOURS: [&str; 6] = [
    "#8b949e", "#3b8eea", "#e0762f", "#2da160", "#a371f7", "#d6477f",
];

/// Elements written as text. Charts take their place from [`Svg::below`].
pub(crate) struct Svg {
    body: String,
    height: f64,
}

#[derive(Clone, Copy)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// Where a text stands, seen from its point.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    pub(crate) fn new() -> Self {
        Self {
            body: String::new(),
            height: 0.0,
        }
    }

    /// Makes room and gives back where it begins.
    pub(crate) fn below(&mut self, height: f64) -> f64 {
        let top = self.height;
        self.height += height;
        top
    }

    pub(crate) fn legend(&mut self, servers: &[&str]) {
        let y = self.below(30.0) + 16.0;
        for (number, server) in servers.iter().enumerate() {
            let x = 10.0 + 150.0 * number as f64;
            self.dot(Point { x, y: y - 4.0 }, colour(number), server);
            self.text(Point { x: x + 10.0, y }, Anchor::Start, server);
        }
    }

    pub(crate) fn text(&mut self, at: Point, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.element(format_args!(
            r#"<text x="{:.1}" y="{:.1}" text-anchor="{anchor}">{}</text>"#,
            at.x,
            at.y,
            escaped(text)
        ));
    }

    /// A thin grey line of a grid.
    pub(crate) fn rule(&mut self, from: Point, to: Point) {
        self.element(format_args!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}"/>"#,
            from.x, from.y, to.x, to.y
        ));
    }

    /// A measured value; pointing at it shows the title.
    pub(crate) fn dot(&mut self, at: Point, colour: &str, title: &str) {
        self.element(format_args!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="4.5" fill="{colour}"><title>{}</title></circle>"#,
            at.x,
            at.y,
            escaped(title)
        ));
    }

    pub(crate) fn curve(&mut self, points: &[Point], colour: &str) {
        let points: Vec<String> = points
            .iter()
            .map(|point| format!("{:.1},{:.1}", point.x, point.y))
            .collect();
        self.element(format_args!(
            r#"<polyline points="{}" stroke="{colour}"/>"#,
            points.join(" ")
        ));
    }

    fn element(&mut self, element: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{element}");
    }
}

impl Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {}" font-family="sans-serif" font-size="12">"#,
            self.height
        )?;
        writeln!(
            f,
            "<style>text {{ fill: #7d8590 }} line {{ stroke: #7d8590; stroke-opacity: .35 }} \
             polyline {{ fill: none; stroke-width: 2 }}</style>"
        )?;
        write!(f, "{}</svg>", self.body)
    }
}

pub(crate) fn colour(server: usize) -> &'static str {
    COLOURS[server % COLOURS.len()]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
