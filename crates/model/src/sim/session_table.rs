//! Sessions by client, in the order in which they were used last. One that nobody has used for its lifetime is dropped.

use headroom_engine::{DeadlineList, Links, SimTime};

/// In place of a part: the client has no session.
const NONE: u16 = u16::MAX;

/// Sessions of a web tier (which server holds which) or of a session store.
#[derive(Clone, Debug)]
pub struct SessionTable {
    ttl_ns: u64,
    links: Links,
    /// The one that was used longest ago comes first: it expires first, and is evicted first.
    by_use: DeadlineList,
    /// By client: where its session is, and when it began.
    homes: Vec<(u16, SimTime)>,
    /// Sessions at each part.
    counts: Vec<u32>,
    /// Sessions that have begun so far.
    began: u64,
}

impl SessionTable {
    /// No sessions yet; each lives until it has not been used for `ttl_ns`.
    pub fn new(ttl_ns: u64) -> Self {
        Self {
            ttl_ns,
            links: Links::new(),
            by_use: DeadlineList::new(),
            homes: Vec::new(),
            counts: Vec::new(),
            began: 0,
        }
    }

    /// Sessions now.
    pub fn len(&self) -> usize {
        self.by_use.len()
    }

    /// Sessions that have begun so far.
    pub fn began(&self) -> u64 {
        self.began
    }

    /// How long a session lives without being used [ns].
    pub fn ttl_ns(&self) -> u64 {
        self.ttl_ns
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_use.is_empty()
    }

    /// Sessions at a part now.
    pub fn at(&self, part: usize) -> u32 {
        self.counts.get(part).copied().unwrap_or(0)
    }

    /// The part that has this client's session.
    #[inline]
    pub fn home(&self, client: u32) -> Option<u16> {
        self.homes.get(client as usize).map(|h| h.0).filter(|part| *part != NONE)
    }

    /// A session begins at a part, in place of one that the client had.
    pub fn begin(&mut self, now: SimTime, client: u32, part: u16) {
        self.end(client);
        let (at, part_at) = (client as usize, part as usize);
        if at >= self.homes.len() {
            self.homes.resize(at + 1, (NONE, SimTime::ZERO));
        }
        if part_at >= self.counts.len() {
            self.counts.resize(part_at + 1, 0);
        }
        self.homes[at] = (part, now);
        self.counts[part_at] += 1;
        self.began += 1;
        self.by_use.push(&mut self.links, client, now.saturating_add(self.ttl_ns));
    }

    /// A session is used.
    #[inline]
    pub fn touch(&mut self, now: SimTime, client: u32) {
        if self.by_use.remove(&mut self.links, client) {
            self.by_use.push(&mut self.links, client, now.saturating_add(self.ttl_ns));
        }
    }

    /// A session ends; false if there was none.
    pub fn end(&mut self, client: u32) -> bool {
        let Some(part) = self.home(client) else { return false };
        self.homes[client as usize].0 = NONE;
        self.counts[part as usize] -= 1;
        self.by_use.remove(&mut self.links, client)
    }

    /// When the next session expires.
    pub fn next_expiry(&self) -> Option<SimTime> {
        self.by_use.head(&self.links).map(|(_, at)| at)
    }

    /// Drops the sessions that have expired; gives their number.
    pub fn expire(&mut self, now: SimTime) -> u64 {
        let mut n = 0;
        while let Some((client, _)) = self.by_use.head(&self.links).filter(|(_, at)| *at <= now) {
            self.end(client);
            n += 1;
        }
        n
    }

    /// Drops the session that was used longest ago; false if there is none.
    pub fn evict(&mut self) -> bool {
        match self.by_use.head(&self.links) {
            Some((client, _)) => self.end(client),
            None => false,
        }
    }

    /// Drops sessions that a test picks by part and beginning, as when a machine dies; gives their number.
    pub fn lose(&mut self, test: impl Fn(u16, SimTime) -> bool) -> u64 {
        let mut n = 0;
        for client in 0..self.homes.len() {
            let (part, since) = self.homes[client];
            if part != NONE && test(part, since) {
                self.end(client as u32);
                n += 1;
            }
        }
        n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_live_while_they_are_used() {
        let mut table = SessionTable::new(10);
        table.begin(SimTime(0), 5, 1);
        table.begin(SimTime(2), 7, 0);
        table.begin(SimTime(3), 9, 1);
        assert_eq!((table.len(), table.at(0), table.at(1)), (3, 1, 2));
        table.touch(SimTime(6), 5);
        assert_eq!(table.next_expiry(), Some(SimTime(12)));
        assert_eq!(table.expire(SimTime(13)), 2);
        assert_eq!((table.home(5), table.home(7), table.home(9)), (Some(1), None, None));
        // A new session takes the place of the old one, wherever that was.
        table.begin(SimTime(14), 5, 0);
        assert_eq!((table.len(), table.at(0), table.at(1)), (1, 1, 0));
        table.begin(SimTime(15), 6, 1);
        assert_eq!(table.lose(|part, since| part == 1 && since > SimTime(14)), 1);
        assert!(table.evict() && !table.evict());
        assert!(table.is_empty() && !table.end(5));
    }
}
