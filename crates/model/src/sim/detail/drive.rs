//! How a run with sampled detail goes on: from look to look, and over skips.

use super::steady::{BLOCKS_MIN, Blocks, Verdict};
use super::*;
use crate::sim::core::Event;
use crate::sim::{Simulation, Stop};

impl Simulation {
    /// Runs until a moment of world time, in at most `events_max` events.
    pub(in crate::sim) fn run_sampled(&mut self, time: SimTime, events_max: u64) -> Stop {
        let mut left = events_max;
        loop {
            if self.sampling().skips_to().is_some() {
                self.pass(time);
                if self.sampling().skips_to().is_some() {
                    return Stop::Time;
                }
            }
            // The same moment by the clock of what is simulated.
            let until = SimTime(time.0.saturating_sub(self.core.skipped_ns));
            let look = self.sampling().next_look;
            let before = self.core.events;
            if self.run_exactly(until.min(look), left) == Stop::Events {
                return Stop::Events;
            }
            left -= self.core.events - before;
            if self.core.now < look {
                return Stop::Time;
            }
            self.core.settle_meters();
            self.look();
            if self.sampling().skips_to().is_none() && self.core.now >= until {
                return Stop::Time;
            }
        }
    }

    fn sampling(&self) -> &Sampling {
        self.sampling.as_deref().expect("the run has sampled detail")
    }

    fn sampling_mut(&mut self) -> &mut Sampling {
        self.sampling.as_deref_mut().expect("the run has sampled detail")
    }

    /// A block is over: what is to be thought of it?
    fn look(&mut self) {
        let memory = self.memory();
        let now = self.core.now;
        let happened = self.happenings.len() + self.core.happenings.len();
        let sums = self.sums(&memory);
        let measured_since = self.core.measured_since;
        let s = self.sampling_mut();
        if let Some(why) = memory.never {
            s.account.never = Some(why);
            s.next_look = SimTime::MAX;
            return;
        }
        let changed = std::mem::replace(&mut s.change_ns, memory.change_ns) <= memory.world_ns;
        let acted = s.acts_at.first().is_some_and(|at| *at <= memory.world_ns) || changed;
        let past = s.acts_at.partition_point(|at| *at <= memory.world_ns);
        s.acts_at.drain(..past);
        let happens = std::mem::replace(&mut s.happened, happened) != happened;
        let fits = s.blocks.as_ref().is_some_and(|b| b.fits(&sums));
        if acted || happens || memory.is_busy || !fits {
            // An action is no surprise; what follows from none is.
            let surprise = (happens || memory.is_busy) && !acted && !matches!(s.regime, Regime::Exact { .. });
            if surprise {
                s.account.surprises += 1;
                s.caution = (s.caution * 2).min(CAUTION_MAX);
            }
            s.disturbed = now;
            s.left_ns = 0;
            s.span_ns = 0;
            return self.lose_calm(sums);
        }
        if std::mem::replace(&mut s.measured_since, measured_since) != measured_since {
            // All sums begin at 0 again.
            return match s.regime {
                Regime::Exact { .. } => self.lose_calm(sums),
                _ => self.begin_stretch(sums),
            };
        }
        let s = self.sampling_mut();
        let blocks = s.blocks.as_mut().expect("it fits");
        blocks.end_block(sums.clone());
        let length_ns = blocks.length_ns;
        match s.regime {
            Regime::Exact { judge_ns } => {
                let calm_ns = now.since(s.calm_since);
                let past_is_gone = now.since(s.disturbed) >= s.caution * PASTS * memory.past_ns;
                if blocks.len() >= BLOCKS_MIN && past_is_gone && calm_ns >= judge_ns {
                    return self.judge_calm(&memory, sums, calm_ns);
                }
            }
            Regime::Settling { until } if now >= until => return self.begin_stretch(sums),
            Regime::Settling { .. } => {}
            Regime::Stretch { from, wanted_ns, judge_ns } => {
                let stretch_ns = now.since(from);
                if blocks.len() >= BLOCKS_MIN && stretch_ns >= judge_ns {
                    return self.judge_stretch(&memory, sums, stretch_ns, wanted_ns);
                }
            }
            Regime::Skip { .. } => unreachable!("nothing is looked at in a skip"),
        }
        self.sampling_mut().next_look = now.saturating_add(length_ns);
    }

    /// Something has happened: calm begins anew, and with it blocks.
    fn lose_calm(&mut self, sums: Sums) {
        let now = self.core.now;
        self.settle_pending(false);
        let s = self.sampling_mut();
        s.regime = Regime::Exact { judge_ns: 0 };
        s.calm_since = now;
        s.blocks = Some(Blocks::new(BLOCK_NS, sums));
        s.next_look = now.saturating_add(BLOCK_NS);
    }

