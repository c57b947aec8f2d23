//! An autoscaler: watches a tier and sets its number of instances.

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::messages::{News, PartNow, PartState, What};
use crate::params::{choice, params};
use crate::reason::Reason;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{Command, Core, NodeIdx, Observation};
use crate::sim::detail::Memory;
use crate::sim::wiring::Wiring;
use crate::text::Text;
use crate::verbs::Action;
use headroom_engine::ns_from_secs;
use serde_json::{Map, Value, json};
use std::collections::VecDeque;

choice! {
    /// How an autoscaler decides.
    pub enum ScalePolicy {
        /// So many instances that the metric comes out at the target.
        TargetTracking = "target_tracking", "Target tracking", "목표 추적", "지표가 목표에 맞도록 인스턴스 수를 계산합니다.";
        /// So many more above the target, so many fewer below the lower threshold.
        Step = "step", "Steps", "단계", "목표를 넘으면 정한 수만큼 늘리고, 아래 문턱보다 낮으면 줄입니다.";
    }
}

choice! {
    /// What an autoscaler looks at.
    pub enum ScaleMetric {
        /// Share of worker time that is busy, over the instances that work.
        Utilization = "utilization", "Utilisation", "사용률", "동작하는 인스턴스의 작업자가 바쁜 비율입니다.";
        /// Requests per second that come, or messages published to the queue in front of workers, per instance.
        Requests = "requests_per_instance", "Requests/s per instance", "인스턴스당 초당 요청", "인스턴스 하나에 오는 초당 요청(작업자라면 앞의 큐에 발행되는 메시지)입니다.";
        /// Requests that wait, or messages in the queue in front of workers, per instance.
        Backlog = "backlog_per_instance", "Backlog per instance", "인스턴스당 적체", "인스턴스 하나당 기다리는 요청(작업자라면 앞의 큐에 있는 메시지)입니다.";
    }
}

