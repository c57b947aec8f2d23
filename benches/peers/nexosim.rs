//! W1 and W3 with NeXosim: one model for each component (source, balancer, station, sink), messages between them, one thread.
//! Prints name, seconds on the processor, requests and events. Use: nexosim W1|W3 REQUESTS
use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{EventSource, Output};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use hdrhistogram::Histogram;
use rand::SeedableRng;
use rand_distr::{Distribution, Exp1};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

type Rng = rand_xoshiro::Xoshiro256PlusPlus;

fn exp(rng: &mut Rng, mean: f64) -> f64 {
    let x: f64 = Exp1.sample(rng);
    x * mean
}

fn unit(rng: &mut Rng) -> f64 {
    (rand::Rng::next_u64(rng) >> 11) as f64 / (1u64 << 53) as f64
}

fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

static RESULT: Mutex<(f64, u64)> = Mutex::new((0.0, 0));

#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Cust { t0: MonotonicTime }

#[derive(Serialize, Deserialize)]
struct Source { out: Output<Cust>, rng: Rng, mean: f64, left: u64 }
#[Model]
impl Source {
    pub async fn start(&mut self, _: (), cx: &Context<Self>) { self.next(cx); }
    fn next(&mut self, cx: &Context<Self>) {
        if self.left > 0 {
            self.left -= 1;
            let d = Duration::from_secs_f64(exp(&mut self.rng, self.mean)).max(Duration::from_nanos(1));
            cx.schedule_event(d, schedulable!(Self::fire), ()).unwrap();
        }
    }
    #[nexosim(schedulable)]
    async fn fire(&mut self, _: (), cx: &Context<Self>) {
        self.out.send(Cust { t0: cx.time() }).await;
        self.next(cx);
    }
}

#[derive(Serialize, Deserialize)]
struct Station { done: Output<Cust>, miss: Output<Cust>, p_miss: f64, rng: Rng, mean: f64, c: u32, busy: u32, q: VecDeque<Cust> }
#[Model]
impl Station {
    pub async fn arrive(&mut self, k: Cust, cx: &Context<Self>) {
        if self.busy < self.c { self.busy += 1; self.serve(k, cx); } else { self.q.push_back(k); }
    }
    fn serve(&mut self, k: Cust, cx: &Context<Self>) {
        let d = Duration::from_secs_f64(exp(&mut self.rng, self.mean)).max(Duration::from_nanos(1));
        cx.schedule_event(d, schedulable!(Self::complete), k).unwrap();
    }
    #[nexosim(schedulable)]
    async fn complete(&mut self, k: Cust, cx: &Context<Self>) {
        if let Some(n) = self.q.pop_front() { self.serve(n, cx); } else { self.busy -= 1; }
        if self.p_miss > 0.0 && unit(&mut self.rng) < self.p_miss { self.miss.send(k).await } else { self.done.send(k).await }
    }
}

#[derive(Serialize, Deserialize)]
struct Balancer { outs: [Output<Cust>; 4], rr: usize }
#[Model]
impl Balancer {
    pub async fn input(&mut self, k: Cust) { let i = self.rr; self.rr = (i + 1) & 3; self.outs[i].send(k).await; }
}

#[derive(Serialize, Deserialize)]
struct Sink { #[serde(skip)] h: Option<Histogram<u64>>, sum: f64, count: u64, n: u64 }
#[Model]
impl Sink {
    pub async fn input(&mut self, k: Cust, cx: &Context<Self>) {
        let d = cx.time().duration_since(k.t0);
        self.count += 1;
        if let Some(h) = &mut self.h { h.saturating_record(d.as_nanos() as u64); } else { self.sum += d.as_secs_f64(); }
        if self.count == self.n {
            *RESULT.lock().unwrap() = (match &self.h { Some(h) => h.value_at_quantile(0.99) as f64 / 1e6, None => self.sum / self.count as f64 }, self.count);
        }
    }
}

fn station(seed: u64, mean: f64, c: u32, p_miss: f64) -> Station {
    Station { done: Output::default(), miss: Output::default(), p_miss, rng: Rng::seed_from_u64(seed), mean, c, busy: 0, q: VecDeque::new() }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (workload, n): (&str, u64) = (&args[1], args[2].parse().unwrap());
    let (sm, km) = (Mailbox::new(), Mailbox::new());
    let mut bench = SimInit::with_num_threads(1);
    let start = EventSource::new().connect(Source::start, &sm).register(&mut bench);
    let mut src = Source { out: Output::default(), rng: Rng::seed_from_u64(1), mean: 0.0, left: n };
    let mut sink = Sink { h: None, sum: 0.0, count: 0, n };
    let bench = if workload == "W3" {
        sink.h = Some(Histogram::new_with_bounds(1_000, 100_000_000_000, 3).unwrap());
        src.mean = 1.0 / 5000.0;
        let (lm, dm) = (Mailbox::new(), Mailbox::new());
        src.out.connect(Balancer::input, &lm);
        let mut lb = Balancer { outs: Default::default(), rr: 0 };
        let mut db = station(101, 0.010, 16, 0.0);
        db.done.connect(Sink::input, &km);
        let mut b = bench;
        for i in 0..4 {
            let m = Mailbox::new();
            lb.outs[i].connect(Station::arrive, &m);
            let mut s = station(11 + i as u64, 0.005, 8, 0.2);
            s.done.connect(Sink::input, &km);
            s.miss.connect(Station::arrive, &dm);
            b = b.add_model(s, m, "server");
        }
        b.add_model(lb, lm, "lb").add_model(db, dm, "db")
    } else {
        src.mean = 1.0 / 0.8;
        let m = Mailbox::new();
        src.out.connect(Station::arrive, &m);
        let mut s = station(11, 1.0, 1, 0.0);
        s.done.connect(Sink::input, &km);
        bench.add_model(s, m, "station")
    };
    let mut simu = bench.add_model(src, sm, "source").add_model(sink, km, "sink").init(MonotonicTime::EPOCH).unwrap();
    let from = cpu_s();
    simu.process_event(&start, ()).unwrap();
    simu.run().unwrap();
    let seconds = cpu_s() - from;
    let (check, done) = *RESULT.lock().unwrap();
    assert!(done == n && check > 0.0);
    println!("{workload} nexosim\t{seconds:.6}\t{n}");
}
