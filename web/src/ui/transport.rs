//! The run controls: play, step, restart, moment, speed, seed.

use super::value::{clock, metric_text};
use crate::app::running::{SPEEDS, speed_text};
use crate::dom;
use crate::icons::{Icon, icon};
use crate::live::Live;
use crate::state::{Dialog, Engine, Msg, Red, Sight, use_ctx, use_live};
use crate::texts::{Lang, microscope, run, seeds, why};
use headroom_editor::{EditMsg, Phase};
use headroom_model::design::{Detail, RunSettings};
use headroom_model::kinds::Unit;
use headroom_model::messages::{RunState, world};
use headroom_model::text::Text;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The clock is shown again at most this often [ms].
const CLOCK_MS: f64 = 100.0;
/// The largest seed that a design file carries exactly.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// The run controls.
#[component]
pub fn Transport() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let moving = matches!(ctx.state.run.state, RunState::Playing | RunState::CatchingUp);
    let (play_icon, play_text) = if moving { (Icon::Pause, run::PAUSE) } else { (Icon::Play, run::PLAY) };
    let embed = ctx.state.env.embed;
    html! {
        <section class="transport" aria-label={lang.t(run::CONTROLS)} data-testid="transport">
            <span class="group">
                <button type="button" class={classes!("button", "only-icon", "play", (!moving).then_some("primary"))} aria-label={lang.t(play_text)}
                    title={keyed(lang, play_text, "Space")} data-testid="play" onclick={ctx.on(|| Msg::TogglePlay)}>{ icon(play_icon) }</button>
                if !embed {
                    <button type="button" class="button quiet only-icon" aria-label={lang.t(run::STEP)} title={keyed(lang, run::STEP, ".")}
                        data-testid="step" onclick={ctx.on(|| Msg::Step)}>{ icon(Icon::Step) }</button>
                }
                <button type="button" class="button quiet only-icon" aria-label={lang.t(run::RESTART)} title={keyed(lang, run::RESTART, "R")}
                    data-testid="restart" onclick={ctx.on(|| Msg::Restart)}>{ icon(Icon::Restart) }</button>
            </span>
            <Progress />
            <DetailBadge />
            <span class="group speed">
                <SpeedField />
                <Reached />
            </span>
            if !embed {
                <Vitals />
                <span class="group tools">
                    <button type="button" class="button quiet summary-open" aria-label={lang.t(run::SUMMARY)} title={keyed(lang, run::SUMMARY_HELP, "S")}
                        data-testid="summary-open" onclick={ctx.on(|| Msg::Show(Some(Dialog::Summary)))}>{ icon(Icon::Table) }<span>{ lang.t(run::SUMMARY) }</span></button>
                    <button type="button" class="button quiet only-icon" aria-label={lang.t(microscope::OPEN)} title={keyed(lang, microscope::OPEN, "M")}
                        data-testid="open-microscope" onclick={ctx.on(|| Msg::Show(Some(Dialog::Microscope(Sight::Slowest))))}>{ icon(Icon::Microscope) }</button>
                    <button type="button" class="button quiet only-icon wide-only" aria-label={lang.t(seeds::TITLE)} title={keyed(lang, seeds::OPEN, "Shift+S")}
                        data-testid="seeds-open" onclick={ctx.on(|| Msg::Show(Some(Dialog::Seeds)))}>{ icon(Icon::Bell) }</button>
                </span>
                <span class="group seed wide-only"><SeedField id="seed" /></span>
                <Hash />
            }
        </section>
    }
}

fn keyed(lang: Lang, text: Text, key: &str) -> String {
    format!("{} ({key})", lang.t(text))
}

