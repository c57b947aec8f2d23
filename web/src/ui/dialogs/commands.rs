//! The command palette: everything that can be done, found by typing a part of its name in either language.

use super::Modal;
use crate::dom;
use crate::env::Theme;
use crate::port::{CanvasCommand, Piece};
use crate::state::{Ctx, Dialog, Msg, Red, Sight, node_name, use_ctx};
use crate::texts::{
    Lang, checklist, commands as texts, library, microscope, panel, run, seeds, shell, why, world,
};
use crate::ui::files;
use crate::ui::inspector::actions::ActOn;
use headroom_editor::{Axis, EditMsg, Item, Line, Reach};
use headroom_model::kinds::Kind;
use headroom_model::order;
use headroom_model::places::PlaceKind;
use headroom_model::scenarios;
use headroom_model::text::Text;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

/// Something that can be done.
struct Command {
    group: Text,
    /// What the user reads.
    label: String,
    /// What it can be found by besides: its name in the other language.
    also: String,
    keys: &'static str,
    run: Box<dyn Fn(&Ctx)>,
}

impl Command {
    fn fits(&self, words: &[String]) -> bool {
        let text = format!("{} {} {} {}", self.label, self.also, self.group.en, self.group.ko).to_lowercase();
        words.iter().all(|w| text.contains(w.as_str()))
    }

    /// How far its name is from what was typed: it is that, it begins so, or neither.
    fn distance(&self, typed: &str) -> u8 {
        let names = [self.label.to_lowercase(), self.also.to_lowercase()];
        match names {
            _ if typed.is_empty() => 0,
            names if names.iter().any(|n| n == typed) => 0,
            names if names.iter().any(|n| n.starts_with(typed)) => 1,
            _ => 2,
        }
    }
}

fn other(lang: Lang) -> Lang {
    if lang == Lang::En { Lang::Ko } else { Lang::En }
}

/// Collects commands.
struct List<'a> {
    ctx: &'a Ctx,
    all: Vec<Command>,
}

