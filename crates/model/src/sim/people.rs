//! What single users live through: who was served today, who had a bad experience, and how many of them stay.
//!
//! A user leaves for good after a bad experience with probability p. Nothing is drawn: a user with b bad experiences is still
//! there with probability (1 − p)^b, and counts as so much of a user. Those who have left are not taken out of the traffic.

use crate::kinds::Kind;
use crate::limits::PEOPLE_MAX;
use headroom_engine::SimTime;

/// One user.
#[derive(Clone, Copy, Debug, Default)]
struct Person {
    /// The day of the latest experience, from 1; 0 before the first one.
    day: u32,
    /// Bad experiences so far.
    bad: u32,
    /// Something was answered well on that day.
    served: bool,
}

/// Expected numbers of users.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crowd {
    day: u32,
    /// Served today and not driven away since.
    active: f64,
    /// Who came today, and those of them who have not been driven away since.
    came: f64,
    stay: f64,
    /// Over the days that are over.
    active_days: f64,
    came_days: f64,
    stay_days: f64,
    /// Driven away so far.
    pub lost: f64,
}

impl Crowd {
    /// The same on a later day.
    fn on(mut self, day: u32) -> Self {
        if day > self.day {
            self.active_days += self.active;
            self.came_days += self.came;
            self.stay_days += self.stay;
            (self.active, self.came, self.stay, self.day) = (0.0, 0.0, 0.0, day);
        }
        self
    }

    /// Users of today so far.
    pub fn active(&self) -> f64 {
        self.active.max(0.0)
    }

    /// Of those who came today, the share that has not been driven away; none while nobody came.
    pub fn retention(&self) -> Option<f64> {
        (self.came > 0.0).then(|| (self.stay / self.came).clamp(0.0, 1.0))
    }

    /// Users a day, over whole days; the day so far where none is over.
    pub fn active_mean(&self) -> f64 {
        let whole = self.day.saturating_sub(1);
        if whole == 0 { self.active() } else { self.active_days / f64::from(whole) }
    }

    /// Of those who came on a day, the share that was not driven away on it; over all days.
    pub fn retention_mean(&self) -> Option<f64> {
        let came = self.came_days + self.came;
        (came > 0.0).then(|| ((self.stay_days + self.stay) / came).clamp(0.0, 1.0))
    }
}

/// All users of a design, as one node of monitoring looks at them.
#[derive(Clone, Debug)]
pub struct People {
    /// Chance to leave after a bad experience.
    leave: f64,
    /// What takes longer is a bad experience too [ns].
    slow_ns: u64,
    day_ns: u64,
    since: SimTime,
    /// Users of one node that are followed at most.
    followed_max: u32,
    /// By users node.
    tables: Vec<Vec<Person>>,
    crowd: Crowd,
}

impl People {
    /// Nobody yet, in a design whose nodes are of these kinds: nodes of users share the room, and those of monitoring.
    pub fn new(leave: f64, slow_ns: Option<u64>, day_ns: u64, kinds: &[Kind]) -> Self {
        let count = |kind: Kind| kinds.iter().filter(|k| **k == kind).count().max(1);
        Self {
            leave,
            slow_ns: slow_ns.unwrap_or(u64::MAX),
            day_ns: day_ns.max(1),
            since: SimTime::ZERO,
            followed_max: (PEOPLE_MAX / count(Kind::Users) / count(Kind::Monitoring)).max(1) as u32,
            tables: vec![Vec::new(); kinds.len()],
            crowd: Crowd::default(),
        }
    }

    /// All begins anew: the warm-up is over.
    pub fn restart(&mut self, now: SimTime) {
        self.since = now;
        self.crowd = Crowd::default();
        for table in &mut self.tables {
            table.clear();
        }
    }

    /// Numbers at this moment.
    pub fn crowd(&self, now: SimTime) -> Crowd {
        self.crowd.on(self.day(now))
    }

