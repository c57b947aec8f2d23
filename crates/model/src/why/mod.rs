//! Why is it red? Where the time of slow requests goes, which resource is full, what fails first, what costs most, and the
//! formulas with the live numbers in them: all from the run's own data.
//!
//! [`explain`] computes numbers alone and changes nothing in the run; [`words`] has the sentences around them. The page asks
//! the session for it, the command line prints it.

mod formulas;
mod load;
mod slow;
mod tries;
mod trouble;
pub mod words;

pub use formulas::Formula;
pub use load::{Load, Resource};
pub use slow::{Part, Slow};
pub use tries::{Try, What};
pub use trouble::{Cause, Charge, Errors, Money};

use crate::design::Design;
use crate::sim::Simulation;
use headroom_engine::SimTime;
use serde::{Deserialize, Serialize};

/// What is known of why a run is as it is at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Time over which resources are looked at, up to the end of the last window [s]; 0 where nothing is known yet.
    pub look_s: f64,
    /// Where the time of slow requests goes.
    pub slow: Slow,
    /// The parts that are used most, the fullest first.
    pub resources: Vec<Resource>,
    /// What fails, and where first.
    pub errors: Errors,
    /// What costs most.
    pub money: Money,
    /// The laws behind it with the live numbers in them.
    pub formulas: Vec<Formula>,
    /// What might help: against waiting, against errors, against cost.
    pub tries: Vec<Try>,
}

/// Explains a run of `design` as it is now.
pub fn explain(design: &Design, sim: &Simulation) -> Why {
    let slow = slow::of(&sim.traces());
    let resources = load::resources(sim);
    let errors = trouble::errors(sim);
    let money = trouble::money(sim);
    let formulas = formulas::of(design, sim, &slow, &resources, &money);
    let tries = tries::of(design, sim, &slow, &resources, &errors);
    Why { look_s: load::look_s(sim), slow, resources, errors, money, formulas, tries }
}

/// Runs a design to a moment [s], or to its end, and explains it.
pub fn explain_at(design: &Design, at_s: Option<f64>) -> Why {
    let mut sim = Simulation::new(design);
    sim.run_until(at_s.map_or(sim.end(), SimTime::from_secs_f64), u64::MAX);
    explain(design, &sim)
}

#[cfg(test)]
mod tests;
