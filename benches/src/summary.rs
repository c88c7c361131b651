//! Rounds of rows brought down to medians.

use crate::row::Row;

/// The server that ratios are taken to.
const BASELINE: &str = "raw-axum";

/// Every workload and server that rows were measured for, in the order in
/// which they first came.
#[derive(Debug)]
pub struct Summary {
    rows: Vec<Row>,
}

/// The summary of all rounds of one workload on one server.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The median of [`Row::cost`].
    pub cost: f64,
    /// The median of the per-round ratios to `raw-axum`; none without a round
    /// that measured both.
    pub ratio: Option<f64>,
}

impl Summary {
    /// Takes the rows of any number of rounds.
    pub fn new(rows: Vec<Row>) -> Self {
        Self { rows }
    }

    /// The names of the servers.
    pub fn servers(&self) -> Vec<&str> {
        distinct(self.rows.iter().map(|row| row.server.as_str()))
    }

    /// The names of the workloads.
    pub fn workloads(&self) -> Vec<&str> {
        distinct(self.rows.iter().map(|row| row.workload.as_str()))
    }

    /// The rounds of one workload on one server.
    pub fn rows<'a>(&'a self, workload: &'a str, server: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows
            .iter()
            .filter(move |row| row.workload == workload && row.server == server)
    }

    /// The median of any figure of those rounds; none where there are none.
    pub fn median_of(
        &self,
        workload: &str,
        server: &str,
        figure: impl Fn(&Row) -> Option<f64>,
    ) -> Option<f64> {
        median(self.rows(workload, server).filter_map(figure).collect())
    }

    /// The costs of one workload for one server.
    pub fn cell(&self, workload: &str, server: &str) -> Option<Cell> {
        let cost = self.median_of(workload, server, |row| Some(row.cost()))?;
        let ratio = self.ratio(workload, server, BASELINE);
        Some(Cell { cost, ratio })
    }

    /// The median of what `server` costs against `other` in the same round.
    pub fn ratio(&self, workload: &str, server: &str, other: &str) -> Option<f64> {
        self.median_of(workload, server, |row| {
            Some(row.cost() / self.beside(row, other)?.cost())
        })
    }

    /// The row that another server got in the same round.
    fn beside(&self, row: &Row, server: &str) -> Option<&Row> {
        self.rows.iter().find(|other| {
            other.server == server && other.workload == row.workload && other.round == row.round
        })
    }
}

/// The middle value, or the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Latency;

    fn row(server: &str, round: u32, cost: f64) -> Row {
        Row {
            server: server.to_owned(),
            round,
            workload: "echo-1".to_owned(),
            connections: 1,
            members: None,
            messages: 1,
            seconds: 1.0,
            rate: 1.0,
            cpu_us_per_message: cost,
            server_busy: 1.0,
            server_waited: 0.0,
            driver_busy: 1.0,
            latency: Some(Latency {
                p50_us: 1.0,
                p99_us: 2.0,
                p999_us: 3.0,
            }),
            bytes_per_connection: None,
        }
    }

    #[test]
    fn the_median_of_none_is_none_and_of_two_their_mean() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(vec![9.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let rows = vec![
            row("raw-axum", 1, 10.0),
            row("other", 1, 5.0),
            row("raw-axum", 2, 40.0),
            row("other", 2, 20.0),
            row("raw-axum", 3, 2.0),
        ];

        let cell = Summary::new(rows).cell("echo-1", "other");

        assert_eq!(
            cell,
            Some(Cell {
                cost: 12.5,
                ratio: Some(0.5)
            })
        );
    }

    #[test]
    fn without_a_baseline_there_is_a_cost_but_no_ratio() {
        let cell = Summary::new(vec![row("other", 1, 5.0)]).cell("echo-1", "other");

        assert_eq!(
            cell,
            Some(Cell {
                cost: 5.0,
                ratio: None
            })
        );
    }

    #[test]
    fn a_row_survives_being_written_and_read() {
        let written = row("raw-axum", 1, 10.0);

        let line = serde_json::to_string(&written).unwrap();

        assert_eq!(serde_json::from_str::<Row>(&line).unwrap(), written);
    }
}
