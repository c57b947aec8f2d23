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
