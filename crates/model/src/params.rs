//! How a kind declares its params: once, and from there the struct, reading and writing, validation, the inspector's
//! field, the schema and the documentation row.

use crate::faults::Faults;
use crate::text::Text;
use crate::traffic::Curve;
use headroom_engine::Law;
use serde_json::{Map, Value, json};

/// How a param is edited and what it may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Widget {
    /// A number in `[min, max]`.
    Number {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
        /// Whole numbers only.
        integer: bool,
        /// `null` is allowed and means "none" or "no limit".
        optional: bool,
    },
    /// A switch.
    Switch,
    /// One of a few names.
    Choice(&'static [ChoiceSpec]),
    /// A probability law of a duration.
    Law,
    /// A rate curve over time.
    Curve,
}

impl Widget {
    const fn number(integer: bool) -> Self {
        Widget::Number { min: f64::MIN, max: f64::MAX, integer, optional: false }
    }

    /// The same for values in `[min, max]`; without an order there is no range.
    pub(crate) const fn within(self, min: f64, max: f64) -> Self {
        match self {
            Widget::Number { integer, optional, .. } => Widget::Number { min, max, integer, optional },
            other => other,
        }
    }
}

/// One name of a choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChoiceSpec {
    /// The name in the design file.
    pub name: &'static str,
    /// What the user reads.
    pub label: Text,
    /// What it does, in a sentence.
    pub help: Text,
}

/// One param of a kind, as every reader of specs sees it.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec {
    /// The name in the design file, with its unit last.
    pub name: &'static str,
    /// What the user reads.
    pub label: Text,
    /// What it does, in a sentence or two.
    pub help: Text,
    /// The unit, or empty.
    pub unit: &'static str,
    /// How it is edited.
    pub widget: Widget,
    /// The default, as in a design file.
    pub default: fn() -> Value,
}

/// A type that a param can have.
pub trait ParamValue: Sized + Clone + PartialEq {
    /// How it is edited; numbers are given their range by [`Widget::within`].
    const WIDGET: Widget;
    /// Reads a value of a design file.
    ///
    /// # Errors
    /// What would have been right.
    fn read(value: &Value, lo: f64, hi: f64) -> Result<Self, String>;
    /// The value as a design file holds it.
    fn write(&self) -> Value;
}

fn number(value: &Value, lo: f64, hi: f64) -> Result<f64, String> {
    match value.as_f64() {
        Some(x) if x.is_finite() && x >= lo && x <= hi => Ok(x),
        Some(x) => Err(format!("{x} is out of range; give a number from {lo} to {hi}")),
        None => Err(format!("{} is not a number; give one from {lo} to {hi}", brief(value))),
    }
}

fn integer(value: &Value, lo: f64, hi: f64) -> Result<f64, String> {
    let x = number(value, lo, hi)?;
    if x.fract() == 0.0 {
        Ok(x)
    } else {
        Err(format!("{x} is not a whole number; give one from {lo} to {hi}"))
    }
}

/// A value shortened for an error message.
pub(crate) fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 { text } else { text.chars().take(37).chain("...".chars()).collect() }
}

impl ParamValue for f64 {
    const WIDGET: Widget = Widget::number(false);
    fn read(value: &Value, lo: f64, hi: f64) -> Result<Self, String> {
        number(value, lo, hi)
    }
    fn write(&self) -> Value {
        number_json(*self)
    }
}

/// A number as canonical JSON: whole numbers without a fraction.
pub(crate) fn number_json(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 9e15 { json!(x as i64) } else { json!(x) }
}

macro_rules! whole_param {
    ($($ty:ty),*) => { $(impl ParamValue for $ty {
        const WIDGET: Widget = Widget::number(true);
        fn read(value: &Value, lo: f64, hi: f64) -> Result<Self, String> {
            integer(value, lo, hi).map(|x| x as $ty)
        }
        fn write(&self) -> Value {
            json!(self)
        }
    })* };
}
whole_param!(u32, u64);

