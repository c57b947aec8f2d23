//! What a request is for: its class, item and size, and pages with their assets.

use super::requests::{Request, Waiting};
use super::{State, UsersParams};
use crate::sim::core::{Core, NodeIdx, Op};
use crate::sim::meter::Outcome;
use headroom_engine::{Hist, NIL, Popularity, SimTime, Stream, WindowHist};

/// A page on its way to a browser.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page {
    born: SimTime,
    pub visitor: u32,
    /// Requests that it still waits for.
    left: u32,
    whole: bool,
}

/// Pages so far.
#[derive(Clone, Debug)]
pub(super) struct PageTimes {
    pub whole: Hist,
    pub window: WindowHist,
    /// Pages with something missing.
    pub broken: u64,
}

impl PageTimes {
    pub fn new() -> Self {
        Self { whole: Hist::new(), window: WindowHist::new(), broken: 0 }
    }
}

/// Sizes of answers, by class, and of a page's document [bytes].
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    by_class: [u32; 5],
    page: u32,
}

impl Sizes {
    pub fn new(p: &UsersParams) -> Self {
        let bytes = |kb: f64| (kb * 1000.0) as u32;
        Self {
            by_class: [p.read_kb, p.write_kb, p.asset_kb, p.query_kb, p.job_kb].map(bytes),
            page: bytes(p.page_kb),
        }
    }

    /// Of an answer of this class.
    pub fn of(&self, op: Op) -> u32 {
        self.by_class[op.class()]
    }
}

/// Ranks that are drawn at once.
const AHEAD: usize = 64;

/// Popularity whose favourites change: new ones come to the top, and the others sink by as many ranks.
///
/// The table of a popularity over many items is far away in memory; looking many ranks up at once takes hardly longer than
/// one. So they are drawn ahead, where nothing else is drawn from the stream in between.
#[derive(Clone, Debug)]
pub(super) struct Taste {
    popularity: Popularity,
    drift_per_s: f64,
    stream: Stream,
    ranks: [u32; AHEAD],
    /// The first of `ranks` that is not used yet.
    next: usize,
    /// The stream before they were drawn.
    before: Stream,
}

impl Taste {
    pub fn new(popularity: Popularity, drift_per_s: f64, stream: Stream) -> Self {
        Self { popularity, drift_per_s, before: stream.clone(), stream, ranks: [0; AHEAD], next: AHEAD }
    }

    /// The item of a drawn rank at this moment.
    #[inline]
    pub fn sample(&mut self, now: SimTime) -> u32 {
        if self.next == AHEAD {
            self.draw_ahead();
        }
        let rank = self.ranks[self.next % AHEAD];
        self.next += 1;
        self.item(now, rank)
    }

    /// The same, or `famous` with probability `share`.
    pub fn sample_with(&mut self, now: SimTime, share: f64, famous: u32) -> u32 {
        self.forget_ahead();
        if self.stream.chance(share) {
            return famous;
        }
        let rank = self.popularity.sample(&mut self.stream);
        self.item(now, rank)
    }

    #[inline(never)]
    fn draw_ahead(&mut self) {
        self.before = self.stream.clone();
        for rank in &mut self.ranks {
            *rank = self.popularity.sample(&mut self.stream);
        }
        self.next = 0;
    }

    /// The stream stands where it would without ranks drawn ahead.
    fn forget_ahead(&mut self) {
        if self.next < AHEAD {
            self.stream = self.before.clone();
            for _ in 0..self.next {
                self.popularity.sample(&mut self.stream);
            }
            self.next = AHEAD;
        }
    }

    #[inline(always)]
    fn item(&self, now: SimTime, rank: u32) -> u32 {
        if self.drift_per_s <= 0.0 {
            return rank;
        }
        let items = u64::from(self.popularity.n());
        let sunk = (self.drift_per_s * now.as_secs_f64()) as u64 % items;
        ((u64::from(rank) + items - sunk) % items) as u32
    }
}

impl State {
    /// Class of a new request. One draw, whatever the shares are.
    #[inline]
    fn pick_class(&mut self) -> Op {
        let mut u = self.class_stream.unit();
        if u >= self.not_reads {
            return Op::Read;
        }
        let p = &self.params;
        for (share, op) in [
            (p.write_share, Op::Write),
            (p.static_share, Op::Static),
            (p.query_share, Op::Query),
            (p.job_share, Op::Job),
        ] {
            if u < share {
                return op;
            }
            u -= share;
        }
        Op::Read
    }

