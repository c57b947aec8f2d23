//! What can be done to a design while it runs, by hand or from the timeline: one entry of the table is one verb. Reading,
//! writing, checking, the schema, the inspector's form, the sentences of timeline and log and the docs come from here.
//!
//! A new verb is an entry in [`verbs!`] and its handling in the `act` of the kinds that list it among their `verbs`.

use crate::params::{ChoiceSpec, Widget};
use crate::sim::fleet::{Size, Strategy};
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// Arguments that a verb may have at most.
pub const ARGS_MAX: usize = 8;

/// What a verb is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A node, or all that is in a place: `"node"` in a file.
    Node,
    /// A wire: `"from"` and `"to"` in a file.
    Wire,
    /// Two places: `"from"` and `"to"` in a file.
    Places,
}

impl On {
    /// Fields of an entry that name what it is done to.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            On::Node => &["node"],
            On::Wire | On::Places => &["from", "to"],
        }
    }
}

/// How an event is marked on the charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something breaks.
    Fault,
    /// Something is mended.
    Recovery,
    /// Something is changed.
    Change,
}

/// An argument of a verb.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArgSpec {
    /// Name in a design file, with its unit last.
    pub name: &'static str,
    /// What the user reads beside its field.
    pub label: Text,
    /// How it is edited and what it may hold: a number, a switch or a choice.
    pub widget: Widget,
    /// What a form begins with, and what it is where a file leaves it out. A switch is 0 or 1, a choice the position of
    /// its name; none only where the number is optional.
    pub default: Option<f64>,
    /// A file must give it.
    pub needed: bool,
}

const fn number(name: &'static str, label: Text, default: f64, min: f64, max: f64) -> ArgSpec {
    let widget = Widget::Number { min, max, integer: false, optional: false };
    ArgSpec { name, label, widget, default: Some(default), needed: true }
}

const fn whole(name: &'static str, label: Text, default: f64, min: f64, max: f64) -> ArgSpec {
    let widget = Widget::Number { min, max, integer: true, optional: false };
    ArgSpec { name, label, widget, default: Some(default), needed: true }
}

impl ArgSpec {
    /// A file may leave it out, which means its default.
    pub const fn or_default(self) -> Self {
        Self { needed: false, ..self }
    }

    /// Whether it is a share, which people read in per cent.
    pub fn is_share(&self) -> bool {
        self.name.split('_').any(|word| word == "share")
    }

    /// One of a few names; a file may leave it out, which means the first.
    pub const fn choice(name: &'static str, label: Text, choices: &'static [ChoiceSpec]) -> Self {
        Self { name, label, widget: Widget::Choice(choices), default: Some(0.0), needed: false }
    }
}

/// What is said of an action instead when one of its arguments has a certain value: that something ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// The value of the first argument.
    pub at: f64,
    /// As [`VerbSpec::said`].
    pub said: Text,
    /// As [`VerbSpec::done`].
    pub done: Text,
    /// How it is marked.
    pub tone: Tone,
}

/// Everything about a verb that is not behaviour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VerbSpec {
    /// Name in a design file.
    pub name: &'static str,
    /// What it is done to.
    pub on: On,
    /// Whether it may be done to one part of the node.
    pub part: bool,
    /// Its arguments, at most [`ARGS_MAX`].
    pub args: &'static [ArgSpec],
    /// What the user reads on a button.
    pub label: Text,
    /// What it does, in a line.
    pub help: Text,
    /// The timeline's sentence; `{target}` and the names of arguments are filled in.
    pub said: Text,
    /// The log's sentence and the mark on charts; `{target}` and the name of the first argument are filled in.
    pub done: Text,
    /// What is said instead when something ends.
    pub end: Option<End>,
    /// How it is marked on charts.
    pub tone: Tone,
}

impl VerbSpec {
    /// Position of an argument.
    pub fn arg_index(&self, name: &str) -> Option<usize> {
        self.args.iter().position(|a| a.name == name)
    }
}

/// Lists the verbs.
macro_rules! verbs {
    ($($(#[doc = $doc:literal])+ $variant:ident = $spec:expr;)+) => {
        /// What can be done to a node or a wire by hand or from the timeline.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Verb { $($(#[doc = $doc])+ $variant),+ }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$(Verb::$variant),+];

            /// Everything about the verb that is not behaviour.
            pub fn spec(self) -> &'static VerbSpec {
                match self { $(Verb::$variant => { const SPEC: VerbSpec = $spec; &SPEC }),+ }
            }
        }
    };
}

