//! The app: owns the state, takes every message, talks to the session, the browser's storage and the address.

mod editing;
pub mod running;
mod seeds;

use crate::bridge::Bridge;
use crate::desk::Desk;
use crate::dom::{self, Listener, Timer};
use crate::env::{self, Env, Theme};
use crate::live::LiveRef;
use crate::port::CanvasPort;
use crate::seeds::Seeds;
use crate::state::{Ctx, Dialog, Engine, Msg, Run, State, Toast, ToastAction, Tone};
use crate::texts::{Lang, shell};
use crate::ui::keys;
use crate::{gallery, storage, ui};
use headroom_editor::{EditMsg, content};
use headroom_model::design::Design;
use headroom_model::scenarios;
use std::rc::Rc;
use yew::prelude::*;

/// How long a notice stays [ms].
const TOAST_MS: i32 = 6_000;

/// Owner of the state.
pub struct App {
    state: Rc<State>,
    live: LiveRef,
    desk: Desk,
    canvas: CanvasPort,
    send: Callback<Msg>,
    bridge: Option<Bridge>,
    seeds: Seeds,
    sending: running::Sending,
    autosave: Option<Timer>,
    toast_timers: Vec<(u32, Timer)>,
    next_toast: u32,
    _listeners: Vec<Listener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &yew::Context<Self>) -> Self {
        let send = ctx.link().callback(|msg| msg);
        let env = Rc::new(Env::of_page());
        let lang = env.lang.or_else(|| storage::lang().and_then(|t| Lang::from_tag(&t)));
        let theme = env.theme.or_else(|| storage::theme().and_then(|t| Theme::from_name(&t)));
        let state = State {
            design: Rc::default(),
            selection: headroom_editor::Selection::default(),
            can_undo: false,
            can_redo: false,
            run: Run { speed: Some(1.0), ..Run::default() },
            engine: Engine::Starting,
            env,
            lang: lang.unwrap_or_else(env::browser_lang),
            theme: theme.unwrap_or_default(),
            dialog: None,
            summary: None,
            bands: None,
            sheet: None,
            panel_open: true,
            hint: None,
            toasts: Vec::new(),
            tour: None,
            said: String::new(),
        };
        let mut app = Self {
            state: Rc::new(state),
            live: LiveRef::default(),
            desk: Desk::default(),
            canvas: CanvasPort::default(),
            send,
            bridge: None,
            seeds: Seeds::new(ctx.link().callback(|()| Msg::SeedsDone)),
            sending: running::Sending::default(),
            autosave: None,
            toast_timers: Vec::new(),
            next_toast: 1,
            _listeners: listeners(&ctx.link().callback(|msg| msg)),
        };
        app.show_lang_and_theme();
        app.start_bridge();
        app.open_first();
        if app.state.env.tour == Some(true) && !app.state.env.embed {
            app.state().tour = Some(0);
        }
        app
    }

    fn update(&mut self, _ctx: &yew::Context<Self>, msg: Msg) -> bool {
        let before = self.state.clone();
        self.take(msg);
        self.show_wanted_run();
        !Rc::ptr_eq(&before, &self.state)
    }

    fn view(&self, _ctx: &yew::Context<Self>) -> Html {
        let ctx = Ctx {
            state: self.state.clone(),
            live: self.live.clone(),
            desk: self.desk.clone(),
            canvas: self.canvas.clone(),
            seeds: self.seeds.clone(),
            send: self.send.clone(),
        };
        html! {
            <ContextProvider<Ctx> context={ctx}>
                <ui::Shell />
            </ContextProvider<Ctx>>
        }
    }
}

/// What the page listens to as a whole.
fn listeners(send: &Callback<Msg>) -> Vec<Listener> {
    let window = dom::window();
    let on_hash = send.clone();
    let on_hide = send.clone();
    let on_key = send.clone();
    let mut listeners = ui::files::listen_for_drops(send);
    listeners.extend([
        Listener::new(&window, "hashchange", move |_| on_hash.emit(Msg::HashChanged)),
        Listener::new(&window, "pagehide", move |_| on_hide.emit(Msg::Autosave)),
        Listener::new(&window, "keydown", move |event| keys::handle(&event, &on_key)),
    ]);
    listeners
}

impl App {
    fn state(&mut self) -> &mut State {
        Rc::make_mut(&mut self.state)
    }