params! {
    /// Params of an autoscaler.
    pub struct AutoscalerParams {
        /// How it decides.
        policy: ScalePolicy = ScalePolicy::TargetTracking, 0 ..= 0, "", "Policy", "정책", "인스턴스 수를 정하는 방법입니다.";
        /// What it looks at.
        metric: ScaleMetric = ScaleMetric::Utilization, 0 ..= 0, "", "Metric", "지표", "무엇을 보고 정할지 고릅니다.";
        /// The value that the metric shall have: a share for utilisation (0.6 is 60%), else a number per instance.
        target: f64 = 0.6, 0.001 ..= 1000000, "", "Target", "목표", "지표가 가져야 할 값. 사용률이면 비율(0.6은 60%), 아니면 인스턴스 하나당 수입니다.";
        /// With steps: below this value of the metric instances go.
        low: f64 = 0.3, 0 ..= 1000000, "", "Lower threshold", "아래 문턱", "단계 정책에서 지표가 이보다 낮으면 줄입니다.";
        /// With steps: instances that come or go at a time.
        step: u32 = 1, 1 ..= 1000, "instances", "Step", "단계 크기", "단계 정책에서 한 번에 늘리거나 줄이는 인스턴스 수입니다.";
        /// With target tracking: nothing is done while the metric is off the target by less than this share.
        tolerance: f64 = 0.1, 0 ..= 1, "share", "Tolerance", "허용 오차", "목표 추적에서 지표가 목표에서 이 비율보다 덜 벗어나면 그대로 둡니다.";
        /// Fewest instances.
        min_instances: u32 = 1, 0 ..= 1000, "instances", "Least", "최소", "가장 적은 인스턴스 수입니다.";
        /// Most instances.
        max_instances: u32 = 20, 1 ..= 1000, "instances", "Most", "최대", "가장 많은 인스턴스 수입니다.";
        /// Time between two looks, each of which may change the number.
        interval_s: f64 = 15.0, 0.1 ..= 86400, "s", "Interval", "간격", "지표를 보고 결정하는 간격입니다.";
        /// The metric is an average over this long (a backlog is the last one seen).
        window_s: f64 = 60.0, 0 ..= 86400, "s", "Metric window", "지표 구간", "지표를 평균하는 구간입니다(적체는 마지막에 본 값).";
        /// Age of the newest measurement when it is looked at: metrics come late.
        delay_s: f64 = 0.0, 0 ..= 86400, "s", "Metric delay", "지표 지연", "볼 수 있는 가장 새로운 측정값의 나이. 지표는 늦게 도착합니다.";
        /// Time after a change in which nothing is changed.
        cooldown_s: f64 = 0.0, 0 ..= 86400, "s", "Cooldown", "쿨다운", "한 번 바꾼 뒤 아무것도 바꾸지 않는 시간입니다.";
        /// Instances go only to the most that were called for in so long.
        down_stabilization_s: f64 = 300.0, 0 ..= 86400, "s", "Scale-in stabilisation", "축소 안정화", "이 시간 동안 필요하다고 본 가장 큰 수까지만 줄입니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Autoscaler,
    id: "autoscaler",
    category: Category::Operations,
    label: Text::new("Autoscaler", "오토스케일러"),
    tagline: Text::new("Sets the number of instances, by what it saw", "본 것에 따라 인스턴스 수를 정합니다"),
    help: Text::new(
        "Its wire leads to the tier that it scales; no request goes over it. At every interval it looks at the tier (and at the queue in front of workers) and sees the past: an average over the metric window, as old as the metric delay. Target tracking wants ceil(instances × metric ÷ target), does nothing within the tolerance, takes instances that still boot for idle when it would add more, and takes away only down to the most that was called for during the stabilisation: the rule of the Kubernetes Horizontal Pod Autoscaler. Utilisation is read in whole per cent and ends at 100%, so under overload it at best doubles at a target of 50%, again and again. New instances serve after the tier's boot time; dead ones do not count and are replaced. Leaves out: limits on the speed of change, prediction, several metrics at once. Source: Kubernetes documentation, Horizontal Pod Autoscaling (15 s, 10%, 300 s are its defaults). Catalogue rows AS.*, HPA*.",
        "선은 크기를 조절할 계층으로 이어지며, 그 선으로는 요청이 가지 않습니다. 간격마다 계층을(작업자라면 앞의 큐도) 보는데, 보는 것은 과거입니다. 지표 구간의 평균이고 지표 지연만큼 늦습니다. 목표 추적은 ceil(인스턴스 × 지표 ÷ 목표)를 원하고, 허용 오차 안이면 그대로 두며, 늘리려 할 때는 아직 부팅 중인 인스턴스를 노는 것으로 치고, 줄일 때는 안정화 시간 동안 필요했던 가장 큰 수까지만 줄입니다. Kubernetes HPA의 규칙입니다. 사용률은 1% 단위로 100%까지만 보이므로, 과부하 때 목표가 50%면 한 번에 많아야 두 배로 늘어나기를 되풀이합니다. 새 인스턴스는 계층의 부팅 시간 뒤에 일하며, 죽은 것은 세지 않고 대체합니다. 빠진 것: 변화 속도 제한, 예측, 여러 지표. 출처: Kubernetes 문서, Horizontal Pod Autoscaling(기본값 15초, 10%, 300초). 카탈로그 AS.*, HPA*.",
    ),
    calls: &[Kind::Web, Kind::Workers],
    metrics: METRICS,
    main_metric: "wanted",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "wanted",
        Unit::Count,
        Text::new("Wanted", "원하는 수"),
        Text::new("Instances that it called for last.", "마지막으로 요청한 인스턴스 수입니다."),
    ),
    metric(
        "running",
        Unit::Count,
        Text::new("Running", "동작 중"),
        Text::new(
            "Instances that worked when it looked last.",
            "마지막으로 보았을 때 동작하던 인스턴스 수입니다.",
        ),
    ),
    metric(
        "booting",
        Unit::Count,
        Text::new("Booting", "부팅 중"),
        Text::new(
            "Instances on their way when it looked last: paid for, and not serving yet.",
            "마지막으로 보았을 때 부팅 중이던 인스턴스 수. 값은 치르지만 아직 일하지 않습니다.",
        ),
    ),
    metric(
        "seen",
        Unit::Ratio,
        Text::new("Metric ÷ target", "지표 ÷ 목표"),
        Text::new(
            "What it saw last, over its target: above 1 it wants more instances.",
            "마지막으로 본 지표를 목표로 나눈 값. 1보다 크면 인스턴스를 늘리려 합니다.",
        ),
    ),
];

/// Changes of the wanted number that the summary tells.
const STORY_MAX: usize = 100;
/// Looks that are remembered.
const LOOKS_MAX: usize = 10_000;

/// A tier that is scaled.
#[derive(Clone, Debug)]
struct Target {
    node: NodeIdx,
    /// The queues in front of it, each as it was last seen.
    queues: Vec<(NodeIdx, Observation)>,
    /// What was seen, the oldest first: the tier, and its queues together.
    looks: VecDeque<(Observation, Observation)>,
    /// Numbers called for of late, with their times [ns].
    calls: VecDeque<(u64, u32)>,
    changed_at_ns: Option<u64>,
    wanted: Option<u32>,
    seen: f64,
    story: Vec<u32>,
    ups: u64,
    downs: u64,
}

const LOOK: u8 = 0;

/// An autoscaler while it runs.
#[derive(Clone, Debug)]
pub struct State {
    params: AutoscalerParams,
    targets: Vec<Target>,
    up: bool,
}

