//! A curve per server: the cost of a delivery as the group grows.

use std::collections::BTreeMap;

use chanx_bench::{Summary, median};

use crate::svg::{Anchor, Point, Svg, WIDTH, colour};

const LEFT: f64 = 60.0;
const RIGHT: f64 = WIDTH - 40.0;
const HEIGHT: f64 = 240.0;

/// Microseconds per delivery, by the number of members.
type Curve = Vec<(f64, f64)>;

pub(crate) fn draw(summary: &Summary, svg: &mut Svg) {
    let curves: Vec<Curve> = summary
        .servers()
        .iter()
        .map(|server| curve(summary, server))
        .collect();
    if curves.iter().all(|curve| curve.len() < 2) {
        return;
    }

    let top = svg.below(HEIGHT + 66.0) + 36.0;
    let axes = Axes::of(&curves, top);
    svg.text(
        Point {
            x: 10.0,
            y: top - 14.0,
        },
        Anchor::Start,
        "microseconds of processor time per delivery, by members of the group",
    );
    axes.draw(svg, &curves);
    for (number, curve) in curves.iter().enumerate() {
        let points: Vec<Point> = curve.iter().map(|&value| axes.point(value)).collect();
        svg.curve(&points, colour(number));
        for (&point, (members, cost)) in points.iter().zip(curve) {
            svg.dot(
                point,
                colour(number),
                &format!("{members} members: {cost:.1} µs"),
            );
        }
    }
}

/// Workloads with one group; those with many side by side are another matter.
fn curve(summary: &Summary, server: &str) -> Curve {
    let mut costs: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for workload in summary.workloads() {
        for row in summary.rows(workload, server) {
            if let Some(members) = row.members.filter(|&members| members == row.connections) {
                costs.entry(members).or_default().push(row.cost());
            }
        }
    }
    costs
        .into_iter()
        .filter_map(|(members, costs)| Some((members as f64, median(costs)?)))
        .collect()
}

/// Members by their logarithm, cost from zero.
struct Axes {
    top: f64,
    fewest: f64,
    most: f64,
    dearest: f64,
}

impl Axes {
    fn of(curves: &[Curve], top: f64) -> Self {
        let members = || curves.iter().flatten().map(|(members, _)| *members);
        let costs = curves.iter().flatten().map(|(_, cost)| *cost);
        Self {
            top,
            fewest: members().fold(f64::INFINITY, f64::min),
            most: members().fold(0.0, f64::max),
            dearest: (costs.fold(0.0, f64::max) / 5.0).ceil() * 5.0,
        }
    }

    fn point(&self, (members, cost): (f64, f64)) -> Point {
        let across = (members / self.fewest).ln() / (self.most / self.fewest).ln();
        Point {
            x: LEFT + (RIGHT - LEFT) * across,
            y: self.top + HEIGHT * (1.0 - cost / self.dearest),
        }
    }

    fn draw(&self, svg: &mut Svg, curves: &[Curve]) {
        for fifth in 0..=5 {
            let cost = self.dearest * f64::from(fifth) / 5.0;
            let at = self.point((self.fewest, cost));
            svg.rule(at, Point { x: RIGHT, y: at.y });
            svg.text(
                Point {
                    x: LEFT - 12.0,
                    y: at.y + 4.0,
                },
                Anchor::End,
                &format!("{cost}"),
            );
        }
        let longest = curves.iter().max_by_key(|curve| curve.len());
        for &(members, _) in longest.into_iter().flatten() {
            let at = self.point((members, 0.0));
            svg.text(
                Point {
                    x: at.x,
                    y: at.y + 18.0,
                },
                Anchor::Middle,
                &format!("{members}"),
            );
        }
    }
}
