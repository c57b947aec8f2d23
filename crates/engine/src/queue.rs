//! The future event list.
//!
//! A flat 4-ary heap ordered by (time, sequence number). Sequence numbers are handed out in the order of the pushes, so
//! events of the same instant come out first-in first-out and the order of a run never depends on the shape of the heap.
//! Four children to a node: half the depth of a binary heap, and the children of one parent share a cache line or two.

use crate::time::SimTime;

/// The sequence number of the first normal event. Everything below belongs to control events.
pub const FIRST_NORMAL_SEQ: u64 = 1 << 32;

/// Events waiting for their time, popped in the order (time, sequence number).
///
/// It does not know the current time: that no event is pushed into the past is the caller's duty. `E` had best be one word:
/// an event that is written field by field and read back as a whole a moment later makes the processor wait.
#[derive(Clone, Debug)]
pub struct EventQueue<E: Copy> {
    /// The heap, and after it [`PADDING`] entries that come after all others, so that every parent has four children.
    heap: Vec<Entry<E>>,
    /// Entries of the heap.
    len: usize,
    /// The root has been popped and waits to be replaced. Nearly every event pushes another one, which then takes the root's
    /// place: one walk down instead of one down and one up.
    hole: bool,
    next_seq: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    time: u64,
    seq: u64,
    ev: E,
}

impl<E: Default> Entry<E> {
    /// What comes after every other.
    fn last() -> Self {
        Entry { time: u64::MAX, seq: u64::MAX, ev: E::default() }
    }
}

impl<E> Entry<E> {
    #[inline(always)]
    fn key(&self) -> u128 {
        (u128::from(self.time) << 64) | u128::from(self.seq)
    }
}

/// Children of a parent.
const ARITY: usize = 4;
/// What the last parent may lack of children.
const PADDING: usize = ARITY - 1;

impl<E: Copy + Default> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy + Default> EventQueue<E> {
    /// An empty queue.
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// An empty queue with room for `events` before it allocates again.
    pub fn with_capacity(events: usize) -> Self {
        let mut heap = Vec::with_capacity(events + PADDING);
        heap.resize(PADDING, Entry::last());
        EventQueue { heap, len: 0, hole: false, next_seq: FIRST_NORMAL_SEQ }
    }

    /// Schedules `ev` at `at` and returns its sequence number, which no other event of this queue has.
    ///
    /// A caller that wants to cancel keeps the number and ignores the event when another one has taken its place.
    #[inline]
    pub fn push(&mut self, at: SimTime, ev: impl Into<E>) -> u64 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.insert(Entry { time: at.0, seq, ev: ev.into() });
        seq
    }

    /// Schedules a control event: it comes before all normal events of the same instant, whenever it is pushed.
    ///
    /// Control events of one instant come in the order of `rank`. Give each its own rank: the order of two with the
    /// same instant and rank is not defined.
    #[inline]
    pub fn push_control(&mut self, at: SimTime, rank: u32, ev: impl Into<E>) {
        self.insert(Entry { time: at.0, seq: u64::from(rank), ev: ev.into() });
    }

    /// Gives control events other times, at which they still come before all normal events.
    pub fn retime_control(&mut self, time: impl Fn(SimTime, E) -> SimTime) {
        if self.hole {
            self.fill();
        }
        let entries: Vec<Entry<E>> = self.heap[..self.len].to_vec();
        self.clear();
        for mut entry in entries {
            if entry.seq < FIRST_NORMAL_SEQ {
                entry.time = time(SimTime(entry.time), entry.ev).0;
            }
            self.insert(entry);
        }
    }

    /// The time of the next event.
    #[inline]
    pub fn peek_time(&self) -> Option<SimTime> {
        if self.hole {
            let children = self.heap.get(1..self.len.min(1 + ARITY))?;
            children.iter().map(|e| SimTime(e.time)).min()
        } else {
            self.heap[..self.len].first().map(|e| SimTime(e.time))
        }
    }

    /// Takes the next event: its time, its sequence number and itself.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, u64, E)> {
        self.pop_before(SimTime::MAX)
    }

    /// Takes the next event if its time is at most `limit`.
    #[inline(always)]
    pub fn pop_before(&mut self, limit: SimTime) -> Option<(SimTime, u64, E)> {
        if self.hole {
            self.fill();
        }
        let top = self.heap[0];
        if top.time > limit.0 || self.len == 0 {
            return None;
        }
        self.hole = true;
        Some((SimTime(top.time), top.seq, top.ev))
    }

    /// Events waiting.
    #[inline]
    pub fn len(&self) -> usize {
        self.len - usize::from(self.hole)
    }

    /// Whether no event waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops all events. Sequence numbers go on where they were, so that an old one never means a new event.
    pub fn clear(&mut self) {
        self.heap.clear();
        self.heap.resize(PADDING, Entry::last());
        self.len = 0;
        self.hole = false;
    }

    /// Fills the hole at the root with the last entry.
    #[inline]
    fn fill(&mut self) {
        self.hole = false;
        self.len -= 1;
        let last = self.heap[self.len];
        self.heap.truncate(self.len + PADDING);
        self.heap[self.len] = Entry::last();
        if self.len > 0 {
            self.sift_down(last);
        }
    }

    #[inline(always)]
    fn insert(&mut self, x: Entry<E>) {
        if self.hole {
            self.hole = false;
            return self.sift_down(x);
        }
        self.sift_up(x);
    }

    fn sift_up(&mut self, x: Entry<E>) {
        let mut i = self.len;
        self.len += 1;
        self.heap.push(Entry::last());
        let heap = self.heap.as_mut_slice();
        let key = x.key();
        while i > 0 {
            let parent = (i - 1) / ARITY;
            let above = heap[parent];
            if above.key() <= key {
                break;
            }
            heap[i] = above;
            i = parent;
        }
        heap[i] = x;
    }

    /// Puts `x` into the hole at the root and restores the heap.
    fn sift_down(&mut self, x: Entry<E>) {
        let heap = self.heap.as_mut_slice();
        let (mut hole, mut first) = (0, 1);
        while first < self.len {
            let Some(four) = heap[first..].first_chunk::<ARITY>() else { break };
            let best = first + least_of_four(four);
            let child = heap[best];
            if x.time < child.time || (x.time == child.time && x.seq < child.seq) {
                break;
            }
            heap[hole] = child;
            hole = best;
            first = ARITY * hole + 1;
        }
        heap[hole] = x;
    }
}

