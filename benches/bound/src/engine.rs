//! W3 as an engine would do it: what a real simulator can hope for.

use crate::heap::Heap;
use crate::{NIL, Outcome, Rng, exp, unit};
use rand::SeedableRng;

/// A log-linear histogram with 128 steps to a power of two.
struct Hist {
    counts: Vec<u32>,
    n: u64,
}

impl Hist {
    fn new() -> Self {
        Self { counts: vec![0; 64 << 7], n: 0 }
    }

    #[inline(always)]
    fn index(v: u64) -> usize {
        if v < 128 {
            return v as usize;
        }
        let e = 63 - v.leading_zeros();
        ((e as usize - 6) << 7) | ((v >> (e - 7)) & 127) as usize
    }

    #[inline(always)]
    fn record(&mut self, v: u64) {
        self.counts[Self::index(v)] += 1;
        self.n += 1;
    }

    fn quantile(&self, q: f64) -> f64 {
        let target = (q * self.n as f64).ceil() as u64;
        let mut sum = 0;
        for (i, count) in self.counts.iter().enumerate() {
            sum += u64::from(*count);
            if sum >= target {
                if i < 128 {
                    return i as f64;
                }
                let e = (i >> 7) as u32 + 6;
                return ((1u64 << e) + (((i & 127) as u64) << (e - 7))) as f64;
            }
        }
        0.0
    }
}

enum Kind {
    Source {
        mean: f64,
        to: u32,
        left: u64,
    },
    Balancer {
        outs: Vec<u32>,
        turn: u32,
    },
    Station {
        workers: u32,
        busy: u32,
        mean: f64,
        head: u32,
        tail: u32,
        queued: u32,
        p: f64,
        on: u32,
        done: u32,
    },
    Sink,
}

struct Node {
    kind: Kind,
    arrivals: u64,
    departures: u64,
    since: u64,
    queue_ns: u64,
    busy_ns: u64,
    hist: Hist,
}

impl Node {
    fn new(kind: Kind) -> Self {
        Node { kind, arrivals: 0, departures: 0, since: 0, queue_ns: 0, busy_ns: 0, hist: Hist::new() }
    }
}

#[derive(Clone, Copy)]
struct Request {
    came: u64,
    came_here: u64,
    next: u32,
    node: u32,
}

const SOURCE: u32 = 0x8000_0000;

/// The workload of [`crate::tiers`].
pub fn tiers(n: u64, seed: u64) -> Outcome {
    let station = |workers, mean, p, on| {
        let (head, tail) = (NIL, NIL);
        Node::new(Kind::Station { workers, busy: 0, mean, head, tail, queued: 0, p, on, done: 7 })
    };
    let mut nodes = [
        Node::new(Kind::Source { mean: 1e9 / 5_000.0, to: 1, left: n }),
        Node::new(Kind::Balancer { outs: vec![2, 3, 4, 5], turn: 0 }),
        station(8, 5e6, 0.2, 6),
        station(8, 5e6, 0.2, 6),
        station(8, 5e6, 0.2, 6),
        station(8, 5e6, 0.2, 6),
        station(16, 10e6, 0.0, 7),
        Node::new(Kind::Sink),
    ];
    let mut rng = Rng::seed_from_u64(seed);
    let mut queue = Heap::with_capacity(256);
    let mut requests: Vec<Request> = Vec::new();
    let mut free = NIL;
    let mut events = 0;
    queue.push(0, SOURCE);
    while let Some((now, payload)) = queue.pop() {
        events += 1;
        let (id, mut to);
        if payload & SOURCE != 0 {
            let node = &mut nodes[(payload & !SOURCE) as usize];
            let Kind::Source { mean, to: first, left } = &mut node.kind else { continue };
            *left -= 1;
            node.departures += 1;
            if *left > 0 {
                queue.push(now + exp(&mut rng, *mean), payload);
            }
            to = *first;
            let new = Request { came: now, came_here: now, next: NIL, node: 0 };
            id = if free != NIL {
                let id = free;
                free = requests[id as usize].next;
                requests[id as usize] = new;
                id
            } else {
                requests.push(new);
                (requests.len() - 1) as u32
            };
        } else {
            id = payload;
            let r = requests[id as usize];
            let node = &mut nodes[r.node as usize];
            let Kind::Station { busy, mean, head, tail, queued, p, on, done, .. } = &mut node.kind else {
                continue;
            };
            let span = now - node.since;
            node.queue_ns += span * u64::from(*queued);
            node.busy_ns += span * u64::from(*busy);
            node.since = now;
            node.departures += 1;
            node.hist.record(now - r.came_here);
            if *head == NIL {
                *busy -= 1;
            } else {
                let first = *head;
                *head = requests[first as usize].next;
                if *head == NIL {
                    *tail = NIL;
                }
                *queued -= 1;
                queue.push(now + exp(&mut rng, *mean), first);
            }
            to = if *p > 0.0 && unit(&mut rng) < *p { *on } else { *done };
        }
        loop {
            let node = &mut nodes[to as usize];
            node.arrivals += 1;
            match &mut node.kind {
                Kind::Balancer { outs, turn } => {
                    let i = *turn;
                    *turn = if i + 1 == outs.len() as u32 { 0 } else { i + 1 };
                    to = outs[i as usize];
                    continue;
                }
                Kind::Station { workers, busy, mean, head, tail, queued, .. } => {
                    let span = now - node.since;
                    node.queue_ns += span * u64::from(*queued);
                    node.busy_ns += span * u64::from(*busy);
                    node.since = now;
                    let r = &mut requests[id as usize];
                    (r.came_here, r.node, r.next) = (now, to, NIL);
                    if *busy < *workers {
                        *busy += 1;
                        queue.push(now + exp(&mut rng, *mean), id);
                    } else {
                        *queued += 1;
                        if *tail == NIL {
                            *head = id
                        } else {
                            requests[*tail as usize].next = id
                        }
                        *tail = id;
                    }
                }
                Kind::Sink => {
                    let r = &mut requests[id as usize];
                    node.hist.record(now - r.came);
                    r.next = free;
                    free = id;
                }
                Kind::Source { .. } => {}
            }
            break;
        }
    }
    Outcome { check_s: nodes[7].hist.quantile(0.99) / 1e9, events }
}