const SHARE: ArgSpec = number("share", Text::new("share of requests", "요청 비율"), 0.3, 0.0, 1.0);
const ITEM: ArgSpec = whole("item", Text::new("item (rank)", "항목(순위)"), 7.0, 0.0, 9_999_999.0);

verbs! {
    /// Stops a part or the whole node at once.
    Kill = VerbSpec {
        name: "kill",
        on: On::Node,
        part: true,
        args: &[],
        label: Text::new("Kill", "죽이기"),
        help: Text::new("Stops it at once; requests inside fail.", "즉시 멈춥니다. 안에 있던 요청은 실패합니다."),
        said: Text::new("Kill {target}", "{target} 죽이기"),
        done: Text::new("{target} was killed", "{target} 죽음"),
        end: None,
        tone: Tone::Fault,
    };
    /// Starts it again.
    Revive = VerbSpec {
        name: "revive",
        on: On::Node,
        part: true,
        args: &[],
        label: Text::new("Revive", "되살리기"),
        help: Text::new("Starts what is dead again.", "죽은 것을 다시 시작합니다."),
        said: Text::new("Revive {target}", "{target} 되살리기"),
        done: Text::new("{target} was revived", "{target} 되살아남"),
        end: None,
        tone: Tone::Recovery,
    };
    /// Puts a new machine in a dead one's place.
    Replace = VerbSpec {
        name: "replace",
        on: On::Node,
        part: true,
        args: &[],
        label: Text::new("Replace", "교체"),
        help: Text::new("Puts a new machine in the place of a dead one: it copies the data, catches up, then serves.", "죽은 기계를 새 기계로 바꿉니다. 데이터를 복사하고 따라잡은 뒤에 일합니다."),
        said: Text::new("Replace {target} if it is dead", "{target} 죽었으면 교체"),
        done: Text::new("{target} was replaced", "{target} 교체됨"),
        end: None,
        tone: Tone::Recovery,
    };
    /// Makes its service times longer by a factor.
    Slow = VerbSpec {
        name: "slow",
        on: On::Node,
        part: true,
        args: &[number("factor", Text::new("times slower (1 is normal)", "배 느리게 (1이면 정상)"), 3.0, 0.01, 1000.0)],
        label: Text::new("Slow down", "느리게"),
        help: Text::new("Multiplies service times from now on.", "지금부터 처리 시간에 이 배수를 곱합니다."),
        said: Text::new("Slow {target} ×{factor}", "{target} {factor}배 느리게"),
        done: Text::new("{target} slowed ×{factor}", "{target} {factor}배 느려짐"),
        end: Some(End {
            at: 1.0,
            said: Text::new("{target} back to normal speed", "{target} 정상 속도로"),
            done: Text::new("{target} is at normal speed again", "{target} 정상 속도로 돌아옴"),
            tone: Tone::Recovery,
        }),
        tone: Tone::Fault,
    };
    /// Cuts the network between two places.
    Partition = VerbSpec {
        name: "partition",
        on: On::Places,
        part: false,
        args: &[],
        label: Text::new("Cut off from", "연결 끊기"),
        help: Text::new("Cuts the network between two places: both go on working, and neither hears from the other.", "두 장소 사이의 네트워크를 끊습니다. 둘 다 계속 돌아가지만 서로의 소식을 듣지 못합니다."),
        said: Text::new("Cut the network: {target}", "네트워크 끊기: {target}"),
        done: Text::new("The network is cut: {target}", "네트워크 끊김: {target}"),
        end: None,
        tone: Tone::Fault,
    };
    /// Joins two places again.
    Rejoin = VerbSpec {
        name: "rejoin",
        on: On::Places,
        part: false,
        args: &[],
        label: Text::new("Join again", "다시 잇기"),
        help: Text::new("Mends the network between two places.", "두 장소 사이의 네트워크를 다시 잇습니다."),
        said: Text::new("Join the network: {target}", "네트워크 잇기: {target}"),
        done: Text::new("The network is joined again: {target}", "네트워크 이어짐: {target}"),
        end: None,
        tone: Tone::Recovery,
    };
    /// Empties a cache.
    Flush = VerbSpec {
        name: "flush",
        on: On::Node,
        part: false,
        args: &[],
        label: Text::new("Flush", "비우기"),
        help: Text::new("Throws away all that it holds.", "담고 있던 것을 모두 버립니다."),
        said: Text::new("Flush {target}", "{target} 비우기"),
        done: Text::new("{target} was flushed", "{target} 비워짐"),
        end: None,
        tone: Tone::Change,
    };
    /// Makes a CDN forget all copies.
    Purge = VerbSpec {
        name: "purge",
        on: On::Node,
        part: false,
        args: &[],
        label: Text::new("Purge", "퍼지"),
        help: Text::new("Every edge throws its copies away, one edge after the other.", "모든 엣지가 차례로 복사본을 버립니다."),
        said: Text::new("Purge {target}", "{target} 퍼지"),
        done: Text::new("{target} is being purged", "{target} 퍼지 시작"),
        end: None,
        tone: Tone::Change,
    };
    /// Makes new versions of static assets.
    Release = VerbSpec {
        name: "release",
        on: On::Node,
        part: false,
        args: &[number("share", Text::new("share of assets", "자산 비율"), 1.0, 0.0, 1.0).or_default()],
        label: Text::new("Release new assets", "새 자산 릴리스"),
        help: Text::new("This share of the assets has a new version at the origin from now on.", "지금부터 원본에 이 비율의 자산이 새 버전으로 있습니다."),
        said: Text::new("Release new versions of {share} of the assets of {target}", "{target} 자산의 {share}를 새 버전으로"),
        done: Text::new("New versions of {share} of the assets", "자산의 {share}가 새 버전"),
        end: None,
        tone: Tone::Change,
    };
    /// Makes one item famous.
    GoViral = VerbSpec {
        name: "go_viral",
        on: On::Node,
        part: false,
        args: &[SHARE, ITEM],
        label: Text::new("Make a key famous", "인기 키 만들기"),
        help: Text::new("Gives one item a share of all requests; 0 ends its fame.", "항목 하나에 전체 요청의 일부를 몰아줍니다. 0이면 인기가 끝납니다."),
        said: Text::new("Item {item} gets {share} of the requests of {target}", "{target} 요청의 {share}가 항목 {item}(으)로"),
        done: Text::new("A key became famous: {share} of requests", "키 하나가 유명해짐: 요청의 {share}"),
        end: Some(End {
            at: 0.0,
            said: Text::new("Fame of an item ends at {target}", "{target} 인기 키 끝"),
            done: Text::new("The key is famous no more", "유명세가 끝남"),
            tone: Tone::Change,
        }),
        tone: Tone::Change,
    };
    /// Gives one item a shard of its own.
    Isolate = VerbSpec {
        name: "isolate",
        on: On::Node,
        part: false,
        args: &[ITEM],
        label: Text::new("Give an item its own shard", "항목에 전용 샤드 주기"),
        help: Text::new("Adds a shard that holds this item alone.", "이 항목만 담는 샤드를 더합니다."),
        said: Text::new("Item {item} of {target} gets a shard of its own", "{target} 항목 {item}에 전용 샤드"),
        done: Text::new("Item {item} of {target} has a shard of its own", "{target} 항목 {item}에 전용 샤드가 생김"),
        end: None,
        tone: Tone::Change,
    };
    /// Splits an item's key over several shards.
    SplitKey = VerbSpec {
        name: "split_key",
        on: On::Node,
        part: false,
        args: &[ITEM, whole("ways", Text::new("parts", "조각"), 4.0, 1.0, 64.0)],
        label: Text::new("Split a key", "키 쪼개기"),
        help: Text::new("Spreads an item over several shards: writes go to one part in turn, reads gather all. 1 makes it whole again.", "한 항목을 여러 샤드에 나눕니다. 쓰기는 차례로 한 조각에 가고 읽기는 모두 모읍니다. 1이면 다시 합칩니다."),
        said: Text::new("Split item {item} of {target} in {ways}", "{target} 항목 {item}을(를) {ways}조각으로"),
        done: Text::new("Item {item} of {target} is split", "{target} 항목 {item}이(가) 쪼개짐"),
        end: None,
        tone: Tone::Change,
    };
    /// Adds a shard.
    AddShard = VerbSpec {
        name: "add_shard",
        on: On::Node,
        part: false,
        args: &[],
        label: Text::new("Add a shard", "샤드 추가"),
        help: Text::new("Adds one shard; items move to it by the shard function.", "샤드를 하나 더합니다. 샤드 함수에 따라 항목이 옮겨 갑니다."),
        said: Text::new("Add a shard to {target}", "{target} 샤드 추가"),
        done: Text::new("Shard added to {target}", "{target} 샤드 추가됨"),
        end: None,
        tone: Tone::Change,
    };
    /// Sets the number of instances.
    Scale = VerbSpec {
        name: "scale",
        on: On::Node,
        part: false,
        args: &[whole("instances", Text::new("instances", "인스턴스"), 4.0, 0.0, 1000.0)],
        label: Text::new("Set the number of instances", "인스턴스 수 바꾸기"),
        help: Text::new("More boot first; fewer finish what they have and go.", "늘어난 것은 부팅을 거치고, 줄어든 것은 하던 일을 마치고 사라집니다."),
        said: Text::new("Scale {target} to {instances} instances", "{target} 인스턴스를 {instances}개로"),
        done: Text::new("{target}: {instances} instances wanted", "{target}: 인스턴스 {instances}개 요청됨"),
        end: None,
        tone: Tone::Change,
    };
    /// Gives machines another size.
    Resize = VerbSpec {
        name: "resize",
        on: On::Node,
        part: true,
        args: &[ArgSpec::choice("size", Text::new("size", "크기"), Size::CHOICES)],
        label: Text::new("Resize the machine", "머신 크기 바꾸기"),
        help: Text::new("Each machine finishes what it has and restarts with another size; meanwhile it serves nobody.", "머신마다 하던 일을 마치고 다른 크기로 다시 시작합니다. 그동안 아무 요청도 받지 못합니다."),
        said: Text::new("Resize {target} to {size}", "{target} 크기를 {size}(으)로"),
        done: Text::new("{target} is being resized to {size}", "{target} 크기를 {size}(으)로 바꾸는 중"),
        end: None,
        tone: Tone::Change,
    };
    /// Deploys a release.
    Deploy = VerbSpec {
        name: "deploy",
        on: On::Node,
        part: false,
        args: &[
            ArgSpec::choice("strategy", Text::new("strategy", "방식"), Strategy::CHOICES),
            whole("batch", Text::new("machines at once", "한 번에 몇 대"), 1.0, 1.0, 1000.0).or_default(),
            number("canary_share", Text::new("canary: share of machines first", "카나리: 먼저 바꿀 비율"), 0.1, 0.0, 1.0).or_default(),
            number("bake_s", Text::new("canary: seconds of watching", "카나리: 지켜보는 초"), 60.0, 0.0, 86_400.0).or_default(),
            number("error_share", Text::new("share of requests that the release fails", "이 릴리스가 실패시키는 요청 비율"), 0.0, 0.0, 1.0).or_default(),
            number("slowdown", Text::new("times slower than the first release", "첫 릴리스보다 느린 배수"), 1.0, 0.01, 100.0).or_default(),
        ],
        label: Text::new("Deploy a release", "릴리스 배포"),
        help: Text::new("Brings another release, good or bad, to the machines: batch by batch, beside the old ones, or to a few first.", "좋거나 나쁜 새 릴리스를 머신에 올립니다. 묶음씩, 옆에 새로 띄워서, 또는 몇 대에 먼저 올립니다."),
        said: Text::new("Deploy to {target} ({strategy}): {error_share} errors, ×{slowdown} slower", "{target} 배포({strategy}): 오류 {error_share}, {slowdown}배 느림"),
        done: Text::new("A release is deployed to {target}: {strategy}", "{target} 릴리스 배포: {strategy}"),
        end: None,
        tone: Tone::Change,
    };
    /// Goes back to the former release.
    RollBack = VerbSpec {
        name: "roll_back",
        on: On::Node,
        part: false,
        args: &[],
        label: Text::new("Roll back", "되돌리기"),
        help: Text::new("Brings the release back that ran before the last one.", "바로 앞의 릴리스로 되돌립니다."),
        said: Text::new("Roll back {target}", "{target} 되돌리기"),
        done: Text::new("{target} was rolled back", "{target} 되돌림"),
        end: None,
        tone: Tone::Recovery,
    };
}