impl<T: ParamValue> ParamValue for Option<T> {
    const WIDGET: Widget = match T::WIDGET {
        Widget::Number { min, max, integer, .. } => Widget::Number { min, max, integer, optional: true },
        other => other,
    };
    fn read(value: &Value, lo: f64, hi: f64) -> Result<Self, String> {
        if value.is_null() {
            Ok(None)
        } else {
            T::read(value, lo, hi).map(Some).map_err(|e| format!("{e}, or null"))
        }
    }
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, ParamValue::write)
    }
}

impl ParamValue for bool {
    const WIDGET: Widget = Widget::Switch;
    fn read(value: &Value, _: f64, _: f64) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| format!("{} is neither true nor false", brief(value)))
    }
    fn write(&self) -> Value {
        json!(self)
    }
}

/// Names of the laws of a duration, with the fields (in ms, or plain) that each has.
pub const LAW_FIELDS: &[(&str, &[&str])] = &[
    ("deterministic", &["mean_ms"]),
    ("exponential", &["mean_ms"]),
    ("lognormal", &["mean_ms", "cv"]),
    ("gamma", &["mean_ms", "cv"]),
    ("hyperexponential", &["mean_ms", "cv"]),
    ("uniform", &["min_ms", "max_ms"]),
    ("bounded_pareto", &["alpha", "min_ms", "max_ms"]),
    ("pareto", &["alpha", "min_ms"]),
];

/// A duration longer than this makes no sense as a service time [ms].
const LAW_MS_MAX: f64 = 3_600_000.0;

/// `{"law": "lognormal", "mean_ms": 10, "cv": 1.5}` and its like, see [`LAW_FIELDS`].
impl ParamValue for Law {
    const WIDGET: Widget = Widget::Law;

    fn read(value: &Value, _: f64, _: f64) -> Result<Self, String> {
        let names = || LAW_FIELDS.iter().map(|f| f.0).collect::<Vec<_>>().join(", ");
        let object = value.as_object().ok_or_else(|| {
            format!(
                "{} is not a law; write for example {{\"law\": \"exponential\", \"mean_ms\": 10}}",
                brief(value)
            )
        })?;
        let name = object
            .get("law")
            .and_then(Value::as_str)
            .ok_or_else(|| format!("\"law\" is missing; it is one of {}", names()))?;
        let (_, fields) = LAW_FIELDS
            .iter()
            .find(|f| f.0 == name)
            .ok_or_else(|| format!("\"{name}\" is not a law; known are {}", names()))?;
        if let Some(unknown) = object.keys().find(|k| *k != "law" && !fields.contains(&k.as_str())) {
            return Err(format!(
                "\"{unknown}\" is not a field of the {name} law; it has {}",
                fields.join(", ")
            ));
        }
        let field = |f: &str, lo: f64, hi: f64| -> Result<f64, String> {
            let value = object.get(f).ok_or_else(|| format!("the {name} law wants \"{f}\""))?;
            number(value, lo, hi).map_err(|e| format!("{f}: {e}"))
        };
        let ms = |f: &str| field(f, 0.0, LAW_MS_MAX).map(|x| x / 1e3);
        let cv = |lo: f64| field("cv", lo, 20.0);
        let law = match name {
            "deterministic" => Law::Deterministic { mean: ms("mean_ms")? },
            "exponential" => Law::Exponential { mean: ms("mean_ms")? },
            "lognormal" => Law::Lognormal { mean: ms("mean_ms")?, cv: cv(0.0)? },
            "gamma" => Law::Gamma { mean: ms("mean_ms")?, cv: cv(0.01)? },
            "hyperexponential" => Law::Hyperexponential { mean: ms("mean_ms")?, cv: cv(1.0)? },
            "uniform" => Law::Uniform { min: ms("min_ms")?, max: ms("max_ms")? },
            "bounded_pareto" => Law::BoundedPareto {
                alpha: field("alpha", 0.1, 10.0)?,
                min: ms("min_ms")?,
                max: ms("max_ms")?,
            },
            _ => Law::Pareto { alpha: field("alpha", 1.01, 10.0)?, min: ms("min_ms")? },
        };
        law.validate()?;
        Ok(law)
    }

