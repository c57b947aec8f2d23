//! Which server gets a request.

use super::{Balancing, State};
use crate::sim::core::Core;
use headroom_engine::{SimTime, hash2};

/// Draws of another server while the one that was drawn is still warming up.
const WARM_DRAWS: u32 = 4;
/// Clients whose cookie is remembered; those with higher numbers are sent by the algorithm alone.
const STICKY_MAX: u32 = 1 << 24;

impl State {
    /// The server for a client's request: the one that its cookie names, or a new one by the algorithm.
    #[inline]
    pub(super) fn server_for(&mut self, core: &Core, client: u32) -> u32 {
        if !self.params.sticky || client >= STICKY_MAX {
            return self.warm_server(core.now, client);
        }
        if let Some(at) = self.cookies.get(client as usize).and_then(|c| c.checked_sub(1))
            && self.backends[at as usize].is_eligible()
        {
            return at;
        }
        let at = self.warm_server(core.now, client);
        if client as usize >= self.cookies.len() {
            self.cookies.resize(client as usize + 1, 0);
        }
        self.cookies[client as usize] = at + 1;
        at
    }

    /// With slow start a server that came back gets its share by and by: draws of it count the more often, the longer it
    /// has been there.
    fn warm_server(&mut self, now: SimTime, client: u32) -> u32 {
        let drawn = self.choose(client);
        let mut at = self.eligible[drawn as usize];
        if self.params.slow_start_s > 0.0 {
            for _ in 0..WARM_DRAWS {
                let b = &self.backends[at as usize];
                let Some(since) = b.since else { break };
                let warm = now.since(since) as f64 * 1e-9 / self.params.slow_start_s;
                if warm >= 1.0 {
                    self.backends[at as usize].since = None;
                    break;
                }
                if self.warm_stream.chance(warm) {
                    break;
                }
                let drawn = self.choose(client);
                at = self.eligible[drawn as usize];
            }
        }
        at
    }

    /// Position of a server among those that are in.
    #[inline]
    fn choose(&mut self, client: u32) -> u32 {
        let n = self.eligible.len() as u32;
        let load = |s: &Self, i: u32| s.backends[s.eligible[i as usize] as usize].in_flight;
        match self.params.policy {
            _ if n == 1 => 0,
            Balancing::RoundRobin => {
                self.turn = if self.turn + 1 >= n as usize { 0 } else { self.turn + 1 };
                self.turn as u32
            }
            Balancing::Random => self.stream.below(n),
            Balancing::LeastConnections => {
                let (mut best, mut least, mut ties) = (0, u32::MAX, 0u32);
                for i in 0..n {
                    let l = load(self, i);
                    if l < least {
                        (best, least, ties) = (i, l, 1);
                    } else if l == least {
                        // One of k equals with probability 1/k each (reservoir sampling).
                        ties += 1;
                        if self.stream.below(ties) == 0 {
                            best = i;
                        }
                    }
                }
                best
            }
            Balancing::PowerOfTwo => {
                let a = self.stream.below(n);
                let b = self.stream.below(n - 1);
                let b = if b >= a { b + 1 } else { b };
                match load(self, a).cmp(&load(self, b)) {
                    std::cmp::Ordering::Less => a,
                    std::cmp::Ordering::Greater => b,
                    std::cmp::Ordering::Equal => {
                        if self.stream.chance(0.5) {
                            a
                        } else {
                            b
                        }
                    }
                }
            }
            Balancing::WeightedRoundRobin => self.by_credit(),
            Balancing::WeightedRandom => self.by_weight(),
            Balancing::IpHash => self.by_hash(client),
            Balancing::LeastResponse => self.by_response(),
        }
    }

    fn weight(&self, i: u32) -> f64 {
        self.backends[self.eligible[i as usize] as usize].weight
    }

    /// Smooth weighted round robin, as nginx does it: every server earns its weight, the richest is picked and pays the
    /// sum of all weights.
    fn by_credit(&mut self) -> u32 {
        let (mut best, mut most, mut sum) = (0, f64::NEG_INFINITY, 0.0);
        for (i, e) in self.eligible.iter().enumerate() {
            let b = &mut self.backends[*e as usize];
            b.credit += b.weight;
            sum += b.weight;
            if b.credit > most {
                (best, most) = (i, b.credit);
            }
        }
        self.backends[self.eligible[best] as usize].credit -= sum;
        best as u32
    }

    /// The least response time of late × (requests in flight + 1); a server that has not answered yet counts as quick as can
    /// be. Equals by lot.
    fn by_response(&mut self) -> u32 {
        let (mut best, mut least, mut ties) = (0, f64::INFINITY, 0u32);
        for (i, e) in self.eligible.iter().enumerate() {
            let b = &self.backends[*e as usize];
            let score = b.response_ns.max(1.0) * (f64::from(b.in_flight) + 1.0);
            if score < least {
                (best, least, ties) = (i, score, 1);
            } else if score == least {
                ties += 1;
                if self.stream.below(ties) == 0 {
                    best = i;
                }
            }
        }
        best as u32
    }

    fn by_weight(&mut self) -> u32 {
        let n = self.eligible.len() as u32;
        let sum: f64 = (0..n).map(|i| self.weight(i)).sum();
        let mut left = self.stream.unit() * sum;
        for i in 0..n {
            left -= self.weight(i);
            if left < 0.0 {
                return i;
            }
        }
        n - 1
    }

    /// The client's server by hash over all servers; the hash is drawn again while it falls on one that is out, so that
    /// clients of the others stay where they are.
    fn by_hash(&self, client: u32) -> u32 {
        let all = self.backends.len() as u64;
        for draw in 0..64u64 {
            let i = (hash2(self.salt.wrapping_add(draw), u64::from(client)) % all) as usize;
            if self.backends[i].is_eligible() {
                return self
                    .eligible
                    .iter()
                    .position(|e| *e as usize == i)
                    .expect("one that is in is eligible") as u32;
            }
        }
        0
    }
}