/// The moment of the run, as a clock and on a slider that seeks.
#[component]
fn Progress() -> Html {
    let ctx = use_ctx();
    let live = use_live(CLOCK_MS);
    let lang = ctx.lang();
    let slider = use_node_ref();
    let held = use_mut_ref(|| false);
    let (now_s, until_s) = {
        let live = live.get();
        let until_s =
            if live.shape.until_s > 0.0 { live.shape.until_s } else { ctx.state.design.run.until_s };
        (live.now_s(), until_s)
    };
    // While it is held the slider shows where it will go, not where the run is.
    if !*held.borrow()
        && let Some(input) = slider.cast::<HtmlInputElement>()
    {
        input.set_value(&format!("{now_s:.3}"));
    }
    let oninput = {
        let held = held.clone();
        Callback::from(move |_: InputEvent| *held.borrow_mut() = true)
    };
    let onchange = {
        let (held, ctx) = (held.clone(), ctx.clone());
        Callback::from(move |e: Event| {
            *held.borrow_mut() = false;
            if let Ok(at_s) = dom::value_of(&e).parse() {
                ctx.send(Msg::Seek(at_s));
            }
        })
    };
    let marks = ctx.state.design.timeline.iter().filter(|e| e.at_s <= until_s).map(|e| {
        html! { <i style={format!("left:{:.2}%", 100.0 * e.at_s / until_s)} /> }
    });
    let text = format!("{} / {}", clock(now_s, true), clock(until_s, false));
    html! {
        <span class="progress">
            <output class="num clock" data-testid="clock">{ clock(now_s, true) }<span class="muted">{ format!(" / {}", clock(until_s, false)) }</span></output>
            <span class="slider">
                <input ref={slider} type="range" min="0" max={until_s.to_string()} step="0.1" aria-label={lang.t(run::PROGRESS)}
                    aria-valuetext={text} data-testid="progress" {oninput} {onchange} />
                <span class="marks" aria-hidden="true">{ for marks }</span>
            </span>
        </span>
    }
}

/// How much of a run with sampled detail was simulated so far; nothing where all is.
#[component]
fn DetailBadge() -> Html {
    let ctx = use_ctx();
    let live = use_live(500.0);
    let lang = ctx.lang();
    if ctx.state.design.run.detail == Detail::Exact {
        return Html::default();
    }
    let share = metric_text(Unit::Share, live.get().simulated());
    let text = lang.fill(run::SAMPLED, &[("share", &share)]);
    let help = lang.fill(run::SAMPLED_HELP, &[("share", &share)]);
    html! {
        <button type="button" class="button quiet detail-badge" title={help.clone()} aria-label={help} data-testid="detail-badge"
            onclick={ctx.on(|| Msg::Show(Some(Dialog::Summary)))}>{ text }</button>
    }
}

/// p99 from which users notice that they wait [s], after Nielsen: the flow of thought breaks at about a second.
const SLOW_S: f64 = 1.0;
/// Share of failing requests from which it is red, as on the canvas.
const FAILING: f64 = 0.01;

/// The numbers that matter most, of the last window; each says why it is as it is.
#[component]
fn Vitals() -> Html {
    let ctx = use_ctx();
    let live = use_live(250.0);
    let lang = ctx.lang();
    let live = live.get();
    let value =
        |at: usize| live.windows.last().and_then(|w| w.world.get(at)).map_or(f64::NAN, |v| f64::from(*v));
    let (failed, served) = (value(world::FAILED_RPS), value(world::SERVED_RPS));
    let share = if failed + served > 0.0 { failed / (failed + served) } else { f64::NAN };
    let rows = [
        (Red::Slow, "p99", why::P99, Unit::Seconds, value(world::P99_S), SLOW_S),
        (Red::Errors, "errors", why::ERROR_SHARE, Unit::Share, share, FAILING),
        (Red::Money, "money", why::PER_HOUR, Unit::Money, value(world::COST_USD_H), f64::INFINITY),
    ];
    let buttons = rows.map(|(red, id, text, unit, x, limit)| {
        let number = metric_text(unit, x);
        let is_red = (x >= limit).then_some("red");
        html! {
            <button type="button" class={classes!("button", "quiet", "vital", is_red)} data-testid={format!("vital-{id}")}
                title={lang.t(why::TITLE)} aria-label={format!("{} {number}: {}", lang.t(text), lang.t(why::TITLE))}
                onclick={ctx.on(move || Msg::Show(Some(Dialog::Why(red))))}>
                <small>{ lang.t(text) }</small><b class="num">{ number }</b></button>
        }
    });
    html! { <span class="group vitals">{ for buttons }</span> }
}

/// The speed that is wanted.
#[component]
fn SpeedField() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let onchange = {
        let ctx = ctx.clone();
        Callback::from(move |e: Event| ctx.send(Msg::SetSpeed(dom::value_of(&e).parse().ok())))
    };
    let options = SPEEDS.iter().map(|s| Some(*s)).chain([None]).map(|speed| {
        let value = speed.map_or("max".to_owned(), |s| s.to_string());
        html! { <option {value} selected={ctx.state.run.speed == speed}>{ speed_text(lang, speed) }</option> }
    });
    html! {
        <select class="field speed-field" aria-label={lang.t(run::SPEED)} title={format!("{} ([ ])", lang.t(run::SPEED_HELP))} data-testid="speed" {onchange}>
            { for options }
        </select>
    }
}