    /// Calm has lasted: may a stretch begin?
    fn judge_calm(&mut self, memory: &Memory, sums: Sums, calm_ns: u64) {
        let now = self.core.now;
        let s = self.sampling_mut();
        let left_ns = s.left_ns;
        let blocks = s.blocks.as_ref().expect("there are enough");
        let (length_ns, verdict) = (blocks.length_ns, blocks.judge(true, &memory.stocks, left_ns));
        let (total, span_ns) = blocks.total(true);
        let pace_ns = self.pace_ns(&total, span_ns);
        let wanted_ns = self.stretch_ns(memory, pace_ns);
        let s = self.sampling_mut();
        s.pace_ns = pace_ns;
        if verdict == Verdict::TooShort {
            s.span_ns = s.span_ns.max(span_ns);
        }
        let lasted = now.since(s.disturbed) >= s.caution * PASTS * wanted_ns;
        if lasted
            && calm_ns >= wanted_ns
            && matches!(verdict, Verdict::Steady(gap_ns) if gap_ns >= WORTH * wanted_ns as f64)
        {
            return self.begin_stretch(sums);
        }
        s.regime = Regime::Exact { judge_ns: calm_ns + calm_ns / 8 };
        s.next_look = now.saturating_add(length_ns);
    }

    /// How long a stretch has to be [ns].
    fn stretch_ns(&self, memory: &Memory, (response_ns, gap_ns): (f64, f64)) -> u64 {
        let s = self.sampling();
        let requests_ns = s.stretch_ns.unwrap_or((STRETCH_REQUESTS * gap_ns) as u64);
        // Who steers must have seen the load that a skip has led to.
        let looks_ns = if memory.alike_ns == u64::MAX { 0 } else { memory.looks_ns };
        requests_ns
            .max(s.span_ns)
            .max(looks_ns)
            .max((STRETCH_RESPONSES * response_ns) as u64)
            .max(BLOCK_NS * BLOCKS_MIN as u64)
    }

    /// From here on what is measured will stand for more than itself.
    fn begin_stretch(&mut self, sums: Sums) {
        let memory = self.memory();
        let wanted_ns = self.stretch_ns(&memory, self.sampling().pace_ns);
        let mark = self.read_tallies();
        let now = self.core.now;
        // What was measured since the last stretch is a part of the run of its own, which stands for itself.
        let s = self.sampling.as_deref_mut().expect("the run has sampled detail");
        for (strata, meter) in s.strata.iter_mut().zip(&mut self.core.meters) {
            strata.end_part(meter);
        }
        let length_ns = (wanted_ns / BLOCKS_MIN as u64).max(BLOCK_NS);
        s.mark = mark;
        s.reservoirs = memory.reservoirs;
        s.measured_since = self.core.measured_since;
        s.regime = Regime::Stretch { from: now, wanted_ns, judge_ns: wanted_ns };
        s.blocks = Some(Blocks::new(length_ns, sums));
        s.next_look = now.saturating_add(length_ns);
    }

    /// A stretch is long enough: may world time go on without it?
    fn judge_stretch(&mut self, memory: &Memory, sums: Sums, stretch_ns: u64, wanted_ns: u64) {
        let now = self.core.now;
        let s = self.sampling_mut();
        let left_ns = s.left_ns;
        let blocks = s.blocks.as_ref().expect("there are enough");
        let length_ns = blocks.length_ns;
        let verdict = blocks.judge(false, &memory.stocks, left_ns);
        let too_short = verdict == Verdict::TooShort;
        let gap_ns = match verdict {
            Verdict::Trend => return self.lose_calm(sums),
            Verdict::TooShort => 0.0,
            Verdict::Steady(gap_ns) => gap_ns
                .min(SKIP_TIMES * stretch_ns as f64)
                .min(s.skip_max_ns as f64)
                .min(memory.alike_ns as f64),
        };
        let (total, span_ns) = blocks.total(false);
        if gap_ns < WORTH * stretch_ns as f64 {
            if stretch_ns as f64 > PATIENCE * wanted_ns as f64 {
                return self.lose_calm(sums);
            }
            if too_short {
                s.span_ns = s.span_ns.max(stretch_ns);
            }
            if let Regime::Stretch { judge_ns, .. } = &mut s.regime {
                *judge_ns = stretch_ns + stretch_ns / 4;
            }
            s.next_look = now.saturating_add(length_ns);
            return;
        }
        let pace_ns = self.pace_ns(&total, span_ns);
        self.settle_pending(true);
        let (from, end) = (self.now(), self.end);
        let s = self.sampling_mut();
        s.pace_ns = pace_ns;
        let acts_ns = s.acts_at.first().copied().unwrap_or(u64::MAX);
        let warmup_ns = if s.warmup_ns > from.0 { s.warmup_ns } else { u64::MAX };
        let change_ns = acts_ns.min(warmup_ns).min(memory.change_ns);
        let to = SimTime((from.0.saturating_add(gap_ns as u64)).min(change_ns)).min(end);
        s.regime = Regime::Skip { from, to, stretch_ns };
    }

