//! Tables of the ziggurat method for the exponential and the normal law.
//!
//! 256 layers of equal area under the (unscaled) density, computed once with `libm`. Constants: Marsaglia and Tsang,
//! "The ziggurat method for generating random variables", J. Stat. Software 5(8), 2000; in full double precision as in
//! Doornik, "An improved ziggurat method", 2005.

use std::fmt;
use std::sync::OnceLock;

/// Where the exponential's last layer ends.
pub(crate) const EXP_TAIL: f64 = 7.697_117_470_131_05;
const EXP_AREA: f64 = 0.003_949_659_822_581_557;

/// Where the normal's last layer ends.
pub(crate) const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_974_655;

/// Right edges `x` of the layers from the bottom to the top, and the density `f` at them.
pub(crate) struct Layers {
    pub x: [f64; 257],
    pub f: [f64; 257],
}

pub(crate) struct Tables {
    pub exp: Layers,
    pub normal: Layers,
}

/// Constants: a stream that is printed is not to print a thousand of them.
impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tables")
    }
}

/// The tables, made on first use.
pub(crate) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables {
        exp: layers(EXP_TAIL, EXP_AREA, |x| libm::exp(-x), |y| -libm::log(y)),
        normal: layers(
            NORMAL_TAIL,
            NORMAL_AREA,
            |x| libm::exp(-0.5 * x * x),
            |y| libm::sqrt(-2.0 * libm::log(y)),
        ),
    })
}

fn layers(tail: f64, area: f64, density: impl Fn(f64) -> f64, inverse: impl Fn(f64) -> f64) -> Layers {
    let mut x = [0.0; 257];
    // Layer 0 stands for its rectangle and the tail; its edge is where a rectangle of that area would end.
    x[0] = area / density(tail);
    x[1] = tail;
    for i in 2..256 {
        x[i] = inverse(density(x[i - 1]) + area / x[i - 1]);
    }
    Layers { f: x.map(&density), x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_layers_have_the_same_area_and_the_last_ends_at_the_top() {
        for (t, area) in [(&tables().exp, EXP_AREA), (&tables().normal, NORMAL_AREA)] {
            for i in 1..256 {
                let layer = t.x[i] * (t.f[i + 1] - t.f[i]);
                // The tabulated tail fixes the top layer to about 1e-12.
                assert!((layer / area - 1.0).abs() < 1e-9, "layer {i}: {layer}");
                assert!(t.x[i + 1] < t.x[i]);
            }
            assert_eq!((t.x[256], t.f[256]), (0.0, 1.0));
        }
    }
}
