//! How another release reaches the machines of a fleet: batch by batch, beside the old ones, or a few first.

use super::life::tag;
use super::{Fleet, Stage};
use crate::messages::{News, What};
use crate::params::choice;
use crate::sim::core::{Core, NodeIdx};
use headroom_engine::ns_from_secs;

/// A release of the software that machines run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Release {
    /// Counted from 1.
    pub number: u32,
    /// Share of the calls that fail by its fault.
    pub error_share: f64,
    /// Factor on service times.
    pub slowdown: f64,
}

impl Default for Release {
    fn default() -> Self {
        Self { number: 1, error_share: 0.0, slowdown: 1.0 }
    }
}

choice! {
    /// How a release reaches the machines.
    pub enum Strategy {
        /// Batch by batch: each machine drains, restarts with the new release and serves again.
        Rolling = "rolling", "Rolling", "롤링", "묶음씩 차례로, 하던 일을 마치고 새 릴리스로 다시 시작합니다.";
        /// As many new machines boot beside the old ones; when all are up, traffic switches over.
        BlueGreen = "blue_green", "Blue-green", "블루-그린", "새 릴리스의 머신을 같은 수만큼 옆에 띄우고, 모두 준비되면 트래픽을 옮깁니다.";
        /// A few machines first; if nobody rolls back meanwhile, the others follow batch by batch.
        Canary = "canary", "Canary", "카나리", "몇 대에 먼저 올려 지켜보고, 되돌리지 않으면 나머지도 묶음씩 올립니다.";
    }
}

/// How to deploy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// How the release reaches the machines.
    pub strategy: Strategy,
    /// Machines restarted at once.
    pub batch: u32,
    /// With a canary: share of the machines that get the release first.
    pub canary_share: f64,
    /// With a canary: how long the others wait [s].
    pub bake_s: f64,
}

/// Where a rollout stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// A few get the release first.
    Canary {
        /// So many.
        count: u32,
    },
    /// The others wait; number of the event that ends it.
    Baking(u64),
    /// Batch by batch.
    Rolling,
    /// New machines boot beside the old ones.
    Green,
}

/// A release on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rollout {
    plan: Plan,
    target: Release,
    phase: Phase,
    is_rollback: bool,
}

impl Fleet {
    /// Whether a call that a machine works on fails by the fault of its release.
    #[inline]
    pub fn release_fails(&mut self, part: usize) -> bool {
        let share = self.instances[part].release.error_share;
        share > 0.0 && self.luck.chance(share)
    }

    /// Deploys another release.
    pub fn deploy(&mut self, core: &mut Core, me: NodeIdx, plan: Plan, error_share: f64, slowdown: f64) {
        let newest =
            self.instances.iter().map(|i| i.release.number.max(i.coming.1.number)).max().unwrap_or(0);
        let number = newest.max(self.release.number) + 1;
        // A rollout that is under way is given up: what ran before it stays what one goes back to.
        if self.rollout.is_none() || self.former.is_none() {
            self.former = Some(self.release);
        }
        let target = Release { number, error_share, slowdown };
        core.happen(me, None, What::Told(News::DeployBegan(number)));
        self.roll_out(core, me, plan, target, false);
    }

    /// Goes back to the release that ran before.
    pub fn roll_back(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(former) = self.former.take() else { return };
        let plan = self.plan;
        core.happen(me, None, What::Told(News::RolledBack(former.number)));
        self.roll_out(core, me, plan, former, true);
    }

    fn roll_out(&mut self, core: &mut Core, me: NodeIdx, plan: Plan, target: Release, is_rollback: bool) {
        self.plan = plan;
        let there = self.instances.iter().filter(|i| i.stage == Stage::Running).count() as f64;
        let count = libm::ceil(plan.canary_share * there) as u32;
        // Machines of another release that were to come do not.
        for i in 0..self.instances.len() {
            let instance = &mut self.instances[i];
            match instance.stage {
                Stage::Standby => self.begin_drain(core, me, i, false),
                Stage::Draining { restart: true } | Stage::Restarting => instance.coming.1 = target,
                Stage::Booting if plan.strategy == Strategy::BlueGreen => {
                    self.begin_drain(core, me, i, false);
                }
                Stage::Booting => instance.coming.1 = target,
                Stage::Running | Stage::Draining { restart: false } | Stage::Gone => {}
            }
        }
        let phase = match plan.strategy {
            Strategy::BlueGreen => {
                // Only as many as run something else: after a roll-back before the switch that is none.
                let old = self.of_another(target);
                for _ in 0..old {
                    self.order(core, me, target);
                }
                Phase::Green
            }
            Strategy::Canary if !is_rollback && count > 0 => Phase::Canary { count },
            Strategy::Canary | Strategy::Rolling => Phase::Rolling,
        };
        if !matches!(phase, Phase::Canary { .. }) {
            self.release = target;
        }
        self.rollout = Some(Rollout { plan, target, phase, is_rollback });
        self.advance_rollout(core, me);
    }

