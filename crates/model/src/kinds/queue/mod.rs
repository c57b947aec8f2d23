//! A message queue: takes work on at once and hands it to workers that pull it.

mod state;
mod store;

use super::{Category, Kind, KindSpec, MetricSpec, Unit, Verb, metric};
use crate::params::{choice, params};
use crate::text::Text;
use headroom_engine::Law;

pub use state::State;

choice! {
    /// What a queue does when it is full.
    pub enum WhenFull {
        /// Refuses the message.
        Reject = "reject", "Refuse", "거절", "새 메시지를 거절합니다.";
        /// Lets the publisher wait for room.
        Block = "block", "Publisher waits", "발행자 대기", "자리가 날 때까지 발행자를 기다리게 합니다.";
        /// Throws the oldest waiting message away.
        DropOldest = "drop_oldest", "Drop the oldest", "가장 오래된 것 버림", "기다리던 가장 오래된 메시지를 버립니다.";
    }
}

choice! {
    /// What becomes of a message whose worker reports a failure.
    pub enum OnFailure {
        /// It stays invisible until its visibility timeout is over.
        Wait = "wait", "Wait for the timeout", "시간 초과까지 대기", "가시성 시간 초과가 끝날 때까지 숨겨 둡니다.";
        /// It goes back into the queue at once.
        Return = "return", "Back at once", "바로 되돌림", "곧바로 큐에 되돌립니다.";
    }
}

params! {
    /// Params of a message queue.
    pub struct QueueParams {
        /// Messages are stored before they are acknowledged and outlive the queue's death; otherwise they are gone with it.
        durable: bool = true, 0 ..= 1, "", "Durable", "내구성", "메시지를 저장한 뒤에 접수를 알리며, 큐가 죽어도 남습니다. 끄면 큐가 죽을 때 함께 사라집니다.";
        /// With durability: time to store a message; the publisher waits for it.
        store: Law = Law::Exponential { mean: 0.002 }, 0 ..= 0, "", "Storage write", "저장 시간", "내구성을 켰을 때 메시지 하나를 저장하는 시간입니다. 발행자는 그동안 기다립니다.";
        /// A message that was delivered and is not done after this long is delivered again.
        visibility_s: f64 = 30.0, 0.001 ..= 43200, "s", "Visibility timeout", "가시성 시간 초과", "전달된 메시지가 이 시간 안에 처리되지 않으면 다시 전달합니다.";
        /// Deliveries of one message before it is put among the dead letters; none means without end.
        max_receives: Option<u32> = None, 1 ..= 1000, "deliveries", "Max receives", "최대 수신 횟수", "한 메시지를 이만큼 전달하고도 처리되지 않으면 데드 레터로 옮깁니다. 없으면 끝없이 다시 전달합니다.";
        /// What becomes of a message whose worker reports a failure. A worker that crashes reports nothing.
        on_failure: OnFailure = OnFailure::Wait, 0 ..= 0, "", "On failure", "실패하면", "작업자가 실패를 알린 메시지를 어떻게 할지 정합니다. 갑자기 죽은 작업자는 아무것도 알리지 못합니다.";
        /// Age at which a waiting message is thrown away; none means never.
        retention_s: Option<f64> = Some(345_600.0), 0.1 ..= 1209600, "s", "Retention", "보관 기간", "기다리는 메시지를 버리는 나이입니다. 없으면 버리지 않습니다.";
        /// Messages that the queue holds, waiting or in the hands of workers; none means no limit.
        capacity: Option<u32> = None, 1 ..= 10000000, "messages", "Capacity", "용량", "큐가 담는 메시지 수(대기 중이거나 작업자가 맡은 것). 없으면 한도가 없습니다.";
        /// What happens to a message that comes when the queue is full.
        when_full: WhenFull = WhenFull::Reject, 0 ..= 0, "", "When full", "가득 차면", "큐가 가득 찼을 때 오는 메시지를 어떻게 할지 정합니다.";
    }
}

