//! Designs that come with the product. Each isolates one thing to see.

use crate::text::Text;

/// A design of the gallery.
pub struct Scenario {
    /// Name in URLs and tests.
    pub id: &'static str,
    /// What the user reads.
    pub title: Text,
    /// What to look at, in a sentence or two.
    pub blurb: Text,
    /// The design file.
    pub json: &'static str,
}

/// The scenario that the page opens on.
pub const DEFAULT_ID: &str = "cache-aside";

/// Every scenario, in the order of the menu.
pub const ALL: &[Scenario] = &[
    Scenario {
        id: "single-server",
        title: Text::new("Single server", "서버 한 대"),
        blurb: Text::new(
            "Everything on one machine. As the traffic nears its capacity of 100 requests/s, waiting grows without any warning.",
            "모든 것이 한 대에 있습니다. 트래픽이 용량인 초당 100건에 가까워지면 대기가 갑자기 커집니다.",
        ),
        json: include_str!("../../../scenarios/single-server.json"),
    },
    Scenario {
        id: "load-balanced",
        title: Text::new("Load-balanced web tier", "로드 밸런서와 웹 서버"),
        blurb: Text::new(
            "One of four servers dies at 40 s. Until the health check notices, a quarter of the requests are refused.",
            "40초에 서버 넷 중 하나가 죽습니다. 헬스 체크가 알아차릴 때까지 요청의 4분의 1이 거절됩니다.",
        ),
        json: include_str!("../../../scenarios/load-balanced.json"),
    },
    Scenario {
        id: "cache-aside",
        title: Text::new("Cache-aside", "캐시 어사이드"),
        blurb: Text::new(
            "The cache starts cold and the database cannot keep up: some requests fail until the hit rate has climbed. At 70 s the cache is flushed: watch it again.",
            "캐시가 비어 있어 처음에는 데이터베이스가 버티지 못하고, 적중률이 오를 때까지 일부 요청이 실패합니다. 70초에 캐시를 비우면 같은 일이 되풀이됩니다.",
        ),
        json: include_str!("../../../scenarios/cache-aside.json"),
    },
    Scenario {
        id: "replicas-write-burst",
        title: Text::new(
            "Primary and two replicas under a write burst",
            "쓰기 폭주를 맞은 주 서버와 복제본 둘",
        ),
        blurb: Text::new(
            "From 40 s writes come faster than a replica can apply them one by one. Lag grows for as long as the burst lasts, then drains. Kill the primary meanwhile and count the lost writes.",
            "40초부터 쓰기가 복제본이 하나씩 적용하는 속도보다 빨리 옵니다. 폭주하는 동안 지연이 커지다가 나중에 빠집니다. 그때 주 서버를 죽이고 잃은 쓰기를 세어 보세요.",
        ),
        json: include_str!("../../../scenarios/replicas-write-burst.json"),
    },
    Scenario {
        id: "celebrity-shard",
        title: Text::new("Four shards with a celebrity", "샤드 넷과 유명인"),
        blurb: Text::new(
            "At 40 s one item becomes famous. Its shard saturates while the average of the four looks healthy.",
            "40초에 한 항목이 유명해집니다. 네 샤드의 평균은 멀쩡해 보이지만 그 샤드는 포화됩니다.",
        ),
        json: include_str!("../../../scenarios/celebrity-shard.json"),
    },
    Scenario {
        id: "photo-queue",
        title: Text::new("Photo processing behind a queue", "큐 뒤의 사진 처리"),
        blurb: Text::new(
            "From 40 s to 100 s all workers are down. Uploads are still acknowledged at once and wait in the queue; afterwards the backlog drains, faster with more workers, and nothing is lost.",
            "40초부터 100초까지 작업자가 모두 멈춥니다. 업로드는 여전히 바로 접수되어 큐에서 기다리고, 그 뒤 적체가 빠집니다. 작업자를 늘리면 더 빨리 빠지며 잃는 것은 없습니다.",
        ),
        json: include_str!("../../../scenarios/photo-queue.json"),
    },
    Scenario {
        id: "autoscaling",
        title: Text::new("Autoscaling in a flash crowd", "몰려드는 사용자와 오토스케일링"),
        blurb: Text::new(
            "At 120 s traffic grows fivefold. The autoscaler sees a minute-old average that never shows more than 100%, and new servers boot for a minute: requests fail meanwhile, and then there are more servers than needed.",
            "120초에 트래픽이 다섯 배가 됩니다. 오토스케일러는 1분 전까지의 평균을 보고 그 값은 100%를 넘지 못하며, 새 서버는 1분 동안 부팅합니다. 그동안 요청이 실패하고, 나중에는 서버가 필요보다 많아집니다.",
        ),
        json: include_str!("../../../scenarios/autoscaling.json"),
    },
    Scenario {
        id: "bad-release",
        title: Text::new("A bad release, caught by its canary", "카나리가 잡아낸 나쁜 릴리스"),
        blurb: Text::new(
            "At 60 s a release with a bug goes to one server of eight; monitoring sees the errors and rolls it back. At 400 s the same release goes out two servers at a time: compare how many users meet it before the alarm.",
            "60초에 결함 있는 릴리스가 서버 여덟 대 중 한 대에 올라가고, 모니터링이 오류를 보고 되돌립니다. 400초에는 같은 릴리스를 두 대씩 올립니다. 경보가 울릴 때까지 몇 명이 오류를 겪는지 비교해 보세요.",
        ),
        json: include_str!("../../../scenarios/bad-release.json"),
    },
    Scenario {
        id: "vertical-scaling",
        title: Text::new("A bigger machine", "더 큰 머신"),
        blurb: Text::new(
            "One server under growing traffic. At 90 s it is replaced by one four times the size: 20 s of downtime, then room again. At 240 s it has to be done once more, and the ladder of sizes ends.",
            "트래픽이 늘어나는 서버 한 대. 90초에 네 배 큰 머신으로 바꾸느라 20초 동안 멈췄다가 다시 여유가 생깁니다. 240초에 또 바꿔야 하고, 크기의 사다리에는 끝이 있습니다.",
        ),
        json: include_str!("../../../scenarios/vertical-scaling.json"),
    },
];

/// The scenario with this id.
pub fn by_id(id: &str) -> Option<&'static Scenario> {
    ALL.iter().find(|s| s.id == id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::design::Design;

    #[test]
    fn every_scenario_is_a_valid_design_that_survives_a_round_trip() {
        for scenario in ALL {
            let design = Design::parse(scenario.json).unwrap_or_else(|f| panic!("{}: {f:?}", scenario.id));
            assert_eq!(Design::parse(&design.to_text()).unwrap(), design, "{}", scenario.id);
            assert_eq!(design.title, scenario.title.en);
        }
        assert!(by_id(DEFAULT_ID).is_some());
    }
}
