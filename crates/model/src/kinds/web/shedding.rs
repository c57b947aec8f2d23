//! Load shedding: which requests a server turns away when it has too many, so that it answers the others in time.
//!
//! By queueing time it is the controlled delay of B. Maurer, Fail at Scale (ACM Queue 13(8), 2015), after CoDel (Nichols and
//! Jacobson 2012): a queue may be long for a while, as bursts make it, but one that has not been empty for a whole interval
//! is a standing queue, and who joins it is given only the short time of the target. By class it is trunk reservation: the
//! last places of the queue are kept for what matters most.

use super::WebParams;
use crate::params::choice;
use crate::sim::core::Op;
use crate::sim::station::Station;
use headroom_engine::{SimTime, ns_from_ms};

choice! {
    /// What a server sheds when it has too many requests.
    pub enum Shed {
        /// Nothing but what finds the queue full.
        Nothing = "nothing", "Nothing", "하지 않음", "대기열이 가득 찼을 때만 거절합니다.";
        /// By queueing time: what waits longer than the target in a queue that has not been empty for an interval (controlled delay).
        Delay = "delay", "By queueing time (CoDel)", "대기 시간으로 (CoDel)", "간격 동안 한 번도 비지 않은 대기열에서 목표보다 오래 기다린 요청을 버립니다(제어된 지연).";
        /// By class: queries and jobs are turned away when the queue is filled up to a share; the rest of it is for the others.
        Class = "class", "By class: queries and jobs first", "종류로: 질의와 작업 먼저", "대기열이 정한 비율만큼 차면 질의와 작업을 거절하고, 남은 자리는 다른 요청에 씁니다.";
    }
}

/// What a tier sheds by, and what it knows of its queues.
#[derive(Clone, Debug)]
pub(super) struct Shedder {
    shed: Shed,
    target_ns: u64,
    interval_ns: u64,
    share: f64,
    /// By instance, when its queue was last empty.
    empty_at: Vec<SimTime>,
}

impl Shedder {
    pub fn new(params: &WebParams) -> Self {
        Self {
            shed: params.shed,
            target_ns: ns_from_ms(params.shed_target_ms),
            interval_ns: ns_from_ms(params.shed_interval_ms),
            share: params.shed_share,
            empty_at: Vec::new(),
        }
    }

    /// Whether a call is turned away before it joins the queue.
    pub fn turns_away(&self, station: &Station, op: Op) -> bool {
        self.shed == Shed::Class
            && matches!(op, Op::Query | Op::Job)
            && station.busy() >= station.servers
            && station.limit != u32::MAX
            && f64::from(station.queue()) >= self.share * f64::from(station.limit)
    }

    /// How long a call may wait that has just joined this queue [ns].
    pub fn patience_ns(&mut self, now: SimTime, part: usize, station: &Station) -> Option<u64> {
        if self.shed != Shed::Delay {
            return None;
        }
        if self.empty_at.len() <= part {
            self.empty_at.resize(part + 1, SimTime::ZERO);
        }
        if station.queue() == 1 {
            self.empty_at[part] = now;
        }
        let stands = now.since(self.empty_at[part]) > self.interval_ns;
        Some(if stands { self.target_ns } else { self.interval_ns })
    }
}