impl State {
    /// The node at time 0.
    pub fn new(params: &AutoscalerParams, _node: &str, _core: &Core, wiring: &Wiring) -> Self {
        let target = |node| Target {
            node,
            queues: Vec::new(),
            looks: VecDeque::new(),
            calls: VecDeque::new(),
            changed_at_ns: None,
            wanted: None,
            seen: f64::NAN,
            story: Vec::new(),
            ups: 0,
            downs: 0,
        };
        Self {
            params: params.clone(),
            targets: wiring.out.iter().map(|o| target(o.node)).collect(),
            up: true,
        }
    }

    /// A tier was seen, after its queues.
    fn decide(&mut self, core: &mut Core, at: usize, seen: Observation) {
        let p = &self.params;
        let t = &mut self.targets[at];
        let mut fed = Observation::default();
        for (_, queue) in &t.queues {
            fed.arrivals += queue.completions;
            fed.queued += queue.queued;
        }
        t.looks.push_back((seen, fed));
        let (delay_ns, window_ns) = (ns_from_secs(p.delay_s), ns_from_secs(p.window_s));
        let now_ns = core.now.0;
        // The newest look that has come through, and the one a window before it.
        let Some(new) = t.looks.iter().rposition(|l| l.0.at_ns.saturating_add(delay_ns) <= now_ns) else {
            return;
        };
        let from_ns = t.looks[new].0.at_ns.saturating_sub(window_ns);
        let old = t.looks.iter().take(new).rposition(|l| l.0.at_ns <= from_ns).unwrap_or(0);
        let (first, last) = (t.looks[old.min(new)], t.looks[new]);
        while t.looks.len() > LOOKS_MAX || (t.looks.len() > 1 && t.looks[1].0.at_ns <= from_ns) {
            t.looks.pop_front();
        }
        let has_queue = !t.queues.is_empty();
        let (from, to) = if has_queue { (first.1, last.1) } else { (first.0, last.0) };
        let span_s = (last.0.at_ns - first.0.at_ns) as f64 / 1e9;
        let n = f64::from(seen.wanted.max(1));
        // The metric per instance that works, and how many of those there are to bear it.
        let (value, bearers) = match p.metric {
            ScaleMetric::Utilization => {
                let there_ns = last.0.capacity_ns - first.0.capacity_ns;
                if there_ns == 0 {
                    return;
                }
                let share = (last.0.busy_ns - first.0.busy_ns) as f64 / there_ns as f64;
                // It is read in whole per cent.
                (libm::floor(share * 100.0 + 1e-9) / 100.0, f64::from(seen.ready))
            }
            ScaleMetric::Requests if span_s <= 0.0 => return,
            ScaleMetric::Requests => ((to.arrivals - from.arrivals) as f64 / span_s / n, n),
            ScaleMetric::Backlog => (to.queued as f64 / n, n),
        };
        t.seen = value / p.target;
        let mut call = match p.policy {
            ScalePolicy::TargetTracking => tracked(t.seen, bearers, seen, p.tolerance),
            ScalePolicy::Step if t.seen > 1.0 => seen.wanted.saturating_add(p.step),
            ScalePolicy::Step if value < p.low => seen.wanted.saturating_sub(p.step),
            ScalePolicy::Step => seen.wanted,
        };
        call = call.clamp(p.min_instances.min(p.max_instances), p.max_instances);
        t.calls.push_back((now_ns, call));
        let stabil_ns = ns_from_secs(p.down_stabilization_s);
        while t.calls.len() > LOOKS_MAX
            || t.calls.front().is_some_and(|c| c.0.saturating_add(stabil_ns) < now_ns)
        {
            t.calls.pop_front();
        }
        if call < seen.wanted {
            let most = t.calls.iter().map(|c| c.1).max().unwrap_or(call);
            call = most.min(seen.wanted);
        }
        let cools = t.changed_at_ns.is_some_and(|c| c.saturating_add(ns_from_secs(p.cooldown_s)) > now_ns);
        if t.story.is_empty() {
            t.story.push(seen.wanted);
        }
        if call == seen.wanted || cools {
            t.wanted.get_or_insert(seen.wanted);
            return;
        }
        t.ups += u64::from(call > seen.wanted);
        t.downs += u64::from(call < seen.wanted);
        t.changed_at_ns = Some(now_ns);
        t.wanted = Some(call);
        if t.story.len() < STORY_MAX {
            t.story.push(call);
        }
        let node = t.node;
        core.happen(node, None, What::Told(News::Scaled(call)));
        core.command(node, Command::SetInstances(call));
    }
}

