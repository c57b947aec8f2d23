//! The map of the world: where users and data centres of the design are, and who is served where. The same as a table.

use super::Modal;
use crate::dom;
use crate::live::Live;
use crate::state::{Msg, place_name, use_ctx, use_live};
use crate::texts::{Lang, world as texts};
use crate::ui::value::metric_text;
use crate::world::{Arc, Health, LATITUDES, SiteView, World, on_map, outline};
use headroom_model::kinds::Unit;
use headroom_model::text::Text;
use yew::prelude::*;

/// The map is drawn again at most so often, and followed requests are asked for as often [ms].
const LOOK_MS: f64 = 500.0;
const ASK_MS: f64 = 1_000.0;
/// The map is cut to what is on it, with so much around it, but shows at least so much of the world [degrees].
const AROUND: f64 = 34.0;
const WIDTH_MIN: f64 = 150.0;
const WIDTH: f64 = 360.0;

fn health_text(site: &SiteView) -> Text {
    match site.health {
        None => texts::NONE_HERE,
        Some(Health::Up) => texts::UP,
        Some(Health::Busy) => texts::BUSY,
        Some(Health::Partly) => texts::PARTLY,
        Some(Health::Down) => texts::DOWN,
    }
}

fn health_mark(health: Option<Health>) -> &'static str {
    match health {
        None => "none",
        Some(Health::Up) => "up",
        Some(Health::Busy) => "busy",
        Some(Health::Partly) => "partly",
        Some(Health::Down) => "down",
    }
}

/// The map.
#[component]
pub fn WorldDialog() -> Html {
    let ctx = use_ctx();
    let lang = ctx.lang();
    let live = use_live(LOOK_MS);
    let asked = use_mut_ref(|| f64::NEG_INFINITY);
    {
        let send = ctx.send.clone();
        use_effect(move || {
            let now = dom::now_ms();
            if now - *asked.borrow() >= ASK_MS {
                *asked.borrow_mut() = now;
                send.emit(Msg::AskTraces);
            }
        });
    }
    let live = live.get();
    let world = World::of(&live, live.traces.as_ref().map(|(_, traces)| traces.as_ref()));
    if world.sites.is_empty() {
        return html! { <Modal title={lang.t(texts::TITLE)} testid="world"><p class="muted">{ lang.t(texts::NOWHERE) }</p></Modal> };
    }
    let n: usize = world.arcs.iter().map(|a| a.n).sum();
    html! {
        <Modal title={lang.t(texts::TITLE)} testid="world" wide=true>
            <p class="muted">{ lang.t(texts::WHAT) }</p>
            { map(lang, &live, &world) }
            if n == 0 {
                <p class="empty">{ lang.t(texts::WAIT) }</p>
            } else {
                { table(lang, &live, &world) }
                <p class="muted">{ lang.fill(texts::SAMPLE, &[("n", &n.to_string())]) }</p>
            }
        </Modal>
    }
}

fn name(lang: Lang, live: &Live, site: &SiteView) -> String {
    live.design.places.get(site.place).map_or_else(String::new, |p| place_name(p, lang))
}

fn users_text(lang: Lang, world: &World, rps: f64) -> String {
    let share = if world.users_rps > 0.0 { rps / world.users_rps } else { f64::NAN };
    let words = [("rate", metric_text(Unit::Rate, rps)), ("share", metric_text(Unit::Share, share))];
    lang.fill(texts::USERS, &[(words[0].0, &words[0].1), (words[1].0, &words[1].1)])
}

fn map(lang: Lang, live: &Live, world: &World) -> Html {
    let (left, top, width, height) = frame(world);
    let scale = width / WIDTH;
    let said: Vec<String> = world
        .sites
        .iter()
        .map(|s| lang.fill(texts::SITE, &[("name", &name(lang, live, s)), ("state", lang.t(health_text(s)))]))
        .collect();
    let label = lang.fill(texts::MAP, &[("sites", &said.join(", "))]);
    let sites = world.sites.iter().map(|site| {
        let (x, y) = on_map(site.spot);
        // Near the right edge the words stand to the left.
        let (anchor, dx) = if x > left + width * 0.7 { ("end", -7.0) } else { ("start", 7.0) };
        let users = site.users_rps.map(|rps| users_text(lang, world, rps));
        html! {
            <g class="world-site" data-health={health_mark(site.health)} transform={format!("translate({x:.1},{y:.1}) scale({scale:.3})")}>
                if site.users_rps.is_some() { <circle class="world-users" r="5.400" /> }
                if site.health.is_some() { <rect x="-3" y="-3" width="6" height="6" /> }
                if site.health == Some(Health::Down) { <path class="world-cross" d="M-3-3 3 3M-3 3 3-3" /> }
                <text x={dx.to_string()} y="-2" text-anchor={anchor}>{ name(lang, live, site) }</text>
                if let Some(users) = users { <text class="small" x={dx.to_string()} y="4.500" text-anchor={anchor}>{ users }</text> }
            </g>
        }
    });
    let most = world.arcs.iter().map(|a| a.rps).fold(1e-9, f64::max);
    html! {
        <svg class="world" viewBox={format!("{left:.1} {top:.1} {width:.1} {height:.1}")} role="img" aria-label={label} data-testid="world-map">
            <path class="world-land" d={outline()} />
            { for world.arcs.iter().map(|a| arc(world, a, most, scale)) }
            { for sites }
        </svg>
    }
}