    /// The half of the last skip that was left open goes to the stretch that ends now, if that was steady too, and else to the
    /// one before it.
    fn settle_pending(&mut self, steady: bool) {
        let now = self.core.now;
        let s = self.sampling_mut();
        let half_ns = std::mem::take(&mut s.pending_ns);
        let pending = std::mem::take(&mut s.pending);
        let pending_share = std::mem::take(&mut s.pending_share);
        let from = match s.regime {
            Regime::Stretch { from, .. } if steady => from,
            _ => {
                s.extra.add(&pending);
                return s.strata.iter_mut().for_each(|strata| strata.reweight(pending_share));
            }
        };
        let share = half_ns as f64 / now.since(from).max(1) as f64;
        let gain = self.read_tallies().weighted_since(&self.sampling().mark, share);
        let s = self.sampling.as_deref_mut().expect("the run has sampled detail");
        s.extra.add(&gain);
        for (strata, meter) in s.strata.iter_mut().zip(&mut self.core.meters) {
            strata.end_stretch(meter, 1.0 + share);
        }
    }

    /// World time goes on in a skip, at most to `time`. Windows that end in it are told.
    fn pass(&mut self, time: SimTime) {
        let Regime::Skip { from, to, stretch_ns } = self.sampling().regime else { return };
        let until = time.min(to);
        // A window that ends with the skip ends by its event.
        while self.sampling().window_due <= until.0 && self.sampling().window_due < to.0 {
            self.progress_ns = self.sampling().window_due - from.0;
            self.end_window();
            let window_ns = self.window_ns;
            self.sampling_mut().window_ended(window_ns);
        }
        self.progress_ns = until.since(from).max(self.progress_ns);
        if until == to {
            self.land(to.since(from), stretch_ns);
        }
    }

    /// A skip is over.
    fn land(&mut self, gap_ns: u64, stretch_ns: u64) {
        let now = self.core.now;
        let share = gap_ns as f64 / 2.0 / stretch_ns as f64;
        let half = self.read_tallies().weighted_since(&self.sampling().mark, share);
        let before = std::mem::take(&mut self.sampling_mut().reservoirs);
        let alike_ns = self.memory().alike_ns;
        let after = self.memory().reservoirs;
        self.progress_ns = 0;
        self.core.skipped_ns += gap_ns;
        let window_due = self.sampling().window_due - self.core.skipped_ns;
        self.core.queue.retime_control(|at, event| match event.unpack() {
            Event::WindowEnd => SimTime(window_due),
            _ => SimTime(at.0.saturating_sub(gap_ns)),
        });
        for (i, node) in self.nodes.iter_mut().enumerate() {
            let find = |list: &[(u16, u64)]| list.iter().find(|r| usize::from(r.0) == i).map_or(0, |r| r.1);
            let grown = find(&after).saturating_sub(find(&before)) as f64;
            let grown = libm::round(grown * gap_ns as f64 / stretch_ns as f64) as u64;
            node.stood_still(&mut self.core, i as u16, gap_ns, grown);
        }
        let memory = self.memory();
        let sums = self.sums(&memory);
        let s = self.sampling_mut();
        s.strata.iter_mut().for_each(|strata| strata.reweight(share));
        s.extra.add(&half);
        s.pending = half;
        s.pending_ns = gap_ns - gap_ns / 2;
        s.pending_share = share;
        s.left_ns += gap_ns;
        s.account.skipped_ns += gap_ns;
        s.account.skips += 1;
        // Until its next look, what is simulated gets used to the load, if that has changed.
        if alike_ns == u64::MAX {
            return self.begin_stretch(sums);
        }
        let wanted_ns = self.stretch_ns(&memory, self.sampling().pace_ns);
        let settle_ns = (SETTLE * wanted_ns as f64) as u64;
        let s = self.sampling_mut();
        s.regime = Regime::Settling { until: now.saturating_add(settle_ns) };
        s.blocks = Some(Blocks::new((settle_ns / 8).max(BLOCK_NS), sums));
        s.next_look = now.saturating_add((settle_ns / 8).max(BLOCK_NS));
    }
}
