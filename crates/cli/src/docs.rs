//! The reference of kinds as Markdown, generated from their specs: `docs/kinds.md` and its Korean twin.

use headroom_model::design::WireParams;
use headroom_model::kinds::{COMMON, Kind, MetricSpec, Unit, WIRE_METRICS};
use headroom_model::params::{LAW_FIELDS, ParamSpec, Params, Widget};
use headroom_model::places::{PLACE_VERBS, PlaceKind};
use headroom_model::prices::Prices;
use headroom_model::reason::Reason;
use headroom_model::text::Text;
use headroom_model::verbs::{On, Verb};
use std::fmt::Write as _;

/// A language of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Korean.
    Korean,
}

impl Language {
    fn of(self, text: Text) -> &'static str {
        match self {
            Language::English => text.en,
            Language::Korean => text.ko,
        }
    }

    fn say(self, en: &'static str, ko: &'static str) -> &'static str {
        self.of(Text::new(en, ko))
    }
}

/// Every kind of node with its params, metrics and actions, as Markdown.
pub fn kinds(language: Language) -> String {
    let mut md = String::new();
    let l = language;
    let (title, intro, generated) = (
        l.say("Kinds of nodes", "노드의 종류"),
        l.say(
            "What every kind models, what it leaves out, and what can be set, measured and done. How a design file is written: [design-file.md](design-file.md).",
            "종류마다 무엇을 모델링하고 무엇을 빼는지, 무엇을 정하고 재고 할 수 있는지 적습니다. 설계 파일을 쓰는 방법: [design-file.md](design-file.md).",
        ),
        l.say(
            "Generated from the code by `headroom docs`; `./dev update` rewrites it.",
            "`headroom docs --lang ko`가 코드에서 만듭니다. `./dev update`가 다시 씁니다.",
        ),
    );
    let _ = writeln!(md, "# {title}\n\n{intro}\n\n<!-- {generated} -->");
    for kind in Kind::ALL {
        kind_section(&mut md, l, *kind);
    }
    places_section(&mut md, l);
    wires_section(&mut md, l);
    prices_section(&mut md, l);
    common_section(&mut md, l);
    verbs_section(&mut md, l);
    laws_section(&mut md, l);
    reasons_section(&mut md, l);
    md
}

fn kind_section(md: &mut String, l: Language, kind: Kind) {
    let spec = kind.spec();
    let _ = writeln!(
        md,
        "\n## {} (`{}`)\n\n{}\n\n{}\n",
        l.of(spec.label),
        spec.id,
        l.of(spec.tagline),
        l.of(spec.help)
    );
    let calls: Vec<String> = spec.calls.iter().map(|k| format!("`{}`", k.spec().id)).collect();
    let calls = if calls.is_empty() { l.say("nothing", "없음").to_owned() } else { calls.join(", ") };
    let verbs: Vec<String> =
        spec.verbs.iter().map(|v| format!("`{}` ({})", v.name(), l.of(v.label()))).collect();
    let _ = writeln!(
        md,
        "{}: {calls}.\n{}: {}.\n",
        l.say("May call", "부를 수 있는 것"),
        l.say("Actions", "동작"),
        verbs.join(", ")
    );
    params_table(md, l, kind.param_specs());
    if !spec.metrics.is_empty() {
        let _ = writeln!(md);
        metrics_table(md, l, spec.metrics.iter());
    }
    if let Some(parts) = spec.parts {
        let noun = l.of(parts.noun);
        let _ = writeln!(md, "\n{}: {noun}.", l.say("Its parts", "부분"));
        if let Some(extra) = parts.extra {
            let _ = writeln!(
                md,
                "{}: `{}` ({}) {}",
                l.say("Each has", "부분마다"),
                extra.id,
                unit(l, extra.unit),
                l.of(extra.help)
            );
        }
    }
}

fn params_table(md: &mut String, l: Language, params: &[ParamSpec]) {
    let heads = [
        l.say("Param", "매개변수"),
        l.say("What it does", "하는 일"),
        l.say("Values", "값"),
        l.say("Default", "기본값"),
    ];
    table_head(md, &heads);
    for param in params {
        let name = format!("`{}`<br>{}", param.name, l.of(param.label));
        table_row(
            md,
            &[name, l.of(param.help).to_owned(), values(l, param), format!("`{}`", (param.default)())],
        );
    }
}

