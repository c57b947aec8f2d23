//! The eight rules of the chapter "from zero to millions of users", each judged from a design: a pure function of the
//! drawing and its settings. What a rule is worth is shown by a scenario, and by killing things in the design itself.

use crate::design::{Design, Node};
use crate::kinds::{Kind, NodeParams};
use crate::order;
use crate::places::PlaceKind;
use crate::places::layout::Layout;
use crate::text::Text;

/// How far a design follows a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Yes,
    /// In part.
    Partly,
    /// It does not.
    No,
    /// Nothing in it asks for it.
    NotNeeded,
}

/// A rule and how a design follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Name, for tests.
    pub id: &'static str,
    /// The rule.
    pub rule: Text,
    /// How far it is followed.
    pub verdict: Verdict,
    /// Why it is judged so.
    pub because: Text,
    /// The nodes that make it so, or that stand against it, by position in the design.
    pub nodes: Vec<usize>,
    /// The scenario that shows what it is worth.
    pub scenario: &'static str,
}

/// Judges a design by all rules.
pub fn judge(design: &Design) -> Vec<Line> {
    let d = Drawing { design };
    let line =
        |id, rule, scenario, (verdict, because, nodes)| Line { id, rule, verdict, because, nodes, scenario };
    vec![
        line(
            "stateless",
            Text::new("Keep the web tier stateless", "웹 계층을 무상태로"),
            "stateless-servers",
            d.stateless(),
        ),
        line(
            "redundant",
            Text::new("Redundancy at every tier", "모든 계층을 이중화"),
            "load-balanced",
            d.redundant(),
        ),
        line("cache", Text::new("Cache as much as you can", "가능한 한 많이 캐시"), "cache-aside", d.cache()),
        line("sites", Text::new("Several data centres", "여러 데이터센터"), "two-data-centres", d.sites()),
        line("cdn", Text::new("Static assets from a CDN", "정적 자산은 CDN에서"), "cdn-purge", d.cdn()),
        line(
            "sharded",
            Text::new("Scale the data tier by sharding", "데이터 계층은 샤딩으로 확장"),
            "celebrity-shard",
            d.sharded(),
        ),
        line(
            "queues",
            Text::new("Separate services by queues", "큐로 서비스를 분리"),
            "photo-queue",
            d.queues(),
        ),
        line("watched", Text::new("Monitor and automate", "모니터링과 자동화"), "autoscaling", d.watched()),
    ]
}

type Judgement = (Verdict, Text, Vec<usize>);

struct Drawing<'a> {
    design: &'a Design,
}