    fn day(&self, now: SimTime) -> u32 {
        1 + (now.since(self.since) / self.day_ns) as u32
    }

    /// Where a user of a node is written down, if it is one that is followed, and how many it stands for.
    fn place(&self, user: u32, of: u32) -> Option<(usize, f64)> {
        let every = of.div_ceil(self.followed_max).max(1);
        user.is_multiple_of(every)
            .then(|| ((user / every) as usize, f64::from(of) / f64::from(of.div_ceil(every))))
    }

    /// From now on a number means another user.
    pub fn newcomer(&mut self, node: usize, user: u32, of: u32) {
        if let Some((at, _)) = self.place(user, of)
            && let Some(person) = self.tables[node].get_mut(at)
        {
            *person = Person::default();
        }
    }

    /// A user, one of so many of a node, has got an answer after a while, or none.
    pub fn experience(&mut self, now: SimTime, node: usize, user: u32, of: u32, is_ok: bool, took_ns: u64) {
        let Some((at, stands_for)) = self.place(user, of) else { return };
        let day = self.day(now);
        self.crowd = self.crowd.on(day);
        let table = &mut self.tables[node];
        if table.len() <= at {
            table.resize((at + 1).next_power_of_two(), Person::default());
        }
        let (person, crowd, keep) = (&mut table[at], &mut self.crowd, 1.0 - self.leave);
        let stays = |bad: u32| stands_for * libm::pow(keep, f64::from(bad));
        if person.day != day {
            *person = Person { day, bad: person.bad, served: false };
            crowd.came += stays(person.bad);
            crowd.stay += stays(person.bad);
        }
        if !is_ok || took_ns > self.slow_ns {
            let gone = stays(person.bad) - stays(person.bad + 1);
            person.bad += 1;
            crowd.stay -= gone;
            crowd.lost += gone;
            if person.served {
                crowd.active -= gone;
            }
        }
        if is_ok && !person.served {
            person.served = true;
            crowd.active += stays(person.bad);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::design::Design;
    use crate::sim::Simulation;
    use crate::summary::summarize;
    use headroom_engine::mix64;
    use libm::exp;
    use serde_json::{Value, json};

    const DAY_NS: u64 = 1_000_000_000;

    /// A thousand users of 200 requests a second in all, of which a share fails on the way; three days of 20 s. What
    /// monitoring says of it.
    fn watched(error_share: f64, watch: &Value) -> Value {
        let file = json!({
            "nodes": [
                {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 200}, "clients": 1000}},
                {"id": "web", "kind": "web", "params": {"workers": 100, "service": {"law": "deterministic", "mean_ms": 50}}},
                {"id": "watch", "kind": "monitoring", "params": watch},
            ],
            "wires": [{"from": "users", "to": "web", "error_share": error_share}, {"from": "watch", "to": "web"}],
            "run": {"until_s": 60, "seed": 3},
        });
        let design = Design::parse(&file.to_string()).unwrap();
        let mut sim = Simulation::new(&design);
        sim.run();
        summarize(&design, &mut sim)["nodes"][2].clone()
    }

    /// Requests of a user are a Poisson process, m a day, and so are its good and its bad ones, m(1−q) and mq, independent
    /// of each other: E[(1−p)^bad] = e^(−mqp). Those who come are there with probability 1 − e^(−m), those who are served
    /// with 1 − e^(−m(1−q)).
    #[test]
    fn retention_and_active_users_are_what_independent_errors_make_of_them() {
        let (m, p) = (4.0, 0.3);
        let mut before = (f64::INFINITY, f64::INFINITY);
        for q in [0.0, 0.2, 0.6] {
            let told = watched(q, &json!({"churn_share": p, "day_s": 20}));
            let of = |name: &str| told[name].as_f64().unwrap();
            let stays = exp(-m * q * p);
            let retention = (stays - exp(-m)) / (1.0 - exp(-m));
            assert!((of("retention") - retention).abs() < 0.015, "{q}: {} and {retention}", of("retention"));
            let days = stays * (1.0 + stays + stays * stays) / 3.0;
            let active = 1000.0 * days * (1.0 - exp(-m * (1.0 - q)));
            assert!((of("daily_active_users") / active - 1.0).abs() < 0.03, "{q}: {told} and {active}");
            // Bad ones of all days, of those too who were not served.
            let lost = 1000.0 * (1.0 - stays * stays * stays);
            assert!((of("users_lost") - lost).abs() <= 0.04 * lost, "{q}: {told} and {lost}");
            let now = (of("retention"), of("daily_active_users"));
            assert!(now.0 < before.0 && now.1 < before.1, "more errors, fewer users");
            before = now;
        }
    }

