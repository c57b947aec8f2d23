//! How machines come and go: boot, drain, restart, death by hand, failure and repair.

use super::{Fleet, Instance, Release, Size, Stage};
use crate::limits::INSTANCES_MAX;
use crate::messages::{News, What};
use crate::prices::Rented;
use crate::sim::core::{Core, NodeIdx};
use crate::sim::machines;
use crate::sim::station::Station;
use headroom_engine::{SimTime, ns_from_secs};

/// Tags of a fleet's timers; those of its node are smaller.
pub mod tag {
    #![allow(missing_docs)]
    pub const FIRST: u8 = 200;
    pub const BOOTED: u8 = 200;
    pub const DRAIN_OVER: u8 = 201;
    pub const RESTARTED: u8 = 202;
    pub const FAULT: u8 = 203;
    pub const REPAIRED: u8 = 204;
    pub const ROLLOUT: u8 = 205;
}

impl Fleet {
    /// The run begins.
    pub fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        self.recount(core.now);
        self.rent(core, me);
        for i in 0..self.instances.len() {
            self.arm_fault(core, me, i);
        }
    }

    /// A timer of the node is due. False when it is none of the fleet's.
    pub fn timer(&mut self, core: &mut Core, me: NodeIdx, seq: u64, tag: u8, arg: u32) -> bool {
        if tag < tag::FIRST {
            return false;
        }
        let i = arg as usize;
        match tag {
            tag::ROLLOUT => self.bake_over(core, me, seq),
            tag::BOOTED | tag::RESTARTED if self.instances[i].due == seq => self.come_up(core, me, i),
            tag::DRAIN_OVER if self.instances[i].due == seq => self.drained(core, me, i),
            tag::FAULT if self.instances[i].fault_due == seq => self.fault(core, me, i),
            tag::REPAIRED if self.instances[i].fault_due == seq => self.repaired(core, me, i),
            _ => {}
        }
        true
    }

    /// A new place for a machine, empty.
    pub(super) fn push_machine(&mut self, now: SimTime) {
        let mut station = Station::new(self.set.workers, self.set.queue_limit, now);
        if self.set.leavable {
            station = station.leavable();
        }
        if self.set.sharing {
            station = station.sharing();
        }
        station.up = false;
        station.set_workers(now, None);
        self.stations.push(station);
        self.instances.push(Instance {
            stage: Stage::Gone,
            due: 0,
            fault_due: 0,
            broken: false,
            inside: 0,
            slowed: 1.0,
            size: self.size,
            release: self.release,
            coming: (self.size, self.release),
        });
    }

    /// Gives a machine its workers and its speed, and starts it.
    pub(super) fn fit_out(&mut self, now: SimTime, i: usize) {
        let workers = self.set.workers.saturating_mul(self.instances[i].size.times());
        self.stations[i].set_workers(now, Some(workers));
        self.stations[i].up = true;
        self.set_speed(i);
    }

    fn set_speed(&mut self, i: usize) {
        let instance = &self.instances[i];
        let usl = usl_slowdown(instance.size, self.set.contention, self.set.coherency);
        self.stations[i].factor = instance.slowed * instance.release.slowdown * usl;
    }

    /// Someone changes the number of instances that there shall be. Dead ones do not count: they are replaced.
    pub fn set_instances(&mut self, core: &mut Core, me: NodeIdx, n: u32) {
        self.wanted = n.min(INSTANCES_MAX as u32);
        let counts = |s: &Self, i: usize| match s.instances[i].stage {
            Stage::Running => s.stations[i].up,
            Stage::Booting | Stage::Restarting | Stage::Draining { restart: true } => true,
            Stage::Draining { restart: false } | Stage::Standby | Stage::Gone => false,
        };
        let there: Vec<usize> = (0..self.instances.len()).filter(|i| counts(self, *i)).collect();
        let more = (self.wanted as usize).saturating_sub(there.len());
        for _ in 0..more {
            let release = self.release;
            self.order(core, me, release);
        }
        let mut fewer = there.len().saturating_sub(self.wanted as usize);
        // Who does not serve yet goes first, then the youngest.
        for booting in [true, false] {
            for i in there.iter().rev() {
                let stage = self.instances[*i].stage;
                if fewer > 0
                    && matches!(stage, Stage::Booting | Stage::Running)
                    && (stage == Stage::Booting) == booting
                {
                    fewer -= 1;
                    self.begin_drain(core, me, *i, false);
                }
            }
        }
    }

    /// Orders a machine; gives its part. None when there is no room for another.
    pub(super) fn order(&mut self, core: &mut Core, me: NodeIdx, release: Release) -> Option<usize> {
        let free = self.instances.iter().position(|i| i.stage == Stage::Gone);
        let i = match free {
            Some(i) => i,
            None if self.instances.len() < INSTANCES_MAX => {
                self.push_machine(core.now);
                core.add_part(me)
            }
            None => return None,
        };
        let size = self.size;
        let instance = &mut self.instances[i];
        instance.stage = Stage::Booting;
        instance.coming = (size, release);
        instance.slowed = 1.0;
        instance.due = core.timer(ns_from_secs(self.set.boot_s), me, tag::BOOTED, i as u32);
        self.changed(core, me);
        Some(i)
    }

    /// A machine has booted or restarted.
    fn come_up(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let fresh = self.instances[i].stage == Stage::Booting;
        let instance = &mut self.instances[i];
        instance.due = 0;
        (instance.size, instance.release) = instance.coming;
        self.fit_out(core.now, i);
        core.alive[me as usize][i] = true;
        if fresh {
            self.counts.booted += 1;
        }
        if fresh && self.holds_back() {
            self.instances[i].stage = Stage::Standby;
        } else {
            self.serve(core, me, i);
        }
        self.arm_fault(core, me, i);
        self.advance_rollout(core, me);
    }

    /// A machine that is up gets calls from now on.
    pub(super) fn serve(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        self.instances[i].stage = Stage::Running;
        core.set_accepting(me, i, true);
        self.changed(core, me);
    }

    /// A machine gets no more calls, finishes what it has, and goes or restarts.
    pub(super) fn begin_drain(&mut self, core: &mut Core, me: NodeIdx, i: usize, restart: bool) {
        let instance = &mut self.instances[i];
        let idle = instance.inside == 0;
        instance.stage = Stage::Draining { restart };
        instance.due = 0;
        core.set_accepting(me, i, false);
        self.changed(core, me);
        if idle {
            self.drained(core, me, i);
        } else {
            self.instances[i].due = core.timer(ns_from_secs(self.set.drain_s), me, tag::DRAIN_OVER, i as u32);
        }
    }

    /// A machine has nothing left to do, or no time left to do it.
    pub(super) fn drained(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        let Stage::Draining { restart } = self.instances[i].stage else { return };
        self.stop(core, me, i);
        self.stations[i].set_workers(core.now, None);
        let instance = &mut self.instances[i];
        instance.fault_due = 0;
        if restart {
            instance.stage = Stage::Restarting;
            instance.due = core.timer(ns_from_secs(self.set.restart_s), me, tag::RESTARTED, i as u32);
        } else {
            instance.stage = Stage::Gone;
            instance.due = 0;
            self.counts.drained += 1;
        }
        self.changed(core, me);
    }

    fn stop(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        self.instances[i].inside = 0;
        machines::stop(core, me, i, &mut self.stations[i]);
        self.stopped.push(i as u16);
    }

    /// Stops a machine at once; what is inside fails. False when there was nothing to stop.
    pub fn kill(&mut self, core: &mut Core, me: NodeIdx, i: usize) -> bool {
        match self.instances[i].stage {
            Stage::Gone => return false,
            Stage::Draining { .. } => {
                self.drained(core, me, i);
                return true;
            }
            Stage::Running if !self.stations[i].up => return false,
            Stage::Running | Stage::Standby => {
                self.stop(core, me, i);
            }
            Stage::Booting | Stage::Restarting => {
                let instance = &mut self.instances[i];
                instance.due = 0;
                (instance.size, instance.release) = instance.coming;
            }
        }
        self.instances[i].stage = Stage::Running;
        core.set_accepting(me, i, true);
        self.changed(core, me);
        self.advance_rollout(core, me);
        true
    }

    /// Starts a dead machine again. False when it was not dead.
    pub fn revive(&mut self, core: &mut Core, me: NodeIdx, i: usize) -> bool {
        if self.instances[i].stage != Stage::Running || self.stations[i].up {
            return false;
        }
        if self.instances[i].broken {
            self.instances[i].broken = false;
            match self.repairs.iter().position(|r| *r == i as u16) {
                Some(at) => {
                    self.repairs.remove(at);
                }
                None => self.next_repair(core, me),
            }
        }
        self.start(core, me, i);
        true
    }

    fn start(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        self.fit_out(core.now, i);
        core.alive[me as usize][i] = true;
        self.changed(core, me);
        self.arm_fault(core, me, i);
        self.advance_rollout(core, me);
    }

    /// Multiplies the service times of a machine.
    pub fn slow(&mut self, i: usize, factor: f64) {
        self.instances[i].slowed = factor;
        self.set_speed(i);
    }

    /// Gives one machine or all another size: each is restarted for it, all at once.
    pub fn resize(&mut self, core: &mut Core, me: NodeIdx, part: Option<u32>, size: Size) {
        if part.is_none() {
            self.size = size;
        }
        for i in machines::chosen(part, self.instances.len()) {
            let instance = &mut self.instances[i];
            match instance.stage {
                Stage::Running if self.stations[i].up => {
                    if instance.size != size {
                        instance.coming = (size, instance.release);
                        self.begin_drain(core, me, i, true);
                    }
                }
                Stage::Running => instance.size = size,
                Stage::Booting | Stage::Restarting | Stage::Standby | Stage::Draining { .. } => {
                    instance.coming.0 = size;
                }
                Stage::Gone => {}
            }
        }
    }

    fn arm_fault(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if let Some(mttf_h) = self.set.mttf_h {
            let after_s = 3600.0 * mttf_h * self.faults.exp();
            self.instances[i].fault_due = core.timer(ns_from_secs(after_s), me, tag::FAULT, i as u32);
        }
    }

    fn fault(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        if self.instances[i].stage != Stage::Running || !self.stations[i].up {
            // It is not there to fail: another time.
            return self.arm_fault(core, me, i);
        }
        self.instances[i].broken = true;
        self.instances[i].fault_due = 0;
        self.stop(core, me, i);
        self.counts.faults += 1;
        core.happen(me, Some(i as u32), What::Told(News::Failed));
        self.changed(core, me);
        self.repairs.push_back(i as u16);
        if self.set.crews.is_none_or(|crews| self.in_repair < crews) {
            self.in_repair += 1;
            self.begin_repair(core, me);
        }
        self.advance_rollout(core, me);
    }

    /// A crew goes to the machine that has waited longest.
    fn begin_repair(&mut self, core: &mut Core, me: NodeIdx) {
        match self.repairs.pop_front() {
            Some(i) => {
                let took_s = 3600.0 * self.set.mttr_h * self.faults.exp();
                self.instances[i as usize].fault_due =
                    core.timer(ns_from_secs(took_s), me, tag::REPAIRED, u32::from(i));
            }
            None => self.in_repair -= 1,
        }
    }

    /// A crew is free.
    fn next_repair(&mut self, core: &mut Core, me: NodeIdx) {
        self.begin_repair(core, me);
    }

    fn repaired(&mut self, core: &mut Core, me: NodeIdx, i: usize) {
        self.instances[i].broken = false;
        self.instances[i].fault_due = 0;
        self.next_repair(core, me);
        core.happen(me, Some(i as u32), What::Told(News::Repaired));
        self.start(core, me, i);
    }

    /// Who serves has changed.
    fn changed(&mut self, core: &mut Core, me: NodeIdx) {
        self.epoch += 1;
        self.rent(core, me);
        self.listed.clear();
        let running = |i: &Instance| i.stage == Stage::Running;
        self.listed.extend((0u16..).zip(&self.instances).filter(|(_, i)| running(i)).map(|(p, _)| p));
        self.recount(core.now);
    }

    /// Machines are paid for from their order until they are gone, dead ones too.
    fn rent(&self, core: &mut Core, me: NodeIdx) {
        let workers = |i: &Instance| {
            let size = if i.stage == Stage::Booting { i.coming.0 } else { i.size };
            self.set.workers.saturating_mul(size.times())
        };
        let there = self.instances.iter().filter(|i| i.stage != Stage::Gone);
        let usd_h = there.map(|i| core.prices.machine_usd_h(Rented::Compute, workers(i))).sum();
        core.bills[me as usize].set_hourly(core.now, usd_h);
    }

    fn recount(&mut self, now: SimTime) {
        let works = |(i, s): &(&Instance, &Station)| i.stage == Stage::Running && s.up;
        let working = self.instances.iter().zip(&self.stations).filter(works).count() as u64;
        self.working.set(now, working);
        self.short.set(now, u64::from(working < u64::from(self.set.needed)));
    }
}

/// How much slower a worker is on a machine of this size, by the Universal Scalability Law.
pub fn usl_slowdown(size: Size, contention: f64, coherency: f64) -> f64 {
    let n = f64::from(size.times());
    1.0 + contention * (n - 1.0) + coherency * n * (n - 1.0)
}