    fn write(&self) -> Value {
        let ms = |s: f64| number_json(ms_of_secs(s));
        match *self {
            Law::Deterministic { mean } => json!({"law": "deterministic", "mean_ms": ms(mean)}),
            Law::Exponential { mean } => json!({"law": "exponential", "mean_ms": ms(mean)}),
            Law::Lognormal { mean, cv } => {
                json!({"law": "lognormal", "mean_ms": ms(mean), "cv": number_json(cv)})
            }
            Law::Gamma { mean, cv } => json!({"law": "gamma", "mean_ms": ms(mean), "cv": number_json(cv)}),
            Law::Hyperexponential { mean, cv } => {
                json!({"law": "hyperexponential", "mean_ms": ms(mean), "cv": number_json(cv)})
            }
            Law::Uniform { min, max } => json!({"law": "uniform", "min_ms": ms(min), "max_ms": ms(max)}),
            Law::BoundedPareto { alpha, min, max } => {
                json!({"law": "bounded_pareto", "alpha": number_json(alpha), "min_ms": ms(min), "max_ms": ms(max)})
            }
            Law::Pareto { alpha, min } => {
                json!({"law": "pareto", "alpha": number_json(alpha), "min_ms": ms(min)})
            }
        }
    }
}

/// The milliseconds in the fewest digits that are read back as these very seconds: a link must give the same run as the
/// file that it was made of, to the bit.
fn ms_of_secs(s: f64) -> f64 {
    let near = s * 1e3;
    let rounded =
        (0..17).map(|digits| format!("{near:.digits$e}").parse().expect("a formatted number parses"));
    // The product may be a rounding away from the number that a user wrote.
    rounded.chain([near.next_down(), near.next_up()]).find(|ms| ms / 1e3 == s).unwrap_or(near)
}

impl ParamValue for Curve {
    const WIDGET: Widget = Widget::Curve;
    fn read(value: &Value, _: f64, _: f64) -> Result<Self, String> {
        Curve::from_json(value)
    }
    fn write(&self) -> Value {
        self.to_json()
    }
}

/// A closed set of named values that a param can take: an enum, its names and what the user reads of each.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ pub enum $name:ident { $($(#[doc = $vdoc:literal])+ $variant:ident = $tag:literal, $en:literal, $ko:literal, $ko_help:literal;)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[doc = $vdoc])+ $variant),+ }

        impl $name {
            /// Every value, in the order in which a user sees them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Names and texts of the values, in the order of [`Self::ALL`].
            pub const CHOICES: &'static [$crate::params::ChoiceSpec] = &[$($crate::params::ChoiceSpec {
                name: $tag,
                label: $crate::text::Text::new($en, $ko),
                help: $crate::text::Text::new(concat!($($vdoc),+).trim_ascii(), $ko_help),
            }),+];
            /// The name in a design file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $tag),+ }
            }
        }

        impl $crate::params::ParamValue for $name {
            const WIDGET: $crate::params::Widget = $crate::params::Widget::Choice(Self::CHOICES);
            fn read(value: &serde_json::Value, _: f64, _: f64) -> Result<Self, String> {
                let names = || Self::CHOICES.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
                match value.as_str() {
                    $(Some($tag) => Ok(Self::$variant),)+
                    _ => Err(format!("{} is not known here; give one of {}", $crate::params::brief(value), names())),
                }
            }
            fn write(&self) -> serde_json::Value {
                serde_json::Value::from(self.name())
            }
        }
    };
}

