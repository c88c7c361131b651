//! Draws the rows of `results.jsonl` as one SVG.
//!
//! ```sh
//! target/release/plot target/bench/results.jsonl > target/bench/performance.svg
//! ```
//!
//! Above, what each server spends per workload against `raw-axum`; below, where
//! broadcasts were measured, what a delivery costs as the group grows. The
//! background is left clear and the colours are of middling lightness, so that
//! it can be read on a light page as on a dark one.

mod ratios;
mod scale;
mod svg;

use std::{env, io, path::Path};

use chanx_bench::{Summary, read_rows};

use crate::svg::Svg;

fn main() -> io::Result<()> {
    let file = env::args_os()
        .nth(1)
        .ok_or_else(|| io::Error::other("usage: plot results.jsonl"))?;
    let summary = Summary::new(read_rows(Path::new(&file))?);

    let mut svg = Svg::new();
    svg.legend(&summary.servers());
    ratios::draw(&summary, &mut svg);
    scale::draw(&summary, &mut svg);
    println!("{svg}");
    Ok(())
}