/// The rule of the Kubernetes Horizontal Pod Autoscaler: `ratio` is metric over target, borne by `bearers` instances.
fn tracked(ratio: f64, bearers: f64, seen: Observation, tolerance: f64) -> u32 {
    let n = seen.wanted;
    if (ratio - 1.0).abs() <= tolerance {
        return n;
    }
    // Rounding dust must not order one more.
    let whole = |x: f64| libm::ceil(x - 1e-9).clamp(0.0, f64::from(u32::MAX)) as u32;
    let call = whole(ratio * bearers);
    let booting = f64::from(n) - bearers;
    if ratio > 1.0 && booting > 0.0 {
        // Those that boot are taken for idle; if that turns the tables, nothing is done.
        let spread = ratio * bearers / f64::from(n);
        return if spread <= 1.0 + tolerance { n } else { call.max(n) };
    }
    call
}

impl Behaviour for State {
    fn begin(&mut self, core: &mut Core, me: NodeIdx) {
        for t in &mut self.targets {
            let feeds = |from: NodeIdx| core.kinds[from as usize] == Kind::Queue;
            t.queues = core
                .wires
                .iter()
                .filter(|w| w.to == t.node && feeds(w.from))
                .map(|w| (w.from, Observation::default()))
                .collect();
        }
        core.timer(0, me, LOOK, 0);
    }

    fn arrive(&mut self, core: &mut Core, _me: NodeIdx, id: u32) {
        core.fail(id, Reason::NoRoute);
    }

    fn timer(&mut self, core: &mut Core, me: NodeIdx, _seq: u64, _tag: u8, _arg: u32) {
        core.timer(ns_from_secs(self.params.interval_s), me, LOOK, 0);
        if !self.up {
            return;
        }
        for t in &self.targets {
            for (queue, _) in &t.queues {
                core.observe(me, *queue);
            }
            core.observe(me, t.node);
        }
    }

    fn observed(&mut self, core: &mut Core, _me: NodeIdx, node: NodeIdx, seen: Observation) {
        for at in 0..self.targets.len() {
            let t = &mut self.targets[at];
            if t.node == node {
                self.decide(core, at, seen);
            } else if let Some(queue) = t.queues.iter_mut().find(|q| q.0 == node) {
                queue.1 = seen;
            }
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

    fn values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, out: &mut Vec<f32>) {
        let sum = |f: fn(&Target) -> f64| self.targets.iter().map(f).sum::<f64>() as f32;
        let last = |t: &Target| t.looks.back().map(|l| l.0).unwrap_or_default();
        out.push(sum(|t| f64::from(t.wanted.unwrap_or(0))));
        out.push(self.targets.iter().map(|t| last(t).ready as f32).sum());
        out.push(self.targets.iter().map(|t| last(t).wanted.saturating_sub(last(t).ready) as f32).sum());
        out.push(self.targets.iter().map(|t| t.seen as f32).fold(f32::NAN, f32::max));
    }

    fn part_values(&mut self, _core: &mut Core, _me: NodeIdx, _window_s: f64, _out: &mut Vec<f32>) -> u16 {
        0
    }

    fn window_utilization(&self, _core: &Core) -> f64 {
        f64::NAN
    }

    fn end_window(&mut self, _core: &mut Core) {}

    fn parts(&self, _core: &Core) -> Vec<PartNow> {
        let state = if self.up { PartState::Up } else { PartState::Down };
        vec![PartNow { state, queue_limit: u32::MAX, ..PartNow::default() }]
    }

    fn memory(&self, core: &Core, _me: NodeIdx, memory: &mut Memory) {
        let p = &self.params;
        memory.watches(ns_from_secs(p.interval_s + p.delay_s + p.window_s));
        let cooldown_ns = ns_from_secs(p.cooldown_s);
        for t in &self.targets {
            let cools = t.changed_at_ns.is_some_and(|at| at.saturating_add(cooldown_ns) > core.now.0);
            // It would have fewer, and waits whether that lasts.
            let wants = self.up && t.calls.back().zip(t.wanted).is_some_and(|(call, now)| call.1 != now);
            memory.is_busy |= cools || wants;
        }
    }

    fn restart(&mut self, _core: &mut Core) {
        for t in &mut self.targets {
            // Totals begin at 0 again.
            t.looks.clear();
            t.story.clear();
            t.ups = 0;
            t.downs = 0;
        }
    }

    fn summary(&mut self, _core: &Core, _me: NodeIdx) -> Map<String, Value> {
        let mut map = Map::new();
        let sum = |f: fn(&Target) -> u64| self.targets.iter().map(f).sum::<u64>();
        map.insert("scale_outs".to_owned(), json!(sum(|t| t.ups)));
        map.insert("scale_ins".to_owned(), json!(sum(|t| t.downs)));
        map.insert("wanted".to_owned(), json!(sum(|t| u64::from(t.wanted.unwrap_or(0)))));
        let stories: Vec<&Vec<u32>> = self.targets.iter().map(|t| &t.story).collect();
        map.insert("wanted_story".to_owned(), json!(stories));
        map
    }
}
