//! Which charts a design has, and what they are called.

use crate::state::node_name;
use crate::texts::{Lang, panel as texts};
use headroom_charts::Unit;
use headroom_model::design::Design;
use headroom_model::kinds::{self, Kind, NodeParams};
use headroom_model::text::Text;

/// A chart of the panel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartId {
    /// Offered, served and failed requests.
    Rates,
    /// Percentiles of what users wait.
    Latency,
    /// Share of failed requests.
    Errors,
    /// Hit rate of every cache.
    HitRate,
    /// Lag of a relational node's replicas.
    Lag(String),
    /// Load of a sharded node's shards.
    Heat(String),
    /// Utilisation of every node.
    Utilization,
    /// Requests that wait at every node.
    Queue,
    /// What it costs by the hour, in all and by node.
    Cost,
}

impl ChartId {
    /// Its name in test ids, and in what the browser keeps.
    pub fn name(&self) -> &'static str {
        match self {
            ChartId::Rates => "rates",
            ChartId::Latency => "latency",
            ChartId::Errors => "errors",
            ChartId::HitRate => "hit-rate",
            ChartId::Lag(_) => "lag",
            ChartId::Heat(_) => "heat",
            ChartId::Utilization => "utilization",
            ChartId::Queue => "queue",
            ChartId::Cost => "cost",
        }
    }

    /// The node that it is about, if about one.
    pub fn node(&self) -> Option<&str> {
        match self {
            ChartId::Lag(node) | ChartId::Heat(node) => Some(node),
            _ => None,
        }
    }

    /// Whether it has a drawing of its own: the rates are drawn into the traffic curve.
    pub fn stands_alone(&self) -> bool {
        *self != ChartId::Rates
    }

    /// Whether it is shown before anyone has chosen.
    pub fn on_at_first(&self) -> bool {
        !matches!(self, ChartId::Errors | ChartId::Utilization | ChartId::Queue | ChartId::Cost)
    }

    /// What its values are.
    pub fn unit(&self) -> Unit {
        match self {
            ChartId::Rates => Unit::Rate,
            ChartId::Latency | ChartId::Lag(_) => Unit::Seconds,
            ChartId::Errors | ChartId::HitRate | ChartId::Heat(_) | ChartId::Utilization => Unit::Percent,
            ChartId::Queue => Unit::Count,
            ChartId::Cost => Unit::Money,
        }
    }

    /// What it is called where there is one of its name.
    pub fn short_title(&self, lang: Lang) -> &'static str {
        lang.t(match self {
            ChartId::Rates => texts::RATES,
            ChartId::Latency => texts::LATENCY,
            ChartId::Errors => texts::ERRORS,
            ChartId::HitRate => texts::HIT_RATE,
            ChartId::Lag(_) => texts::LAG,
            ChartId::Heat(_) => texts::HEAT,
            ChartId::Utilization => texts::UTILIZATION,
            ChartId::Queue => texts::QUEUE,
            ChartId::Cost => texts::COST,
        })
    }

    /// What it is called, with its node where the design has several of its name.
    pub fn title(&self, design: &Design, lang: Lang) -> String {
        let short = self.short_title(lang);
        let several = charts_of(design).iter().filter(|c| c.name() == self.name()).count() > 1;
        match self.node().and_then(|id| design.node(id)).filter(|_| several) {
            Some(node) => lang.fill(texts::OF_NODE, &[("chart", short), ("node", &node_name(node, lang))]),
            None => short.to_owned(),
        }
    }

    /// Its test id: the first of a name has the plain one.
    pub fn test_id(&self, design: &Design) -> String {
        let first = charts_of(design).into_iter().find(|c| c.name() == self.name());
        match self.node().filter(|_| first.as_ref() != Some(self)) {
            Some(node) => format!("chart-{}-{node}", self.name()),
            None => format!("chart-{}", self.name()),
        }
    }

    /// What a metric of the model means that this chart shows for several nodes or parts.
    pub fn metric_help(&self) -> Option<Text> {
        let own = |kind: Kind, id: &str| {
            let spec = kind.spec();
            let part = spec.parts.and_then(|p| p.extra);
            spec.all_metrics().copied().chain(part).find(|m| m.id == id).map(|m| m.help)
        };
        match self {
            ChartId::HitRate => own(Kind::Cache, "hit_ratio"),
            ChartId::Lag(_) => own(Kind::Relational, "lag_s"),
            ChartId::Utilization => Some(kinds::COMMON[kinds::common::UTILIZATION].help),
            ChartId::Queue => Some(kinds::COMMON[kinds::common::QUEUE].help),
            ChartId::Cost => Some(kinds::COMMON[kinds::common::COST].help),
            _ => None,
        }
    }
}

/// The charts that make sense for a design, from top to bottom.
pub fn charts_of(design: &Design) -> Vec<ChartId> {
    let mut charts = vec![ChartId::Rates, ChartId::Latency, ChartId::Errors];
    if design.nodes.iter().any(|n| matches!(n.kind(), Kind::Cache | Kind::Cdn)) {
        charts.push(ChartId::HitRate);
    }
    for node in &design.nodes {
        if let NodeParams::Relational(params) = &node.params
            && params.replicas > 0
        {
            charts.push(ChartId::Lag(node.id.clone()));
        }
    }
    let sharded = design.nodes.iter().filter(|n| n.kind() == Kind::Sharded);
    charts.extend(sharded.map(|n| ChartId::Heat(n.id.clone())));
    charts.extend([ChartId::Utilization, ChartId::Queue, ChartId::Cost]);
    charts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;

    fn names(scenario: &str) -> Vec<&'static str> {
        let design = Design::parse(scenarios::by_id(scenario).unwrap().json).unwrap();
        charts_of(&design).iter().map(ChartId::name).collect()
    }

    #[test]
    fn a_design_has_the_charts_of_its_kinds() {
        assert_eq!(names("single-server"), ["rates", "latency", "errors", "utilization", "queue", "cost"]);
        assert!(names("cache-aside").contains(&"hit-rate"));
        assert!(names("replicas-write-burst").contains(&"lag"));
        assert!(names("celebrity-shard").contains(&"heat"));
    }

    #[test]
    fn charts_of_one_name_are_told_apart_by_their_nodes() {
        let mut design = Design::parse(scenarios::by_id("celebrity-shard").unwrap().json).unwrap();
        let mut other = design.node("db").unwrap().clone();
        other.id = "db2".to_owned();
        design.nodes.push(other);
        let ids: Vec<String> = charts_of(&design).iter().map(|c| c.test_id(&design)).collect();
        assert!(ids.contains(&"chart-heat".to_owned()) && ids.contains(&"chart-heat-db2".to_owned()));
        assert!(ChartId::Heat("db2".to_owned()).title(&design, Lang::En).len() > "Shard load".len());
    }

    #[test]
    fn metrics_that_charts_show_have_their_meaning_from_the_model() {
        for chart in [ChartId::HitRate, ChartId::Lag(String::new()), ChartId::Utilization, ChartId::Queue] {
            assert!(chart.metric_help().is_some(), "{}", chart.name());
        }
    }
}