    #[inline]
    fn pick_item(&mut self, now: SimTime) -> u32 {
        match self.fame {
            (share, famous) if share > 0.0 => self.taste.sample_with(now, share, famous),
            _ => self.taste.sample(now),
        }
    }

    /// An asset has its own place among the keys, after all items.
    #[inline]
    fn pick_asset(&mut self, core: &Core) -> u32 {
        core.items + self.assets.sample(&mut self.asset_stream)
    }

    /// A new request of a visitor, or of some client where there are none.
    #[inline(always)]
    pub(super) fn request_of(&mut self, core: &mut Core, me: NodeIdx, visitor: u32) {
        let item = self.pick_item(core.now);
        let client = match visitor {
            NIL => self.logins.global(self.client_stream.below(self.params.clients)),
            visitor => self.visitors[visitor].client,
        };
        let op = self.pick_class();
        let key = if op == Op::Static { self.pick_asset(core) } else { item };
        let bytes = self.sizes.of(op);
        let mut request = Request { born: core.now, key, client, op, bytes, visitor, ..Request::default() };
        let web = self.params.web_share;
        if op == Op::Read && web > 0.0 && self.page_stream.chance(web) {
            let page = Page { born: core.now, visitor, left: 1, whole: true };
            if let Some(page) = self.pages.alloc(page) {
                request = Request { bytes: self.sizes.page, page, visitor: NIL, ..request };
            }
        }
        self.open(core, me, request);
    }

    /// A part of a page has come, or will not. The document brings the assets with it, all at once over connections that
    /// are open already; the page is there with the last of them.
    pub(super) fn page_part_done(&mut self, core: &mut Core, me: NodeIdx, part: Waiting, outcome: Outcome) {
        let id = part.page;
        self.pages[id].whole &= outcome.is_ok();
        if part.op != Op::Static && outcome.is_ok() {
            let assets = self.params.assets_per_page;
            self.pages[id].left += assets;
            for _ in 0..assets {
                let asset = Request {
                    born: core.now,
                    key: self.pick_asset(core),
                    client: part.client,
                    op: Op::Static,
                    bytes: self.sizes.of(Op::Static),
                    page: id,
                    ..Request::default()
                };
                self.open(core, me, asset);
            }
        }
        let page = &mut self.pages[id];
        page.left -= 1;
        if page.left > 0 {
            return;
        }
        let page = *page;
        self.pages.free(id);
        let took_ns = core.now.since(page.born);
        self.experienced(core, me, part.client, page.whole, took_ns);
        if page.whole {
            self.page_times.whole.record(took_ns);
            self.page_times.window.record(took_ns);
        } else {
            self.page_times.broken += 1;
        }
        self.done_waiting(core, me, page.visitor);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_engine::ns_from_secs;

    /// Fame comes and goes; what is drawn is what would be drawn one by one from the same stream.
    #[test]
    fn drawing_ahead_changes_nothing() {
        let stream = Stream::new(5, "users", "items");
        let popularity = Popularity::zipf(1_000, 0.9);
        let (mut taste, mut plain) = (Taste::new(popularity.clone(), 0.0, stream.clone()), stream);
        for (draws, share) in [(100, 0.0), (7, 0.3), (64, 0.0), (64, 0.0), (1, 0.9), (200, 0.0)] {
            for _ in 0..draws {
                let famous = share > 0.0 && plain.chance(share);
                let want = if famous { 999 } else { popularity.sample(&mut plain) };
                let got = if share > 0.0 {
                    taste.sample_with(SimTime::ZERO, share, 999)
                } else {
                    taste.sample(SimTime::ZERO)
                };
                assert_eq!(got, want);
            }
        }
    }

    /// However far favourites have moved, the popularity of ranks is what it was, and an item sinks one rank for each new
    /// favourite.
    #[test]
    fn favourites_move_and_popularity_stays() {
        for (at_s, top) in [(0.0, 0), (0.4, 0), (0.5, 9), (1.0, 8), (5.0, 0), (6.5, 7)] {
            let mut taste = Taste::new(Popularity::zipf(10, 1.0), 2.0, Stream::new(3, "users", "items"));
            let mut counts = [0u32; 10];
            for _ in 0..20_000 {
                counts[taste.sample(SimTime(ns_from_secs(at_s))) as usize] += 1;
            }
            for rank in 0..10usize {
                let item = (top + rank) % 10;
                let expected = 20_000.0 * taste.popularity.probability(rank as u32);
                let off = (f64::from(counts[item]) - expected).abs();
                assert!(off < 5.0 * expected.sqrt(), "{at_s} s, rank {rank}: {counts:?}");
            }
        }
    }
}
