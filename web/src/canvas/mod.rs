//! The canvas.

use crate::port::CanvasCommand;
use crate::state::{Ctx, Edit, Msg, Selection, new_node, use_ctx};
use crate::texts::canvas as texts;
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
        let select = ctx.on(move || Msg::Select(Selection::node(id.clone())));
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
        let change = Box::new(move |design: &mut headroom_model::design::Design| {
            let node = new_node(design, kind, 0.0, 0.0);
            design.nodes.push(node);
        });
        ctx.send(Msg::Edit(Edit { change, merge: None, select: None }));
    }
}
