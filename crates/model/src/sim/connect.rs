//! Connections of clients: the first request over one pays for setting it up, the next ones find it open.
//!
//! TCP takes one round trip before anything can be sent (RFC 9293), TLS 1.3 one more (RFC 8446), TLS 1.2 two (RFC 5246).
//! A connection is closed when it has been idle for too long or has carried its number of requests, and is lost when what
//! is at its other end refuses or dies.

use super::core::{Call, Core, more};
use super::meter::Outcome;
use crate::limits::CONNECTIONS_MAX;
use crate::params::choice;
use crate::reason::Reason;
use headroom_engine::{SimTime, ns_from_secs};

choice! {
    /// How a connection is set up before the first request over it.
    pub enum Connect {
        /// It is open from the start: setting it up costs nothing.
        Open = "open", "Already open", "이미 열림", "처음부터 열려 있어 연결 비용이 없습니다.";
        /// TCP alone: one round trip.
        Tcp = "tcp", "TCP", "TCP", "TCP만 연결합니다. 왕복 한 번입니다.";
        /// TCP and TLS 1.3: two round trips.
        Tls13 = "tls13", "TCP + TLS 1.3", "TCP + TLS 1.3", "TCP와 TLS 1.3. 왕복 두 번입니다.";
        /// TCP and TLS 1.2: three round trips.
        Tls12 = "tls12", "TCP + TLS 1.2", "TCP + TLS 1.2", "TCP와 TLS 1.2. 왕복 세 번입니다.";
    }
}

impl Connect {
    /// Round trips before the first request can be sent.
    pub fn round_trips(self) -> u64 {
        match self {
            Connect::Open => 0,
            Connect::Tcp => 1,
            Connect::Tls13 => 2,
            Connect::Tls12 => 3,
        }
    }
}

/// One connection.
#[derive(Clone, Copy, Debug)]
struct Connection {
    /// When it is, or was, set up.
    ready: SimTime,
    /// When it was last used.
    used: SimTime,
    /// Requests that it may still carry; 0 when it is closed.
    left: u32,
}

const CLOSED: Connection = Connection { ready: SimTime::ZERO, used: SimTime::ZERO, left: 0 };

/// The connections over one wire.
#[derive(Clone, Debug)]
pub struct Connections {
    round_trips: u64,
    keep_ns: u64,
    requests: u32,
    /// Each client of users has one of its own; else each calling part.
    by_client: bool,
    open: Vec<Connection>,
    /// Set up since measuring began.
    pub made: u64,
}

impl Connections {
    /// None open.
    pub fn new(
        connect: Connect,
        keep_alive_s: f64,
        requests: Option<u32>,
        by_client: bool,
    ) -> Option<Box<Self>> {
        (connect != Connect::Open).then(|| {
            Box::new(Self {
                round_trips: connect.round_trips(),
                keep_ns: ns_from_secs(keep_alive_s),
                requests: requests.unwrap_or(u32::MAX),
                by_client,
                open: Vec::new(),
                made: 0,
            })
        })
    }

    fn slot(&mut self, call: &Call) -> &mut Connection {
        let who = if self.by_client { call.client as usize } else { usize::from(call.from_part) };
        // Past the limit clients share: the table must not grow for ever.
        let at = who % CONNECTIONS_MAX;
        if self.open.len() <= at {
            self.open.resize((at + 1).next_power_of_two().min(CONNECTIONS_MAX), CLOSED);
        }
        &mut self.open[at]
    }

    /// Whether they are encrypted.
    pub fn is_tls(&self) -> bool {
        self.round_trips > Connect::Tcp.round_trips()
    }

    /// How long a request has to wait until it can be sent [ns], and whether a connection is set up for it; `round_trip_ns`
    /// to the other end.
    fn take(&mut self, now: SimTime, call: &Call, round_trip_ns: u64) -> (u64, bool) {
        let (set_up_ns, keep_ns, requests) = (self.round_trips * round_trip_ns, self.keep_ns, self.requests);
        let slot = self.slot(call);
        let is_open = slot.left > 0 && now.since(slot.used.max(slot.ready).min(now)) <= keep_ns;
        if is_open {
            slot.left -= 1;
        } else {
            *slot = Connection { ready: now.saturating_add(set_up_ns), used: now, left: requests - 1 };
            self.made += 1;
        }
        let slot = self.slot(call);
        slot.used = now;
        // Another request may just be setting it up.
        (slot.ready.max(now).since(now), !is_open)
    }
}

impl Core {
    /// How long a call waits for its connection to be set up before it can be sent [ns].
    #[inline]
    pub(super) fn set_up_ns(&mut self, id: u32) -> u64 {
        let call = &self.calls[id];
        let wire = &mut self.wires[call.wire as usize];
        let Some(connections) = &mut wire.connections else { return 0 };
        let round_trip_ns = 2 * (wire.latency_ns + wire.reach.there_ns(call));
        let (wait_ns, is_new) = connections.take(self.now, call, round_trip_ns);
        if is_new {
            self.calls[id].more |= more::NEW_CONNECTION;
        }
        wait_ns
    }

    /// An answer says that nobody is at the other end any more: the connection is lost.
    #[inline]
    pub(super) fn hang_up(&mut self, id: u32, outcome: Outcome) {
        let call = &self.calls[id];
        if let Some(connections) = &mut self.wires[call.wire as usize].connections
            && matches!(outcome.reason(), Some(Reason::Refused | Reason::Died | Reason::Unreachable))
        {
            *connections.slot(call) = CLOSED;
        }
    }
}