fn places_section(md: &mut String, l: Language) {
    let _ = writeln!(
        md,
        "\n## {}\n\n{}",
        l.say("Places", "장소"),
        l.say(
            "A place is a box that holds nodes and other places. It gives distance (half a round trip each way), shared fate, reach, and on a machine shared cores. On the canvas it is drawn from the palette, nested by dropping it inside another, and resized by its handles; it takes in what it is drawn around. In a file it is an entry of `places`, and a node says in `place` which one it is in; `spread` names several that its parts go to in turn: [design-file.md](design-file.md#places).",
            "장소는 노드와 다른 장소를 담는 상자입니다. 거리(편도마다 왕복 시간의 절반), 함께 죽는 범위, 닿을 수 있는 범위를 정하고, 머신이면 코어를 나눠 쓰게 합니다. 캔버스에서는 팔레트에서 끌어다 그리고, 다른 장소 안에 놓아 겹쳐 두고, 손잡이로 크기를 바꿉니다. 상자를 그린 자리에 있던 것은 그 안에 들어갑니다. 파일에서는 `places`의 항목이며, 노드는 `place`에 자기가 든 장소를 적습니다. `spread`에는 부분이 차례로 들어갈 여러 장소를 적습니다: [design-file.md](design-file.md#places).",
        )
    );
    for kind in PlaceKind::ALL {
        let spec = kind.spec();
        let _ = writeln!(
            md,
            "\n### {} (`{}`)\n\n{}\n\n{}\n",
            l.of(spec.label),
            spec.id,
            l.of(spec.tagline),
            l.of(spec.help)
        );
        let inside: Vec<String> = spec.inside.iter().map(|k| format!("`{}`", k.spec().id)).collect();
        let inside =
            if inside.is_empty() { l.say("no other place", "없음").to_owned() } else { inside.join(", ") };
        let _ = writeln!(md, "{}: {inside}.", l.say("May lie in", "들어갈 수 있는 곳"));
        if !kind.param_specs().is_empty() {
            let _ = writeln!(md);
            params_table(md, l, kind.param_specs());
        }
    }
    let names = |verbs: Vec<Verb>| {
        let each = verbs.iter().map(|v| format!("`{}` ({})", v.name(), l.of(v.label())));
        each.collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(
        md,
        "\n{}: {}. {}: {}.",
        l.say("Actions on a place", "장소에 하는 동작"),
        names(PLACE_VERBS.to_vec()),
        l.say("Between two places", "두 장소 사이의 동작"),
        names(Verb::all_on(On::Places).collect())
    );
}

fn wires_section(md: &mut String, l: Language) {
    let _ = writeln!(
        md,
        "\n## {}\n\n{}\n",
        l.say("Wires", "선"),
        l.say(
            "A wire means \"may call\": requests go one way, answers come back. Its settings stand in the wire itself, beside `from` and `to`.",
            "선은 \"부를 수 있다\"는 뜻입니다. 요청이 한쪽으로 가고 응답이 돌아옵니다. 설정은 선 안에 `from`, `to`와 나란히 적습니다.",
        )
    );
    params_table(md, l, WireParams::specs());
    let _ = writeln!(
        md,
        "\n{}\n",
        l.say(
            "Wires with any of these settings beyond latency, weight and pool measure besides:",
            "지연, 가중치, 연결 풀 말고 다른 설정을 쓰는 선은 다음도 잽니다.",
        )
    );
    metrics_table(md, l, WIRE_METRICS.iter());
}

fn prices_section(md: &mut String, l: Language) {
    let _ = writeln!(
        md,
        "\n## {}\n\n{}\n",
        l.say("Prices", "가격표"),
        l.say(
            "What a design's bill is made of, in its `prices`. Defaults are list prices; the bill itself is metered as the run goes: machines by the hour from the moment they are rented, dead or not, bytes and requests one by one, storage by the month of 730 hours.",
            "비용을 셈하는 값으로, 설계의 `prices`에 적습니다. 기본값은 정가입니다. 비용은 실행하면서 잽니다. 기계는 빌린 순간부터 시간으로(죽어 있어도), 바이트와 요청은 하나씩, 저장은 730시간인 한 달로 셈합니다.",
        )
    );
    params_table(md, l, Prices::specs());
}

fn common_section(md: &mut String, l: Language) {
    let _ = writeln!(md, "\n## {}\n", l.say("Metrics of every node", "모든 노드의 지표"));
    metrics_table(md, l, COMMON.iter());
}

fn verbs_section(md: &mut String, l: Language) {
    let _ = writeln!(md, "\n## {}\n", l.say("Actions", "동작"));
    table_head(
        md,
        &[
            l.say("Action", "동작"),
            l.say("Done to", "대상"),
            l.say("What it does", "하는 일"),
            l.say("Fields", "필드"),
        ],
    );
    for verb in Verb::ALL {
        let spec = verb.spec();
        let on = spec.on.fields().iter().chain(spec.part.then_some(&"part"));
        let on: Vec<String> = on.map(|f| format!("`{f}`")).collect();
        let args: Vec<String> = spec
            .args
            .iter()
            .map(|a| format!("`{}`: {} ({})", a.name, l.of(a.label), widget_values(l, a.widget, "")))
            .collect();
        let name = format!("`{}`<br>{}", spec.name, l.of(spec.label));
        table_row(md, &[name, on.join(", "), l.of(spec.help).to_owned(), args.join("<br>")]);
    }
}

fn laws_section(md: &mut String, l: Language) {
    let _ = writeln!(
        md,
        "\n## {}\n\n{}\n",
        l.say("Laws of a duration", "시간의 분포"),
        l.say(
            "Written as `{\"law\": \"lognormal\", \"mean_ms\": 10, \"cv\": 1.5}`; `cv` is the coefficient of variation, standard deviation over mean. Erlang-k is `gamma` with cv = 1/√k.",
            "`{\"law\": \"lognormal\", \"mean_ms\": 10, \"cv\": 1.5}`처럼 씁니다. `cv`는 변동계수(표준편차/평균)입니다. Erlang-k는 cv = 1/√k 인 `gamma`입니다.",
        )
    );
    table_head(md, &[l.say("Law", "분포"), l.say("Fields", "필드")]);
    for (name, fields) in LAW_FIELDS {
        let fields: Vec<String> = fields.iter().map(|f| format!("`{f}`")).collect();
        table_row(md, &[format!("`{name}`"), fields.join(", ")]);
    }
}

fn reasons_section(md: &mut String, l: Language) {
    let _ = writeln!(md, "\n## {}\n", l.say("Reasons of failures", "실패 이유"));
    table_head(md, &[l.say("Reason", "이유"), l.say("Meaning", "뜻")]);
    for reason in Reason::ALL {
        let name = format!("`{}`<br>{}", reason.id(), l.of(reason.label()));
        table_row(md, &[name, l.of(reason.help()).to_owned()]);
    }
}

fn metrics_table<'a>(md: &mut String, l: Language, metrics: impl Iterator<Item = &'a MetricSpec>) {
    table_head(md, &[l.say("Metric", "지표"), l.say("Unit", "단위"), l.say("Meaning", "뜻")]);
    for m in metrics {
        let name = format!("`{}`<br>{}", m.id, l.of(m.label));
        table_row(md, &[name, unit(l, m.unit).to_owned(), l.of(m.help).to_owned()]);
    }
}

