//! Designs that come with the product. Each isolates one thing to see.

use crate::text::Text;

/// What a scenario is about: a heading of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The first steps of the way from one server.
    Start,
    /// Web servers, balancers, sessions, queues and what adds machines.
    Servers,
    /// Caches and edges.
    Caches,
    /// Copies, shards and what they cost.
    Data,
    /// What goes wrong between machines and between places.
    Failures,
}

impl Topic {
    /// Every topic, in the order of the menu.
    pub const ALL: [Self; 5] = [Self::Start, Self::Servers, Self::Caches, Self::Data, Self::Failures];

    /// What the user reads.
    pub fn label(self) -> Text {
        match self {
            Self::Start => Text::new("From one server up", "서버 한 대에서 시작하기"),
            Self::Servers => Text::new("Servers, sessions, queues", "서버, 세션, 큐"),
            Self::Caches => Text::new("Caches and CDN", "캐시와 CDN"),
            Self::Data => Text::new("Databases", "데이터베이스"),
            Self::Failures => Text::new("Failures and places", "장애와 장소"),
        }
    }
}

/// A design of the gallery.
pub struct Scenario {
    /// Name in URLs and tests.
    pub id: &'static str,
    /// Where it stands in the menu.
    pub topic: Topic,
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
        topic: Topic::Start,
        title: Text::new("Single server", "서버 한 대"),
        blurb: Text::new(
            "Everything on one machine. As the traffic nears its capacity of 100 requests/s, waiting grows without any warning.",
            "모든 것이 한 대에 있습니다. 트래픽이 용량인 초당 100건에 가까워지면 대기가 갑자기 커집니다.",
        ),
        json: include_str!("../../../scenarios/single-server.json"),
    },
    Scenario {
        id: "load-balanced",
        topic: Topic::Start,
        title: Text::new("Load-balanced web tier", "로드 밸런서와 웹 서버"),
        blurb: Text::new(
            "One of four servers dies at 40 s. Until the health check notices, a quarter of the requests are refused.",
            "40초에 서버 넷 중 하나가 죽습니다. 헬스 체크가 알아차릴 때까지 요청의 4분의 1이 거절됩니다.",
        ),
        json: include_str!("../../../scenarios/load-balanced.json"),
    },
    Scenario {
        id: "four-algorithms",
        topic: Topic::Servers,
        title: Text::new("Four balancing algorithms side by side", "네 가지 분산 알고리즘 비교"),
        blurb: Text::new(
            "Four equal farms at 85% load, from the top: round robin, random, power of two choices, least connections. Compare their p95. At 60 s one server of each slows down by half: only the two that look at queues spare it.",
            "부하 85%인 똑같은 서버 무리 넷. 위에서부터 라운드 로빈, 무작위, 둘 중 나은 쪽, 최소 연결입니다. p95를 비교해 보세요. 60초에 각 무리에서 한 대가 1.5배 느려지면, 줄을 보는 두 알고리즘만 그 서버를 피합니다.",
        ),
        json: include_str!("../../../scenarios/four-algorithms.json"),
    },
    Scenario {
        id: "sticky-sessions",
        topic: Topic::Servers,
        title: Text::new("Sticky sessions and a dead server", "고정 세션과 죽은 서버"),
        blurb: Text::new(
            "Sessions live in the servers, so cookies bring users back to theirs. Two servers join at 120 s and stay half idle: only new users go there. At 200 s a server dies, and whoever had a session there is logged out.",
            "세션이 서버에 있어서 쿠키가 사용자를 제 서버로 돌려보냅니다. 120초에 두 대를 더해도 새 사용자만 그리로 가므로 한동안 반쯤 놉니다. 200초에 서버 한 대가 죽으면 거기에 세션이 있던 사용자는 로그아웃됩니다.",
        ),
        json: include_str!("../../../scenarios/sticky-sessions.json"),
    },
    Scenario {
        id: "stateless-servers",
        topic: Topic::Servers,
        title: Text::new("Stateless servers with a session store", "상태 없는 서버와 세션 저장소"),
        blurb: Text::new(
            "The same users and the same failures, but sessions are in a store that all servers see: new servers work at once, and nobody is logged out when one dies. At 240 s the store itself dies: ten seconds of errors until its replica takes over.",
            "사용자와 고장은 같지만 세션이 모든 서버가 보는 저장소에 있습니다. 새 서버가 바로 일하고, 서버가 죽어도 아무도 로그아웃되지 않습니다. 240초에는 저장소가 죽어, 복제본이 나설 때까지 10초 동안 오류가 납니다.",
        ),
        json: include_str!("../../../scenarios/stateless-servers.json"),
    },
    Scenario {
        id: "one-state-server",
        topic: Topic::Servers,
        title: Text::new("Eight stateless servers, one state server", "상태 없는 서버 여덟, 상태 서버 하나"),
        blurb: Text::new(
            "From 60 s traffic grows. The eight servers are hardly busy, but each request asks the one session store, which saturates. At 300 s it dies, and everybody is logged out at once. Give it replicas and more workers.",
            "60초부터 트래픽이 늘어납니다. 서버 여덟 대는 한가한데 모든 요청이 하나뿐인 세션 저장소를 거치느라 그곳이 포화됩니다. 300초에 저장소가 죽으면 모두 한꺼번에 로그아웃됩니다. 복제본과 작업자를 늘려 보세요.",
        ),
        json: include_str!("../../../scenarios/one-state-server.json"),
    },
    Scenario {
        id: "retry-storm",
        topic: Topic::Failures,
        title: Text::new("A retry storm that does not end", "끝나지 않는 재시도 폭풍"),
        blurb: Text::new(
            "From 30 s to 40 s the orders service is slow. It recovers, and yet nothing gets through any more: timed-out calls are made four times, and their work is done for nobody. Set a retry budget of 0.1 on the wire to it, and it ends.",
            "30초부터 40초까지 주문 서비스가 느려집니다. 다시 빨라져도 아무것도 통과하지 못합니다. 시간이 초과된 호출이 네 번씩 반복되고, 그 일은 아무도 받지 않습니다. 그리로 가는 선의 재시도 예산을 0.1로 두면 끝납니다.",
        ),
        json: include_str!("../../../scenarios/retry-storm.json"),
    },
    Scenario {
        id: "circuit-breaker",
        topic: Topic::Failures,
        title: Text::new("A circuit breaker saves the caller", "호출자를 지키는 회로 차단기"),
        blurb: Text::new(
            "From 40 s to 80 s the ads service hangs; three requests of ten need it. Above, those hold every worker for a second each and all requests fail. Below, the breaker opens: three of ten fail at once, and the other seven are served.",
            "40초부터 80초까지 광고 서비스가 멈춥니다. 요청 열 중 셋이 그것을 씁니다. 위에서는 그 셋이 작업자를 1초씩 붙잡아 모든 요청이 실패합니다. 아래에서는 차단기가 열려 열 중 셋만 바로 실패하고 나머지 일곱은 처리됩니다.",
        ),
        json: include_str!("../../../scenarios/circuit-breaker.json"),
    },
    Scenario {
        id: "hedged-requests",
        topic: Topic::Failures,
        title: Text::new("Hedged requests against the tail", "꼬리 지연을 줄이는 헤지 요청"),
        blurb: Text::new(
            "Each request asks 50 servers at once and waits for the slowest, so that one slow answer in a hundred spoils most requests. Below, what has not been answered within the p95 is asked a second time: the p99 falls to a fraction for 5% more load.",
            "요청마다 서버 50대에 한꺼번에 묻고 가장 느린 응답을 기다리므로, 백 번에 한 번 느린 응답이 요청 대부분을 늦춥니다. 아래에서는 p95까지 응답이 없으면 한 번 더 묻습니다. 부하는 5% 늘지만 p99는 몇 분의 일로 줄어듭니다.",
        ),
        json: include_str!("../../../scenarios/hedged-requests.json"),
    },
    Scenario {
        id: "cache-aside",
        topic: Topic::Start,
        title: Text::new("Cache-aside", "캐시 어사이드"),
        blurb: Text::new(
            "The cache starts cold and the database cannot keep up: some requests fail until the hit rate has climbed. At 70 s the cache is flushed: watch it again.",
            "캐시가 비어 있어 처음에는 데이터베이스가 버티지 못하고, 적중률이 오를 때까지 일부 요청이 실패합니다. 70초에 캐시를 비우면 같은 일이 되풀이됩니다.",
        ),
        json: include_str!("../../../scenarios/cache-aside.json"),
    },
    Scenario {
        id: "stampede",
        topic: Topic::Caches,
        title: Text::new(
            "Stampede: a hot key expires, with and without leases",
            "스탬피드: 인기 키 만료, 리스가 있을 때와 없을 때",
        ),
        blurb: Text::new(
            "The same hot key expires every 10 s in both sites. Above, everyone who misses reads the database at once; below, one holds a lease and the others wait for it.",
            "두 사이트에서 같은 인기 키가 10초마다 만료됩니다. 위에서는 놓친 요청이 모두 한꺼번에 데이터베이스를 읽고, 아래에서는 하나만 리스를 쥐고 나머지는 기다립니다.",
        ),
        json: include_str!("../../../scenarios/stampede.json"),
    },
    Scenario {
        id: "cache-node-dies",
        topic: Topic::Caches,
        title: Text::new("One of four cache nodes dies", "캐시 노드 넷 중 하나가 죽을 때"),
        blurb: Text::new(
            "At 70 s a cache node dies and the clients leave it out. By hash mod n three items of four change their node and start cold, so the database is asked as it was at the beginning. Set the spread to consistent hashing and only a quarter do.",
            "70초에 캐시 노드 하나가 죽어 클라이언트가 그것을 뺍니다. 해시 mod n에서는 항목 넷 중 셋이 노드를 옮겨 비어 있는 상태로 시작하므로 데이터베이스가 처음처럼 몰립니다. 나누기를 안정 해시로 바꾸면 4분의 1만 옮깁니다.",
        ),
        json: include_str!("../../../scenarios/cache-node-dies.json"),
    },
    Scenario {
        id: "write-back",
        topic: Topic::Caches,
        title: Text::new("Write-back: fast, until the cache dies", "나중에 쓰기: 빠르지만 캐시가 죽으면"),
        blurb: Text::new(
            "The cache answers writes by itself and saves each item 10 s later: the database sees a quarter of the writes. At 60 s the cache dies with thousands of writes that it had acknowledged.",
            "캐시가 쓰기에 바로 응답하고 항목마다 10초 뒤에 저장해, 데이터베이스는 쓰기의 4분의 1만 받습니다. 60초에 캐시가 죽으면서 이미 응답한 쓰기 수천 건을 잃습니다.",
        ),
        json: include_str!("../../../scenarios/write-back.json"),
    },
    Scenario {
        id: "cdn-purge",
        topic: Topic::Caches,
        title: Text::new("CDN: release, purge and an edge that dies", "CDN: 릴리스, 퍼지, 그리고 죽는 엣지"),
        blurb: Text::new(
            "At 40 s half of the assets have new versions under their old names, and edges go on serving old copies. The purge of 60 s ends that, at the price of a wave of misses. At 85 s an edge dies and its clients go on to the next one.",
            "40초에 자산 절반이 같은 이름으로 새 버전이 되지만 엣지는 옛 복사본을 계속 내보냅니다. 60초의 퍼지가 이를 끝내는 대신 빗나감이 몰립니다. 85초에 엣지 하나가 죽고 그 클라이언트는 다음 엣지로 갑니다.",
        ),
        json: include_str!("../../../scenarios/cdn-purge.json"),
    },
    Scenario {
        id: "replicas-write-burst",
        topic: Topic::Start,
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
        topic: Topic::Start,
        title: Text::new("Four shards with a celebrity", "샤드 넷과 유명인"),
        blurb: Text::new(
            "At 40 s one item becomes famous. Its shard saturates while the average of the four looks healthy.",
            "40초에 한 항목이 유명해집니다. 네 샤드의 평균은 멀쩡해 보이지만 그 샤드는 포화됩니다.",
        ),
        json: include_str!("../../../scenarios/celebrity-shard.json"),
    },
    Scenario {
        id: "photo-queue",
        topic: Topic::Servers,
        title: Text::new("Photo processing behind a queue", "큐 뒤의 사진 처리"),
        blurb: Text::new(
            "From 40 s to 100 s all workers are down. Uploads are still acknowledged at once and wait in the queue; afterwards the backlog drains, faster with more workers, and nothing is lost.",
            "40초부터 100초까지 작업자가 모두 멈춥니다. 업로드는 여전히 바로 접수되어 큐에서 기다리고, 그 뒤 적체가 빠집니다. 작업자를 늘리면 더 빨리 빠지며 잃는 것은 없습니다.",
        ),
        json: include_str!("../../../scenarios/photo-queue.json"),
    },
    Scenario {
        id: "autoscaling",
        topic: Topic::Servers,
        title: Text::new("Autoscaling in a flash crowd", "몰려드는 사용자와 오토스케일링"),
        blurb: Text::new(
            "At 120 s traffic grows fivefold. The autoscaler sees a minute-old average that never shows more than 100%, and new servers boot for a minute: requests fail meanwhile, and then there are more servers than needed.",
            "120초에 트래픽이 다섯 배가 됩니다. 오토스케일러는 1분 전까지의 평균을 보고 그 값은 100%를 넘지 못하며, 새 서버는 1분 동안 부팅합니다. 그동안 요청이 실패하고, 나중에는 서버가 필요보다 많아집니다.",
        ),
        json: include_str!("../../../scenarios/autoscaling.json"),
    },
    Scenario {
        id: "bad-release",
        topic: Topic::Servers,
        title: Text::new("A bad release, caught by its canary", "카나리가 잡아낸 나쁜 릴리스"),
        blurb: Text::new(
            "At 60 s a release with a bug goes to one server of eight; monitoring sees the errors and rolls it back. At 400 s the same release goes out two servers at a time: compare how many users meet it before the alarm, and what it does to daily active users (a day is 4 min here).",
            "60초에 결함 있는 릴리스가 서버 여덟 대 중 한 대에 올라가고, 모니터링이 오류를 보고 되돌립니다. 400초에는 같은 릴리스를 두 대씩 올립니다. 경보가 울릴 때까지 몇 명이 오류를 겪는지, 일간 활성 사용자(여기서는 하루가 4분)가 어떻게 되는지 비교해 보세요.",
        ),
        json: include_str!("../../../scenarios/bad-release.json"),
    },
    Scenario {
        id: "vertical-scaling",
        topic: Topic::Start,
        title: Text::new("A bigger machine", "더 큰 머신"),
        blurb: Text::new(
            "One server under growing traffic. At 90 s it is replaced by one four times the size: 20 s of downtime, then room again. At 240 s it has to be done once more, and the ladder of sizes ends.",
            "트래픽이 늘어나는 서버 한 대. 90초에 네 배 큰 머신으로 바꾸느라 20초 동안 멈췄다가 다시 여유가 생깁니다. 240초에 또 바꿔야 하고, 크기의 사다리에는 끝이 있습니다.",
        ),
        json: include_str!("../../../scenarios/vertical-scaling.json"),
    },
    Scenario {
        id: "shared-machine",
        topic: Topic::Start,
        title: Text::new("Everything on one machine", "모든 것을 머신 한 대에"),
        blurb: Text::new(
            "Web server and database share two cores. As traffic grows, the work of one slows the other down: latency climbs, and then requests are dropped. Give the database a machine of its own and watch again.",
            "웹 서버와 데이터베이스가 코어 둘을 나눠 씁니다. 트래픽이 늘면 한쪽의 일이 다른 쪽을 느리게 해 지연이 커지다가 요청이 버려집니다. 데이터베이스를 다른 머신으로 옮기고 다시 보세요.",
        ),
        json: include_str!("../../../scenarios/shared-machine.json"),
    },
    Scenario {
        id: "private-subnet",
        topic: Topic::Failures,
        title: Text::new("Database in a private subnet", "프라이빗 서브넷의 데이터베이스"),
        blurb: Text::new(
            "Only the load balancer can be reached from the internet; servers and databases stand in private subnets of two zones and call out through NAT. At 60 s a zone dies: half of the servers go, and the primary's replica.",
            "인터넷에서는 로드 밸런서에만 닿을 수 있습니다. 서버와 데이터베이스는 두 존의 프라이빗 서브넷에 있고 밖으로는 NAT로 나갑니다. 60초에 한 존이 죽어 서버 절반과 복제본을 잃습니다.",
        ),
        json: include_str!("../../../scenarios/private-subnet.json"),
    },
    Scenario {
        id: "two-data-centres",
        topic: Topic::Failures,
        title: Text::new("Two data centres, one dies", "데이터센터 둘, 하나가 죽음"),
        blurb: Text::new(
            "GeoDNS sends everybody to the nearest site. At 40 s Seoul dies: resolvers keep the old answer until its TTL runs out, then Europe serves all, at more than 100 ms from Asia. Does it hold?",
            "GeoDNS가 모두를 가까운 사이트로 보냅니다. 40초에 서울이 죽으면 리졸버는 TTL이 끝날 때까지 옛 답을 쓰고, 그 뒤로는 유럽이 모두를 맡습니다. 아시아에서는 왕복이 훨씬 깁니다. 버틸까요?",
        ),
        json: include_str!("../../../scenarios/two-data-centres.json"),
    },
    Scenario {
        id: "semi-sync-failover",
        topic: Topic::Data,
        title: Text::new(
            "Primary lost: asynchronous beside semi-synchronous",
            "주 서버를 잃을 때: 비동기와 반동기",
        ),
        blurb: Text::new(
            "Both primaries die at 40 s. The asynchronous one takes writes with it that were acknowledged; the semi-synchronous one loses none, but each of its writes waits for the way to a replica and back. New machines take the dead ones' places and catch up.",
            "40초에 두 주 서버가 죽습니다. 비동기 쪽은 이미 응답한 쓰기를 잃습니다. 반동기 쪽은 잃지 않지만 쓰기마다 복제본까지 오가는 시간을 기다립니다. 새 기계가 죽은 기계를 대신해 따라잡습니다.",
        ),
        json: include_str!("../../../scenarios/semi-sync-failover.json"),
    },
    Scenario {
        id: "multi-primary-conflicts",
        topic: Topic::Data,
        title: Text::new("Two primaries that write the same items", "같은 항목을 쓰는 두 주 서버"),
        blurb: Text::new(
            "Three databases with several primaries, 80 ms apart. The first lets the last write win, the second votes and rejects, the third goes round a circle that stands still from 60 s to 80 s because one of its members is dead.",
            "주 서버가 여럿인 데이터베이스 셋, 서로 80ms 떨어져 있습니다. 첫째는 나중 쓰기가 이기고, 둘째는 확인하여 거절하며, 셋째는 원을 따라 전합니다. 원은 60초부터 80초까지 하나가 죽어 멈춥니다.",
        ),
        json: include_str!("../../../scenarios/multi-primary-conflicts.json"),
    },
    Scenario {
        id: "resharding-online",
        topic: Topic::Data,
        title: Text::new(
            "A fifth shard while it runs: modulo beside consistent hashing",
            "실행 중 다섯째 샤드: 모듈로와 안정 해시",
        ),
        blurb: Text::new(
            "At 30 s both databases get a fifth shard. Modulo moves four fifths of its items, consistent hashing one fifth. While they are copied, shards work for the copy and reads ask both places.",
            "30초에 두 데이터베이스가 다섯째 샤드를 얻습니다. 모듈로는 항목의 5분의 4를, 안정 해시는 5분의 1을 옮깁니다. 복사하는 동안 샤드는 복사에도 일하고 읽기는 두 곳에 묻습니다.",
        ),
        json: include_str!("../../../scenarios/resharding-online.json"),
    },
    Scenario {
        id: "joins-over-shards",
        topic: Topic::Data,
        title: Text::new(
            "Joins over eight shards, and de-normalised copies",
            "여덟 샤드에 걸친 조인과 비정규화 복사본",
        ),
        blurb: Text::new(
            "A query asks all eight shards and waits for the slowest. The other database answers it from one shard, and pays with three writes for each.",
            "질의는 여덟 샤드 모두에 묻고 가장 느린 것을 기다립니다. 다른 데이터베이스는 샤드 하나에서 답하는 대신 쓰기마다 세 번 씁니다.",
        ),
        json: include_str!("../../../scenarios/joins-over-shards.json"),
    },
    Scenario {
        id: "nosql-quorum",
        topic: Topic::Data,
        title: Text::new(
            "NoSQL quorums: R + W above N, and below",
            "NoSQL 정족수: R + W가 N보다 클 때와 작을 때",
        ),
        blurb: Text::new(
            "Three copies of each item, 5 ms apart. Two of three for reads and writes: slower, never stale. One of three: quicker, and some reads are old. At 40 s a node dies; its writes are kept and handed over when it is back at 70 s. Queries go to the store that can answer them.",
            "항목마다 5ms 떨어진 복사본 셋. 읽기와 쓰기에 셋 중 둘이면 느리지만 오래된 값이 없고, 하나면 빠르지만 일부 읽기가 오래된 값입니다. 40초에 노드 하나가 죽고, 그동안의 쓰기는 맡아 두었다가 70초에 돌아오면 넘깁니다. 질의는 답할 수 있는 저장소로 갑니다.",
        ),
        json: include_str!("../../../scenarios/nosql-quorum.json"),
    },
    Scenario {
        id: "slow-queries",
        topic: Topic::Caches,
        title: Text::new("A query takes 2 s: cache its result", "2초 걸리는 질의: 결과를 캐시하기"),
        blurb: Text::new(
            "A fifth of the requests are queries that keep the database busy for 2 s. The cache keeps their results for a minute, in room of their own: most are answered at once, and the older a result is the likelier it is out of date, since no write ends it. At 180 s the cache is flushed. Set query results to 0 to send every query to the database.",
            "요청 다섯 중 하나는 데이터베이스를 2초 동안 바쁘게 하는 질의입니다. 캐시가 그 결과를 별도의 자리에 1분 동안 담아 두어 대부분 곧바로 응답합니다. 쓰기가 일어나도 결과는 지워지지 않으므로 오래 둘수록 낡은 결과일 가능성이 커집니다. 180초에 캐시를 비웁니다. 질의 결과를 0으로 바꾸면 모든 질의가 데이터베이스로 갑니다.",
        ),
        json: include_str!("../../../scenarios/slow-queries.json"),
    },
    Scenario {
        id: "load-shedding",
        topic: Topic::Failures,
        title: Text::new(
            "Too many requests: shed some, or be late for all",
            "너무 많은 요청: 일부를 버릴까, 모두 늦을까",
        ),
        blurb: Text::new(
            "Two tiers of the same size get the same traffic, a third too much of it from 30 s to 90 s. One queues all that comes: everybody waits until the client gives up, and the work is done for nobody. The other turns away who has waited 5 ms in a queue that does not empty, and answers the others as quickly as ever.",
            "크기가 같은 두 계층이 같은 트래픽을 받고, 30초부터 90초까지는 처리량의 3분의 1을 넘습니다. 하나는 오는 대로 줄을 세워, 모두가 기다리다 포기하고 일은 헛수고가 됩니다. 다른 하나는 비지 않는 대기열에서 5ms를 기다린 요청을 버리고 나머지에는 평소처럼 빠르게 응답합니다.",
        ),
        json: include_str!("../../../scenarios/load-shedding.json"),
    },
    Scenario {
        id: "one-day",
        topic: Topic::Start,
        title: Text::new("One day, one million users", "백만 사용자의 하루"),
        blurb: Text::new(
            "20 million requests, every one of them simulated, for 24 hours. The CDN answers the pictures, the cache most of the reads. Watch how far the peak rises above the mean, and how little a day of a million users asks of four servers.",
            "요청 2천만 건을 하나도 빼지 않고 하루 치를 시뮬레이션합니다. 그림은 CDN이, 읽기는 대부분 캐시가 답합니다. 가장 붐비는 때가 평균보다 얼마나 높은지, 백만 사용자의 하루가 서버 네 대에게 얼마나 적은 일인지 보세요.",
        ),
        json: include_str!("../../../scenarios/one-day.json"),
    },
    Scenario {
        id: "the-rush",
        topic: Topic::Start,
        title: Text::new("The rush: a million requests a second", "초당 백만 요청"),
        blurb: Text::new(
            "A million requests a second through one balancer, 40 servers, 12 cache nodes and 16 shards, every one of them simulated for ten seconds. The empty cache lets all reads through at first, and the shards feel it.",
            "초당 백만 건이 로드 밸런서 하나, 서버 40대, 캐시 노드 12대, 샤드 16개를 지나는 10초를 요청 하나까지 시뮬레이션합니다. 처음에는 캐시가 비어 모든 읽기가 샤드로 몰립니다.",
        ),
        json: include_str!("../../../scenarios/the-rush.json"),
    },
    Scenario {
        id: "millions-of-users",
        topic: Topic::Start,
        title: Text::new("Millions of users: the whole picture", "수백만 사용자까지: 전체 그림"),
        blurb: Text::new(
            "Every step of the chapter in one design: GeoDNS, CDN, balancers, stateless servers that scale by themselves, a session store, caches, shards, a queue with workers, monitoring. At 60 s the traffic of Asia grows to two and a half times; at 130 s the whole European region goes dark, and its users wait for the name servers to notice. Look at the European cache as well: writes in Asia do not reach it, and half of what it serves is stale.",
            "이 장의 모든 단계를 한 설계에 담았습니다. GeoDNS, CDN, 로드 밸런서, 스스로 늘어나는 상태 없는 서버, 세션 저장소, 캐시, 샤드, 큐와 작업자, 모니터링. 60초에 아시아 트래픽이 2.5배로 늘고, 130초에는 유럽 리전 전체가 꺼져 그곳 사용자는 네임 서버가 알아차릴 때까지 기다립니다. 유럽 캐시도 보세요. 아시아의 쓰기가 닿지 않아, 내주는 값의 절반이 오래된 것입니다.",
        ),
        json: include_str!("../../../scenarios/millions-of-users.json"),
    },
];

/// Scenarios of tens of millions of requests: the page runs them as fast as it goes, and what tries every scenario to its
/// end leaves them out.
const LARGE: &[&str] = &["one-day", "the-rush"];

impl Scenario {
    /// Whether it has tens of millions of requests.
    pub fn is_large(&self) -> bool {
        LARGE.contains(&self.id)
    }
}

/// Every scenario that is not large.
pub fn small() -> impl Iterator<Item = &'static Scenario> {
    ALL.iter().filter(|s| !s.is_large())
}

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