impl List<'_> {
    fn add(&mut self, group: Text, text: Text, keys: &'static str, run: impl Fn(&Ctx) + 'static) {
        self.add_with(group, text, &[], keys, run);
    }

    fn add_with(
        &mut self,
        group: Text,
        text: Text,
        words: &[(&str, Text)],
        keys: &'static str,
        run: impl Fn(&Ctx) + 'static,
    ) {
        let lang = self.ctx.lang();
        let label = |lang: Lang| {
            let words: Vec<(&str, &str)> = words.iter().map(|(k, t)| (*k, lang.t(*t))).collect();
            lang.fill(text, &words)
        };
        let (label, also) = (label(lang), label(other(lang)));
        self.all.push(Command { group, label, also, keys, run: Box::new(run) });
    }

    fn edit(&mut self, group: Text, text: Text, keys: &'static str, message: EditMsg) {
        self.add(group, text, keys, move |ctx| ctx.edit(message.clone()));
    }

    /// What can be done to what is selected.
    fn selection(&mut self) {
        let state = self.ctx.state.clone();
        let group = texts::GROUP_SELECTION;
        if let Some(node) = state.selected_node() {
            let target = ActOn::Node(node.id.clone());
            for verb in target.verbs(&state.design).into_iter().filter(|v| v.spec().args.is_empty()) {
                let action = target.action(verb);
                let name = |lang| node_name(node, lang);
                let label = |lang: Lang| {
                    lang.fill(texts::DO, &[("verb", lang.t(verb.spec().label)), ("name", &name(lang))])
                };
                self.all.push(Command {
                    group,
                    label: label(state.lang),
                    also: label(other(state.lang)),
                    keys: "",
                    run: Box::new(move |ctx| ctx.send(Msg::Act(action.clone()))),
                });
            }
        }
        let nodes = state.selection.nodes.len();
        if nodes > 0 {
            self.edit(group, texts::DUPLICATE, "Ctrl+D", EditMsg::Duplicate);
            self.edit(group, texts::HEAL, "Shift+Del", EditMsg::DeleteAndHeal);
            self.edit(group, texts::UPSTREAM, "", EditMsg::SelectReach(Reach::Upstream));
            self.edit(group, texts::DOWNSTREAM, "", EditMsg::SelectReach(Reach::Downstream));
        }
        if nodes > 1 {
            let lines = [
                (texts::ALIGN_ROW, Line::Row),
                (texts::ALIGN_COLUMN, Line::Column),
                (texts::ALIGN_LEFT, Line::Left),
                (texts::ALIGN_RIGHT, Line::Right),
                (texts::ALIGN_TOP, Line::Top),
                (texts::ALIGN_BOTTOM, Line::Bottom),
            ];
            for (text, line) in lines {
                self.edit(group, text, "", EditMsg::Align(line));
            }
        }
        if nodes > 2 {
            self.edit(group, texts::SPREAD_ACROSS, "", EditMsg::Distribute(Axis::Across));
            self.edit(group, texts::SPREAD_DOWN, "", EditMsg::Distribute(Axis::Down));
        }
        if !state.selection.is_empty() {
            self.edit(group, texts::DELETE, "Del", EditMsg::Delete);
        }
    }

    fn run(&mut self) {
        let group = texts::GROUP_RUN;
        self.add(group, texts::PLAY, "Space", |ctx| ctx.send(Msg::TogglePlay));
        self.add(group, texts::STEP, ".", |ctx| ctx.send(Msg::Step));
        self.add(group, texts::RESTART, "R", |ctx| ctx.send(Msg::Restart));
        self.add(group, texts::TO_START, "", |ctx| ctx.send(Msg::Seek(0.0)));
        for (n, speed) in [("0.1", 0.1), ("1", 1.0), ("10", 10.0)] {
            let n = Text::new(n, n);
            self.add_with(group, texts::SPEED_TIMES, &[("n", n)], "", move |ctx| {
                ctx.send(Msg::SetSpeed(Some(speed)))
            });
        }
        self.add(group, texts::SPEED_MAX, "", |ctx| ctx.send(Msg::SetSpeed(None)));
        self.add(group, texts::ROLL, "", |ctx| ctx.send(Msg::RollSeed));
        self.add(group, run::SUMMARY_HELP, "S", |ctx| ctx.send(Msg::Show(Some(Dialog::Summary))));
        self.add(group, seeds::OPEN, "Shift+S", |ctx| ctx.send(Msg::Show(Some(Dialog::Seeds))));
        self.add(group, microscope::OPEN, "M", |ctx| {
            ctx.send(Msg::Show(Some(Dialog::Microscope(Sight::Slowest))))
        });
        for (text, keys, red) in
            [(why::SLOW, "W", Red::Slow), (why::ERRORS, "", Red::Errors), (why::MONEY, "", Red::Money)]
        {
            self.add(group, text, keys, move |ctx| ctx.send(Msg::Show(Some(Dialog::Why(red)))));
        }
    }

    fn edits(&mut self) {
        let group = texts::GROUP_EDIT;
        if self.ctx.state.can_undo {
            self.edit(group, shell::UNDO, "Ctrl+Z", EditMsg::Undo);
        }
        if self.ctx.state.can_redo {
            self.edit(group, shell::REDO, "Ctrl+Shift+Z", EditMsg::Redo);
        }
        self.edit(group, texts::TIDY, "", EditMsg::Tidy);
        self.edit(group, texts::SELECT_ALL, "Ctrl+A", EditMsg::SelectAll);
        self.add(texts::GROUP_ADD, texts::QUICK, "A", |ctx| ctx.canvas.tell(CanvasCommand::Quick(None)));
        for kind in Kind::ALL {
            let label = kind.spec().label;
            self.add_with(texts::GROUP_ADD, label, &[], "", move |ctx| {
                ctx.canvas.tell(CanvasCommand::Add(Piece::Node(*kind)))
            });
        }
        for kind in PlaceKind::ALL {
            let label = kind.spec().label;
            self.add_with(texts::GROUP_ADD, label, &[], "", move |ctx| {
                ctx.canvas.tell(CanvasCommand::Add(Piece::Place(*kind)))
            });
        }
        self.add(texts::GROUP_ADD, shell::NOTE, "N", |ctx| ctx.canvas.tell(CanvasCommand::Add(Piece::Note)));
    }

    fn view(&mut self) {
        let group = texts::GROUP_VIEW;
        self.add(group, checklist::TITLE, "", |ctx| ctx.send(Msg::Show(Some(Dialog::Checklist))));
        if crate::world::has_sites(&self.ctx.state.design) {
            self.add(group, world::OPEN, "", |ctx| ctx.send(Msg::Show(Some(Dialog::World))));
        }
        self.add(group, texts::FIT, "Shift+1", |ctx| ctx.canvas.tell(CanvasCommand::Fit));
        self.add(group, texts::ZOOM_IN, "+", |ctx| ctx.canvas.tell(CanvasCommand::ZoomIn));
        self.add(group, texts::ZOOM_OUT, "-", |ctx| ctx.canvas.tell(CanvasCommand::ZoomOut));
        let pinned = self.ctx.live.get().baseline.is_some();
        self.add(group, if pinned { panel::BASELINE_UNPIN } else { panel::BASELINE_DO }, "", move |ctx| {
            ctx.live.change(|live| live.pin_baseline(!pinned && !live.windows.is_empty()));
            ctx.live.notify();
        });
        self.add(group, texts::CHARTS, "", |ctx| ctx.send(Msg::ShowPanel(!ctx.state.panel_open)));
        for (name, lang) in
            [(Text::new("English", "English"), Lang::En), (Text::new("한국어", "한국어"), Lang::Ko)]
        {
            self.add_with(group, texts::LANGUAGE, &[("name", name)], "", move |ctx| {
                ctx.send(Msg::SetLang(lang))
            });
        }
        let themes = [
            (shell::THEME_SYSTEM, Theme::System),
            (shell::THEME_LIGHT, Theme::Light),
            (shell::THEME_DARK, Theme::Dark),
        ];
        for (name, theme) in themes {
            self.add_with(group, texts::COLOURS, &[("name", name)], "", move |ctx| {
                ctx.send(Msg::SetTheme(theme))
            });
        }
        self.add(group, shell::SHORTCUTS, "?", |ctx| ctx.send(Msg::Show(Some(Dialog::Shortcuts))));
        self.add(group, library::TOUR_SHOW, "", |ctx| ctx.send(Msg::Tour(Some(0))));
        let design = self.ctx.state.design.clone();
        for node in &design.nodes {
            let (lang, id) = (self.ctx.lang(), node.id.clone());
            self.all.push(Command {
                group: texts::GROUP_GO,
                label: node_name(node, lang),
                also: format!("{} {}", node_name(node, other(lang)), node.id),
                keys: "",
                run: Box::new(move |ctx| {
                    ctx.edit(EditMsg::Select(Item::Node(id.clone())));
                    ctx.canvas.tell(CanvasCommand::Reveal(id.clone()));
                }),
            });
        }
    }

    fn files(&mut self) {
        let group = texts::GROUP_FILE;
        self.add(group, shell::FILE_NEW, "", |ctx| ctx.send(Msg::New));
        self.add(group, shell::FILE_OPEN, "", files::pick);
        self.add(group, shell::FILE_SAVE, "Ctrl+S", |ctx| ctx.send(Msg::Save));
        self.add(group, library::MENU_SAVE, "", |ctx| ctx.send(Msg::Show(Some(Dialog::Library))));
        self.add(group, library::MENU_OPEN, "", |ctx| ctx.send(Msg::Show(Some(Dialog::Library))));
        self.add(group, shell::SHARE, "", |ctx| ctx.send(Msg::Show(Some(Dialog::Share))));
        for scenario in scenarios::ALL {
            self.add(texts::GROUP_SCENARIO, scenario.title, "", move |ctx| {
                ctx.send(Msg::OpenScenario(scenario))
            });
        }
    }
}

