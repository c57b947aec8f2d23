//! The card over the canvas: what a scenario shows, one click that breaks something, one that shows why. It has a place
//! of its own, so that it never lies over a node.

use crate::icons::{Icon, icon};
use crate::port::CanvasCommand;
use crate::state::{Msg, Sheet, use_ctx};
use crate::texts::shell;
use headroom_editor::{EditMsg, Item};
use headroom_model::design::Action;
use headroom_model::kinds::Verb;
use headroom_model::scenarios;
use headroom_model::text::Text;
use yew::prelude::*;

/// How a scenario is broken, and where it shows.
struct Breaks {
    scenario: &'static str,
    /// What the button says.
    label: Text,
    /// What it does.
    action: fn() -> Action,
    /// The node on which it shows why.
    node: &'static str,
}

const BREAKS: &[Breaks] = &[
    Breaks {
        scenario: "millions-of-users",
        label: shell::BREAK_SESSIONS,
        action: || Action::kill("sessions", None),
        node: "sessions",
    },
    Breaks {
        scenario: "one-day",
        label: shell::BREAK_CACHE,
        action: || Action::kill("cache", None),
        node: "db",
    },
    Breaks {
        scenario: "the-rush",
        label: shell::BREAK_CACHE,
        action: || Action::kill("cache", None),
        node: "db",
    },
    Breaks {
        scenario: "single-server",
        label: shell::BREAK_SINGLE,
        action: || Action::slow("server", None, 2.0),
        node: "server",
    },
    Breaks {
        scenario: "load-balanced",
        label: shell::BREAK_BALANCED,
        action: || Action::kill("web", Some(0)),
        node: "lb",
    },
    Breaks {
        scenario: "cache-aside",
        label: shell::BREAK_CACHE,
        action: || Action::kill("cache", None),
        node: "db",
    },
    Breaks {
        scenario: "replicas-write-burst",
        label: shell::BREAK_PRIMARY,
        action: || Action::kill("db", Some(0)),
        node: "db",
    },
    Breaks {
        scenario: "celebrity-shard",
        label: shell::BREAK_SHARD,
        action: || Action::new(Verb::GoViral, "users").with("share", 0.35).with("item", 7.0),
        node: "db",
    },
    Breaks {
        scenario: "autoscaling",
        label: shell::BREAK_SLOW_SERVERS,
        action: || Action::slow("web", None, 3.0),
        node: "autoscaler",
    },
    Breaks {
        scenario: "bad-release",
        label: shell::BREAK_BALANCED,
        action: || Action::kill("web", Some(0)),
        node: "monitoring",
    },
    Breaks {
        scenario: "cache-node-dies",
        label: shell::BREAK_CACHE,
        action: || Action::kill("cache", None),
        node: "db",
    },
    Breaks {
        scenario: "cdn-purge",
        label: shell::BREAK_EDGE,
        action: || Action::kill("cdn", Some(0)),
        node: "web",
    },
    Breaks {
        scenario: "circuit-breaker",
        label: shell::BREAK_SLOW_DEPENDENCY,
        action: || Action::slow("ads", None, 10.0),
        node: "plain",
    },
    Breaks {
        scenario: "four-algorithms",
        label: shell::BREAK_SLOW_ONE,
        action: || Action::slow("web_round_robin", Some(0), 3.0),
        node: "web_round_robin",
    },
    Breaks {
        scenario: "hedged-requests",
        label: shell::BREAK_SLOW_ONE,
        action: || Action::slow("leaves", Some(0), 3.0),
        node: "plain",
    },
    Breaks {
        scenario: "joins-over-shards",
        label: shell::BREAK_SLOW_SHARD,
        action: || Action::slow("scatter", Some(0), 5.0),
        node: "scatter",
    },
    Breaks {
        scenario: "multi-primary-conflicts",
        label: shell::BREAK_PRIMARY,
        action: || Action::kill("circle", Some(0)),
        node: "circle",
    },
    Breaks {
        scenario: "nosql-quorum",
        label: shell::BREAK_NODE,
        action: || Action::kill("strict", Some(0)),
        node: "strict",
    },
    Breaks {
        scenario: "one-state-server",
        label: shell::BREAK_SESSIONS,
        action: || Action::kill("sessions", None),
        node: "sessions",
    },
    Breaks {
        scenario: "photo-queue",
        label: shell::BREAK_WORKERS,
        action: || Action::kill("workers", None),
        node: "queue",
    },
    Breaks {
        scenario: "private-subnet",
        label: shell::BREAK_BALANCED,
        action: || Action::kill("web", Some(0)),
        node: "lb",
    },
    Breaks {
        scenario: "resharding-online",
        label: shell::BREAK_ADD_SHARD,
        action: || Action::new(Verb::AddShard, "modulo"),
        node: "modulo",
    },
    Breaks {
        scenario: "retry-storm",
        label: shell::BREAK_SLOW_DEPENDENCY,
        action: || Action::slow("orders", None, 10.0),
        node: "orders",
    },
    Breaks {
        scenario: "semi-sync-failover",
        label: shell::BREAK_PRIMARY,
        action: || Action::kill("async_db", Some(0)),
        node: "async_db",
    },
    Breaks {
        scenario: "shared-machine",
        label: shell::BREAK_SLOW_SERVERS,
        action: || Action::slow("web", None, 2.0),
        node: "db",
    },
    Breaks {
        scenario: "load-shedding",
        label: shell::BREAK_SLOW_ONE,
        action: || Action::slow("sheds", None, 3.0),
        node: "sheds",
    },
    Breaks {
        scenario: "slow-queries",
        label: shell::BREAK_FLUSH,
        action: || Action::new(Verb::Flush, "cache"),
        node: "db",
    },
    Breaks {
        scenario: "stampede",
        label: shell::BREAK_FLUSH,
        action: || Action::new(Verb::Flush, "cache"),
        node: "db",
    },
    Breaks {
        scenario: "stateless-servers",
        label: shell::BREAK_SESSIONS,
        action: || Action::kill("sessions", None),
        node: "sessions",
    },
    Breaks {
        scenario: "sticky-sessions",
        label: shell::BREAK_BALANCED,
        action: || Action::kill("web", Some(0)),
        node: "web",
    },
    Breaks {
        scenario: "two-data-centres",
        label: shell::BREAK_SITE,
        action: || Action::kill("dc_europe", None),
        node: "dns",
    },
    Breaks {
        scenario: "vertical-scaling",
        label: shell::BREAK_SINGLE,
        action: || Action::slow("web", None, 2.0),
        node: "web",
    },
    Breaks {
        scenario: "write-back",
        label: shell::BREAK_CACHE,
        action: || Action::kill("cache", None),
        node: "cache",
    },
];

