//! The sentences of [`super::Why`], in both languages, with places for its numbers: the page and the command line fill them
//! in, each in its own way of writing numbers and names.

use super::{Formula, Try, What};
use crate::kinds::Unit;
use crate::sim::trace::Phase;
use crate::text::Text;

/// A number for a sentence: its name there, how it is written, and its value.
pub type Number = (&'static str, Unit, f64);

/// What a part of a request's time is called.
pub fn phase(phase: Phase) -> Text {
    match phase {
        Phase::Connection => Text::new("waiting for a connection", "연결 대기"),
        Phase::Connect => Text::new("setting up the connection", "연결 맺기"),
        Phase::Network => Text::new("network", "네트워크"),
        Phase::Queue => Text::new("queue", "대기열"),
        Phase::Service => Text::new("work", "처리"),
        Phase::Inside => Text::new("waiting inside", "내부 대기"),
        Phase::Backoff => Text::new("between attempts", "재시도 사이"),
    }
}

/// A law: its name, its sentence with numbers, and what it means. `{node}` in a sentence is the node's name.
pub struct Law {
    /// What it is called.
    pub name: Text,
    /// The law with the numbers in it.
    pub law: Text,
    /// What that says.
    pub says: Text,
    /// The numbers.
    pub numbers: Vec<Number>,
    /// The node, and its part.
    pub node: Option<(u16, Option<u16>)>,
}

/// The sentences of a law.
pub fn law(formula: &Formula) -> Law {
    match *formula {
        Formula::Load { node, part, rate_rps, service_s, workers, rho } => Law {
            name: Text::new("Load offered", "걸린 부하"),
            law: Text::new(
                "ρ = λ · S / c = {rate} × {service} / {workers} = {rho}",
                "ρ = λ · S / c = {rate} × {service} / {workers} = {rho}",
            ),
            says: if rho >= 1.0 {
                Text::new(
                    "More comes than can be done: the queue grows until requests are refused or given up.",
                    "처리할 수 있는 것보다 많이 옵니다. 거절되거나 포기할 때까지 대기열이 길어집니다.",
                )
            } else if rho >= 0.8 {
                Text::new(
                    "It keeps up, with little to spare: waiting grows like 1/(1 − ρ).",
                    "따라가고는 있지만 여유가 거의 없습니다. 대기는 1/(1 − ρ)로 커집니다.",
                )
            } else {
                Text::new("It has room to spare.", "여유가 있습니다.")
            },
            numbers: vec![
                ("rate", Unit::Rate, rate_rps),
                ("service", Unit::Seconds, service_s),
                ("workers", Unit::Count, workers),
                ("rho", Unit::Ratio, rho),
            ],
            node: Some((node, part)),
        },
        Formula::Wait { node, part, theory_s, measured_s, workers, rho } => Law {
            name: Text::new("Wait, M/M/c (an approximation)", "대기 시간, M/M/c (근사)"),
            law: Text::new(
                "W = C(c, λS) · S / (c(1 − ρ)) = {theory}, with c = {workers} and ρ = {rho}; measured {measured}",
                "W = C(c, λS) · S / (c(1 − ρ)) = {theory} (c = {workers}, ρ = {rho}). 측정값 {measured}",
            ),
            says: Text::new(
                "It holds for Poisson arrivals and exponential work. Longer waits than this come from bursts or uneven work.",
                "포아송 도착과 지수 분포 처리 시간을 가정합니다. 측정값이 더 길면 몰려 오거나 처리 시간이 고르지 않은 것입니다.",
            ),
            numbers: vec![
                ("theory", Unit::Seconds, theory_s),
                ("measured", Unit::Seconds, measured_s),
                ("workers", Unit::Count, workers),
                ("rho", Unit::Ratio, rho),
            ],
            node: Some((node, part)),
        },
        Formula::Little { node, rate_rps, inside_s, level } => Law {
            name: Text::new("Little's law", "리틀의 법칙"),
            law: Text::new(
                "L = λ · W = {rate} × {inside} = {product}; measured {level}",
                "L = λ · W = {rate} × {inside} = {product}. 측정값 {level}",
            ),
            says: Text::new(
                "So many requests are inside at once. Where the two differ, the number inside is growing or shrinking.",
                "한 번에 이만큼의 요청이 안에 있습니다. 두 값이 다르면 안에 있는 수가 늘거나 줄고 있는 것입니다.",
            ),
            numbers: vec![
                ("rate", Unit::Rate, rate_rps),
                ("inside", Unit::Seconds, inside_s),
                ("product", Unit::Count, rate_rps * inside_s),
                ("level", Unit::Count, level),
            ],
            node: Some((node, None)),
        },
        Formula::Spared { node, hit_share, factor } => Law {
            name: Text::new("What the cache spares", "캐시가 덜어 주는 부하"),
            law: Text::new(
                "1 / (1 − h) = 1 / (1 − {hits}) = {factor}",
                "1 / (1 − h) = 1 / (1 − {hits}) = {factor}",
            ),
            says: Text::new(
                "Without it, that many times as many reads would reach the store behind it.",
                "캐시가 없으면 뒤의 저장소에 읽기가 이 배수만큼 더 갑니다.",
            ),
            numbers: vec![("hits", Unit::Share, hit_share), ("factor", Unit::Ratio, factor)],
            node: Some((node, None)),
        },
        Formula::Month { usd_h, usd_month } => Law {
            name: Text::new("A month", "한 달"),
            law: Text::new("{hour} per hour × 730 h = {month}", "시간당 {hour} × 730시간 = {month}"),
            says: Text::new("If all months were like this run.", "매달이 이번 실행과 같다면 이렇습니다."),
            numbers: vec![("hour", Unit::Money, usd_h), ("month", Unit::Money, usd_month)],
            node: None,
        },
        Formula::Million { usd_h, rate_rps, usd } => Law {
            name: Text::new("A million answers", "응답 백만 건"),
            law: Text::new(
                "{hour} per hour ÷ ({rate} × 3600 s) × 1,000,000 = {million}",
                "시간당 {hour} ÷ ({rate} × 3600초) × 1,000,000 = {million}",
            ),
            says: Text::new(
                "Machines that stand idle make each answer dearer.",
                "노는 기계가 많을수록 응답 하나가 비싸집니다.",
            ),
            numbers: vec![
                ("hour", Unit::Money, usd_h),
                ("rate", Unit::Rate, rate_rps),
                ("million", Unit::Money, usd),
            ],
            node: None,
        },
    }
}

/// What is proposed, with `{node}`, `{workers}` and `{now}` to be filled in.
pub fn proposal(proposal: &Try) -> Text {
    match proposal.what {
        What::Revive => {
            Text::new("{node}: a part is dead. Bring it back.", "{node}: 죽은 것이 있습니다. 되살려 보세요.")
        }
        What::More if proposal.workers > 0.0 => Text::new(
            "{node}: more capacity. For 70% in use what comes now takes {workers} workers; there are {now}.",
            "{node}: 용량을 늘려 보세요. 지금 오는 양을 사용률 70%로 처리하려면 작업자 {workers}명이 필요한데 {now}명이 있습니다.",
        ),
        What::More => Text::new(
            "{node}: requests queue there. More of it, or less variable work, shortens the queue.",
            "{node}: 요청이 줄을 섭니다. 수를 늘리거나 처리 시간을 고르게 하면 줄이 짧아집니다.",
        ),
        What::Fewer => Text::new(
            "{node}: fewer machines. At 70% in use {workers} workers would do; there are {now}. What if one dies then?",
            "{node}: 기계를 줄여 보세요. 사용률 70%면 작업자 {workers}명으로 충분한데 {now}명이 있습니다. 그때 하나가 죽으면 어떨까요?",
        ),
        What::Quicker => Text::new(
            "{node}: the work itself is what takes long. Make it shorter, or less variable.",
            "{node}: 처리 자체가 오래 걸립니다. 더 짧거나 고르게 해 보세요.",
        ),
        What::Cache => Text::new(
            "{node}: every read comes here. A cache in front answers what is read often.",
            "{node}: 모든 읽기가 여기로 옵니다. 앞에 캐시를 두면 자주 읽는 것은 캐시가 답합니다.",
        ),
        What::Pool => Text::new(
            "The wire to {node}: requests wait for a connection. A larger pool lets more through, if {node} bears it.",
            "{node}(으)로 가는 선: 요청이 연결을 기다립니다. {node}이(가) 견딘다면 연결 풀을 늘려 보세요.",
        ),
        What::Nearer => Text::new(
            "The wire to {node}: most is distance. Move it nearer, or keep copies near the users.",
            "{node}(으)로 가는 선: 거리가 대부분입니다. 더 가까이 두거나 사용자 가까이에 복사본을 두세요.",
        ),
        What::KeepOpen => Text::new(
            "The wire to {node}: setting connections up takes long. Keep them open for longer.",
            "{node}(으)로 가는 선: 연결을 맺는 데 오래 걸립니다. 연결을 더 오래 열어 두세요.",
        ),
        What::FewerRetries => Text::new(
            "{node}: time goes between attempts. Look at what fails first; fewer retries only fail sooner.",
            "{node}: 재시도 사이에 시간이 갑니다. 무엇이 먼저 실패하는지 보세요. 재시도를 줄이면 더 빨리 실패할 뿐입니다.",
        ),
        What::RateLimit => Text::new(
            "The wire to {node}: its rate limit turns requests away. Raise it, if {node} bears more.",
            "{node}(으)로 가는 선: 속도 제한이 요청을 돌려보냅니다. {node}이(가) 견딘다면 올려 보세요.",
        ),
        What::Sessions => Text::new(
            "{node}: it does not know the session. A session store that all servers share would.",
            "{node}: 세션을 모릅니다. 모든 서버가 함께 쓰는 세션 저장소를 두어 보세요.",
        ),
        What::Wire => Text::new(
            "{node}: nothing behind it can serve such requests. Wire it to something that can.",
            "{node}: 뒤에 그런 요청을 처리할 것이 없습니다. 처리할 수 있는 것에 이어 보세요.",
        ),
    }
}
