//! What nodes say of how the past acts on them, for whoever would skip time.

/// Why nothing may be skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {
    /// Monitoring keeps account of single users over a day: who is not simulated does not come.
    Users,
    /// Machines fail by themselves, rarely: what is skipped would have had its share of failures.
    Faults,
    /// Processes crash, rarely.
    Crashes,
}

impl Never {
    /// Its name in a summary.
    pub fn id(self) -> &'static str {
        match self {
            Never::Users => "users_are_followed",
            Never::Faults => "machines_fail_by_themselves",
            Never::Crashes => "processes_crash",
        }
    }
}

/// Something that is filled and emptied: items in a cache, sessions, messages, calls inside a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// How much there is.
    pub level: u64,
    /// How much has come so far.
    pub came: u64,
}

/// How the past acts on the nodes of a run at one moment. Each node adds what it has to say.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The moment, in world time [ns].
    pub world_ns: u64,
    /// Why nothing may be skipped, whatever the numbers say.
    pub never: Option<Never>,
    /// Something is under way that ends by itself: a boot, a copy, a failover, a decision.
    pub is_busy: bool,
    /// How long the slowest watcher looks before it decides [ns].
    pub looks_ns: u64,
    /// How long what has happened goes on acting: lifetimes of what is held, lengths of visits [ns].
    pub past_ns: u64,
    /// How long the load stays about what it is [ns].
    pub alike_ns: u64,
    /// The next moment at which something changes that was known from the beginning, in world time [ns].
    pub change_ns: u64,
    /// In a fixed order.
    pub stocks: Vec<Stock>,
    /// What only grows, and which nothing but its bill minds; by node, in a fixed order.
    pub reservoirs: Vec<(u16, u64)>,
}

impl Memory {
    /// Of nothing yet, at a moment of world time.
    pub fn at(world_ns: u64) -> Self {
        Self {
            world_ns,
            never: None,
            is_busy: false,
            looks_ns: 0,
            past_ns: 0,
            alike_ns: u64::MAX,
            change_ns: u64::MAX,
            stocks: Vec::new(),
            reservoirs: Vec::new(),
        }
    }

    /// Nothing may be skipped.
    pub fn forbid(&mut self, why: Never) {
        self.never.get_or_insert(why);
    }

    /// Someone looks back so long before deciding.
    pub fn watches(&mut self, ns: u64) {
        self.looks_ns = self.looks_ns.max(ns);
    }

    /// The past acts for so long.
    pub fn lasts(&mut self, ns: u64) {
        self.past_ns = self.past_ns.max(ns);
    }

    /// Something is filled and emptied.
    pub fn stock(&mut self, level: u64, came: u64) {
        self.stocks.push(Stock { level, came });
    }

    /// Something changes at a moment of world time, if that is still to come.
    pub fn changes_at(&mut self, world_ns: u64) {
        if world_ns > self.world_ns {
            self.change_ns = self.change_ns.min(world_ns);
        }
    }
}
