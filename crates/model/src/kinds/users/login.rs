//! Who is logged in, as the users know it: they hold a cookie and do not know what became of the session behind it.

use super::requests::Request;
use super::{Mode, State, UsersParams};
use crate::limits::SESSION_CLIENTS_MAX;
use crate::reason::Reason;
use crate::sim::core::{Core, NodeIdx, Op, more};
use crate::sim::meter::Outcome;
use headroom_engine::{NIL, Sampler, SimTime, Stream, mix64};

impl UsersParams {
    /// Different client numbers that this node gives out, where they must not be mistaken for another node's; else 0.
    pub fn client_numbers(&self) -> u32 {
        match self.mode {
            _ if self.logged_in_share <= 0.0 => 0,
            Mode::Open => self.clients,
            Mode::Closed => self.population,
            Mode::Visits => SESSION_CLIENTS_MAX,
        }
    }
}

/// Who of the users is logged in.
#[derive(Clone, Debug)]
pub(super) struct Logins {
    share: f64,
    /// Number of the node's first client.
    first: u32,
    /// Which clients log in is a matter of luck, and so of the seed.
    salt: u64,
    length: Sampler,
    pub stream: Stream,
    /// In open traffic, until when each client is logged in.
    until: Vec<SimTime>,
}

impl Logins {
    pub fn new(params: &UsersParams, node: &str, core: &Core) -> Self {
        let mut stream = Stream::new(core.seed, node, "log-ins");
        let at = core.ids.iter().position(|id| id == node).expect("a node that is built has its place");
        Self {
            share: params.logged_in_share,
            first: core.first_client[at],
            salt: stream.next_u64(),
            length: Sampler::new(&params.session),
            stream,
            until: Vec::new(),
        }
    }

    /// A client number as all nodes know it.
    #[inline]
    pub fn global(&self, client: u32) -> u32 {
        self.first.wrapping_add(client)
    }

    /// Whether a new visitor is one who logs in.
    pub fn draw(&mut self) -> bool {
        self.share > 0.0 && self.stream.chance(self.share)
    }

    /// Whether a client of open traffic is one who logs in.
    fn is_member(&self, client: u32) -> bool {
        let place = mix64(u64::from(client) ^ self.salt) >> 11;
        (place as f64 / (1u64 << 53) as f64) < self.share
    }

    fn is_in(&self, now: SimTime, client: u32) -> bool {
        self.until.get((client - self.first) as usize).is_some_and(|until| *until > now)
    }

    fn set(&mut self, client: u32, until: SimTime) {
        let at = (client - self.first) as usize;
        if at >= self.until.len() {
            self.until.resize(at + 1, SimTime::ZERO);
        }
        self.until[at] = until;
    }
}

impl State {
    /// The visitor whose request it is, or NIL.
    fn visitor_of(&self, request: &Request) -> u32 {
        if request.page == NIL { request.visitor } else { self.pages[request.page].visitor }
    }

    /// What a request says of its client's session.
    #[inline(always)]
    pub(super) fn session_mark(&self, now: SimTime, request: &Request) -> u8 {
        if self.logins.share <= 0.0 { 0 } else { self.mark_of(now, request) }
    }

    fn mark_of(&self, now: SimTime, request: &Request) -> u8 {
        if request.op == Op::Static || request.readback {
            return 0;
        }
        if request.more & more::LOG_OUT != 0 {
            return more::LOG_OUT;
        }
        let (member, is_in) = match self.visitor_of(request) {
            NIL if self.params.mode == Mode::Open => {
                (self.logins.is_member(request.client), self.logins.is_in(now, request.client))
            }
            NIL => (false, false),
            visitor => (self.visitors[visitor].member, self.visitors[visitor].logged_in),
        };
        match (member, is_in) {
            (false, _) => 0,
            (true, false) => more::LOG_IN,
            (true, true) => more::LOGGED_IN,
        }
    }

    /// A request has been answered: was it a log-in?
    pub(super) fn logged_in(&mut self, now: SimTime, request: &Request) {
        if request.more & more::LOG_IN == 0 {
            return;
        }
        self.counts.log_ins += 1;
        match self.visitor_of(request) {
            NIL => {
                let length_ns = self.logins.length.sample_ns(&mut self.logins.stream);
                self.logins.set(request.client, now.saturating_add(length_ns));
            }
            visitor => self.visitors[visitor].logged_in = true,
        }
    }

    /// An attempt has failed: because the session is gone?
    pub(super) fn logged_out(&mut self, request: &Request, outcome: Outcome) {
        if outcome.reason() != Some(Reason::LoggedOut) {
            return;
        }
        self.counts.log_outs += 1;
        match self.visitor_of(request) {
            NIL => self.logins.set(request.client, SimTime::ZERO),
            visitor => self.visitors[visitor].logged_in = false,
        }
    }

    /// A visit is over: the user logs out, or just goes.
    pub(super) fn leave(&mut self, core: &mut Core, me: NodeIdx, visitor: u32) {
        let v = &mut self.visitors[visitor];
        let client = v.client;
        if v.logged_in && self.logins.stream.chance(self.params.log_out_share) {
            v.logged_in = false;
            let request = Request {
                born: core.now,
                client,
                op: Op::Write,
                bytes: self.sizes.of(Op::Write),
                more: more::LOG_OUT,
                visitor,
                ..Request::default()
            };
            return self.open(core, me, request);
        }
        self.visitors.free(visitor);
    }
}
