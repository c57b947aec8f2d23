//! What a database with one primary shows: series, parts, summary.

use super::single::{Machine, Single};
use crate::messages::{PartNow, PartState};
use crate::sim::behaviour::share;
use crate::sim::machines;
use headroom_engine::{Hist, SimTime};
use serde_json::{Map, Value, json};

impl Single {
    /// Values of the kind's own metrics, in the order of its spec.
    pub(super) fn push_values(&self, now: SimTime, window_s: f64, out: &mut Vec<f32>) {
        let lag = (0..self.machines.len())
            .filter(|i| self.machines[*i].station.up && self.primary != Some(*i))
            .map(|i| self.lag_s(i, now).max(self.machines[i].window_lag_max_s))
            .fold(0.0, f64::max);
        let w = self.window;
        out.push(lag as f32);
        out.push(if w.reads == 0 { f32::NAN } else { (w.stale as f64 / w.reads as f64) as f32 });
        out.push(self.failed.lost_writes as f32);
        out.push((w.commits as f64 / window_s) as f32);
        out.push(self.acks.waiting() as f32);
        out.push(self.locks.waiting() as f32);
        out.push(f32::NAN);
    }

    pub(super) fn parts_now(&self, now: SimTime) -> Vec<PartNow> {
        let promoting = self.promoting();
        let state = |i: usize, m: &Machine| match machines::plain_state(&m.station) {
            PartState::Up if self.primary == Some(i) => PartState::Primary,
            PartState::Up if m.catch_up.is_some() || promoting == Some(i) => PartState::Recovering,
            plain => plain,
        };
        self.machines
            .iter()
            .enumerate()
            .map(|(i, m)| machines::part_now(&m.station, state(i, m), self.lag_s(i, now)))
            .collect()
    }

    pub(super) fn summary_now(&self, now: SimTime) -> Map<String, Value> {
        let t = self.total;
        let mut all = Hist::new();
        let replicas: Vec<Value> = self
            .machines
            .iter()
            .enumerate()
            .filter(|(i, m)| self.primary != Some(*i) || !m.lag.is_empty())
            .map(|(i, m)| {
                all.merge(&m.lag);
                let mut row = crate::summary::durations("lag", &m.lag);
                row.insert("machine".to_owned(), json!(i));
                row.insert("behind".to_owned(), json!(self.log.last() - m.applied.min(self.log.last())));
                row.insert("lag_now_s".to_owned(), json!(self.lag_s(i, now)));
                Value::Object(row)
            })
            .collect();
        let mut map = crate::summary::durations("lag", &all);
        let mut put = |name: &str, value: Value| {
            map.insert(name.to_owned(), value);
        };
        put("replicas", Value::Array(replicas));
        put("commits", json!(t.commits));
        put("reads", json!(t.reads));
        put("replica_reads", json!(t.replica_reads));
        put("stale_read_share", share(t.stale, t.reads));
        put("stale_replica_read_share", share(t.stale, t.replica_reads));
        let f = self.failed;
        put("lost_writes", json!(f.lost_writes));
        put("failovers", json!(f.failovers));
        let open = if self.primary.is_none() { now.since(self.crashed_at) } else { 0 };
        put("no_primary_s", json!((f.outage_ns + open) as f64 / 1e9));
        let mean_s =
            |ns: u64, n: u32| if n == 0 { Value::Null } else { json!(ns as f64 / 1e9 / f64::from(n)) };
        put("detection_mean_s", mean_s(f.notice_ns, f.noticed));
        put("rto_mean_s", mean_s(f.outage_ns, f.failovers));
        put("rpo_max_s", if f.failovers == 0 { Value::Null } else { json!(f.rpo_max_ns as f64 / 1e9) });
        put("machines_replaced", json!(f.replaced));
        put("unprotected_writes", json!(self.acks.unprotected));
        if self.params.row_locks {
            put("lock_delayed_share", share(self.locks.delayed, self.locks.asked));
            map.extend(crate::summary::durations("lock_wait", &self.locks.wait));
        }
        map
    }
}
