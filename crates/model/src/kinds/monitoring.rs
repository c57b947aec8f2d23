//! Monitoring: measures at intervals, raises alarms, and lets them act.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::messages::{News, PartNow, PartState, What};
use crate::params::{choice, params};
use crate::reason::Reason;
use crate::sim::behaviour::{Behaviour, share};
use crate::sim::core::{Command, Core, NodeIdx, Observation};
use crate::sim::detail::{Memory, Never};
use crate::sim::money::Item;
use crate::sim::people::People;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use crate::verbs::Action;
use headroom_engine::{ns_from_ms, ns_from_secs};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

choice! {
    /// What an alarm does to the tier that it is about.
    pub enum OnAlarm {
        /// It only tells.
        Tell = "tell", "Only tell", "알리기만", "알리기만 합니다.";
        /// It brings the former release back.
        RollBack = "roll_back", "Roll back", "되돌리기", "바로 앞의 릴리스로 되돌립니다.";
        /// It adds instances.
        ScaleOut = "scale_out", "Add instances", "인스턴스 추가", "인스턴스를 늘립니다.";
    }
}

params! {
    /// Params of monitoring.
    pub struct MonitoringParams {
        /// Time between two measurements.
        interval_s: f64 = 15.0, 0.1 ..= 86400, "s", "Scrape interval", "수집 간격", "측정값을 모으는 간격입니다.";
        /// Errors, slowness and utilisation are those of the last so many seconds.
        window_s: f64 = 60.0, 0.1 ..= 86400, "s", "Evaluation window", "평가 구간", "오류, 지연, 사용률을 이만큼의 최근 구간에서 계산합니다.";
        /// A threshold must be passed for this long before the alarm fires.
        for_s: f64 = 30.0, 0 ..= 86400, "s", "For", "지속 시간", "문턱을 이만큼 계속 넘어야 경보가 울립니다.";
        /// Share of failed requests above which there is something wrong; none means that errors raise no alarm.
        error_share: Option<f64> = Some(0.05), 0 ..= 1, "share", "Errors above", "오류 문턱", "실패한 요청의 비율이 이보다 크면 이상입니다. 없으면 오류로는 경보가 울리지 않습니다.";
        /// 99th percentile of response times above which there is something wrong; none means that slowness raises no alarm.
        p99_ms: Option<f64> = None, 0.001 ..= 3600000, "ms", "p99 above", "p99 문턱", "응답 시간의 p99가 이보다 크면 이상입니다. 없으면 지연으로는 경보가 울리지 않습니다.";
        /// Utilisation above which there is something wrong; none means that it raises no alarm.
        utilization: Option<f64> = None, 0 ..= 1, "share", "Utilisation above", "사용률 문턱", "사용률이 이보다 크면 이상입니다. 없으면 사용률로는 경보가 울리지 않습니다.";
        /// What an alarm does to the tier that it is about.
        on_alarm: OnAlarm = OnAlarm::Tell, 0 ..= 0, "", "On alarm", "경보가 울리면", "경보가 울린 계층에 하는 일입니다.";
        /// Instances that an alarm adds.
        scale_step: u32 = 1, 1 ..= 1000, "instances", "Instances added", "추가할 인스턴스", "경보가 추가하는 인스턴스 수입니다.";
        /// Share of requests that are logged.
        log_share: f64 = 0.1, 0 ..= 1, "share", "Logged requests", "로그로 남기는 비율", "로그로 남기는 요청의 비율입니다.";
        /// Size of a logged request (an assumption: one line with its headers).
        log_kb: f64 = 1.0, 0 ..= 10000, "kB", "Log size", "로그 크기", "로그 하나의 크기(가정: 헤더를 포함한 한 줄)입니다.";
        /// What a request that is answered at once is worth (an assumption about the business).
        value_usd: f64 = 0.001, 0 ..= 10000, "USD", "Worth of a request", "요청 하나의 가치", "곧바로 응답한 요청 하나의 가치(사업에 대한 가정)입니다.";
        /// Share of that worth that is lost with every 100 ms of response time. 1% is what Amazon is said to have measured (Linden 2006).
        loss_per_100ms: f64 = 0.01, 0 ..= 1, "share", "Lost per 100 ms", "100ms마다 잃는 비율", "응답 시간 100ms마다 잃는 가치의 비율. 1%는 아마존이 측정했다고 알려진 값입니다(Linden 2006).";
        /// Chance that a user does not come back after a bad experience: a request, or a page with its assets, that failed or took too long (an assumption).
        churn_share: f64 = 0.02, 0 ..= 1, "share", "Users lost per bad experience", "나쁜 경험마다 떠나는 비율", "나쁜 경험(실패하거나 너무 오래 걸린 요청, 또는 자산까지 포함한 페이지) 하나를 겪은 사용자가 돌아오지 않을 확률(가정)입니다.";
        /// What takes longer is a bad experience; none means that only failures are. 3 s is after what 53% of mobile visitors are said to leave (DoubleClick 2016).
        slow_ms: Option<f64> = Some(3000.0), 0.001 ..= 3600000, "ms", "Too slow after", "너무 느린 응답", "이보다 오래 걸리면 나쁜 경험입니다. 없으면 실패만 칩니다. 3초는 모바일 방문자의 53%가 떠난다고 알려진 시간입니다(DoubleClick 2016).";
        /// Length of the day that active users are counted by; a short one shows many days in a short run.
        day_s: f64 = 86400.0, 1 ..= 2592000, "s", "Length of a day", "하루의 길이", "활성 사용자를 세는 하루의 길이. 짧게 잡으면 짧은 실행에서도 여러 날을 볼 수 있습니다.";
        /// Share of today's users who stay below which there is something wrong, at every watched node; none means that it raises no alarm.
        retention: Option<f64> = None, 0 ..= 1, "share", "Retention below", "재방문율 문턱", "오늘 온 사용자 중 남은 비율이 이보다 작으면 모든 대상에 이상이 있는 것으로 봅니다. 없으면 이것으로는 경보가 울리지 않습니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Monitoring,
    id: "monitoring",
    category: Category::Operations,
    label: Text::new("Monitoring", "모니터링"),
    tagline: Text::new("Measures, raises alarms, lets them act", "측정하고, 경보를 울리고, 조치합니다"),
    help: Text::new(
        "Its wires lead to what it watches; no request goes over them. At every scrape it reads the totals of each watched node and compares them with those of an evaluation window ago: share of failures, share of answers slower than the p99 threshold (more than 1% of them means that p99 is above it), utilisation. A threshold that stays passed for the given time fires an alarm, once; the alarm can roll a tier back or add instances. So an incident is seen after the scrape interval, part of the window and that time, as in life. Logs of the sampled requests are billed. Business: a request answered after L ms is worth value × (1 − loss × L/100 ms), a failed one nothing, so revenue answers to errors and latency. Each user is followed: after b bad experiences (failed, or slower than the limit) it is still there with probability (1 − chance)^b. Retention is the mean of that over all who came today; daily active users are those who got an answer today, each counted with that probability. Value and chance are assumptions that you set, and the rule that each bad experience drives away by itself is a model of ours. Leaves out: that those who have left send nothing any more (the traffic is what you drew), new users, the load that scraping makes, alarms that are lost or late, traces. Sources: Prometheus documentation (scrape interval, rules with for); G. Linden, Make Data Useful (2006).",
        "선은 지켜볼 대상으로 이어지며, 그 선으로는 요청이 가지 않습니다. 수집할 때마다 대상의 누적값을 읽어 평가 구간 전과 비교합니다. 실패 비율, p99 문턱보다 느린 응답의 비율(1%를 넘으면 p99가 문턱보다 큽니다), 사용률입니다. 문턱을 지속 시간만큼 계속 넘으면 경보가 한 번 울리고, 경보는 릴리스를 되돌리거나 인스턴스를 늘릴 수 있습니다. 그래서 사고는 실제처럼 수집 간격, 구간의 일부, 지속 시간이 지난 뒤에야 보입니다. 남긴 로그에는 요금이 붙습니다. 사업: L ms 만에 응답한 요청의 가치는 가치 × (1 − 손실 × L/100ms)이고, 실패한 요청은 0이므로, 매출은 오류와 지연에 따라 움직입니다. 사용자도 한 명씩 따라갑니다. 나쁜 경험(실패하거나 한도보다 느린 응답)을 b번 겪은 사용자는 (1 − 확률)^b 의 확률로 남아 있습니다. 재방문율은 오늘 온 모든 사용자에 대한 이 값의 평균이고, 일간 활성 사용자는 오늘 응답을 받은 사용자를 각각 이 확률로 센 수입니다. 가치와 확률은 직접 정하는 가정이고, 나쁜 경험이 저마다 따로 사용자를 떠나게 한다는 규칙은 저희 모델입니다. 빠진 것: 떠난 사용자가 더는 요청하지 않는 것(트래픽은 그린 그대로입니다), 새 사용자, 수집이 주는 부하, 사라지거나 늦는 경보, 트레이스. 출처: Prometheus 문서(수집 간격, for가 있는 규칙), G. Linden, Make Data Useful(2006).",
    ),
    calls: &[
        Kind::LoadBalancer,
        Kind::Web,
        Kind::Queue,
        Kind::Workers,
        Kind::Cache,
        Kind::Relational,
        Kind::Sharded,
        Kind::SessionStore,
        Kind::Cdn,
        Kind::ObjectStore,
    ],
    metrics: METRICS,
    main_metric: "alarms",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "alarms",
        Unit::Count,
        Text::new("Alarms", "경보"),
        Text::new("Watched nodes whose alarm is on now.", "지금 경보가 켜져 있는 대상의 수입니다."),
    ),
    metric(
        "seen_error_share",
        Unit::Share,
        Text::new("Errors seen", "관측된 오류"),
        Text::new(
            "Share of failures at the worst watched node, as the last scrape showed it: later and smoother than the truth.",
            "마지막 수집에서 본, 가장 나쁜 대상의 실패 비율. 실제보다 늦고 완만합니다.",
        ),
    ),
    metric(
        "logs_per_s",
        Unit::Rate,
        Text::new("Logged requests", "로그로 남긴 요청"),
        Text::new(
            "Requests logged per second; each is billed by its size.",
            "초당 로그로 남긴 요청 수. 크기만큼 요금이 붙습니다.",
        ),
    ),
    metric(
        "revenue_usd_h",
        Unit::Money,
        Text::new("Revenue per hour", "시간당 매출"),
        Text::new(
            "Worth of the answered requests, less what slowness costs, an hour. The worth is your assumption.",
            "응답한 요청의 가치에서 지연으로 잃은 것을 뺀 시간당 매출. 가치는 직접 정한 가정입니다.",
        ),
    ),
    metric(
        "lost_usd_h",
        Unit::Money,
        Text::new("Lost per hour", "시간당 손실"),
        Text::new(
            "What errors and slowness cost an hour, against every request answered at once.",
            "모든 요청에 곧바로 응답했을 때에 견주어, 오류와 지연으로 잃는 시간당 금액입니다.",
        ),
    ),
    metric(
        "users_lost",
        Unit::Count,
        Text::new("Users lost", "떠난 사용자"),
        Text::new(
            "Users driven away by bad experiences so far: each with probability 1 − (1 − chance)^(its bad experiences).",
            "나쁜 경험 때문에 지금까지 떠난 사용자 수. 사용자마다 1 − (1 − 확률)^(나쁜 경험 수)의 확률로 셉니다.",
        ),
    ),
    metric(
        "daily_active_users",
        Unit::Count,
        Text::new("Daily active users", "일간 활성 사용자"),
        Text::new(
            "Different users who got an answer today, so far, without those who were driven away since.",
            "오늘 지금까지 응답을 받은 서로 다른 사용자 수. 그 뒤에 떠난 사용자는 빠집니다.",
        ),
    ),
    metric(
        "retention",
        Unit::Share,
        Text::new("Retention", "재방문율"),
        Text::new(
            "Of the users who came today, the share that bad experiences have not driven away: who will come back tomorrow.",
            "오늘 온 사용자 가운데 나쁜 경험으로 떠나지 않은 비율. 내일 다시 올 사용자입니다.",
        ),
    ),
];

