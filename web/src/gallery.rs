//! The scenarios as the page opens them: with title and labels in its language.

use crate::texts::Lang;
use headroom_model::design::Design;
use headroom_model::scenarios::{self, Scenario};
use headroom_model::text::Text;

/// Labels of nodes in scenarios. They are part of the design, and the run does not mind them.
const LABELS: &[Text] = &[
    Text::new("Readers", "읽는 사용자"),
    Text::new("Writers", "쓰는 사용자"),
    Text::new("Everything server", "모든 일을 하는 서버"),
];

/// A scenario's design in a language.
pub fn design(scenario: &Scenario, lang: Lang) -> Design {
    let mut design = Design::parse(scenario.json).expect("a test of the model opens every scenario");
    design.title = lang.t(scenario.title).to_owned();
    for node in &mut design.nodes {
        if let Some(text) = LABELS.iter().find(|text| text.en == node.label) {
            node.label = lang.t(*text).to_owned();
        }
    }
    design
}

/// The scenario that the page opens on.
pub fn default_scenario() -> &'static Scenario {
    scenarios::by_id(scenarios::DEFAULT_ID).expect("the default is in the list")
}

/// Whether a design is a scenario that nobody has changed: there is nothing to restore.
pub fn is_untouched(design: &Design) -> bool {
    // The place where the canvas looks is no change.
    let plain = Design { view: Default::default(), ..design.clone() };
    let same = |s: &Scenario| {
        Lang::ALL.iter().any(|lang| {
            let opened = self::design(s, *lang);
            Design { view: Default::default(), ..opened } == plain
        })
    };
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
            for (a, b) in en.nodes.iter().zip(&ko.nodes) {
                assert!(a.label.is_empty() || a.label != b.label, "{}: {}", scenario.id, a.label);
            }
        }
    }

    #[test]
    fn a_scenario_is_untouched_until_something_is_changed() {
        for lang in Lang::ALL {
            let mut design = design(default_scenario(), *lang);
            assert!(is_untouched(&design));
            design.run.seed += 1;
            assert!(!is_untouched(&design));
        }
    }
}
