//! What is measured, as numbers that can be told apart, weighted and put back.
//!
//! Whatever a summary is made of and [`restart`](super::behaviour::Behaviour::restart) sets to nothing is a tally: a count, a
//! sum, an integral or a histogram. A node shows its tallies one after the other to whoever reads them, or writes others in
//! their place: that is how a stretch of a run can stand for a longer one (see [`super::detail`]).

use headroom_engine::{Hist, LEVELS, Level, LevelDist, SimTime};
use std::collections::BTreeMap;

/// A number that is held.
#[derive(Clone, Debug)]
pub enum Held {
    /// A count.
    Count(u64),
    /// A sum of times, or an integral [ns].
    Wide(u128),
    /// A sum of anything else.
    Real(f64),
    /// Durations.
    Durations(Box<Hist>),
    /// Time spent at each level [ns].
    Levels(Box<[u64; LEVELS]>),
}

impl Held {
    /// What came since an earlier moment, so many times.
    fn weighted_since(&self, mark: Option<&Held>, weight: f64) -> Held {
        let times = |x: f64| libm::round(x.max(0.0) * weight);
        match (self, mark) {
            (Held::Count(now), Some(Held::Count(then))) => {
                Held::Count(times(now.saturating_sub(*then) as f64) as u64)
            }
            (Held::Count(now), _) => Held::Count(times(*now as f64) as u64),
            (Held::Wide(now), Some(Held::Wide(then))) => {
                Held::Wide(times(now.saturating_sub(*then) as f64) as u128)
            }
            (Held::Wide(now), _) => Held::Wide(times(*now as f64) as u128),
            (Held::Real(now), Some(Held::Real(then))) => Held::Real((now - then) * weight),
            (Held::Real(now), _) => Held::Real(now * weight),
            (Held::Durations(now), Some(Held::Durations(then))) => {
                Held::Durations(Box::new(now.weighted_since(then, weight)))
            }
            (Held::Durations(now), _) => Held::Durations(Box::new(now.weighted_since(&Hist::new(), weight))),
            (Held::Levels(now), then) => {
                let mut gain = now.clone();
                for (i, x) in gain.iter_mut().enumerate() {
                    let before = if let Some(Held::Levels(then)) = then { then[i] } else { 0 };
                    *x = times(x.saturating_sub(before) as f64) as u64;
                }
                Held::Levels(gain)
            }
        }
    }

    fn add(&mut self, more: &Held) {
        match (self, more) {
            (Held::Count(a), Held::Count(b)) => *a += b,
            (Held::Wide(a), Held::Wide(b)) => *a += b,
            (Held::Real(a), Held::Real(b)) => *a += b,
            (Held::Durations(a), Held::Durations(b)) => a.merge(b),
            (Held::Levels(a), Held::Levels(b)) => a.iter_mut().zip(b.iter()).for_each(|(a, b)| *a += b),
            (a, b) => debug_assert!(false, "{a:?} and {b:?} have one place"),
        }
    }
}

/// Whose a tally is, which of its parts' (0 where it is of the whole), and its number among those.
type Place = (u32, u32, u32);

/// Tallies by place.
#[derive(Clone, Debug, Default)]
pub struct Book(BTreeMap<Place, Held>);

impl Book {
    /// What came since an earlier moment, so many times.
    pub fn weighted_since(&self, mark: &Book, weight: f64) -> Book {
        Book(self.0.iter().map(|(at, x)| (*at, x.weighted_since(mark.0.get(at), weight))).collect())
    }

    /// Adds what another book has.
    pub fn add(&mut self, more: &Book) {
        for (at, x) in &more.0 {
            match self.0.get_mut(at) {
                Some(held) => held.add(x),
                None => {
                    self.0.insert(*at, x.clone());
                }
            }
        }
    }
}

/// Goes from tally to tally and reads each, or writes it.
pub struct Tallies<'a> {
    now: SimTime,
    place: Place,
    book: &'a mut Book,
    writes: bool,
}

impl<'a> Tallies<'a> {
    /// Reads all that are shown into an empty book.
    pub fn read(now: SimTime, book: &'a mut Book) -> Self {
        Self { now, place: (0, 0, 0), book, writes: false }
    }

    /// Writes what the book has in the place of all that are shown.
    pub fn write(now: SimTime, book: &'a mut Book) -> Self {
        Self { now, place: (0, 0, 0), book, writes: true }
    }

    /// The moment at which they are shown.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// What follows is of another owner.
    pub fn owner(&mut self, owner: u32) {
        self.place = (owner, 0, 0);
    }

    /// What follows is of part `i` of one of the owner's lists. A list may grow from one reading to the next.
    pub fn part(&mut self, list: u32, i: usize) {
        self.place = (self.place.0, ((list + 1) << 24) | i as u32, 0);
    }

    fn show(&mut self, read: impl FnOnce() -> Held, write: impl FnOnce(&Held)) {
        let place = self.place;
        self.place.2 += 1;
        if !self.writes {
            self.book.0.insert(place, read());
        } else if let Some(held) = self.book.0.get(&place) {
            write(held);
        }
    }

    /// A count.
    pub fn count(&mut self, x: &mut u64) {
        let now = *x;
        self.show(
            || Held::Count(now),
            |held| {
                if let Held::Count(n) = held {
                    *x = *n;
                }
            },
        );
    }

    /// Several counts.
    pub fn counts<'b>(&mut self, all: impl IntoIterator<Item = &'b mut u64>) {
        for x in all {
            self.count(x);
        }
    }

    /// A sum of times, or an integral [ns].
    pub fn wide(&mut self, x: &mut u128) {
        let now = *x;
        self.show(
            || Held::Wide(now),
            |held| {
                if let Held::Wide(n) = held {
                    *x = *n;
                }
            },
        );
    }

    /// A sum of anything else.
    pub fn real(&mut self, x: &mut f64) {
        let now = *x;
        self.show(
            || Held::Real(now),
            |held| {
                if let Held::Real(n) = held {
                    *x = *n;
                }
            },
        );
    }

    /// Durations. What is empty has no place.
    pub fn durations(&mut self, x: &mut Hist) {
        let place = self.place;
        self.place.2 += 1;
        if !self.writes && !x.is_empty() {
            self.book.0.insert(place, Held::Durations(Box::new(x.clone())));
        } else if self.writes
            && let Some(Held::Durations(held)) = self.book.0.get(&place)
        {
            x.clone_from(held);
        }
    }

    /// The integral of a level.
    pub fn level(&mut self, x: &mut Level) {
        let (now, integral) = (self.now, x.integral_ns(self.now));
        self.show(
            || Held::Wide(integral),
            |held| {
                if let Held::Wide(n) = held {
                    x.restate(now, *n);
                }
            },
        );
    }

    /// Time spent at each level.
    pub fn levels(&mut self, x: &mut LevelDist) {
        let (now, spent) = (self.now, x.spent_ns(self.now));
        self.show(
            || Held::Levels(Box::new(spent)),
            |held| {
                if let Held::Levels(n) = held {
                    x.restate(now, **n);
                }
            },
        );
    }
}
