//! What a run costs, metered as it happens: machines by the hour, bytes, requests and storage.
//!
//! Amounts are integers (nano-dollars per hour, bytes, requests), so that a bill is the same to the last bit natively and
//! in WebAssembly; money is made of them when a bill is read. Prices that fall with the volume of a month are those of
//! the volume that the run would reach in a month of [`MONTH_H`] hours.

use super::core::Core;
use super::tally::Tallies;
use crate::prices::{MONTH_H, Prices, tiered};
use crate::text::Text;
use headroom_engine::{Level, SimTime};

/// What is counted by event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Bytes of answers to users.
    Internet,
    /// Bytes of a CDN's answers to users.
    Cdn,
    /// Bytes between zones.
    Zone,
    /// Bytes between regions.
    Region,
    /// Bytes through a NAT gateway.
    Nat,
    /// Bytes through a load balancer.
    Balancer,
    /// Bytes of logs.
    Logs,
    /// Requests to a CDN.
    CdnRequests,
    /// Requests to a queue.
    QueueRequests,
    /// Reads of an object store.
    ObjectGets,
    /// Writes to an object store.
    ObjectPuts,
}

/// Number of [`Item`]s.
pub const ITEMS: usize = 11;

/// What is stored, by the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Disks of databases.
    Disk,
    /// An object store.
    Object,
}

/// Number of [`Store`]s.
pub const STORES: usize = 2;

/// The lines of a bill.
pub const GROUPS: [(&str, Text); 4] = [
    ("machines", Text::new("Machines", "기계")),
    ("transfer", Text::new("Bytes", "전송")),
    ("requests", Text::new("Requests", "요청")),
    ("storage", Text::new("Storage", "저장")),
];

/// What a node's bill is made of, from a moment on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Time [ns].
    span_ns: u64,
    /// ∫ price of machines dt [nano-USD/h · ns].
    machines: u128,
    /// Counted by event.
    counts: [u64; ITEMS],
    /// ∫ stored bytes dt [byte·ns].
    stored: [u128; STORES],
}

/// What is paid for one of each thing that is counted or stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    items: [f64; ITEMS],
    stores_per_h: [f64; STORES],
}

/// Money per hour, by the lines of [`GROUPS`] [USD/h].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost(pub [f64; 4]);

impl Cost {
    /// All lines together [USD/h].
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Adds another bill.
    pub fn add(&mut self, other: &Cost) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a += b;
        }
    }
}

impl Usage {
    /// Adds what another node used in the same time.
    pub fn add(&mut self, other: &Usage) {
        self.span_ns = other.span_ns;
        self.machines += other.machines;
        for (a, b) in self.counts.iter_mut().zip(other.counts) {
            *a += b;
        }
        for (a, b) in self.stored.iter_mut().zip(other.stored) {
            *a += b;
        }
    }

    fn since(&self, earlier: &Usage) -> Usage {
        Usage {
            span_ns: self.span_ns - earlier.span_ns,
            machines: self.machines - earlier.machines,
            counts: std::array::from_fn(|i| self.counts[i] - earlier.counts[i]),
            stored: std::array::from_fn(|i| self.stored[i] - earlier.stored[i]),
        }
    }

    /// What one of each thing costs when all nodes together use so much.
    pub fn rates(&self, p: &Prices) -> Rates {
        let months = self.span_ns as f64 / 3.6e12 / MONTH_H;
        // The mean price of a byte, whose price falls with the volume of a month.
        let fall = |item: Item, steps: &[(f64, f64)]| {
            let bytes = self.counts[item as usize] as f64;
            if bytes == 0.0 || months == 0.0 {
                return steps[0].1 / 1e9;
            }
            tiered(bytes / 1e9 / months, steps) * months / bytes
        };
        let end = f64::INFINITY;
        let mut items = [0.0; ITEMS];
        let mut set = |item: Item, usd: f64| items[item as usize] = usd;
        set(
            Item::Internet,
            fall(
                Item::Internet,
                &[(10e3, p.egress_usd_gb), (50e3, p.egress_10tb_usd_gb), (end, p.egress_50tb_usd_gb)],
            ),
        );
        set(Item::Cdn, fall(Item::Cdn, &[(10e3, p.cdn_usd_gb), (end, p.cdn_10tb_usd_gb)]));
        set(Item::Zone, p.zone_usd_gb / 1e9);
        set(Item::Region, p.region_usd_gb / 1e9);
        set(Item::Nat, p.nat_usd_gb / 1e9);
        set(Item::Balancer, p.balancer_usd_gb / 1e9);
        set(Item::Logs, p.logs_usd_gb / 1e9);
        set(Item::CdnRequests, p.cdn_usd_million / 1e6);
        set(Item::QueueRequests, p.queue_usd_million / 1e6);
        set(Item::ObjectGets, p.object_get_usd_million / 1e6);
        set(Item::ObjectPuts, p.object_put_usd_million / 1e6);
        let per_h = |usd_gb_month: f64| usd_gb_month / 1e9 / MONTH_H;
        Rates { items, stores_per_h: [per_h(p.disk_usd_gb_month), per_h(p.object_usd_gb_month)] }
    }