impl Verb {
    /// The verb with this name in a design file.
    pub fn by_name(name: &str) -> Option<Verb> {
        Verb::ALL.iter().copied().find(|v| v.name() == name)
    }

    /// Name in a design file.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// What the user reads.
    pub fn label(self) -> Text {
        self.spec().label
    }

    /// Every verb that is done to such a thing.
    pub fn all_on(on: On) -> impl Iterator<Item = Verb> {
        Verb::ALL.iter().copied().filter(move |v| v.spec().on == on)
    }

    /// What is said of an action that begins with this argument: the timeline's sentence, the log's sentence, the mark.
    pub fn words(self, first: Option<f64>) -> (Text, Text, Tone) {
        let spec = self.spec();
        match spec.end {
            Some(end) if first == Some(end.at) => (end.said, end.done, end.tone),
            _ => (spec.said, spec.done, spec.tone),
        }
    }
}

/// Something that is done to a node or a wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What is done.
    pub verb: Verb,
    /// Id of the node, or of the node at which the wire begins.
    pub target: String,
    /// Id of the node at which the wire ends; empty for what is done to a node.
    pub to: String,
    /// Instance, machine or shard, from 0; none means the whole node.
    pub part: Option<u32>,
    /// The verb's arguments, in the order of its spec.
    pub args: [Option<f64>; ARGS_MAX],
}