/// Scrapes that are remembered.
const LOOKS_MAX: usize = 10_000;

/// What a scrape shows of a node.
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    seen: Observation,
    /// Answers slower than the p99 threshold, and all.
    slow: f64,
    answered: u64,
}

/// A node that is watched.
#[derive(Clone, Debug)]
struct Watched {
    node: NodeIdx,
    /// Whether it has machines that can be told something.
    steered: bool,
    looks: VecDeque<Look>,
    /// Since when a threshold is passed [ns].
    passed_since_ns: Option<u64>,
    firing: bool,
    error_share: f64,
}

/// Totals of all users.
#[derive(Clone, Copy, Debug, Default)]
struct Business {
    completions: u64,
    failures: u64,
    response_ns: u128,
}

const LOOK: u8 = 0;

/// Monitoring while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: MonitoringParams,
    up: bool,
    watched: Vec<Watched>,
    users: Vec<NodeIdx>,
    /// Its place among those who keep account of single users.
    people: usize,
    /// Totals of all users when the window began.
    window_from: Business,
    window_logged: f64,
    logged: f64,
    /// Parts of a byte of log that are not billed yet.
    log_rest: f64,
    alarms: u64,
    acted: u64,
    first_alarm_s: Option<f64>,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &MonitoringParams, _node: &str, core: &Core, wiring: &Wiring) -> Self {
        let watched = |o: &crate::sim::wiring::Out| Watched {
            node: o.node,
            steered: matches!(o.kind, Kind::Web | Kind::Workers),
            looks: VecDeque::new(),
            passed_since_ns: None,
            firing: false,
            error_share: f64::NAN,
        };
        Self {
            params: params.clone(),
            up: true,
            watched: wiring.out.iter().map(watched).collect(),
            users: (0u16..).zip(&core.kinds).filter(|(_, k)| **k == Kind::Users).map(|(i, _)| i).collect(),
            people: 0,
            window_from: Business::default(),
            window_logged: 0.0,
            logged: 0.0,
            log_rest: 0.0,
            alarms: 0,
            acted: 0,
            first_alarm_s: None,
        }
    }

    fn business(&self, core: &Core) -> Business {
        let mut b = Business::default();
        for class in self.users.iter().flat_map(|u| &core.meters[*u as usize].classes) {
            b.completions += class.completions;
            b.failures += class.failures();
            b.response_ns += class.response.sum_ns();
        }
        b
    }

    /// Revenue of a stretch and what was lost in it [USD].
    fn worth(&self, from: Business, to: Business) -> (f64, f64) {
        let p = &self.params;
        let (good, bad) = (to.completions - from.completions, to.failures - from.failures);
        let waited_100ms = (to.response_ns - from.response_ns) as f64 / 1e8;
        let whole = (good + bad) as f64 * p.value_usd;
        let revenue = (p.value_usd * (good as f64 - p.loss_per_100ms * waited_100ms)).max(0.0);
        (revenue, (whole - revenue).max(0.0))
    }

    /// Whether a node passes a threshold, as the scrapes show it.
    fn evaluate(p: &MonitoringParams, w: &mut Watched, retention: Option<f64>) -> bool {
        let Some(last) = w.looks.back().copied() else { return false };
        let from_ns = last.seen.at_ns.saturating_sub(ns_from_secs(p.window_s));
        while w.looks.len() > LOOKS_MAX || (w.looks.len() > 1 && w.looks[1].seen.at_ns <= from_ns) {
            w.looks.pop_front();
        }
        let first = w.looks[0];
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let failed = (last.seen.failures - first.seen.failures) as f64;
        let left = failed + (last.seen.completions - first.seen.completions) as f64;
        w.error_share = ratio(failed, left);
        let slow = ratio(last.slow - first.slow, (last.answered - first.answered) as f64);
        let there_ns = (last.seen.capacity_ns - first.seen.capacity_ns) as f64;
        let busy = ratio((last.seen.busy_ns - first.seen.busy_ns) as f64, there_ns);
        let passes = |limit: Option<f64>, value: f64| limit.is_some_and(|limit| value > limit);
        passes(p.error_share, w.error_share)
            || (p.p99_ms.is_some() && slow > 0.01)
            || passes(p.utilization, busy)
            || p.retention.zip(retention).is_some_and(|(limit, share)| share < limit)
    }

    fn fire(&mut self, core: &mut Core, at: usize, wanted: u32) {
        let w = &self.watched[at];
        self.alarms += 1;
        self.first_alarm_s.get_or_insert(core.now.as_secs_f64());
        core.happen(w.node, None, What::Told(News::Alarm));
        if !w.steered {
            return;
        }
        let command = match self.params.on_alarm {
            OnAlarm::Tell => return,
            OnAlarm::RollBack => Command::RollBack,
            OnAlarm::ScaleOut => Command::SetInstances(wanted.saturating_add(self.params.scale_step)),
        };
        self.acted += 1;
        core.command(w.node, command);
    }
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        let p = &self.params;
        let (slow_ns, day_ns) = (p.slow_ms.map(ns_from_ms), ns_from_secs(p.day_s));
        self.people = core.people.len();
        core.people.push(People::new(p.churn_share, slow_ns, day_ns, &core.kinds));
        core.timer(0, me, LOOK, 0);
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        core.fail(id, Reason::NoRoute);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, _seq: u64, _tag: u8, _arg: u32) {
        core.timer(ns_from_secs(self.params.interval_s), me, LOOK, 0);
        if self.up {
            for w in &self.watched {
                core.observe(me, w.node);
            }
        }
    }

    fn observed(&mut self, core: &mut Core, me: NodeIdx, node: NodeIdx, seen: Observation) {
        let Some(at) = self.watched.iter().position(|w| w.node == node) else { return };
        let meter = &core.meters[node as usize];
        let mut look = Look { seen, ..Look::default() };
        if let Some(p99_ms) = self.params.p99_ms {
            for class in &meter.classes {
                let n = class.response.count();
                look.slow += class.response.share_above_s(p99_ms / 1e3) * n as f64;
                look.answered += n;
            }
        }
        let retention = core.people[self.people].crowd(core.now).retention();
        let w = &mut self.watched[at];
        let before = w.looks.back().map_or(0, |l| l.seen.arrivals);
        w.looks.push_back(look);
        let logged = (seen.arrivals - before.min(seen.arrivals)) as f64 * self.params.log_share;
        self.logged += logged;
        self.window_logged += logged;
        self.log_rest += logged * self.params.log_kb * 1e3;
        let bytes = libm::floor(self.log_rest);
        self.log_rest -= bytes;
        core.bills[me as usize].count(Item::Logs, bytes as u64);
        if !Self::evaluate(&self.params, w, retention) {
            w.passed_since_ns = None;
            if std::mem::replace(&mut w.firing, false) {
                core.happen(node, None, What::Told(News::AlarmOver));
            }
            return;
        }
        let since = *w.passed_since_ns.get_or_insert(core.now.0);
        if !w.firing && core.now.0 >= since.saturating_add(ns_from_secs(self.params.for_s)) {
            w.firing = true;
            self.fire(core, at, seen.wanted);
        }
    }

    fn act(&mut self, core: &mut Core, me: NodeIdx, action: &Action) {
        let up = match action.verb {
            Verb::Kill => false,
            Verb::Revive => true,
            _ => return,
        };
        if std::mem::replace(&mut self.up, up) != up {
            core.alive[me as usize][0] = up;
            core.happen(me, None, if up { What::Revived } else { What::Killed });
        }
    }

    fn values(&mut self, core: &mut Core, _me: NodeIdx, window_s: f64, out: &mut Vec<f32>) {
        let now = self.business(core);
        let (revenue, lost) = self.worth(self.window_from, now);
        let crowd = core.people[self.people].crowd(core.now);
        let worst = self.watched.iter().map(|w| w.error_share as f32).fold(f32::NAN, f32::max);
        out.extend([
            self.watched.iter().filter(|w| w.firing).count() as f32,
            worst,
            (self.window_logged / window_s) as f32,
            (revenue / window_s * 3600.0) as f32,
            (lost / window_s * 3600.0) as f32,
            crowd.lost as f32,
            crowd.active() as f32,
            crowd.retention().map_or(f32::NAN, |share| share as f32),
        ]);
        self.window_from = now;
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, _core: &Core) -> f64 {
        f64::NAN
    }

    fn end_window(&mut self, _core: &mut Core) {
        self.window_logged = 0.0;
    }

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = if self.up { PartState::Up } else { PartState::Down };
        vec![PartNow { state, queue_limit: u32::MAX, ..PartNow::default() }]
    }

    fn memory(&self, _core: &Core, _me: NodeIdx, memory: &mut Memory) {
        memory.forbid(Never::Users);
    }

    fn restart(&mut self, core: &mut Core) {
        // Totals begin at 0 again.
        for w in &mut self.watched {
            w.looks.clear();
        }
        core.people[self.people].restart(core.now);
        self.window_from = Business::default();
        self.logged = 0.0;
        self.alarms = 0;
        self.acted = 0;
        self.first_alarm_s = None;
    }

    fn summary(&mut self, core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let now = self.business(core);
        let (revenue, lost) = self.worth(Business::default(), now);
        let crowd = core.people[self.people].crowd(core.now);
        let mut map = Map::new();
        map.insert("alarms".to_owned(), json!(self.alarms));
        map.insert("alarm_actions".to_owned(), json!(self.acted));
        map.insert("first_alarm_s".to_owned(), json!(self.first_alarm_s));
        map.insert("logged_requests".to_owned(), json!(self.logged));
        map.insert("revenue_usd".to_owned(), json!(revenue));
        map.insert("lost_usd".to_owned(), json!(lost));
        map.insert("users_lost".to_owned(), json!(crowd.lost));
        map.insert("daily_active_users".to_owned(), json!(crowd.active_mean()));
        map.insert("retention".to_owned(), json!(crowd.retention_mean()));
        map.insert("requests_good_share".to_owned(), share(now.completions, now.completions + now.failures));
        map
    }
}
