//! Why a request failed. Each failed request has exactly one reason.

use crate::text::Text;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $id:literal, $en:literal, $ko:literal, $help:literal, $help_ko:literal;)+) => {
        /// Why a request failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[repr(u8)]
        pub enum Reason { $($(#[doc = $doc])+ $variant),+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),+];
            /// Name in files.
            pub fn id(self) -> &'static str {
                match self { $(Reason::$variant => $id),+ }
            }
            /// What the user reads.
            pub fn label(self) -> Text {
                match self { $(Reason::$variant => Text::new($en, $ko)),+ }
            }
            /// What it means, in a sentence.
            pub fn help(self) -> Text {
                match self { $(Reason::$variant => Text::new($help, $help_ko)),+ }
            }
        }
    };
}

reasons! {
    /// The client gave up waiting.
    Timeout = "timeout", "timed out", "시간 초과", "The client gave up waiting.", "클라이언트가 기다리다 포기했습니다.";
    /// The queue of a server, cache or database was full.
    QueueFull = "queue_full", "queue full", "대기열 가득 참", "The queue was full and the request was refused.", "대기열이 가득 차 요청을 거절했습니다.";
    /// An overloaded server turned it away.
    Shed = "shed", "shed", "부하 차단", "The server had too much to do and shed it, so that it could answer others in time.", "서버에 일이 너무 많아, 다른 요청에 제때 응답하려고 버렸습니다.";
    /// It waited too long in a queue and left.
    Abandoned = "abandoned", "left the queue", "대기 중 이탈", "It waited too long in a queue and left before its work began.", "대기열에서 너무 오래 기다려 작업이 시작되기 전에 떠났습니다.";
    /// The client's session is not known where the request came.
    LoggedOut = "logged_out", "logged out", "로그아웃됨", "Whoever got the request does not know the user's session: the user must log in again.", "요청을 받은 쪽이 사용자의 세션을 모릅니다. 사용자는 다시 로그인해야 합니다.";
    /// The server refused the connection because it is dead.
    Refused = "refused", "refused: dead", "죽은 서버가 거절", "The part that it was sent to is dead.", "요청이 간 곳이 죽어 있습니다.";
    /// The server died while the request was inside.
    Died = "died", "died inside", "처리 중 죽음", "The part that held it died.", "요청을 처리하던 곳이 죽었습니다.";
    /// The balancer knows of no healthy server.
    NoBackend = "no_backend", "no healthy server", "정상 서버 없음", "The load balancer has no healthy server to send it to.", "로드 밸런서가 보낼 정상 서버가 없습니다.";
    /// No connection to the dependency came free in time.
    PoolExhausted = "pool_exhausted", "no free connection", "빈 연결 없음", "No connection to a dependency came free in time.", "의존 서비스로 가는 연결이 제때 비지 않았습니다.";
    /// Nothing is wired that could serve it.
    NoRoute = "no_route", "nothing wired", "연결된 곳 없음", "Nothing is wired behind this node that could serve the request.", "이 노드 뒤에 요청을 처리할 것이 연결되어 있지 않습니다.";
    /// The database has no primary that could take the write.
    NoPrimary = "no_primary", "no primary", "주 서버 없음", "The database has no primary just now, so writes fail until one is promoted.", "지금 주 서버가 없어 승격될 때까지 쓰기가 실패합니다.";
    /// The name server did not answer, and no resolver remembered.
    NoName = "no_name", "name not found", "이름을 찾지 못함", "The name server is down, and the client's resolver did not remember where to go.", "DNS가 죽어 있고, 클라이언트의 리졸버도 갈 곳을 기억하지 못했습니다.";
    /// The network between caller and called is cut.
    Unreachable = "unreachable", "cut off", "네트워크 단절", "The network between the two places is cut: no answer came, and the caller gave up.", "두 장소 사이의 네트워크가 끊겨 응답이 오지 않았고, 부른 쪽이 포기했습니다.";
    /// Another primary had written the same item, and neither knew of the other.
    Conflict = "conflict", "write conflict", "쓰기 충돌", "Another primary had just written the same item, so this write was rejected.", "다른 주 서버가 방금 같은 항목을 써서 이 쓰기를 거절했습니다.";
    /// The process that worked on it crashed.
    Crashed = "crashed", "process crashed", "프로세스 중단", "The process that worked on it crashed.", "처리하던 프로세스가 갑자기 멈췄습니다.";
    /// The release that served it has a fault.
    BadRelease = "bad_release", "bug in the release", "릴리스 결함", "The release that this server runs has a fault.", "이 서버가 실행하는 릴리스에 결함이 있습니다.";
    /// The circuit breaker of the wire was open.
    CircuitOpen = "circuit_open", "circuit open", "차단기 열림", "The circuit breaker of the wire was open, so the call was not made.", "선의 회로 차단기가 열려 있어 호출하지 않았습니다.";
    /// The wire's rate limit was reached.
    RateLimited = "rate_limited", "rate limited", "속도 제한", "More came than the wire's rate limit lets through.", "선의 속도 제한보다 많이 왔습니다.";
    /// The network lost it.
    Network = "network", "network error", "네트워크 오류", "The network lost it: the connection was reset.", "네트워크가 잃었습니다. 연결이 끊겼습니다.";
    /// Its caller had given up and said so.
    Cancelled = "cancelled", "cancelled", "취소됨", "Its caller no longer waited and cancelled it before its work began.", "호출자가 더 기다리지 않아 작업이 시작되기 전에 취소했습니다.";
    /// An object store was asked faster than it lets one prefix be asked.
    Throttled = "throttled", "throttled", "요청 한도 초과", "The object store was asked faster than it allows for one prefix (503 Slow Down).", "오브젝트 스토어가 접두사 하나에 허용하는 것보다 빨리 요청했습니다(503 Slow Down).";
    /// The shard of the new item has no room.
    ShardFull = "shard_full", "shard full", "샤드 가득 참", "The shard that the new item belongs to has no room for it.", "새 항목이 속하는 샤드에 자리가 없습니다.";
    /// Too few copies of the item are alive.
    NoQuorum = "no_quorum", "no quorum", "정족수 부족", "Fewer copies of the item are alive than must answer.", "살아 있는 복사본이 응답해야 하는 수보다 적습니다.";
    /// The store cannot do such a thing.
    Unsupported = "unsupported", "cannot do that", "지원하지 않는 요청", "This store cannot answer such a request: a key-value store joins nothing.", "이 저장소는 이런 요청에 답할 수 없습니다. 키-값 저장소는 조인을 하지 못합니다.";
    /// The simulator itself reached its limit of calls in flight.
    Saturated = "saturated", "simulator full", "시뮬레이터 한계", "The simulator reached its limit of requests in flight; it says so instead of hiding it.", "시뮬레이터가 동시 요청 한계에 이르렀습니다. 숨기지 않고 알립니다.";
}

/// Number of reasons.
pub const REASONS: usize = Reason::ALL.len();
