//! The canvas.

use crate::port::CanvasCommand;
use crate::state::{Ctx, Msg, use_ctx};
use crate::texts::canvas as texts;
use headroom_editor::{EditMsg, Item, Point};
use yew::prelude::*;

/// Draws the design and edits it.
#[component]
pub fn Canvas() -> Html {
    let ctx = use_ctx();
    {
        let ctx = ctx.clone();
        use_effect_with((), move |()| {
            let port = ctx.canvas.clone();
            port.listen(Callback::from(move |command| obey(&ctx, command)));
        });
    }
    let nodes = ctx.state.design.nodes.iter().map(|node| {
        let id = node.id.clone();
        let select = ctx.on(move || Msg::Edit(EditMsg::Select(Item::Node(id.clone()))));
        html! {
            <button key={node.id.clone()} type="button" data-node-id={node.id.clone()} onclick={select}>
                { ctx.state.node_name(node) }
            </button>
        }
    });
    html! {
        <div class="canvas" data-testid="canvas" aria-label={ctx.lang().t(texts::CANVAS)}>{ for nodes }</div>
    }
}

fn obey(ctx: &Ctx, command: CanvasCommand) {
    if let CanvasCommand::Add(kind) | CanvasCommand::Drop(kind, ..) = command {
        ctx.edit(EditMsg::AddNode { kind, at: Point::new(0.0, 0.0) });
    }
}