    /// A slow answer is as bad as none: here all take 50 ms.
    #[test]
    fn slow_answers_drive_users_away() {
        let at = |slow_ms: f64| watched(0.0, &json!({"churn_share": 0.3, "day_s": 20, "slow_ms": slow_ms}));
        assert_eq!(at(60.0)["retention"], json!(1.0));
        let expected = (exp(-4.0 * 0.3) - exp(-4.0)) / (1.0 - exp(-4.0));
        let slow = at(40.0);
        assert!((slow["retention"].as_f64().unwrap() - expected).abs() < 0.015, "{slow}");
        let alarms = |limit: f64| {
            watched(0.3, &json!({"retention": limit, "error_share": null, "for_s": 0}))["alarms"].clone()
        };
        assert_eq!((alarms(0.99), alarms(0.5)), (json!(1), json!(0)), "few users stay: an alarm");
    }

    /// Against the same account, kept in the plainest way: every experience of every user, gone through anew each day.
    #[test]
    fn sums_are_those_of_the_whole_story() {
        let mut people = People::new(0.25, Some(100), DAY_NS, &[Kind::Users, Kind::Monitoring]);
        let mut story: Vec<(u64, u32, bool, bool)> = Vec::new();
        for i in 0..3000u64 {
            let dice = mix64(i);
            let (user, is_ok, slow) = ((dice % 40) as u32, dice >> 20 & 7 != 0, dice >> 30 & 7 == 0);
            let at = i * 5_000_000;
            people.experience(SimTime(at), 0, user, 40, is_ok, if slow { 101 } else { 100 });
            story.push((at / DAY_NS, user, is_ok, !is_ok || slow));
        }
        let (mut active, mut came, mut stay) = (0.0, 0.0, 0.0);
        let days = 3000 / 200;
        for day in 0..days {
            for user in 0..40 {
                let bad_to = |to: u64| story.iter().filter(|e| e.1 == user && e.3 && e.0 < to).count() as i32;
                let left = |to: u64| libm::pow(0.75, f64::from(bad_to(to)));
                let today = || story.iter().filter(|e| e.1 == user && e.0 == day);
                if today().next().is_some() {
                    came += left(day);
                    stay += left(day + 1);
                }
                if today().any(|e| e.2) {
                    active += left(day + 1);
                }
            }
        }
        let crowd = people.crowd(SimTime(days * DAY_NS));
        assert!((crowd.active_mean() - active / days as f64).abs() < 1e-9);
        assert!((crowd.retention_mean().unwrap() - stay / came).abs() < 1e-9);
    }

    /// Of more users than are followed, an even sample stands for all.
    #[test]
    fn a_sample_stands_for_all() {
        let mut people = People::new(0.0, None, DAY_NS, &[Kind::Users, Kind::Monitoring]);
        let of = 3 * PEOPLE_MAX as u32 + 5;
        for user in 0..of {
            people.experience(SimTime::ZERO, 0, user, of, true, 0);
        }
        let active = people.crowd(SimTime::ZERO).active();
        assert!((active / f64::from(of) - 1.0).abs() < 1e-5, "{active} of {of}");
        assert!(people.tables[0].len() <= PEOPLE_MAX);
    }
}
