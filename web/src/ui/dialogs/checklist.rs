//! The eight rules for millions of users, each judged from the present design, with the scenario that shows its worth.

use super::Modal;
use crate::port::CanvasCommand;
use crate::state::{Msg, Sheet, node_name, use_ctx};
use crate::texts::checklist as texts;
use headroom_editor::{EditMsg, Item};
use headroom_model::checklist::{Verdict, judge};
use headroom_model::scenarios;
use yew::prelude::*;

/// Nodes of a rule that are named.
const NAMED: usize = 5;

/// The checklist.
#[component]
pub fn Checklist() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let lines = judge(&ctx.state.design);
    let holds = lines.iter().filter(|l| l.verdict == Verdict::Yes).count();
    let done = [("n", holds.to_string()), ("all", lines.len().to_string())];
    let done = lang.fill(texts::DONE, &done.each_ref().map(|(k, v)| (*k, v.as_str())));
    let rows = lines.iter().map(|line| {
        let (sign, state, word) = match line.verdict {
            Verdict::Yes => ("✓", "yes", texts::YES),
            Verdict::Partly => ("◐", "partly", texts::PARTLY),
            Verdict::No => ("✕", "no", texts::NO),
            Verdict::NotNeeded => ("–", "none", texts::NOT_NEEDED),
        };
        let nodes = line.nodes.iter().take(NAMED).filter_map(|i| ctx.state.design.nodes.get(*i)).map(|node| {
            let (ctx, id) = (ctx.clone(), node.id.clone());
            let name = node_name(node, lang);
            let show = Callback::from(move |_: MouseEvent| {
                ctx.send(Msg::Show(None));
                ctx.edit(EditMsg::Select(Item::Node(id.clone())));
                ctx.canvas.tell(CanvasCommand::Reveal(id.clone()));
                ctx.send(Msg::ShowSheet(Some(Sheet::Inspector)));
            });
            html! { <button type="button" class="link" onclick={show}>{ name }</button> }
        });
        let scenario = scenarios::by_id(line.scenario).map(|scenario| {
            let ctx = ctx.clone();
            let open = Callback::from(move |_: MouseEvent| {
                ctx.send(Msg::Show(None));
                ctx.send(Msg::OpenScenario(scenario));
            });
            let text = lang.fill(texts::SEE, &[("title", lang.t(scenario.title))]);
            html! { <button type="button" class="button tiny" data-testid={format!("see-{}", line.id)} onclick={open}>{ text }</button> }
        });
        html! {
            <li data-verdict={state} data-testid={format!("rule-{}", line.id)}>
                <span class="sign" role="img" aria-label={lang.t(word)} title={lang.t(word)}>{ sign }</span>
                <div><b>{ lang.t(line.rule) }</b><p>{ lang.t(line.because) }{ for nodes }</p></div>
                { for scenario }
            </li>
        }
    });
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="checklist" wide=true>
            <p class="muted">{ lang.t(texts::WHAT) }</p>
            <p class="verdict" data-testid="checklist-done">{ done }</p>
            <ol class="rules">{ for rows }</ol>
        </Modal>
    }
}
