//! The scenarios as the page opens them: with title and labels in its language.

use crate::texts::{Lang, library};
use headroom_model::design::{Design, Node, View};
use headroom_model::scenarios::{self, Scenario};
use headroom_model::text::Text;

/// Labels of nodes and places in scenarios. They are part of the design, and the run does not mind them.
const LABELS: &[Text] = &[
    Text::new("Readers", "읽는 사용자"),
    Text::new("Writers", "쓰는 사용자"),
    Text::new("Everything server", "모든 일을 하는 서버"),
    Text::new("Without breaker", "차단기 없음"),
    Text::new("With breaker", "차단기 있음"),
    Text::new("Ads", "광고"),
    Text::new("Asks 50 at once", "50곳에 한꺼번에 묻기"),
    Text::new("Asks 50, hedged", "50곳에 묻고 헤지"),
    Text::new("Leaves", "말단 서버"),
    Text::new("Asks all shards", "모든 샤드에 묻기"),
    Text::new("Copies kept up", "사본을 맞춰 두기"),
    Text::new("Last write wins", "나중 쓰기가 이김"),
    Text::new("Primaries vote", "주 서버 투표"),
    Text::new("Circle of four", "넷이 고리로"),
    Text::new("W 2, R 2 of 3", "3곳 중 쓰기 2, 읽기 2"),
    Text::new("W 1, R 1 of 3", "3곳 중 쓰기 1, 읽기 1"),
    Text::new("Payment service", "결제 서비스"),
    Text::new("hash mod n", "해시 mod n"),
    Text::new("Consistent hashing", "일관된 해싱"),
    Text::new("Orders", "주문"),
    Text::new("Asynchronous", "비동기"),
    Text::new("Semi-synchronous", "반동기"),
    Text::new("Users in Asia", "아시아 사용자"),
    Text::new("Users in Europe", "유럽 사용자"),
    Text::new("Asia", "아시아"),
    Text::new("Europe", "유럽"),
    Text::new("Seoul", "서울"),
    Text::new("Dublin", "더블린"),
    Text::new("Zone A", "가용 영역 A"),
    Text::new("Zone B", "가용 영역 B"),
    Text::new("Queues all", "모두 줄을 세움"),
    Text::new("Sheds", "넘치면 덜어 냄"),
    Text::new("CDN in Asia", "아시아 CDN"),
    Text::new("CDN in Europe", "유럽 CDN"),
    Text::new("Cache in Asia", "아시아 캐시"),
    Text::new("Cache in Europe", "유럽 캐시"),
];

/// Notes in scenarios.
const NOTES: &[Text] = &[
    Text::new(
        "Without leases\nWhen the key expires, everyone who misses it reads the database at once, until the first answer is back.",
        "리스 없음\n키가 만료되면 첫 응답이 돌아올 때까지 놓친 요청이 모두 한꺼번에 데이터베이스를 읽습니다.",
    ),
    Text::new(
        "With leases\nOne of them reads the database. The others wait for what it brings.",
        "리스 있음\n하나만 데이터베이스를 읽고, 나머지는 그 결과를 기다립니다.",
    ),
];

/// A scenario's design in a language.
pub fn design(scenario: &Scenario, lang: Lang) -> Design {
    let mut design = Design::parse(scenario.json).expect("a test of the model opens every scenario");
    design.title = lang.t(scenario.title).to_owned();
    let labels =
        design.nodes.iter_mut().map(|n| &mut n.label).chain(design.places.iter_mut().map(|p| &mut p.label));
    for label in labels {
        if let Some(text) = LABELS.iter().find(|text| text.en == *label) {
            *label = lang.t(*text).to_owned();
        }
    }
    for note in &mut design.notes {
        if let Some(text) = NOTES.iter().find(|text| text.en == note.text) {
            note.text = lang.t(*text).to_owned();
        }
    }
    design
}

/// Designs to start from: scenarios by their ids, and what they are called here.
pub const TEMPLATES: &[(&str, Text)] = &[
    ("single-server", library::TEMPLATE_SERVER),
    ("load-balanced", library::TEMPLATE_BALANCED),
    ("cache-aside", library::TEMPLATE_CACHE),
    ("replicas-write-burst", library::TEMPLATE_REPLICAS),
    ("photo-queue", library::TEMPLATE_QUEUE),
    ("two-data-centres", library::TEMPLATE_PLACES),
];

/// A design to start from: that of a scenario without its title and without what happens in it.
pub fn template(id: &str) -> Design {
    let scenario = scenarios::by_id(id).expect("a test opens every template");
    let design = Design::parse(scenario.json).expect("a test of the model opens every scenario");
    let nodes = design.nodes.into_iter().map(|n| Node { label: String::new(), ..n }).collect();
    Design { title: String::new(), nodes, timeline: Vec::new(), notes: Vec::new(), ..design }
}

/// The scenario that the page opens on.
pub fn default_scenario() -> &'static Scenario {
    scenarios::by_id(scenarios::DEFAULT_ID).expect("the default is in the list")
}

/// Whether a design is a scenario that nobody has changed: there is nothing to restore.
pub fn is_untouched(design: &Design) -> bool {
    // The place where the canvas looks is no change; what users are promised is one.
    let plain = |design: Design| {
        let objectives = design.view.objectives;
        Design { view: View { objectives, ..View::default() }, ..design }
    };
    let wanted = plain(design.clone());
    let same = |s: &Scenario| Lang::ALL.iter().any(|lang| plain(self::design(s, *lang)) == wanted);
    scenarios::ALL.iter().any(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::same_run;

    #[test]
    fn every_label_is_in_both_languages_and_changes_no_run() {
        for scenario in scenarios::ALL {
            let (en, ko) = (design(scenario, Lang::En), design(scenario, Lang::Ko));
            assert!(same_run(&en, &ko));
            for (a, b) in en.notes.iter().zip(&ko.notes) {
                assert!(a.text != b.text, "{}: {}", scenario.id, a.text);
            }
            let labels = |design: &Design| {
                let nodes = design.nodes.iter().map(|n| n.label.clone());
                nodes.chain(design.places.iter().map(|p| p.label.clone())).collect::<Vec<_>>()
            };
            for (a, b) in labels(&en).iter().zip(&labels(&ko)) {
                assert!(a.is_empty() || a != b, "{}: {a}", scenario.id);
            }
        }
    }

    #[test]
    fn every_template_opens() {
        for (id, _) in TEMPLATES {
            let design = template(id);
            assert!(design.timeline.is_empty() && !design.nodes.is_empty());
            assert!(Design::from_json(&design.to_json()).is_ok(), "{id}");
        }
    }

    #[test]
    fn a_scenario_is_untouched_until_something_is_changed() {
        for lang in Lang::ALL {
            let mut design = design(default_scenario(), *lang);
            assert!(is_untouched(&design));
            let mut promised = design.clone();
            promised.view.objectives.p99_ms = Some(300.0);
            assert!(!is_untouched(&promised));
            design.run.seed += 1;
            assert!(!is_untouched(&design));
        }
    }
}