    fn take(&mut self, msg: Msg) {
        match msg {
            Msg::Edit(message) => self.edit(message),
            Msg::Open(design) => self.open(*design, None),
            Msg::OpenScenario(scenario) => self.open_scenario(scenario),
            Msg::New => self.open(Design::default(), None),
            Msg::OpenText(name, text) => self.open_text(name, &text),
            Msg::Save => ui::files::save(&self.desk.document()),
            Msg::Show(dialog) => {
                let state = self.state();
                (state.dialog, state.summary) = (dialog, None);
            }
            Msg::ShowSheet(sheet) => self.state().sheet = sheet,
            Msg::ShowPanel(open) => self.state().panel_open = open,
            Msg::Escape if self.state.dialog.is_some() => {}
            Msg::Escape if self.state.sheet.is_some() => self.state().sheet = None,
            Msg::Escape => self.edit(EditMsg::ClearSelection),
            Msg::Tour(step) => {
                storage::keep_tour_seen();
                let state = self.state();
                (state.tour, state.sheet) = (step, None);
            }
            Msg::DismissHint => self.state().hint = None,
            Msg::Notice(text, tone, action) => self.notice(text, tone, action),
            Msg::DismissToast(id) => self.dismiss(id),
            Msg::ToastAction(id, action) => self.toast_action(id, action),
            Msg::SetLang(lang) => {
                self.state().lang = lang;
                storage::keep_lang(lang.tag());
                self.show_lang_and_theme();
            }
            Msg::SetTheme(theme) => {
                self.state().theme = theme;
                storage::keep_theme(theme.name());
                self.show_lang_and_theme();
            }
            Msg::HashChanged => self.hash_changed(),
            Msg::Autosave => self.autosave_now(),
            Msg::RunSeeds(_) | Msg::CancelSeeds | Msg::SeedsDone | Msg::ShowBands(_) | Msg::TakeSeed(_) => {
                self.take_seeds(msg);
            }
            running => self.take_running(running),
        }
    }

    fn show_lang_and_theme(&self) {
        let root = dom::root();
        let _ = root.set_attribute("lang", self.state.lang.tag());
        let _ = root.set_attribute("data-lang", self.state.lang.tag());
        let _ = root.set_attribute("data-theme", self.state.theme.name());
        if self.state.env.embed {
            let _ = root.set_attribute("data-embed", "1");
        }
    }

    /// What the page opens on: what the address holds, else the design of the last visit, else the default scenario.
    fn open_first(&mut self) {
        let fragment = env::fragment();
        if !fragment.is_empty() && self.open_link(&fragment) {
            return;
        }
        let wanted = self.state.env.scenario.clone();
        if let Some(scenario) = wanted.as_deref().and_then(scenarios::by_id) {
            self.open_scenario(scenario);
            return;
        }
        if wanted.is_none() && fragment.is_empty() && !self.state.env.embed {
            let kept = storage::design().and_then(|text| Design::parse(&text).ok());
            if let Some(design) = kept.filter(|d| content(d).is_some() && !gallery::is_untouched(d)) {
                self.open(design, None);
                self.sending.owns_kept = true;
                let text = self.state.lang.t(shell::RESTORED).to_owned();
                self.notice(text, Tone::Plain, Some(ToastAction::StartFresh));
                return;
            }
        }
        self.open_scenario(gallery::default_scenario());
        // Who comes for the first time, and for nothing in particular, is shown around.
        let first = wanted.is_none() && fragment.is_empty() && !env::is_driven();
        if first && !self.state.env.embed && self.state.env.tour.is_none() && !storage::tour_seen() {
            self.state().tour = Some(0);
        }
    }

    fn notice(&mut self, text: String, tone: Tone, action: Option<ToastAction>) {
        let id = self.next_toast;
        self.next_toast += 1;
        let state = self.state();
        // The same words twice are one notice.
        state.toasts.retain(|t| t.text != text);
        if state.toasts.len() >= 3 {
            state.toasts.remove(0);
        }
        state.said.clone_from(&text);
        state.toasts.push(Toast { id, text, tone, action });
        let stays = matches!(action, Some(ToastAction::RestartEngine | ToastAction::Reload));
        if !stays {
            let send = self.send.clone();
            let ms = if action.is_some() { 2 * TOAST_MS } else { TOAST_MS };
            self.toast_timers.push((id, Timer::after(ms, move || send.emit(Msg::DismissToast(id)))));
        }
    }

    fn dismiss(&mut self, id: u32) {
        self.state().toasts.retain(|t| t.id != id);
        self.toast_timers.retain(|(t, _)| *t != id);
    }

    fn toast_action(&mut self, id: u32, action: ToastAction) {
        self.dismiss(id);
        match action {
            ToastAction::Undo => self.edit(EditMsg::Undo),
            ToastAction::StartFresh => {
                storage::put_design_aside();
                self.open_scenario(gallery::default_scenario());
            }
            ToastAction::RestartEngine => self.restart_engine(),
            ToastAction::ShowSeeds => self.take(Msg::Show(Some(Dialog::Seeds))),
            ToastAction::Reload => {
                self.autosave_now();
                let _ = dom::window().location().reload();
            }
        }
    }
}