fn unit(l: Language, unit: Unit) -> &'static str {
    match unit {
        Unit::Rate => "1/s",
        Unit::Seconds => "s",
        Unit::Share => l.say("share, 0 to 1", "비율, 0~1"),
        Unit::Count => l.say("number", "개수"),
        Unit::Ratio => l.say("ratio", "배율"),
        Unit::Money => "USD",
    }
}

fn values(l: Language, param: &ParamSpec) -> String {
    widget_values(l, param.widget, param.unit)
}

fn widget_values(l: Language, widget: Widget, unit: &str) -> String {
    match widget {
        Widget::Number { min, max, integer, optional } => {
            let mut text = format!("{} … {}", plain(min), plain(max));
            if !unit.is_empty() {
                let _ = write!(text, " {unit}");
            }
            if integer {
                text.push_str(l.say(", whole", ", 정수"));
            }
            if optional {
                text.push_str(l.say(", or `null`", ", 또는 `null`"));
            }
            text
        }
        Widget::Switch => "`true`, `false`".to_owned(),
        Widget::Choice(choices) => {
            let each = choices.iter().map(|c| format!("`{}`: {}", c.name, l.of(c.help)));
            each.collect::<Vec<_>>().join("<br>")
        }
        Widget::Law => format!("[{}](#{})", l.say("law", "분포"), l.say("laws-of-a-duration", "시간의-분포")),
        Widget::Curve => format!("[{}](design-file.md#traffic)", l.say("curve", "곡선")),
    }
}

fn plain(x: f64) -> String {
    if x.fract() == 0.0 { format!("{x:.0}") } else { x.to_string() }
}

fn table_head(md: &mut String, heads: &[&str]) {
    let _ = writeln!(md, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
}

fn table_row(md: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|")).collect();
    let _ = writeln!(md, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_param_and_metric_of_every_kind_is_there_in_both_languages() {
        for language in [Language::English, Language::Korean] {
            let md = kinds(language);
            for kind in Kind::ALL {
                for param in kind.param_specs() {
                    assert!(md.contains(&format!("| `{}`<br>{}", param.name, language.of(param.label))));
                }
                for place in PlaceKind::ALL {
                    assert!(md.contains(&format!("(`{}`)", place.spec().id)), "{}", place.spec().id);
                    for param in place.param_specs() {
                        assert!(md.contains(&format!("| `{}`<br>{}", param.name, language.of(param.label))));
                    }
                }
                for metric in kind.spec().all_metrics() {
                    assert!(md.contains(&format!("`{}`", metric.id)), "{}", metric.id);
                }
            }
            assert!(md.lines().filter(|l| l.starts_with('|')).all(|l| l.ends_with('|')));
        }
    }
}