/// What every kind's params can do, whatever they are.
pub trait Params: Sized + Clone + Default + PartialEq {
    /// Every param, in the order in which a user sees them.
    fn specs() -> &'static [ParamSpec];
    /// Reads one param by name.
    fn get(&self, name: &str) -> Option<Value>;
    /// Sets one param by name.
    ///
    /// # Errors
    /// What would have been right, or that there is no such param.
    fn set(&mut self, name: &str, value: &Value) -> Result<(), String>;

    /// Reads the `params` object of a node; what is left out has its default. Faults go to `faults`.
    fn from_map(map: &Map<String, Value>, path: &str, faults: &mut Faults) -> Self {
        let mut params = Self::default();
        for (name, value) in map {
            if let Err(reason) = params.set(name, value) {
                faults.add(format!("{path}.{name}"), reason);
            }
        }
        params
    }

    /// The `params` object of a node, defaults left out.
    fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        for spec in Self::specs() {
            let value = self.get(spec.name).expect("a spec names a param");
            if value != (spec.default)() {
                map.insert(spec.name.to_owned(), value);
            }
        }
        map
    }
}

/// Declares the params of a kind, each once.
///
/// A line reads: documentation, `name: type = default, least..=greatest, unit, English label, Korean label, Korean
/// documentation;`. The range is ignored for types without an order.
macro_rules! params {
    ($(#[doc = $sdoc:literal])+ pub struct $name:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $ty:ty = $default:expr, $lo:literal ..= $hi:literal, $unit:literal, $en:literal, $ko:literal, $ko_doc:literal;)+
    }) => {
        $(#[doc = $sdoc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[doc = $doc])+ pub $field: $ty),+ }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default),+ }
            }
        }

        impl $crate::params::Params for $name {
            fn specs() -> &'static [$crate::params::ParamSpec] {
                static SPECS: &[$crate::params::ParamSpec] = &[$($crate::params::ParamSpec {
                    name: stringify!($field),
                    label: $crate::text::Text::new($en, $ko),
                    help: $crate::text::Text::new(concat!($($doc),+).trim_ascii(), $ko_doc),
                    unit: $unit,
                    widget: <$ty as $crate::params::ParamValue>::WIDGET.within($lo as f64, $hi as f64),
                    default: || { let value: $ty = $default; $crate::params::ParamValue::write(&value) },
                }),+];
                SPECS
            }
            fn get(&self, name: &str) -> Option<serde_json::Value> {
                match name {
                    $(stringify!($field) => Some($crate::params::ParamValue::write(&self.$field)),)+
                    _ => None,
                }
            }
            fn set(&mut self, name: &str, value: &serde_json::Value) -> Result<(), String> {
                match name {
                    $(stringify!($field) => { self.$field = <$ty as $crate::params::ParamValue>::read(value, $lo as f64, $hi as f64)?; Ok(()) })+
                    _ => Err(format!("there is no such param; known are {}", [$(stringify!($field)),+].join(", "))),
                }
            }
        }
    };
}

pub(crate) use {choice, params};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_law_is_written_as_it_was_read() {
        let mut ms = 0.000_123_456_789_f64;
        while ms < 3.0e6 {
            for text in [format!("{ms}"), format!("{ms:.1}"), format!("{ms:.3}"), format!("{}", ms.round())] {
                let value: Value =
                    serde_json::from_str(&format!(r#"{{"law": "exponential", "mean_ms": {text}}}"#)).unwrap();
                let law = Law::read(&value, 0.0, 0.0).unwrap();
                let again: Value = serde_json::from_str(&law.write().to_string()).unwrap();
                assert_eq!(Law::read(&again, 0.0, 0.0).unwrap(), law, "{text}");
                assert!(
                    law.write()["mean_ms"].to_string().len() <= text.len() + 2,
                    "{text}: {}",
                    law.write()
                );
            }
            ms *= 1.061_234_567_89;
        }
    }
}
