//! A line per workload, on it a dot per server: its cost against `raw-axum`.

use chanx_bench::Summary;

use crate::svg::{Anchor, Point, Svg, WIDTH, colour};

const LEFT: f64 = 170.0;
const RIGHT: f64 = WIDTH - 20.0;
const LINE: f64 = 24.0;

pub(crate) fn draw(summary: &Summary, svg: &mut Svg) {
    let workloads = summary.workloads();
    let lines = LINE * workloads.len() as f64;
    let top = svg.below(lines + 80.0) + 36.0;
    let axis = Axis::of(summary);

    svg.text(
        Point { x: 10.0, y: top - 14.0 },
        Anchor::Start,
        "cost against raw-axum: processor time per message, memory per idle connection; less is better",
    );
    axis.draw(svg, top, top + lines);
    for (line, workload) in workloads.iter().enumerate() {
        let y = top + LINE * (line as f64 + 0.5);
        svg.text(
            Point {
                x: LEFT - 12.0,
                y: y + 4.0,
            },
            Anchor::End,
            workload,
        );
        svg.rule(Point { x: LEFT, y }, Point { x: RIGHT, y });
        for (number, server) in summary.servers().into_iter().enumerate() {
            let Some(ratio) = summary.cell(workload, server).and_then(|cell| cell.ratio) else {
                continue;
            };
            svg.dot(
                Point {
                    x: axis.x(ratio),
                    y,
                },
                colour(number),
                &format!("{server}: {ratio:.2}"),
            );
        }
    }
}

/// From zero to a little more than the greatest ratio.
struct Axis {
    end: f64,
}

impl Axis {
    const STEP: f64 = 0.25;

    fn of(summary: &Summary) -> Self {
        let mut end: f64 = 1.0;
        for workload in summary.workloads() {
            for server in summary.servers() {
                let ratio = summary.cell(workload, server).and_then(|cell| cell.ratio);
                end = end.max(ratio.unwrap_or(0.0));
            }
        }
        Self {
            end: (end / Self::STEP).floor() * Self::STEP + Self::STEP,
        }
    }

    fn x(&self, ratio: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * ratio / self.end
    }

    fn draw(&self, svg: &mut Svg, top: f64, bottom: f64) {
        for step in 0..=(self.end / Self::STEP) as usize {
            let ratio = Self::STEP * step as f64;
            let x = self.x(ratio);
            svg.rule(Point { x, y: top }, Point { x, y: bottom });
            svg.text(
                Point {
                    x,
                    y: bottom + 18.0,
                },
                Anchor::Middle,
                &format!("{ratio}"),
            );
        }
    }
}