    /// Money per hour at these rates.
    pub fn cost(&self, rates: &Rates) -> Cost {
        if self.span_ns == 0 {
            return Cost::default();
        }
        let hours = self.span_ns as f64 / 3.6e12;
        let item = |i: Item| self.counts[i as usize] as f64 * rates.items[i as usize];
        let transfer =
            [Item::Internet, Item::Cdn, Item::Zone, Item::Region, Item::Nat, Item::Balancer, Item::Logs];
        let requests = [Item::CdnRequests, Item::QueueRequests, Item::ObjectGets, Item::ObjectPuts];
        let stored: f64 = self
            .stored
            .iter()
            .zip(rates.stores_per_h)
            .map(|(byte_ns, usd)| *byte_ns as f64 / self.span_ns as f64 * usd)
            .sum();
        Cost([
            self.machines as f64 / 1e9 / self.span_ns as f64,
            transfer.map(item).iter().sum::<f64>() / hours,
            requests.map(item).iter().sum::<f64>() / hours,
            stored,
        ])
    }

    /// Bytes that went to users, by whatever way.
    pub fn bytes_to_users(&self) -> u64 {
        self.counts[Item::Internet as usize] + self.counts[Item::Cdn as usize]
    }

    /// So many of one thing.
    pub fn count(&self, item: Item) -> u64 {
        self.counts[item as usize]
    }
}

/// What a node has to pay, since measuring began.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    since: SimTime,
    /// Price of the machines that are rented now [nano-USD/h].
    machines: Level,
    counts: [u64; ITEMS],
    stored: [Level; STORES],
    /// As it stood when the present window began.
    window: Usage,
}

impl Bill {
    /// From now on the node's machines cost so much [USD/h]. A dead machine is still rented; one that boots is too.
    pub fn set_hourly(&mut self, now: SimTime, usd_h: f64) {
        self.machines.set(now, libm::round(usd_h * 1e9) as u64);
    }

    /// Price of the machines now [USD/h].
    pub fn hourly(&self) -> f64 {
        self.machines.level() as f64 / 1e9
    }

    /// From now on the node stores so many bytes.
    pub fn set_stored(&mut self, now: SimTime, store: Store, bytes: u64) {
        self.stored[store as usize].set(now, bytes);
    }

    /// So many more bytes or requests.
    #[inline]
    pub fn count(&mut self, item: Item, n: u64) {
        self.counts[item as usize] += n;
    }

    /// What was used since measuring began.
    pub fn usage(&self, now: SimTime) -> Usage {
        Usage {
            span_ns: now.since(self.since),
            machines: self.machines.integral_ns(now),
            counts: self.counts,
            stored: self.stored.map(|level| level.integral_ns(now)),
        }
    }

    /// What was used since measuring began, in all the time that it stands for.
    pub fn whole_usage(&self, core: &Core) -> Usage {
        Usage { span_ns: core.span_ns(), ..self.usage(core.now) }
    }

    /// What was used in the present window.
    pub fn window_usage(&self, now: SimTime) -> Usage {
        self.usage(now).since(&self.window)
    }

    /// Ends the window.
    pub fn end_window(&mut self, now: SimTime) {
        self.window = self.usage(now);
    }

    /// Shows what is measured.
    pub fn tallies(&mut self, t: &mut Tallies) {
        t.level(&mut self.machines);
        t.counts(&mut self.counts);
        for level in &mut self.stored {
            t.level(level);
        }
    }

