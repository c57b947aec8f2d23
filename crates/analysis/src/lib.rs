//! Replications, confidence intervals and analytic formulas.