/// The speed that is reached, what the run is doing, and how hard the simulator works.
#[component]
fn Reached() -> Html {
    let ctx = use_ctx();
    let live = use_live(500.0);
    let lang = ctx.lang();
    let live = live.get();
    let state = match (&ctx.state.engine, ctx.state.run.state) {
        (Engine::Starting, _) => run::STATE_STARTING,
        (Engine::Failed(_), _) => run::STATE_FAILED,
        (_, RunState::Paused) => run::STATE_PAUSED,
        (_, RunState::CatchingUp) => run::STATE_CATCHING_UP,
        (_, RunState::Finished) => run::STATE_FINISHED,
        (_, RunState::Playing) => {
            let speed = reached_text(&live);
            let events = metric_text(Unit::Count, live.snapshot.events_per_s);
            return html! {
                <span class="reached num" data-testid="reached">
                    <span>{ lang.fill(run::REACHED, &[("speed", &speed)]) }</span>
                    <span class="muted wide-only">{ lang.fill(run::EVENTS, &[("n", &events)]) }</span>
                </span>
            };
        }
    };
    html! { <span class="reached muted" data-testid="reached">{ lang.t(state) }</span> }
}

fn reached_text(live: &Live) -> String {
    let speed = live.snapshot.speed_reached;
    match speed {
        // Nothing was measured yet.
        0.0 => "–".to_owned(),
        s if s >= 9.95 => format!("{s:.0}×"),
        s if s >= 0.995 => format!("{s:.1}×"),
        s if s >= 0.0995 => format!("{s:.2}×"),
        s => format!("{s:.3}×"),
    }
}

/// What a seed field is called.
#[derive(Properties, PartialEq)]
pub struct SeedProps {
    /// Its name for tests.
    pub id: AttrValue,
}

/// The seed, to be typed or drawn by lot.
#[component]
pub fn SeedField(props: &SeedProps) -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let draft = use_state(|| None::<String>);
    let seed = ctx.state.design.run.seed;
    let oninput = {
        let (ctx, draft) = (ctx.clone(), draft.clone());
        Callback::from(move |e: InputEvent| {
            let text = dom::value_of(&e);
            match read_seed(&text) {
                Some(seed) => {
                    draft.set(None);
                    let run = RunSettings { seed, ..ctx.state.design.run.clone() };
                    ctx.edit(EditMsg::SetRun { run, phase: Phase::Dragging });
                }
                None => draft.set(Some(text)),
            }
        })
    };
    let bad = draft.is_some();
    let title = if bad { lang.t(run::SEED_BAD) } else { lang.t(run::SEED_HELP) };
    html! {
        <>
            <label class="seed-field" {title}>
                <span class="muted">{ lang.t(run::SEED) }</span>
                <input class="field num" type="text" inputmode="numeric" autocomplete="off" data-testid={props.id.clone()} aria-invalid={bad.to_string()}
                    value={draft.as_ref().cloned().unwrap_or_else(|| seed.to_string())} readonly={!ctx.state.env.editable} {oninput} />
            </label>
            <button type="button" class="button quiet only-icon" aria-label={lang.t(run::SEED_ROLL)} title={lang.t(run::SEED_ROLL)}
                data-testid={format!("{}-roll", props.id)} onclick={ctx.on(|| Msg::RollSeed)}>{ icon(Icon::Dice) }</button>
        </>
    }
}

fn read_seed(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|seed| *seed <= SEED_MAX)
}

/// The hash of the run so far.
#[component]
fn Hash() -> Html {
    let ctx = use_ctx();
    let live = use_live(CLOCK_MS);
    let hash = live.get().snapshot.hash;
    html! {
        <output class="hash mono muted wide-only" title={ctx.lang().t(run::HASH)} data-testid="hash">{ format!("{hash:016x}") }</output>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_whole_and_fit_a_file() {
        assert_eq!(read_seed(" 42 "), Some(42));
        assert_eq!(read_seed("9007199254740991"), Some(SEED_MAX));
        assert_eq!(read_seed("9007199254740992"), None);
        assert_eq!(read_seed("-1"), None);
        assert_eq!(read_seed("1.5"), None);
        assert_eq!(read_seed(""), None);
    }
}