/// The index of the entry that comes first.
///
/// By time alone and without branches, as no predictor can learn which child is least; a tie, which one can, goes the
/// long way.
#[inline(always)]
fn least_of_four<E: Copy>(four: &[Entry<E>; ARITY]) -> usize {
    let [a, b, c, d] = [four[0].time, four[1].time, four[2].time, four[3].time];
    let (i, ti) = (usize::from(b < a), a.min(b));
    let (j, tj) = (2 + usize::from(d < c), c.min(d));
    let least = ti.min(tj);
    let ties = u8::from(a == least) + u8::from(b == least) + u8::from(c == least) + u8::from(d == least);
    if ties > 1 {
        return first_among_ties(four);
    }
    if tj < ti { j } else { i }
}

#[cold]
fn first_among_ties<E: Copy>(four: &[Entry<E>; ARITY]) -> usize {
    (1..4).fold(0, |best, i| if four[i].key() < four[best].key() { i } else { best })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn pops_in_the_order_of_a_sorted_reference_with_many_ties() {
        for seed in 0..40 {
            let mut rng = Stream::new(seed, "queue", "test");
            let spread = 1 + rng.below(50);
            let mut queue = EventQueue::<u32>::new();
            let mut reference: Vec<(u64, u64, u32)> = Vec::new();
            let mut now = 0;
            for i in 0..2_000u32 {
                if rng.chance(0.55) || reference.is_empty() {
                    let at = now + u64::from(rng.below(spread));
                    let seq = queue.push(SimTime(at), i);
                    reference.push((at, seq, i));
                } else {
                    reference.sort_unstable();
                    let (at, seq, ev) = reference.remove(0);
                    now = at;
                    assert_eq!(queue.peek_time(), Some(SimTime(at)));
                    assert_eq!(queue.pop(), Some((SimTime(at), seq, ev)), "seed {seed}");
                }
                assert_eq!(queue.len(), reference.len());
            }
            reference.sort_unstable();
            for (at, seq, ev) in reference {
                assert_eq!(queue.pop(), Some((SimTime(at), seq, ev)), "seed {seed}");
            }
            assert!(queue.is_empty() && queue.pop().is_none() && queue.peek_time().is_none());
        }
    }

    #[test]
    fn control_events_come_first_whenever_they_are_pushed() {
        let mut queue = EventQueue::<char>::new();
        queue.push(SimTime(10), 'c');
        queue.push_control(SimTime(10), 7, 'b');
        queue.push(SimTime(9), 'z');
        queue.push_control(SimTime(10), 3, 'a');
        queue.push(SimTime(10), 'd');
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, _, ev)| ev).collect();
        assert_eq!(order, "zabcd");
    }

    #[test]
    fn control_events_can_be_given_other_times() {
        let mut queue = EventQueue::<char>::new();
        for (i, ev) in ('a'..='h').enumerate() {
            queue.push(SimTime(10 + i as u64), ev);
        }
        queue.push_control(SimTime(100), 2, 'X');
        queue.push_control(SimTime(90), 1, 'W');
        assert_eq!(queue.pop().unwrap().2, 'a');
        queue.retime_control(|at, ev| if ev == 'X' { SimTime(at.0 - 88) } else { SimTime(13) });
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, _, ev)| ev).collect();
        assert_eq!(order, "bXcWdefgh");
    }

    #[test]
    fn pop_before_stops_after_the_limit() {
        let mut queue = EventQueue::<i32>::new();
        queue.push(SimTime(5), 1);
        queue.push(SimTime(6), 2);
        assert_eq!(queue.pop_before(SimTime(4)), None);
        assert_eq!(queue.pop_before(SimTime(5)).unwrap().2, 1);
        assert_eq!(queue.pop_before(SimTime(5)), None);
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn sequence_numbers_start_above_every_rank_and_outlive_clear() {
        let mut queue = EventQueue::<()>::new();
        assert_eq!(queue.push(SimTime::ZERO, ()), FIRST_NORMAL_SEQ);
        queue.clear();
        assert!(queue.is_empty());
        assert_eq!(queue.push(SimTime::ZERO, ()), FIRST_NORMAL_SEQ + 1);
    }

    #[test]
    fn a_clone_goes_on_as_the_original_does() {
        let mut queue = EventQueue::<u64>::new();
        for i in 0..100u64 {
            queue.push(SimTime(i * 7 % 13), i);
        }
        let mut copy = queue.clone();
        queue.push(SimTime(3), 1_000_u64);
        copy.push(SimTime(3), 1_000_u64);
        while let Some(e) = queue.pop() {
            assert_eq!(copy.pop(), Some(e));
        }
        assert!(copy.is_empty());
    }
}
