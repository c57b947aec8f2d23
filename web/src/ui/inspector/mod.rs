//! The inspector: numbers and settings of what is selected, made from the kind's spec; with nothing selected, the design.

pub mod actions;
mod curve;
mod design;
mod happened;
mod law;
mod many;
mod node;
mod note;
pub mod number;
mod params;
mod parts;
mod place;
pub(crate) mod timeline;
mod wire;

pub(crate) use actions::verb_icon;

use crate::icons::{Icon, icon};
use crate::state::{Msg, use_ctx};
use crate::texts::inspector as texts;
use headroom_editor::EditMsg;
use yew::prelude::*;

/// Numbers and settings of what is selected.
#[component]
pub fn Inspector() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let state = &ctx.state;
    let body = if let Some(node) = state.selected_node() {
        html! { <node::NodeInspector key={format!("node-{}", node.id)} node={node.clone()} /> }
    } else if let Some(wire) = state.selected_wire() {
        html! { <wire::WireInspector key={format!("wire-{}-{}", wire.from, wire.to)} wire={wire.clone()} /> }
    } else if let Some(place) = state.selected_place() {
        html! { <place::PlaceInspector key={format!("place-{}", place.id)} place={place.clone()} /> }
    } else if let Some(note) = state.selected_note() {
        html! { <note::NoteInspector key={format!("note-{}", note.id)} note={note.clone()} /> }
    } else if state.selection.is_empty() {
        html! { <design::DesignInspector /> }
    } else {
        let chosen = &state.selection;
        let counts = [
            (texts::SELECTED_NODES, chosen.nodes.len()),
            (texts::SELECTED_WIRES, chosen.wires.len()),
            (texts::SELECTED_PLACES, chosen.places.len()),
            (texts::SELECTED_NOTES, chosen.notes.len()),
        ];
        let there = counts.into_iter().filter(|(_, n)| *n > 0);
        let counted: Vec<String> = there.map(|(text, n)| lang.fill(text, &[("n", &n.to_string())])).collect();
        html! {
            <>
            <section class="card">
                <p data-testid="selected-many"><b>{ lang.t(texts::SELECTED_MANY) }</b>{ format!(" · {}", counted.join(", ")) }</p>
                <place::Surround />
                <button type="button" class="button danger" data-testid="delete" onclick={ctx.on(|| Msg::Edit(EditMsg::Delete))}>
                    { icon(Icon::Trash) }{ lang.t(texts::DELETE_ALL) }
                </button>
            </section>
            <many::SameKind />
            </>
        }
    };
    html! { <div class="inspector" data-testid="inspector">{ body }</div> }
}
