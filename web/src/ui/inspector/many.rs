//! Several nodes of one kind: their settings, each set for all of them at once.

use super::params::{Param, Target};
use crate::state::use_ctx;
use crate::texts::inspector as texts;
use headroom_model::design::Node;
use serde_json::Value;
use yew::prelude::*;

/// The settings of the selected nodes, if these are several of one kind.
#[component]
pub fn SameKind() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let chosen = &ctx.state.selection.nodes;
    let nodes: Vec<&Node> = ctx.state.design.nodes.iter().filter(|n| chosen.contains(&n.id)).collect();
    let Some(first) = nodes.first().filter(|_| nodes.len() > 1) else { return html! {} };
    let kind = first.kind();
    if nodes.iter().any(|n| n.kind() != kind) {
        return html! {};
    }
    let target = Target::Nodes(nodes.iter().map(|n| n.id.clone().into()).collect(), kind);
    let params = kind.param_specs().iter().enumerate().map(|(index, param)| {
        let value = |node: &Node| node.params.get(param.name).unwrap_or(Value::Null);
        let (value, mixed) = (value(first), nodes.iter().any(|n| value(n) != value(first)));
        html! { <Param key={param.name} target={target.clone()} {index} {value} {mixed} /> }
    });
    let title = [("n", nodes.len().to_string()), ("kind", lang.t(kind.spec().label).to_owned())];
    let title: Vec<(&str, &str)> = title.iter().map(|(k, v)| (*k, v.as_str())).collect();
    html! {
        <section class="card" data-testid="settings-of-all" key={chosen.iter().cloned().collect::<Vec<_>>().join(" ")}>
            <h3>{ lang.fill(texts::SETTINGS_OF_ALL, &title) }</h3>
            { for params }
        </section>
    }
}
