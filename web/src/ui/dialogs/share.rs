//! Sharing: a link that holds the whole design, a frame for other pages, a file.

use super::Modal;
use crate::dom::{self, Timer};
use crate::env;
use crate::icons::{Icon, icon};
use crate::state::{Ctx, Msg, use_ctx};
use crate::texts::{dialogs as texts, shell};
use crate::ui::value::{clock, grouped};
use headroom_model::design::Design;
use headroom_model::link;
use headroom_model::text::Text;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Chat programs cut longer links.
const CHAT_CHARS: usize = 2_000;
/// Servers may refuse longer links.
const SERVER_CHARS: usize = 8_000;
/// How long "copied" is shown [ms].
const COPIED_MS: i32 = 2_000;

/// Link, frame and file.
#[component]
pub fn Share() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let at_moment = use_state(|| false);
    let now_s = ctx.live.get().now_s();
    // The moment is the one at which the dialog was opened or the box ticked, not one that runs away.
    let moment = use_memo(*at_moment, |_| now_s);
    let mut design = ctx.desk.document();
    design.view.open_at_s = at_moment.then(|| (*moment * 1e3).round() / 1e3);
    let url = link_url(&design);
    let length = url.chars().count();
    let (tone, verdict) = verdict(length);
    let ontick = {
        let at_moment = at_moment.clone();
        Callback::from(move |e: Event| at_moment.set(dom::checked_of(&e)))
    };
    let count = grouped(length as u64);
    html! {
        <Modal title={lang.t(texts::SHARE_TITLE)} testid="share-dialog">
            <p>{ lang.t(texts::SHARE_WHAT) }</p>
            <CopyField id="share-link" label={lang.t(texts::SHARE_LINK)} text={url} rows={3} />
            <p class={classes!("link-length", tone)} data-testid="link-length"><b>{ lang.fill(texts::LINK_LENGTH, &[("n", &count)]) }</b>{ " " }{ lang.t(verdict) }</p>
            <label class="tick"><input type="checkbox" checked={*at_moment} data-testid="share-moment" onchange={ontick} />
                { lang.fill(texts::SHARE_MOMENT, &[("time", &clock(*moment, true))]) }</label>
            <CopyField id="share-frame" label={lang.t(texts::SHARE_FRAME)} text={frame(&design)} rows={3} />
            <p><button type="button" class="button" data-testid="share-save" onclick={ctx.on(|| Msg::Save)}>{ icon(Icon::Save) }{ lang.t(shell::FILE_SAVE) }</button></p>
        </Modal>
    }
}

/// The link that opens a design.
pub fn link_url(design: &Design) -> String {
    format!("{}#{}", env::page_url(), link::encode(design))
}

fn verdict(chars: usize) -> (&'static str, Text) {
    match chars {
        n if n <= CHAT_CHARS => ("good", texts::LINK_SHORT),
        n if n <= SERVER_CHARS => ("warn", texts::LINK_LONG),
        _ => ("bad", texts::LINK_TOO_LONG),
    }
}

/// A frame for a page of notes.
fn frame(design: &Design) -> String {
    let title = if design.title.is_empty() { "Headroom" } else { &design.title };
    let src = format!("{}?embed=1#{}", env::page_url(), link::encode(design));
    frame_html(&src, title)
}

fn frame_html(src: &str, title: &str) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
    };
    format!(
        r#"<iframe src="{}" title="{}" width="100%" height="520" style="border:1px solid #ccc;border-radius:8px" loading="lazy" allow="clipboard-write"></iframe>"#,
        escaped(src),
        escaped(title)
    )
}

#[derive(Properties, PartialEq)]
struct CopyProps {
    id: &'static str,
    label: AttrValue,
    text: String,
    rows: u32,
}

/// A text to be copied, by a button or by hand.
#[component]
fn CopyField(props: &CopyProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let field = use_node_ref();
    let copied = use_state(|| false);
    let timer = use_mut_ref(|| None::<Timer>);
    let onclick = {
        let (ctx, field, copied, timer, text) =
            (ctx.clone(), field.clone(), copied.clone(), timer.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (ctx, field, copied, timer, text) =
                (ctx.clone(), field.clone(), copied.clone(), timer.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if copy(&text, &field).await {
                    copied.set(true);
                    let later = copied.clone();
                    *timer.borrow_mut() = Some(Timer::after(COPIED_MS, move || later.set(false)));
                } else {
                    tell_to_copy_by_hand(&ctx);
                }
            });
        })
    };
    let onfocus = {
        let field = field.clone();
        Callback::from(move |_: FocusEvent| select(&field))
    };
    let (glyph, text) = if *copied { (Icon::Check, texts::COPIED) } else { (Icon::Copy, texts::COPY) };
    html! {
        <div class="copy-field">
            <label for={props.id}>{ props.label.clone() }</label>
            <div class="copy-row">
                <textarea ref={field} id={props.id} class="field mono" readonly=true rows={props.rows.to_string()} spellcheck="false" data-testid={props.id} value={props.text.clone()} {onfocus} />
                <button type="button" class={classes!("button", (*copied).then_some("done"))} data-testid={format!("{}-copy", props.id)} aria-label={format!("{}: {}", lang.t(texts::COPY), props.label)} {onclick}>{ icon(glyph) }<span aria-live="polite">{ lang.t(text) }</span></button>
            </div>
        </div>
    }
}

fn tell_to_copy_by_hand(ctx: &Ctx) {
    let text = ctx.lang().t(texts::COPY_BY_HAND).to_owned();
    ctx.send(Msg::Notice(text, crate::state::Tone::Plain, None));
}

fn select(field: &NodeRef) {
    if let Some(field) = field.cast::<HtmlTextAreaElement>() {
        field.select();
    }
}

/// Copies a text: by the clipboard, else by the selection; false when the user has to do it.
async fn copy(text: &str, field: &NodeRef) -> bool {
    let navigator = dom::window().navigator();
    // Absent on pages that are not served securely.
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|c| c.is_object());
    if has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    select(field);
    let document: web_sys::HtmlDocument = dom::document().unchecked_into();
    document.exec_command("copy").unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_judged_by_where_links_are_cut() {
        assert_eq!(verdict(2_000).0, "good");
        assert_eq!(verdict(2_001).0, "warn");
        assert_eq!(verdict(8_001).0, "bad");
    }

    #[test]
    fn a_title_cannot_break_out_of_the_frame() {
        let html = frame_html("https://x.test/?embed=1#h1=a", r#""><script>alert(1)</script>"#);
        assert!(!html.contains("<script>") && html.matches('"').count() == 14, "{html}");
    }
}
