//! A design that could not be opened: every fault with its place, and what would be right.

use super::Modal;
use crate::state::use_ctx;
use crate::texts::dialogs as texts;
use headroom_model::faults::Fault;
use yew::prelude::*;

/// What could not be opened, and why.
#[derive(Properties, PartialEq)]
pub struct FaultProps {
    /// Its name.
    pub source: AttrValue,
    /// All faults.
    pub faults: Vec<Fault>,
}

/// The faults as a list.
#[component]
pub fn FaultList(props: &FaultProps) -> Html {
    let lang = use_ctx().lang();
    let rows = props.faults.iter().map(|fault| {
        html! {
            <li>
                if !fault.path.is_empty() && fault.path != "link" { <code>{ &fault.path }</code> }
                <span>{ &fault.reason }</span>
            </li>
        }
    });
    html! {
        <Modal title={lang.fill(texts::FAULTS_TITLE, &[("source", &props.source)])} testid="faults">
            <p>{ lang.t(texts::FAULTS_KEPT) }</p>
            <div role="alert" lang="en"><ul class="faults">{ for rows }</ul></div>
        </Modal>
    }
}