    /// Measures from now on: the warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        self.since = now;
        self.machines.restart(now);
        self.counts = [0; ITEMS];
        for level in &mut self.stored {
            level.restart(now);
        }
        self.window = Usage::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000_000_000;

    #[test]
    fn a_bill_is_the_integral_of_its_price_and_what_was_counted() {
        let p = Prices::default();
        let mut bill = Bill::default();
        bill.set_hourly(SimTime::ZERO, 1.0);
        bill.set_hourly(SimTime(HOUR), 3.0);
        bill.count(Item::QueueRequests, 2_000_000);
        bill.set_stored(SimTime(HOUR), Store::Disk, 730_000_000_000);
        let usage = bill.usage(SimTime(2 * HOUR));
        let cost = usage.cost(&usage.rates(&p));
        let wanted = [2.0, 0.0, 0.4, 0.5 * p.disk_usd_gb_month];
        for (a, b) in cost.0.iter().zip(wanted) {
            assert!((a - b).abs() < 1e-12, "{cost:?}");
        }
        // After the warm-up only what comes then counts.
        bill.restart(SimTime(2 * HOUR));
        let usage = bill.usage(SimTime(3 * HOUR));
        assert!((usage.cost(&usage.rates(&p)).0[0] - 3.0).abs() < 1e-12);
        assert_eq!(usage.count(Item::QueueRequests), 0);
    }

    #[test]
    fn bytes_are_paid_by_the_steps_of_a_month() {
        // 50 TB in a month's hours, from a CDN: 10 TB at 0.085 and 40 TB at 0.08.
        let mut bill = Bill::default();
        bill.count(Item::Cdn, 50_000_000_000_000);
        let usage = bill.usage(SimTime(730 * HOUR));
        let cost = usage.cost(&usage.rates(&Prices::default()));
        assert!((cost.total() * MONTH_H - 4050.0).abs() < 1e-6, "{cost:?}");
    }

    /// Who pays for the bytes of 2 kB answers: to users, between zones (both ends), between regions (the sender), and
    /// through a NAT gateway (who calls out); the gateway itself is rented.
    #[test]
    fn bytes_are_billed_by_the_way_that_they_go() {
        let file = r#"{"nodes": [
            {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 100}, "write_share": 0, "arrivals": "regular"}},
            {"id": "front", "kind": "web", "place": "a"}, {"id": "near", "kind": "web", "place": "b"},
            {"id": "far", "kind": "web", "place": "eu"}, {"id": "hidden", "kind": "web", "place": "back"},
            {"id": "out", "kind": "web"}],
          "wires": [{"from": "users", "to": "front"}, {"from": "front", "to": "near"}, {"from": "near", "to": "far"},
            {"from": "far", "to": "hidden"}, {"from": "hidden", "to": "out"}],
          "places": [{"id": "us", "kind": "region"}, {"id": "a", "kind": "zone", "parent": "us"}, {"id": "b", "kind": "zone", "parent": "us"},
            {"id": "eu", "kind": "region", "params": {"site": "ireland"}},
            {"id": "back", "kind": "private_subnet", "parent": "eu", "params": {"nat": true}}],
          "run": {"until_s": 20}}"#;
        let design = crate::design::Design::parse(file).expect("a sound design");
        let mut sim = crate::sim::Simulation::new(&design);
        sim.run();
        let summary = crate::summary::summarize(&design, &mut sim);
        let (core, now) = (sim.core(), sim.now());
        let bytes = |node: &str, item: Item| {
            core.bills[design.node_index(node).expect("a node")].usage(now).count(item) as f64 / 2000.0
        };
        let answers = summary["users"]["completions"].as_f64().expect("a number");
        for (node, item) in [
            ("front", Item::Internet),
            ("front", Item::Zone),
            ("near", Item::Zone),
            ("far", Item::Region),
            ("hidden", Item::Nat),
        ] {
            // A few answers are on their way at the end.
            assert!((bytes(node, item) - answers).abs() < 40.0, "{node} {item:?}: {}", bytes(node, item));
        }
        assert_eq!(bytes("near", Item::Region) + bytes("far", Item::Zone) + bytes("out", Item::Nat), 0.0);
        assert_eq!(core.ground_bill.hourly(), Prices::default().nat_usd_h);
    }
}