impl Drawing<'_> {
    fn of(&self, kinds: &[Kind]) -> Vec<usize> {
        self.all(|n| kinds.contains(&n.kind()))
    }

    fn all(&self, is: impl Fn(&Node) -> bool) -> Vec<usize> {
        (0..self.design.nodes.len()).filter(|i| is(&self.design.nodes[*i])).collect()
    }

    fn node(&self, i: usize) -> &Node {
        &self.design.nodes[i]
    }

    /// Nodes that a node calls.
    fn called(&self, i: usize) -> impl Iterator<Item = &Node> {
        let id = &self.node(i).id;
        self.design.wires.iter().filter(move |w| w.from == *id).filter_map(|w| self.design.node(&w.to))
    }

    fn is_called(&self, i: usize) -> bool {
        self.design.wires.iter().any(|w| w.to == self.node(i).id)
    }

    fn stateless(&self) -> Judgement {
        let webs = self.all(|n| n.kind() == Kind::Web);
        let asked = self.all(|n| matches!(&n.params, NodeParams::Users(p) if p.logged_in_share > 0.0));
        if webs.is_empty() {
            return (
                Verdict::NotNeeded,
                Text::new("There is no web tier yet.", "아직 웹 계층이 없습니다."),
                webs,
            );
        }
        let keeps = |i: &usize| {
            let front = self.design.wires.iter().filter(|w| w.to == self.node(*i).id);
            let mut callers = front.filter_map(|w| self.design.node(&w.from));
            let from_outside =
                callers.any(|n| matches!(n.kind(), Kind::Users | Kind::Dns | Kind::Cdn | Kind::LoadBalancer));
            from_outside && !self.called(*i).any(|n| n.kind() == Kind::SessionStore)
        };
        let stateful: Vec<usize> = webs.iter().copied().filter(keeps).collect();
        if asked.is_empty() {
            return (
                Verdict::NotNeeded,
                Text::new(
                    "Nobody logs in, so no server keeps a session. Raise the logged-in share of the users to see the difference.",
                    "로그인하는 사용자가 없어 서버에 세션이 없습니다. 사용자의 로그인 비율을 올리면 차이를 볼 수 있습니다.",
                ),
                self.of(&[Kind::Users]),
            );
        }
        if stateful.is_empty() {
            return (
                Verdict::Yes,
                Text::new(
                    "Sessions are in a store that all servers share: any of them may die.",
                    "모든 서버가 함께 쓰는 저장소에 세션이 있어 어느 서버가 죽어도 됩니다.",
                ),
                self.of(&[Kind::SessionStore]),
            );
        }
        (
            if stateful.len() < webs.len() { Verdict::Partly } else { Verdict::No },
            Text::new(
                "These servers keep their users' sessions themselves: one that dies logs its users out.",
                "이 서버들은 세션을 직접 들고 있어, 죽으면 그 사용자들이 로그아웃됩니다.",
            ),
            stateful,
        )
    }

    /// Machines of a node any one of which may die without the service; none for what is no single machine.
    fn copies(&self, i: usize) -> Option<u32> {
        Some(match &self.node(i).params {
            NodeParams::Web(p) => p.instances,
            NodeParams::Workers(p) => p.instances,
            NodeParams::Relational(p) => 1 + p.replicas,
            NodeParams::Cache(p) => p.nodes,
            NodeParams::Nosql(p) => p.nodes.min(p.copies),
            NodeParams::SessionStore(p) => 1 + p.replicas,
            // Of a shard there is one copy; a balancer or a name server is one.
            NodeParams::Sharded(_) | NodeParams::LoadBalancer(_) => 1,
            _ => return None,
        })
    }

    /// Whether the callers of a node may go to another of its kind instead.
    fn has_twin(&self, i: usize) -> bool {
        let me = self.node(i);
        let spreads = matches!(me.kind(), Kind::Web | Kind::LoadBalancer | Kind::Workers);
        let callers = self.design.wires.iter().filter(|w| w.to == me.id);
        spreads
            && callers.clone().count() > 0
            && callers.clone().all(|w| {
                let from = |o: &&crate::design::Wire| o.from == w.from && o.to != me.id;
                let twin =
                    |o: &crate::design::Wire| self.design.node(&o.to).map(Node::kind) == Some(me.kind());
                self.design.wires.iter().filter(from).any(twin)
            })
    }

    fn redundant(&self) -> Judgement {
        let tiers: Vec<usize> = (0..self.design.nodes.len())
            .filter(|i| self.is_called(*i) && self.copies(*i).is_some())
            .collect();
        let single = |i: &usize| self.copies(*i) == Some(1) && !self.has_twin(*i);
        let alone: Vec<usize> = tiers.iter().copied().filter(single).collect();
        match (tiers.len(), alone.len()) {
            (0, _) => {
                (Verdict::NotNeeded, Text::new("There is no tier yet.", "아직 계층이 없습니다."), alone)
            }
            (_, 0) => (
                Verdict::Yes,
                Text::new("Of every tier one machine may die.", "어느 계층이든 한 대는 죽어도 됩니다."),
                tiers,
            ),
            (all, some) => (
                if some < all { Verdict::Partly } else { Verdict::No },
                Text::new(
                    "Of each of these there is one: kill it and see what is left.",
                    "이들은 하나뿐입니다. 죽여 보고 무엇이 남는지 보세요.",
                ),
                alone,
            ),
        }
    }

    fn cache(&self) -> Judgement {
        let caches: Vec<usize> = self.of(&[Kind::Cache]).into_iter().filter(|i| self.is_called(*i)).collect();
        let stores: Vec<usize> = self
            .of(&[Kind::Relational, Kind::Sharded, Kind::Nosql])
            .into_iter()
            .filter(|i| self.is_called(*i))
            .collect();
        match (caches.is_empty(), stores.is_empty()) {
            (false, _) => (
                Verdict::Yes,
                Text::new(
                    "What is read often is answered from memory.",
                    "자주 읽는 것은 메모리에서 답합니다.",
                ),
                caches,
            ),
            (true, true) => (
                Verdict::NotNeeded,
                Text::new("There is no database to spare.", "덜어 줄 데이터베이스가 없습니다."),
                caches,
            ),
            (true, false) => (
                Verdict::No,
                Text::new("Every read goes to the database.", "모든 읽기가 데이터베이스로 갑니다."),
                stores,
            ),
        }
    }

    fn sites(&self) -> Judgement {
        let layout = Layout::new(self.design);
        let webs = self.of(&[Kind::Web]);
        let is_site = |k: PlaceKind| matches!(k, PlaceKind::Region | PlaceKind::DataCentre);
        let mut sites: Vec<usize> = webs
            .iter()
            .flat_map(|i| layout.of_node(self.node(*i)))
            .filter_map(|place| layout.nearest(place, is_site))
            .collect();
        order::sort(&mut sites);
        sites.dedup();
        match sites.len() {
            0 | 1 => (
                Verdict::No,
                Text::new(
                    "All web servers stand in one place: when it fails, everything does.",
                    "웹 서버가 모두 한곳에 있어, 그곳이 멈추면 전체가 멈춥니다.",
                ),
                webs,
            ),
            _ if self.of(&[Kind::Dns]).is_empty() => (
                Verdict::Partly,
                Text::new(
                    "Web servers stand in several places, but no DNS leads users from one to another.",
                    "웹 서버가 여러 곳에 있지만, 사용자를 다른 곳으로 이끌 DNS가 없습니다.",
                ),
                webs,
            ),
            _ => (
                Verdict::Yes,
                Text::new(
                    "Web servers stand in several places, and DNS leads users to one that works.",
                    "웹 서버가 여러 곳에 있고, DNS가 사용자를 동작하는 곳으로 이끕니다.",
                ),
                webs,
            ),
        }
    }

    fn cdn(&self) -> Judgement {
        let cdns: Vec<usize> = self.of(&[Kind::Cdn]).into_iter().filter(|i| self.is_called(*i)).collect();
        let asks =
            |n: &Node| matches!(&n.params, NodeParams::Users(p) if p.static_share > 0.0 || p.web_share > 0.0);
        let askers = self.all(asks);
        match (cdns.is_empty(), askers.is_empty()) {
            (false, _) => (
                Verdict::Yes,
                Text::new(
                    "Assets come from an edge near the user.",
                    "정적 자산이 사용자 가까운 엣지에서 옵니다.",
                ),
                cdns,
            ),
            (true, true) => (
                Verdict::NotNeeded,
                Text::new(
                    "Nobody asks for static assets. Raise the static share or the browsers of the users.",
                    "정적 자산을 찾는 사용자가 없습니다. 사용자의 정적 자산 비율이나 브라우저 비율을 올려 보세요.",
                ),
                self.of(&[Kind::Users]),
            ),
            (true, false) => (
                Verdict::No,
                Text::new(
                    "The servers send every asset themselves.",
                    "모든 정적 자산을 서버가 직접 보냅니다.",
                ),
                askers,
            ),
        }
    }

    fn sharded(&self) -> Judgement {
        let spread = |n: &Node| match &n.params {
            NodeParams::Sharded(p) => p.shards > 1,
            NodeParams::Nosql(p) => p.nodes > p.copies,
            _ => false,
        };
        let spread = self.all(spread);
        let stores = self.of(&[Kind::Relational, Kind::Sharded, Kind::Nosql]);
        match (spread.is_empty(), stores.is_empty()) {
            (false, _) => (
                Verdict::Yes,
                Text::new(
                    "Items are spread over several machines, so writes grow with their number.",
                    "항목이 여러 기계에 나뉘어 있어, 기계 수만큼 쓰기도 늘어납니다.",
                ),
                spread,
            ),
            (true, true) => (
                Verdict::NotNeeded,
                Text::new("There is no database yet.", "아직 데이터베이스가 없습니다."),
                spread,
            ),
            (true, false) => (
                Verdict::No,
                Text::new(
                    "One machine takes every write: replicas add reads, not writes.",
                    "쓰기를 한 대가 모두 받습니다. 복제본은 읽기만 늘려 줍니다.",
                ),
                stores,
            ),
        }
    }

    fn queues(&self) -> Judgement {
        let fed = |i: &usize| self.is_called(*i) && self.called(*i).any(|n| n.kind() == Kind::Workers);
        let queues: Vec<usize> = self.of(&[Kind::Queue]).into_iter().filter(fed).collect();
        let webs = self.of(&[Kind::Web]);
        let calls_web = |i: &usize| self.called(*i).any(|n| n.kind() == Kind::Web);
        let callers: Vec<usize> = webs.iter().copied().filter(calls_web).collect();
        if !queues.is_empty() {
            return (
                Verdict::Yes,
                Text::new(
                    "Jobs wait in a queue; workers take them at their own pace and may fail for a while.",
                    "작업이 큐에서 기다립니다. 작업자는 제 속도로 가져가고, 잠시 멈춰도 됩니다.",
                ),
                queues,
            );
        }
        if !callers.is_empty() {
            return (
                Verdict::Partly,
                Text::new(
                    "Services stand apart, but call each other and wait: one that is slow slows its callers.",
                    "서비스가 나뉘어 있지만 서로 부르고 기다립니다. 하나가 느리면 부르는 쪽도 느려집니다.",
                ),
                callers,
            );
        }
        (
            Verdict::No,
            Text::new(
                "The web servers do everything within the request.",
                "웹 서버가 요청 안에서 모든 일을 합니다.",
            ),
            webs,
        )
    }

    fn watched(&self) -> Judgement {
        let works = |i: &usize| self.called(*i).count() > 0;
        let found: Vec<usize> =
            self.of(&[Kind::Monitoring, Kind::Autoscaler]).into_iter().filter(works).collect();
        let kinds = |kind: Kind| found.iter().any(|i| self.node(*i).kind() == kind);
        match (kinds(Kind::Monitoring), kinds(Kind::Autoscaler)) {
            (true, true) => (
                Verdict::Yes,
                Text::new(
                    "It is watched, and machines come and go by themselves.",
                    "감시하고 있고, 기계가 저절로 늘고 줄어듭니다.",
                ),
                found,
            ),
            (false, false) => (
                Verdict::No,
                Text::new(
                    "Nobody watches, and nothing is mended by itself.",
                    "아무도 감시하지 않고, 저절로 고쳐지는 것도 없습니다.",
                ),
                found,
            ),
            (true, false) => (
                Verdict::Partly,
                Text::new(
                    "It is watched, but no machine comes by itself.",
                    "감시하고 있지만, 기계가 저절로 늘지는 않습니다.",
                ),
                found,
            ),
            (false, true) => (
                Verdict::Partly,
                Text::new(
                    "Machines come and go by themselves, but nobody is told of errors.",
                    "기계는 저절로 늘고 줄지만, 오류를 알려 줄 것이 없습니다.",
                ),
                found,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::scenarios;

    fn verdict(design: &Design, id: &str) -> Verdict {
        judge(design).into_iter().find(|l| l.id == id).unwrap().verdict
    }

    fn scenario(id: &str) -> Design {
        Design::parse(scenarios::by_id(id).unwrap().json).unwrap()
    }

    #[test]
    fn the_scenario_of_a_rule_follows_it_and_exists() {
        let expect = [
            ("stateless", "stateless-servers"),
            ("cache", "cache-aside"),
            ("sites", "two-data-centres"),
            ("cdn", "cdn-purge"),
            ("sharded", "celebrity-shard"),
            ("queues", "photo-queue"),
        ];
        for (id, name) in expect {
            assert_eq!(verdict(&scenario(name), id), Verdict::Yes, "{id} in {name}");
        }
        for line in judge(&Design::default()) {
            assert!(scenarios::by_id(line.scenario).is_some(), "{}", line.id);
            assert_ne!(line.verdict, Verdict::Yes, "{}", line.id);
        }
    }

    #[test]
    fn each_rule_falls_when_what_holds_it_is_taken_away() {
        assert_eq!(verdict(&scenario("sticky-sessions"), "stateless"), Verdict::No);
        let single = scenario("single-server");
        for id in ["redundant", "sites", "queues", "watched"] {
            assert_eq!(verdict(&single, id), Verdict::No, "{id}");
        }
        let mut design = scenario("stateless-servers");
        design.wires.retain(|w| !w.to.contains("session") && !w.to.contains("store"));
        assert_eq!(verdict(&design, "stateless"), Verdict::No);
        let mut design = scenario("two-data-centres");
        assert_eq!(verdict(&design, "sites"), Verdict::Yes);
        design.places.clear();
        design.nodes.iter_mut().for_each(|n| n.place = None);
        assert_eq!(verdict(&design, "sites"), Verdict::No);
    }

    #[test]
    fn whoever_is_alone_is_named() {
        let text = r#"{"nodes":[{"id":"users","kind":"users"},{"id":"web","kind":"web","params":{"instances":2}},
            {"id":"db","kind":"relational"}],"wires":[{"from":"users","to":"web"},{"from":"web","to":"db"}]}"#;
        let mut design = Design::parse(text).unwrap();
        let line = judge(&design).into_iter().find(|l| l.id == "redundant").unwrap();
        assert_eq!((line.verdict, line.nodes), (Verdict::Partly, vec![2]));
        design.nodes[2].params.set("replicas", &serde_json::json!(1)).unwrap();
        assert_eq!(verdict(&design, "redundant"), Verdict::Yes);
        design.nodes[1].params.set("instances", &serde_json::json!(1)).unwrap();
        assert_eq!(verdict(&design, "redundant"), Verdict::Partly);
    }
}