    /// Machines that serve and run another release.
    fn of_another(&self, target: Release) -> usize {
        let other = |i: &&super::Instance| i.stage == Stage::Running && i.release.number != target.number;
        self.instances.iter().filter(other).count()
    }

    /// Whether machines that have booted wait for the others.
    pub(super) fn holds_back(&self) -> bool {
        matches!(self.rollout, Some(Rollout { phase: Phase::Green, .. }))
    }

    pub(super) fn bake_over(&mut self, core: &mut Core, me: NodeIdx, seq: u64) {
        if let Some(rollout) = &mut self.rollout
            && rollout.phase == Phase::Baking(seq)
        {
            rollout.phase = Phase::Rolling;
            self.release = rollout.target;
            self.advance_rollout(core, me);
        }
    }

    /// Does the next step of a rollout if the last one is done.
    pub(super) fn advance_rollout(&mut self, core: &mut Core, me: NodeIdx) {
        let Some(rollout) = self.rollout else { return };
        let under_way = self.instances.iter().any(|i| {
            matches!(i.stage, Stage::Draining { restart: true } | Stage::Restarting)
                || (rollout.phase == Phase::Green && i.stage == Stage::Booting)
        });
        if under_way {
            return;
        }
        let old: Vec<usize> = (0..self.instances.len())
            .filter(|i| self.instances[*i].stage == Stage::Running && self.stations[*i].up)
            .filter(|i| self.instances[*i].release.number != rollout.target.number)
            .collect();
        match rollout.phase {
            Phase::Canary { count } => {
                let new = |i: &&super::Instance| i.release.number == rollout.target.number;
                let have = self.instances.iter().filter(new).filter(|i| i.stage == Stage::Running).count();
                let wants = (count as usize).saturating_sub(have);
                if wants == 0 || old.is_empty() {
                    let due = core.timer(ns_from_secs(rollout.plan.bake_s), me, tag::ROLLOUT, 0);
                    self.rollout = Some(Rollout { phase: Phase::Baking(due), ..rollout });
                } else {
                    self.renew(core, me, &old[..wants.min(old.len())], rollout.target);
                }
            }
            Phase::Baking(_) => {}
            Phase::Rolling if !old.is_empty() => {
                let batch = (rollout.plan.batch.max(1) as usize).min(old.len());
                self.renew(core, me, &old[..batch], rollout.target);
            }
            Phase::Green => {
                self.rollout = None;
                let standing: Vec<usize> = (0..self.instances.len())
                    .filter(|i| self.instances[*i].stage == Stage::Standby)
                    .collect();
                if standing.is_empty() && !old.is_empty() {
                    return;
                }
                for i in standing {
                    self.serve(core, me, i);
                }
                for i in old {
                    self.begin_drain(core, me, i, false);
                }
                self.deployed(core, me, rollout);
            }
            Phase::Rolling => {
                self.rollout = None;
                self.deployed(core, me, rollout);
            }
        }
    }

    fn deployed(&mut self, core: &mut Core, me: NodeIdx, rollout: Rollout) {
        if !rollout.is_rollback {
            core.happen(me, None, What::Told(News::Deployed(rollout.target.number)));
        }
    }

    /// Restarts machines with a release.
    fn renew(&mut self, core: &mut Core, me: NodeIdx, machines: &[usize], release: Release) {
        // Restarting one that is idle at once comes back here: what is under way must be told first.
        for i in machines {
            let size = self.instances[*i].size;
            self.instances[*i].coming = (size, release);
        }
        for i in machines {
            self.begin_drain(core, me, *i, true);
        }
    }
}