/// What the kind is, apart from behaviour.
pub static SPEC: KindSpec = KindSpec {
    kind: Kind::Queue,
    id: "queue",
    category: Category::Compute,
    label: Text::new("Message queue", "메시지 큐"),
    tagline: Text::new("Takes work on now, to be done later", "지금 접수하고 나중에 처리합니다"),
    help: Text::new(
        "Whoever publishes is answered as soon as the message is taken on: at once, or when it is stored if the queue is durable. Workers wired behind it pull: each fetches a message when it has a free place, and a delivered message is invisible to the others until it is done and deleted. If that has not happened when its visibility timeout is over, it goes back to its place in the queue and is delivered again, so a slow job can be done twice; such duplicates are counted. After too many deliveries it becomes a dead letter. Workers may be down for hours and nothing is lost; the queue's own death loses what a queue without durability holds. Published = done + dead + lost + expired + waiting + in flight, at every moment. Leaves out: the broker's own limit of throughput, batches, order by group, dead letters being worked on. Sources: Amazon SQS developer guide (visibility timeout, redrive policy); a backlog follows the fluid law (arrivals − capacity) × time. Catalogue rows DRAIN*, SQS*, DLQ*.",
        "발행자는 메시지가 접수되면 바로 응답을 받습니다. 내구성을 켜면 저장된 뒤에 응답합니다. 뒤에 연결된 작업자는 빈자리가 생길 때마다 메시지를 가져가며(pull), 전달된 메시지는 처리되어 지워질 때까지 다른 작업자에게 보이지 않습니다. 가시성 시간 초과까지 처리되지 않으면 큐의 제자리로 돌아가 다시 전달되므로, 느린 작업은 두 번 처리될 수 있고 그런 중복을 셉니다. 너무 여러 번 전달된 메시지는 데드 레터가 됩니다. 작업자가 몇 시간 멈춰 있어도 잃는 것은 없습니다. 내구성이 없는 큐는 죽을 때 담고 있던 것을 잃습니다. 발행 = 완료 + 데드 레터 + 유실 + 만료 + 대기 + 처리 중이 언제나 성립합니다. 빠진 것: 브로커 자체의 처리량 한도, 일괄 처리, 그룹별 순서, 데드 레터의 재처리. 출처: Amazon SQS 개발자 안내서(가시성 시간 초과, 재처리 정책). 적체는 유체 법칙 (도착 − 처리 능력) × 시간을 따릅니다. 카탈로그 DRAIN*, SQS*, DLQ*.",
    ),
    calls: &[Kind::Workers],
    metrics: METRICS,
    main_metric: "backlog",
    parts: None,
    verbs: &[Verb::Kill, Verb::Revive],
};

const METRICS: &[MetricSpec] = &[
    metric(
        "backlog",
        Unit::Count,
        Text::new("Backlog", "적체"),
        Text::new(
            "Messages that wait for a worker now. It grows by arrivals minus what the workers get done.",
            "지금 작업자를 기다리는 메시지 수. 도착에서 작업자가 처리하는 만큼을 뺀 만큼 늘어납니다.",
        ),
    ),
    metric(
        "oldest_s",
        Unit::Seconds,
        Text::new("Oldest message", "가장 오래된 메시지"),
        Text::new(
            "Age of the oldest message that is not done: how far behind the work is.",
            "아직 처리되지 않은 가장 오래된 메시지의 나이. 일이 얼마나 밀렸는지 보여 줍니다.",
        ),
    ),
    metric(
        "unfinished",
        Unit::Count,
        Text::new("In workers' hands", "작업자가 맡은 것"),
        Text::new(
            "Messages that were delivered and are not done yet; the others cannot see them.",
            "전달되었지만 아직 처리되지 않은 메시지 수. 다른 작업자에게는 보이지 않습니다.",
        ),
    ),
    metric(
        "published_rps",
        Unit::Rate,
        Text::new("Published", "발행"),
        Text::new("Messages taken on per second.", "초당 접수한 메시지 수입니다."),
    ),
    metric(
        "delivered_rps",
        Unit::Rate,
        Text::new("Delivered", "전달"),
        Text::new(
            "Deliveries to workers per second, repeated ones too.",
            "초당 작업자에게 전달한 횟수(다시 전달한 것 포함)입니다.",
        ),
    ),
    metric(
        "done_rps",
        Unit::Rate,
        Text::new("Done", "완료"),
        Text::new(
            "Messages done and deleted per second. Below published for long, the backlog grows.",
            "초당 처리되어 지워진 메시지 수. 발행보다 오래 작으면 적체가 늘어납니다.",
        ),
    ),
    metric(
        "redelivered_rps",
        Unit::Rate,
        Text::new("Redelivered", "재전달"),
        Text::new(
            "Deliveries per second of messages that were delivered before: a crash, or a visibility timeout that is too short.",
            "이미 전달했던 메시지를 다시 전달한 초당 횟수. 작업자가 죽었거나 가시성 시간 초과가 너무 짧습니다.",
        ),
    ),
    metric(
        "dead_letters",
        Unit::Count,
        Text::new("Dead letters", "데드 레터"),
        Text::new(
            "Messages given up after too many deliveries, so far.",
            "너무 여러 번 전달되어 포기한 메시지의 누적 수입니다.",
        ),
    ),
    metric(
        "lost",
        Unit::Count,
        Text::new("Lost", "유실"),
        Text::new(
            "Messages acknowledged and gone, so far: thrown away for want of room, by age, or with a queue that is not durable.",
            "접수를 알렸지만 사라진 메시지의 누적 수(자리 부족, 보관 기간 만료, 내구성 없는 큐의 죽음)입니다.",
        ),
    ),
    metric(
        "delay_p99_s",
        Unit::Seconds,
        Text::new("Delay p99", "처리까지 p99"),
        Text::new(
            "One message in a hundred took longer than this from publishing to being done.",
            "메시지 백 개 중 하나는 발행부터 완료까지 이보다 오래 걸렸습니다.",
        ),
    ),
];
