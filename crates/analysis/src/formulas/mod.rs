//! What theory says: formulas in closed form, or summed and solved to the last digits, each with its source.
//!
//! Times are in seconds and rates per second unless a comment says otherwise. A system that does not settle
//! (utilisation 1 or more with an unbounded queue) has infinite times.

pub mod caches;
pub mod closed;
pub mod patience;
pub mod queues;
pub mod replication;
pub mod resilience;
pub mod sharding;

/// The root of an increasing function between `low` and `high`, by bisection down to neighbouring numbers.
fn root(mut low: f64, mut high: f64, increasing: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if increasing(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Relative agreement with a published value, which has about ten digits.
#[cfg(test)]
fn assert_close(what: &str, got: f64, published: f64) {
    assert!((got - published).abs() <= 1e-9 * published.abs().max(1e-3), "{what}: {got} and {published}");
}