impl Action {
    /// A verb done to a whole node, with the default of each argument.
    pub fn new(verb: Verb, node: impl Into<String>) -> Self {
        let mut args = [None; ARGS_MAX];
        for (arg, spec) in args.iter_mut().zip(verb.spec().args) {
            *arg = spec.default;
        }
        Self { verb, target: node.into(), to: String::new(), part: None, args }
    }

    /// A verb done to a wire, with the default of each argument.
    pub fn on_wire(verb: Verb, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { to: to.into(), ..Self::new(verb, from) }
    }

    /// The same, done to one part or to all.
    #[must_use]
    pub fn of_part(self, part: Option<u32>) -> Self {
        Self { part, ..self }
    }

    /// The same with an argument set.
    ///
    /// # Panics
    /// If the verb has no such argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        let i = self.verb.spec().arg_index(name).expect("the verb has such an argument");
        self.args[i] = Some(value);
        self
    }

    /// Stops a part or a whole node.
    pub fn kill(node: impl Into<String>, part: Option<u32>) -> Self {
        Self::new(Verb::Kill, node).of_part(part)
    }

    /// Starts a part or a whole node again.
    pub fn revive(node: impl Into<String>, part: Option<u32>) -> Self {
        Self::new(Verb::Revive, node).of_part(part)
    }

    /// Slows a part or a whole node down.
    pub fn slow(node: impl Into<String>, part: Option<u32>, factor: f64) -> Self {
        Self::new(Verb::Slow, node).of_part(part).with("factor", factor)
    }

    /// The node that it is done to; for what is done to a wire, the node at which the wire begins.
    pub fn node(&self) -> &str {
        &self.target
    }

    /// Value of an optional argument.
    ///
    /// # Panics
    /// If the verb has no such argument.
    pub fn arg_if(&self, name: &str) -> Option<f64> {
        let i = self.verb.spec().arg_index(name).expect("the verb has such an argument");
        self.args[i]
    }

    /// Value of an argument that is not optional. A switch is 0 or 1, a choice the position of its name.
    ///
    /// # Panics
    /// If the verb has no such argument.
    pub fn arg(&self, name: &str) -> f64 {
        self.arg_if(name).expect("an argument that is not optional has a value")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::kinds::Kind;

    #[test]
    fn entries_are_whole() {
        for verb in Verb::ALL {
            let spec = verb.spec();
            assert_eq!(Verb::by_name(spec.name), Some(*verb));
            assert!(spec.args.len() <= ARGS_MAX, "{}", spec.name);
            let reserved = ["at_s", "do", "node", "from", "to", "part"];
            for (i, arg) in spec.args.iter().enumerate() {
                assert!(!reserved.contains(&arg.name) && spec.arg_index(arg.name) == Some(i), "{}", arg.name);
                match (arg.widget, arg.default) {
                    (Widget::Number { min, max, integer, .. }, Some(x)) => {
                        assert!(x >= min && x <= max && (!integer || x.fract() == 0.0), "{}", arg.name);
                    }
                    (Widget::Number { optional, .. }, None) => assert!(optional, "{}", arg.name),
                    (Widget::Switch, Some(x)) => assert!(x == 0.0 || x == 1.0, "{}", arg.name),
                    (Widget::Choice(choices), Some(x)) => {
                        assert!((x as usize) < choices.len(), "{}", arg.name)
                    }
                    other => panic!("{}: {other:?}", arg.name),
                }
            }
            let sentences = [(spec.said, spec.args.len()), (spec.done, 1)];
            let ends = spec.end.iter().flat_map(|e| [(e.said, spec.args.len()), (e.done, 1)]);
            for (text, args) in sentences.into_iter().chain(ends) {
                for words in [text.en, text.ko] {
                    let names = words.split('{').skip(1).map(|s| s.split('}').next().unwrap());
                    for name in names {
                        let known = spec.args.iter().take(args).any(|a| a.name == name);
                        assert!(name == "target" || known, "{}: {words}", spec.name);
                    }
                }
            }
        }
    }

    #[test]
    fn every_verb_can_be_done_to_something() {
        for verb in Verb::all_on(On::Node) {
            let able = Kind::ALL.iter().any(|k| k.spec().verbs.contains(&verb));
            assert!(able, "no kind lists \"{}\" among its verbs", verb.name());
        }
        for kind in Kind::ALL {
            assert!(kind.spec().verbs.iter().all(|v| v.spec().on == On::Node), "{}", kind.spec().id);
        }
    }
}