/// The card of the scenario that was opened.
#[component]
pub fn HintCard() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let Some(scenario) = ctx.state.hint.and_then(scenarios::by_id) else { return html! {} };
    let breaks = BREAKS.iter().find(|b| b.scenario == scenario.id && ctx.state.design.node(b.node).is_some());
    let buttons = breaks.map(|b| {
        let act = ctx.on(|| Msg::Act((b.action)()));
        let why = {
            let ctx = ctx.clone();
            Callback::from(move |_: MouseEvent| {
                ctx.edit(EditMsg::Select(Item::Node(b.node.to_owned())));
                ctx.canvas.tell(CanvasCommand::Reveal(b.node.to_owned()));
                ctx.send(Msg::ShowSheet(Some(Sheet::Inspector)));
            })
        };
        html! {
            <span class="hint-actions">
                <button type="button" class="button tiny danger" data-testid="hint-break" onclick={act}>{ icon(Icon::Skull) }{ lang.t(b.label) }</button>
                <button type="button" class="button tiny" data-testid="hint-why" onclick={why}>{ icon(Icon::Lamp) }{ lang.t(shell::HINT_WHY) }</button>
            </span>
        }
    });
    html! {
        <aside class="hint" aria-label={lang.t(shell::HINT_LABEL)} data-testid="hint">
            <p><b>{ lang.t(scenario.title) }</b>{ lang.t(scenario.blurb) }</p>
            { for buttons }
            <button type="button" class="button quiet tiny only-icon" aria-label={lang.t(shell::HINT_DISMISS)} title={lang.t(shell::HINT_DISMISS)}
                data-testid="hint-dismiss" onclick={ctx.on(|| Msg::DismissHint)}>{ icon(Icon::Close) }</button>
        </aside>
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::design::Design;

    #[test]
    fn every_scenario_can_be_broken_by_a_click() {
        for scenario in scenarios::ALL {
            let breaks = BREAKS.iter().find(|b| b.scenario == scenario.id).expect(scenario.id);
            let design = Design::parse(scenario.json).unwrap();
            assert_eq!(design.check_action(&(breaks.action)()), Ok(()), "{}", scenario.id);
            assert!(design.node(breaks.node).is_some(), "{}", scenario.id);
        }
    }
}