/// The stretch of the world that is shown: left, top, width and height, in degrees.
fn frame(world: &World) -> (f64, f64, f64, f64) {
    let all = LATITUDES.1 - LATITUDES.0;
    let points = || world.sites.iter().map(|s| on_map(s.spot));
    let (west, east) = points().fold((WIDTH, 0.0_f64), |(a, b), (x, _)| (a.min(x), b.max(x)));
    let (north, south) = points().fold((all, 0.0_f64), |(a, b), (_, y)| (a.min(y), b.max(y)));
    // As wide as is needed for the height too, in the proportions of the whole.
    let width =
        (east - west + 2.0 * AROUND).max((south - north + AROUND) * WIDTH / all).clamp(WIDTH_MIN, WIDTH);
    let height = width * all / WIDTH;
    let left = ((west + east - width) / 2.0).clamp(0.0, WIDTH - width);
    let top = ((north + south - height) / 2.0).clamp(0.0, all - height);
    (left, top, width, height)
}

/// From users to where they are served: a bow over the map, or a ring where that is at home.
fn arc(world: &World, arc: &Arc, most: f64, scale: f64) -> Html {
    let (ax, ay) = on_map(world.sites[arc.from].spot);
    let (bx, by) = on_map(world.sites[arc.to].spot);
    let width = (0.8 + 3.2 * (arc.rps / most).sqrt()) * scale;
    let mean = metric_text(Unit::Seconds, arc.mean_s);
    let bad = (arc.failed > 0.01).then_some("bad");
    let (path, x, y) = if arc.from == arc.to {
        let r = 8.0 * scale;
        (format!("M{ax:.1},{:.1}a{r:.2},{r:.2} 0 1 1 .1,0", ay + 2.0 * r), ax, ay + 2.9 * r)
    } else {
        let lift = ((bx - ax).abs() * 0.22).max(10.0);
        let top = ((ay + by) / 2.0 - lift * 2.0).max(4.0);
        (
            format!("M{ax:.1},{ay:.1}Q{:.1},{top:.1} {bx:.1},{by:.1}", (ax + bx) / 2.0),
            (ax + bx) / 2.0,
            (ay + by) / 4.0 + top / 2.0 - 3.0,
        )
    };
    html! {
        <g class={classes!("world-arc", bad)} data-share={format!("{:.2}", arc.share)}>
            <path d={path} stroke-width={format!("{width:.1}")} />
            <text transform={format!("translate({x:.1},{y:.1}) scale({scale:.3})")} text-anchor="middle">{ mean }</text>
        </g>
    }
}

/// How many of all users live at a site.
fn share_of_users(world: &World, site: &SiteView) -> String {
    let share = site.users_rps.map_or(f64::NAN, |rps| rps / world.users_rps.max(1e-9));
    metric_text(Unit::Share, share)
}

fn table(lang: Lang, live: &Live, world: &World) -> Html {
    let heads = [
        texts::COL_FROM,
        texts::COL_TO,
        texts::COL_STATE,
        texts::COL_SHARE,
        texts::COL_RATE,
        texts::COL_MEAN,
        texts::COL_RTT,
        texts::COL_FAILED,
    ];
    let rows = world.arcs.iter().map(|a| {
        let (from, to) = (&world.sites[a.from], &world.sites[a.to]);
        html! {
            <tr>
                <th scope="row">{ name(lang, live, from) }<small class="muted">{ share_of_users(world, from) }</small></th>
                <td>{ name(lang, live, to) }</td>
                <td data-health={health_mark(to.health)}>{ lang.t(health_text(to)) }</td>
                <td class="num">{ metric_text(Unit::Share, a.share) }</td>
                <td class="num">{ metric_text(Unit::Rate, a.rps) }</td>
                <td class="num">{ metric_text(Unit::Seconds, a.mean_s) }</td>
                <td class="num">{ if a.from == a.to { "–".to_owned() } else { metric_text(Unit::Seconds, a.rtt_ms / 1e3) } }</td>
                <td class={classes!("num", (a.failed > 0.01).then_some("bad"))}>{ metric_text(Unit::Share, a.failed) }</td>
            </tr>
        }
    });
    html! {
        <div class="requests world-table" tabindex="0" data-testid="world-table">
            <table><thead><tr>{ for heads.map(|t| html! { <th scope="col">{ lang.t(t) }</th> }) }</tr></thead><tbody>{ for rows }</tbody></table>
        </div>
    }
}
