//! The primary's log of commits, as far back as a replica may still need it.

use headroom_engine::SimTime;
use std::collections::VecDeque;

/// Commits kept for replicas that are behind. A machine that has missed more takes a copy of the data instead.
const KEPT_MAX: usize = 1_000_000;

/// No item: a record without data.
pub(super) const NO_KEY: u32 = u32::MAX;

/// One commit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Commit {
    pub at: SimTime,
    pub key: u32,
    /// Versions only ever rise, also over failovers, where positions in the log are used again.
    pub version: u32,
}

/// Commits by position, from 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    commits: VecDeque<Commit>,
    /// Position of the first one kept, minus 1.
    dropped: u64,
    version: u32,
}

impl Log {
    /// Position of the last commit.
    pub fn last(&self) -> u64 {
        self.dropped + self.commits.len() as u64
    }

    /// Position before the first one kept.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    pub fn get(&self, position: u64) -> Option<&Commit> {
        self.commits.get(position.checked_sub(self.dropped + 1)? as usize)
    }

    /// Appends a commit and gives its version.
    pub fn append(&mut self, at: SimTime, key: u32) -> u32 {
        self.version += 1;
        self.commits.push_back(Commit { at, key, version: self.version });
        self.version
    }

    /// Forgets what every machine has applied, and what is more than is kept.
    pub fn trim(&mut self, applied_by_all: u64) {
        while self.dropped < applied_by_all && !self.commits.is_empty() || self.commits.len() > KEPT_MAX {
            self.commits.pop_front();
            self.dropped += 1;
        }
    }

    /// Takes back the commits after a position: they are lost. Gives them.
    pub fn cut(&mut self, position: u64) -> Vec<Commit> {
        let keep = position.saturating_sub(self.dropped) as usize;
        self.commits.split_off(keep.min(self.commits.len())).into()
    }
}