fn all(ctx: &Ctx) -> Vec<Command> {
    let mut list = List { ctx, all: Vec::new() };
    list.selection();
    list.edits();
    list.run();
    list.view();
    list.files();
    list.all
}

/// The commands that what is typed may mean, the nearest first.
fn search(ctx: &Ctx, typed: &str) -> Vec<Command> {
    let words: Vec<String> = typed.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut found: Vec<Command> = all(ctx).into_iter().filter(|c| c.fits(&words)).collect();
    let whole = words.join(" ");
    order::sort_by_key(&mut found, |c| c.distance(&whole));
    found
}

/// Does it. First away with this dialog: what is done may open another.
fn run(ctx: &Ctx, command: &Command) {
    ctx.send(Msg::Show(None));
    (command.run)(ctx);
}

/// The command palette.
#[component]
pub fn Commands() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let typed = use_state(String::new);
    let at = use_state(|| 0_usize);
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                let _ = input.focus();
            }
        });
    }
    use_effect_with(*at, |at| dom::show_in_list(&format!("command-{at}")));
    // A handle of Yew's tells the newest value, also in what was made for an older list: this is what the list is for.
    let drawn = (*typed).clone();
    let found = search(&ctx, &drawn);
    let count = found.len();
    let chosen = (*at).min(count.saturating_sub(1));
    let oninput = {
        let (typed, at) = (typed.clone(), at.clone());
        Callback::from(move |e: InputEvent| {
            typed.set(dom::value_of(&e));
            at.set(0);
        })
    };
    let found = std::rc::Rc::new(found);
    let do_it = {
        let (ctx, found) = (ctx.clone(), found.clone());
        Callback::from(move |i: usize| {
            if let Some(command) = found.get(i) {
                run(&ctx, command);
            }
        })
    };
    let onkeydown = {
        let (at, do_it, ctx, drawn, input) =
            (at.clone(), do_it.clone(), ctx.clone(), drawn.clone(), input.clone());
        Callback::from(move |e: KeyboardEvent| {
            // Enter also ends the writing of a Korean syllable.
            let composing = e.is_composing();
            let to = match e.key().as_str() {
                "ArrowDown" if count > 0 => (chosen + 1) % count,
                "ArrowUp" if count > 0 => (chosen + count - 1) % count,
                "Home" if count > 0 && e.ctrl_key() => 0,
                "End" if count > 0 && e.ctrl_key() => count - 1,
                "Enter" if !composing => {
                    e.prevent_default();
                    // Who types fast is ahead of the list that is drawn: what stands in the field counts.
                    let field = input.cast::<HtmlInputElement>().map(|f| f.value());
                    return match field.filter(|words| *words != drawn) {
                        Some(words) => search(&ctx, &words).first().map_or((), |c| run(&ctx, c)),
                        None => do_it.emit(chosen),
                    };
                }
                _ => return,
            };
            e.prevent_default();
            at.set(to);
        })
    };
    let rows = found.iter().enumerate().map(|(i, command)| {
        let onclick = do_it.reform(move |_: MouseEvent| i);
        html! {
            <li id={format!("command-{i}")} key={i} role="option" aria-selected={(i == chosen).to_string()} {onclick}>
                <span class="muted">{ lang.t(command.group) }</span><span>{ command.label.clone() }</span>
                if !command.keys.is_empty() { <kbd>{ command.keys }</kbd> }
            </li>
        }
    });
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="commands">
            <input ref={input} class="field" type="text" role="combobox" autocomplete="off" spellcheck="false" aria-expanded="true"
                aria-controls="command-list" aria-autocomplete="list" aria-activedescendant={(count > 0).then(|| format!("command-{chosen}"))}
                aria-label={lang.t(texts::SEARCH)} placeholder={lang.t(texts::SEARCH)} data-testid="command-search"
                value={(*typed).clone()} {oninput} {onkeydown} />
            if count == 0 {
                <p class="muted" role="status">{ lang.t(texts::NONE) }</p>
            }
            <ul id="command-list" class="commands" role="listbox" aria-label={lang.t(texts::TITLE)} hidden={count == 0}>{ for rows }</ul>
            <p class="muted small-print">{ lang.t(texts::HINT) }</p>
        </Modal>
    }
}
