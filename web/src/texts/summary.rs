//! Texts of the summary: its dialog, and what each of its fields is called and means.

use super::texts;
use headroom_model::kinds::{MetricSpec, Unit};
use headroom_model::text::Text;

texts! {
    TITLE = "Summary of the run", "실행 요약";
    WAITING = "Asking the simulator…", "시뮬레이터에 묻는 중입니다…";
    NOT_RUNNING = "The simulation is not running, so there is nothing to sum up.", "시뮬레이션이 돌고 있지 않아 요약할 것이 없습니다.";
    EMPTY = "There are no nodes yet.", "아직 노드가 없습니다.";
    MOMENT = "Taken at {until}", "{until} 시점";
    SPAN = "counted from {from}", "{from}부터 집계";
    WARMUP_ON = "The warm-up lasts until {time}: counting starts again then.", "준비 구간이 {time}까지 이어집니다. 그때부터 다시 셉니다.";
    CATCHING_UP = "The run is still catching up; the numbers are taken again when it is there.", "실행이 아직 따라잡는 중입니다. 다 따라잡으면 다시 집계합니다.";
    RUNS_ON = "The run goes on: refresh to take the numbers again.", "실행이 계속되고 있습니다. 새로 고치면 다시 집계합니다.";
    FACTS = "Seed {seed}, {events} events, at most {peak} requests inside at once, run hash {hash}", "시드 {seed}, 이벤트 {events}개, 동시 요청 최대 {peak}개, 실행 해시 {hash}";
    SAMPLED = "Sampled detail: {time} of the time and {requests} of the requests were simulated; all numbers stand for the whole, estimated from those.", "표본 실행: 시간의 {time}, 요청의 {requests}를 시뮬레이션했습니다. 모든 수치는 그것으로 추정한 전체 값입니다.";
    NEVER_USERS = "Nothing is skipped: monitoring follows single users over a day.", "모니터링이 사용자 한 명 한 명을 하루 단위로 추적하므로 건너뛰지 않습니다.";
    NEVER_FAULTS = "Nothing is skipped: machines fail by themselves, and what is skipped would have had its share of failures.", "머신이 저절로 고장 나므로 건너뛰지 않습니다. 건너뛴 시간에도 고장이 있었을 것입니다.";
    NEVER_CRASHES = "Nothing is skipped: processes crash, and what is skipped would have had its share of crashes.", "프로세스가 갑자기 죽으므로 건너뛰지 않습니다. 건너뛴 시간에도 그런 일이 있었을 것입니다.";
    SATURATED = "The simulator reached its limit of requests in flight: past that moment the numbers say little.", "시뮬레이터가 동시 요청 한계에 이르렀습니다. 그 뒤의 숫자는 믿기 어렵습니다.";
    REFRESH = "Refresh", "새로 고침";
    COPY_JSON = "Copy JSON", "JSON 복사";
    SAVE_JSON = "Save JSON", "JSON 저장";
    SAVE_CSV = "Save CSV", "CSV 저장";
    JSON_HELP = "Just what the command headroom run --json prints", "headroom run --json 명령이 출력하는 것과 같습니다";
    CSV_HELP = "One row per number: node, kind, class, field, value", "숫자마다 한 줄: 노드, 종류, 분류, 항목, 값";
    COPY_FAILED = "The browser does not let the page copy: save the JSON instead.", "브라우저가 복사를 막았습니다. JSON으로 저장하세요.";
    USERS = "What users see", "사용자가 겪은 것";
    NODES = "Every node", "노드별";
    NODE = "Node", "노드";
    OPEN_HINT = "Open a node for its classes, percentiles, failures and own numbers.", "노드를 펼치면 분류별 수치, 백분위수, 실패, 고유 지표가 나옵니다.";
    MEANINGS = "What the columns mean", "각 열의 뜻";
    TABLE_FLOW = "Requests", "요청";
    TABLE_TIMES = "Times", "시간";
    TABLE_FAILURES = "Failures by reason", "이유별 실패";
    TABLE_LOAD = "Load", "부하";
    TABLE_OWN = "Measured only here: {kind}", "{kind} 고유 지표";
    NO_FAILURES = "Nothing failed.", "실패가 없습니다.";
    REASON = "Reason", "이유";
    CLASS = "Class", "분류";
    ALL_CLASSES = "all", "전체";
    RESPONSE_OF = "Response", "응답";
    WAIT_OF = "Wait", "대기";
    MORE_THAN = "More than", "넘는 수";
    SHARE_OF_TIME = "Share of time", "시간 비율";
    NUMBER = "No.", "번호";
    MEAN = "mean", "평균";
    SD = "sd", "표준편차";
    MAX = "max", "최대";
    SD_HELP = "Standard deviation", "표준편차입니다.";
    GUESS = "~ fewer than ten answers lie beyond this percentile: run longer to trust it.", "~ 이 백분위수를 넘는 응답이 열 개가 안 됩니다. 더 오래 돌려야 믿을 수 있습니다.";
    YES = "yes", "예";
    NO = "no", "아니요";
    SHIELD = "shield", "실드";
    CLASS_READ = "reads", "읽기";
    CLASS_WRITE = "writes", "쓰기";
    CLASS_STATIC = "static files", "정적 파일";
    CLASS_QUERY = "queries", "검색";
    CLASS_JOB = "jobs", "작업";
}

/// What the classes of requests are called, by their name in a summary.
pub const CLASSES: &[(&str, Text)] = &[
    ("read", CLASS_READ),
    ("write", CLASS_WRITE),
    ("static", CLASS_STATIC),
    ("query", CLASS_QUERY),
    ("job", CLASS_JOB),
];

/// Words that a summary may have as a value.
pub const WORDS: &[(&str, Text)] = &[("shield", SHIELD)];

const fn field(
    id: &'static str,
    unit: Unit,
    (en, ko): (&'static str, &'static str),
    (help_en, help_ko): (&'static str, &'static str),
) -> MetricSpec {
    MetricSpec { id, unit, label: Text::new(en, ko), help: Text::new(help_en, help_ko) }
}

/// The fields of a summary, in the order in which they are shown. A field of a list has the list's name before it
/// (`shards.items`), one whose meaning hangs on the kind may have the kind's (`cache.items`); a distribution is named
/// without its ending (`lag` for `lag_p99_s`).
#[rustfmt::skip]
pub const FIELDS: &[MetricSpec] = &[
    // What every node has.
    field("arrivals", Unit::Count, ("Arrivals", "도착"), ("Requests that came.", "들어온 요청 수입니다.")),
    field("completions", Unit::Count, ("Completed", "완료"), ("Requests answered with success.", "성공으로 응답한 요청 수입니다.")),
    field("failures_total", Unit::Count, ("Failed", "실패"), ("Requests that failed, for whatever reason.", "이유를 막론하고 실패한 요청 수입니다.")),
    field("failure_share", Unit::Share, ("Failure share", "실패 비율"), ("Failures over all that left.", "나간 요청 가운데 실패한 비율입니다.")),
    field("in_flight", Unit::Count, ("Inside now", "현재 처리 중"), ("Requests inside at this moment.", "이 시점에 안에 있는 요청 수입니다.")),
    field("arrival_rate_rps", Unit::Rate, ("Arrival rate", "도착률"), ("Requests that came per second.", "초당 들어온 요청 수입니다.")),
    field("throughput_rps", Unit::Rate, ("Throughput", "처리량"), ("Successful answers per second.", "초당 성공 응답 수입니다.")),
    field("in_system_mean", Unit::Count, ("Mean in system", "평균 처리 중"), ("Mean number inside over time, waiting or being served (Little: arrival rate × time inside).", "시간 평균으로 안에 있던 요청 수(대기+처리). 리틀의 법칙: 도착률 × 머무는 시간.")),
    field("queue_mean", Unit::Count, ("Mean in queue", "평균 대기 수"), ("Mean number that waits for a free worker.", "시간 평균으로 빈 작업자를 기다리던 요청 수입니다.")),
    field("utilization", Unit::Share, ("Utilisation", "사용률"), ("Busy time of workers over the time that they were up.", "작업자가 살아 있던 시간 가운데 바빴던 비율입니다.")),
    field("delayed_share", Unit::Share, ("Had to wait", "기다린 비율"), ("Share of requests that waited before their service began.", "처리되기 전에 기다려야 했던 요청의 비율입니다.")),
    field("found_empty_share", Unit::Share, ("Found it empty", "비어 있던 비율"), ("Share of arrivals that found nobody inside.", "도착했을 때 안에 아무도 없었던 요청의 비율입니다.")),
    field("time_share_with_more_than", Unit::Share, ("Share of time with more than n inside", "n개보다 많이 있던 시간의 비율"), ("How the number inside was spread over time.", "안에 있던 요청 수가 시간에 따라 어떻게 나뉘었는지 보여 줍니다.")),
    field("response", Unit::Seconds, ("Response time", "응답 시간"), ("From arrival to a successful answer, what it calls included; for users from the first attempt on.", "도착부터 성공 응답까지의 시간(뒤에서 부르는 것 포함). 사용자는 첫 시도부터 셉니다.")),
    field("wait", Unit::Seconds, ("Wait", "대기 시간"), ("From arrival to the start of service.", "도착부터 처리가 시작될 때까지의 시간입니다.")),
    field("ci95_response_mean_s", Unit::Seconds, ("Mean response ±", "평균 응답 ±"), ("Half the width of the 95% confidence interval of the mean response (batch means).", "평균 응답 시간의 95% 신뢰 구간 폭의 절반입니다(묶음 평균).")),
    field("ci95_wait_mean_s", Unit::Seconds, ("Mean wait ±", "평균 대기 ±"), ("Half the width of the 95% confidence interval of the mean wait (batch means).", "평균 대기 시간의 95% 신뢰 구간 폭의 절반입니다(묶음 평균).")),
    field("answers_for_1_percent", Unit::Count, ("Answers for ±1%", "±1%에 필요한 응답"), ("Answers that a run needs before its mean response is known to one per cent.", "평균 응답 시간을 1%까지 알려면 필요한 응답 수입니다.")),
    field("waits_for_1_percent", Unit::Count, ("Waits for ±1%", "±1%에 필요한 대기"), ("Requests that a run needs before its mean wait is known to one per cent.", "평균 대기 시간을 1%까지 알려면 필요한 요청 수입니다.")),
    // Users.
    field("retries", Unit::Count, ("Retries", "재시도"), ("Attempts after the first: load that trouble makes.", "첫 시도 뒤의 시도 수. 문제가 만들어 낸 부하입니다.")),
    field("wasted_answers", Unit::Count, ("Wasted answers", "버려진 응답"), ("Answers that came after the client had given up.", "클라이언트가 포기한 뒤에 도착한 응답 수입니다.")),
    field("read_backs", Unit::Count, ("Reads of own writes", "자기 글 읽기"), ("Reads by authors of what they have just written.", "방금 쓴 사람이 자기 글을 다시 읽은 횟수입니다.")),
    field("read_your_writes_violation_share", Unit::Share, ("Own write not seen", "자기 글이 안 보임"), ("Share of those reads that did not see the write.", "그 가운데 자기가 쓴 것이 보이지 않았던 비율입니다.")),
    field("present", Unit::Count, ("Present", "접속 중"), ("Visitors who are there at this moment.", "이 시점에 머물고 있는 방문자 수입니다.")),
    field("think_mean_s", Unit::Seconds, ("Mean thinking time", "평균 생각 시간"), ("Time between an answer and the visitor's next request.", "응답을 받고 다음 요청을 보낼 때까지의 시간입니다.")),
    field("received_bytes", Unit::Count, ("Received", "받은 양"), ("Bytes of the answers that users got.", "사용자가 받은 응답의 바이트 수입니다.")),
    field("pages_broken", Unit::Count, ("Broken pages", "깨진 페이지"), ("Pages of which a part failed.", "일부를 받지 못한 페이지 수입니다.")),
    field("page", Unit::Seconds, ("Page time", "페이지 시간"), ("From opening a page until it and all its parts are there.", "페이지를 열고 딸린 파일까지 모두 받을 때까지의 시간입니다.")),
    field("log_ins", Unit::Count, ("Log-ins", "로그인"), ("Visitors who logged in.", "로그인한 횟수입니다.")),
    field("log_outs", Unit::Count, ("Log-outs", "로그아웃"), ("Visitors who logged out.", "로그아웃한 횟수입니다.")),
    // Sessions.
    field("sessions", Unit::Count, ("Sessions", "세션"), ("Sessions that are kept at this moment.", "이 시점에 보관 중인 세션 수입니다.")),
    field("sessions_per_server", Unit::Count, ("Sessions per server", "서버별 세션"), ("Sessions that each server keeps at this moment.", "이 시점에 각 서버가 보관한 세션 수입니다.")),
    field("sessions_lost", Unit::Count, ("Lost sessions", "잃은 세션"), ("Sessions that died with what kept them: those users have to log in again.", "보관하던 곳과 함께 사라진 세션 수. 그 사용자는 다시 로그인해야 합니다.")),
    field("sessions_evicted", Unit::Count, ("Evicted sessions", "밀려난 세션"), ("Sessions pushed out of a full store.", "저장소가 가득 차 밀려난 세션 수입니다.")),
    field("sent_bytes", Unit::Count, ("Sent", "보낸 양"), ("Bytes that it sent.", "보낸 바이트 수입니다.")),
    field("sessions_expired", Unit::Count, ("Expired sessions", "만료된 세션"), ("Sessions that were not used for their lifetime.", "수명 동안 쓰이지 않아 끝난 세션 수입니다.")),
    // Tiers of servers and workers.
    field("instances", Unit::Count, ("Instances now", "인스턴스(현재)"), ("Instances that take work at this moment.", "이 시점에 일을 받는 인스턴스 수입니다.")),
    field("instances_mean", Unit::Count, ("Instances, mean", "인스턴스(평균)"), ("Working instances, mean over time.", "일하던 인스턴스 수의 시간 평균입니다.")),
    field("instances_peak", Unit::Count, ("Instances, most", "인스턴스(최대)"), ("Most instances that worked at once.", "동시에 일한 인스턴스의 최대 수입니다.")),
    field("booted", Unit::Count, ("Booted", "부팅"), ("Instances that finished booting.", "부팅을 마친 인스턴스 수입니다.")),
    field("drained", Unit::Count, ("Drained", "비우고 내려감"), ("Instances that finished what they had and left.", "맡은 일을 끝내고 내려간 인스턴스 수입니다.")),
    field("faults", Unit::Count, ("Faults", "고장"), ("Times that an instance failed by itself.", "인스턴스가 스스로 고장 난 횟수입니다.")),
    field("unavailability", Unit::Share, ("Unavailability", "불가용 비율"), ("Share of time with too few working instances.", "일하는 인스턴스가 모자랐던 시간의 비율입니다.")),
    field("release", Unit::Count, ("Release", "릴리스"), ("Number of the release that runs.", "지금 도는 릴리스의 번호입니다.")),
    field("crashes", Unit::Count, ("Crashes", "죽은 횟수"), ("Times that a worker died with the message it had.", "작업자가 맡은 메시지와 함께 죽은 횟수입니다.")),
    // Message queue.
    field("delay", Unit::Seconds, ("Delay", "처리까지 걸린 시간"), ("From publishing a message until it is done.", "메시지를 발행하고 처리가 끝날 때까지의 시간입니다.")),
    field("published", Unit::Count, ("Published", "발행"), ("Messages taken on.", "접수한 메시지 수입니다.")),
    field("delivered", Unit::Count, ("Delivered", "전달"), ("Deliveries to workers, repeated ones too.", "작업자에게 전달한 횟수(다시 전달한 것 포함)입니다.")),
    field("redelivered", Unit::Count, ("Redelivered", "재전달"), ("Deliveries of messages that were delivered before.", "이미 전달했던 메시지를 다시 전달한 횟수입니다.")),
    field("done", Unit::Count, ("Done", "완료"), ("Messages done and deleted.", "처리되어 지워진 메시지 수입니다.")),
    field("deliveries_mean", Unit::Count, ("Deliveries per message", "메시지당 전달"), ("How often a message was delivered before it was done or given up, mean.", "끝나거나 포기할 때까지 메시지 하나를 평균 몇 번 전달했는지입니다.")),
    field("duplicates", Unit::Count, ("Duplicates", "중복 처리"), ("Messages that were processed again after they were done.", "끝난 뒤에 또 처리된 메시지 수입니다.")),
    field("processed_after_given_up", Unit::Count, ("Done too late", "포기 후 처리"), ("Messages that were processed after the queue had given them up.", "큐가 포기한 뒤에 처리된 메시지 수입니다.")),
    field("dead_letters", Unit::Count, ("Dead letters", "데드 레터"), ("Messages given up after too many deliveries.", "너무 여러 번 전달되어 포기한 메시지 수입니다.")),
    field("dead_letter_share", Unit::Share, ("Dead letter share", "데드 레터 비율"), ("Share of messages that were given up.", "포기한 메시지의 비율입니다.")),
    field("expired", Unit::Count, ("Expired", "만료"), ("Messages that were kept for too long.", "보관 기간을 넘긴 메시지 수입니다.")),
    field("lost", Unit::Count, ("Lost", "유실"), ("Messages acknowledged and gone.", "접수를 알렸지만 사라진 메시지 수입니다.")),
    field("messages_waiting", Unit::Count, ("Waiting now", "대기 중"), ("Messages that wait for a worker at this moment.", "이 시점에 작업자를 기다리는 메시지 수입니다.")),
    field("messages_unfinished", Unit::Count, ("In workers' hands", "작업자가 맡은 것"), ("Messages that were delivered and are not done yet.", "전달되었지만 아직 처리되지 않은 메시지 수입니다.")),
    field("messages_carried", Unit::Count, ("Carried over", "넘어온 메시지"), ("Messages that were there when counting began.", "집계를 시작할 때 이미 있던 메시지 수입니다.")),
    field("backlog_mean", Unit::Count, ("Backlog, mean", "적체(평균)"), ("Waiting messages, mean over time.", "기다리던 메시지 수의 시간 평균입니다.")),
    field("backlog_peak", Unit::Count, ("Backlog, most", "적체(최대)"), ("Most messages that waited at once.", "동시에 기다린 메시지의 최대 수입니다.")),
    field("publishers_waiting", Unit::Count, ("Publishers waiting", "기다리는 발행자"), ("Publishers that wait for room at this moment.", "이 시점에 자리가 나기를 기다리는 발행자 수입니다.")),
    // Load balancer.
    field("requests_per_server", Unit::Count, ("Requests per server", "서버별 요청"), ("Requests sent to each server, in the order of wires and instances.", "각 서버로 보낸 요청 수(선과 인스턴스 순서).")),
    // Cache.
    field("hit_ratio", Unit::Share, ("Hit ratio", "적중률"), ("Share of lookups that the cache answered itself.", "조회 가운데 캐시가 스스로 답한 비율입니다.")),
    field("lookups", Unit::Count, ("Lookups", "조회"), ("Reads that asked the cache.", "캐시에 물은 읽기 수입니다.")),
    field("hits", Unit::Count, ("Hits", "적중"), ("Lookups that the cache answered itself.", "캐시가 스스로 답한 조회 수입니다.")),
    field("stale_hit_share", Unit::Share, ("Stale hits", "오래된 적중"), ("Share of hits whose item was written since it was fetched.", "가져온 뒤에 새로 쓰인 항목을 돌려준 적중의 비율입니다.")),
    field("query_lookups", Unit::Count, ("Query lookups", "질의 조회"), ("Queries that asked the cache for their result.", "캐시에 결과를 물은 질의 수입니다.")),
    field("query_hit_ratio", Unit::Share, ("Query hit ratio", "질의 적중률"), ("Share of them whose result the cache had.", "그중 캐시에 결과가 있던 비율입니다.")),
    field("query_stale_hit_share", Unit::Share, ("Stale query hits", "오래된 질의 적중"), ("Share of those hits whose item was written since.", "그 적중 가운데 그 뒤에 항목이 쓰인 비율입니다.")),
    field("query_results", Unit::Count, ("Query results", "질의 결과"), ("Results of queries held at the end.", "끝에 담고 있는 질의 결과 수입니다.")),
    field("coalesced", Unit::Count, ("Shared fetches", "합쳐진 조회"), ("Misses that waited for another's fetch instead of making their own.", "직접 가져오지 않고 다른 요청이 가져오기를 기다린 조회 수입니다.")),
    field("evictions", Unit::Count, ("Evictions", "밀려난 항목"), ("Items pushed out to make room.", "자리를 내려고 내보낸 항목 수입니다.")),
    field("items_mean", Unit::Count, ("Items, mean", "항목 수(평균)"), ("Live items, mean over time.", "살아 있는 항목 수의 시간 평균입니다.")),
    field("items", Unit::Count, ("Items now", "항목 수(현재)"), ("Live items at this moment.", "이 시점에 살아 있는 항목 수입니다.")),
    field("unsaved_writes", Unit::Count, ("Unsaved writes", "저장 전 쓰기"), ("Writes that only the cache has at this moment.", "이 시점에 캐시에만 있는 쓰기 수입니다.")),
    field("asset_requests", Unit::Count, ("Asset requests", "자산 요청"), ("Requests for static assets that edges looked up.", "엣지가 찾아본 정적 자산 요청 수입니다.")),
    field("edge_hit_ratio", Unit::Share, ("Edge hit ratio", "엣지 적중률"), ("Share of them that an edge answered itself.", "그중 엣지가 스스로 답한 비율입니다.")),
    field("byte_hit_ratio", Unit::Share, ("Byte hit ratio", "바이트 적중률"), ("The same, of their bytes.", "같은 것을 바이트로 센 비율입니다.")),
    field("shield_hit_ratio", Unit::Share, ("Shield hit ratio", "실드 적중률"), ("Share of what edges asked the shield for and it had.", "엣지가 실드에 물은 것 중 실드가 가지고 있던 비율입니다.")),
    field("origin_requests", Unit::Count, ("Origin requests", "원본 요청"), ("Fetches of assets from the origin.", "원본에서 자산을 가져온 횟수입니다.")),
    field("origin_share", Unit::Share, ("Share at the origin", "원본 비율"), ("Those, over all asset requests.", "전체 자산 요청 가운데 그 비율입니다.")),
    field("stale_asset_share", Unit::Share, ("Stale assets", "오래된 자산"), ("Assets served that were older than the newest release.", "내보낸 자산 중 최신 릴리스보다 오래된 것의 비율입니다.")),
    field("edges", Unit::Count, ("Edges", "엣지"), ("What each edge, and the shield, was asked and had.", "엣지와 실드마다 받은 요청과 적중입니다.")),
    field("edges.edge", Unit::Count, ("Edge", "엣지"), ("Which edge, or the shield.", "몇 번째 엣지인지, 또는 실드인지입니다.")),
    field("edges.requests", Unit::Count, ("Requests", "요청"), ("Assets that it was asked for.", "여기에 물은 자산 수입니다.")),
    field("edges.hit_ratio", Unit::Share, ("Hit ratio", "적중률"), ("Share of them that it had.", "그중 가지고 있던 비율입니다.")),
    field("edges.stored_mb", Unit::Count, ("Stored, MB", "저장량, MB"), ("Room taken at the end.", "끝에 차지한 공간입니다.")),
    field("throttled", Unit::Count, ("Turned away", "돌려보냄"), ("Requests that came faster than their prefix allows.", "접두사의 한도보다 빨리 와서 돌려보낸 요청 수입니다.")),
    field("stored_gb", Unit::Count, ("Stored, GB", "저장량, GB"), ("Gigabytes kept at the end.", "끝에 담고 있는 기가바이트입니다.")),
    field("cache.lost_writes", Unit::Count, ("Lost writes", "잃은 쓰기"), ("Acknowledged writes that were lost with a node before they were saved.", "응답까지 했지만 저장하기 전에 노드와 함께 사라진 쓰기 수입니다.")),
    // Relational database.
    field("lag", Unit::Seconds, ("Replica lag", "복제 지연"), ("From a commit to its application on a replica, over all replicas.", "커밋부터 복제본에 적용될 때까지의 시간(모든 복제본).")),
    field("commits", Unit::Count, ("Commits", "커밋"), ("Writes committed at the primary.", "주 서버가 커밋한 쓰기 수입니다.")),
    field("reads", Unit::Count, ("Reads", "읽기"), ("Reads answered.", "응답한 읽기 수입니다.")),
    field("replica_reads", Unit::Count, ("Reads by replicas", "복제본 읽기"), ("Reads that a replica answered.", "그 가운데 복제본이 답한 수입니다.")),
    field("stale_read_share", Unit::Share, ("Stale reads", "오래된 읽기"), ("Share of reads that missed the item's last committed write.", "마지막으로 커밋된 쓰기를 보지 못한 읽기의 비율입니다.")),
    field("stale_replica_read_share", Unit::Share, ("Stale reads by replicas", "오래된 복제본 읽기"), ("The same, of the reads by replicas alone.", "복제본이 답한 읽기 가운데 오래된 것의 비율입니다.")),
    field("lost_writes", Unit::Count, ("Lost writes", "잃은 쓰기"), ("Acknowledged writes that a failover has lost.", "응답까지 했지만 장애 조치로 사라진 쓰기 수입니다.")),
    field("failovers", Unit::Count, ("Failovers", "장애 조치"), ("Times that a replica became primary.", "복제본이 주 서버가 된 횟수입니다.")),
    field("no_primary_s", Unit::Seconds, ("Without a primary", "주 서버 없던 시간"), ("Time in which no primary could take writes.", "쓰기를 받을 주 서버가 없던 시간입니다.")),
    field("detection_mean_s", Unit::Seconds, ("Death noticed after", "장애 감지까지"), ("From the primary's death until it was noticed, mean.", "주 서버가 죽고 나서 알아챌 때까지의 평균 시간입니다.")),
    field("rto_mean_s", Unit::Seconds, ("Recovery time (RTO)", "복구 시간(RTO)"), ("From the primary's death until another had taken over, mean.", "주 서버가 죽고 나서 다른 서버가 넘겨받을 때까지의 평균 시간입니다.")),
    field("rpo_max_s", Unit::Seconds, ("Data loss window (RPO)", "손실 구간(RPO)"), ("Age, at the crash, of the oldest acknowledged write that was lost.", "죽는 순간 기준으로, 잃어버린 쓰기 가운데 가장 오래된 것의 나이입니다.")),
    field("machines_replaced", Unit::Count, ("Machines replaced", "교체한 서버"), ("New machines that took the place of dead ones.", "죽은 서버를 대신한 새 서버 수입니다.")),
    field("unprotected_writes", Unit::Count, ("Unprotected writes", "보호 못 한 쓰기"), ("Writes acknowledged without the replicas that should have had them.", "있어야 할 복제본 없이 응답한 쓰기 수입니다.")),
    field("convergence", Unit::Seconds, ("Convergence", "수렴 시간"), ("From a commit until every machine that lives has it.", "커밋부터 살아 있는 모든 서버에 퍼질 때까지의 시간입니다.")),
    field("conflicting_writes", Unit::Count, ("Conflicting writes", "충돌한 쓰기"), ("Writes that met another at another primary, neither knowing of the other.", "서로 모르는 채 다른 주 서버의 쓰기와 부딪힌 쓰기 수입니다.")),
    field("conflict_share", Unit::Share, ("Conflict share", "충돌 비율"), ("Share of writes that met another like this.", "그렇게 부딪힌 쓰기의 비율입니다.")),
    field("rejected_writes", Unit::Count, ("Rejected writes", "거절한 쓰기"), ("Writes that failed because an earlier one had won the vote.", "먼저 온 쓰기가 투표에서 이겨 실패한 쓰기 수입니다.")),
    field("lag_now_s", Unit::Seconds, ("Lag now", "현재 지연"), ("Age of the oldest commit that each machine has not applied.", "서버마다 아직 적용하지 못한 가장 오래된 커밋의 나이입니다.")),
    field("lock_delayed_share", Unit::Share, ("Waited for a lock", "잠금을 기다린 비율"), ("Share of writes that waited for their row.", "자기 행을 기다려야 했던 쓰기의 비율입니다.")),
    field("lock_wait", Unit::Seconds, ("Lock wait", "잠금 대기"), ("From a write's arrival until it had its row.", "쓰기가 도착해 자기 행을 얻을 때까지의 시간입니다.")),
    field("replicas", Unit::Count, ("Replicas", "복제본"), ("Lag of each replica.", "복제본마다의 지연입니다.")),
    field("replicas.machine", Unit::Count, ("Machine", "서버"), ("Which machine.", "몇 번째 서버인지입니다.")),
    field("replicas.behind", Unit::Count, ("Behind", "밀린 커밋"), ("Commits that it has not yet applied.", "아직 적용하지 못한 커밋 수입니다.")),
    field("replicas.lag_now_s", Unit::Seconds, ("Lag now", "현재 지연"), ("Age of the oldest commit that it has not applied.", "아직 적용하지 못한 가장 오래된 커밋의 나이입니다.")),
    // NoSQL store.
    field("writes", Unit::Count, ("Writes", "쓰기"), ("Writes acknowledged.", "응답한 쓰기 수입니다.")),
    field("writes_kept", Unit::Count, ("Writes kept", "맡아 둔 쓰기"), ("Writes kept for copies that were dead when they came.", "왔을 때 죽어 있던 복사본을 위해 맡아 둔 쓰기 수입니다.")),
    field("kept_writes_dropped", Unit::Count, ("Kept writes dropped", "포기한 쓰기"), ("Kept writes that were given up because there were too many.", "너무 많아 포기한, 맡아 둔 쓰기 수입니다.")),
    field("read_repairs", Unit::Count, ("Read repairs", "읽기 복구"), ("Old copies that reads have brought up to date.", "읽다가 새것으로 고친 오래된 복사본 수입니다.")),
    field("ring_nodes", Unit::Count, ("Nodes", "노드"), ("Load of each node.", "노드마다의 부하입니다.")),
    field("ring_nodes.ring_node", Unit::Count, ("Node", "노드"), ("Which node.", "몇 번째 노드인지입니다.")),
    field("ring_nodes.requests", Unit::Count, ("Requests", "요청"), ("Copies asked there.", "여기에 물은 복사본 수입니다.")),
    field("ring_nodes.utilization", Unit::Share, ("Utilisation", "사용률"), ("Busy time of its workers over the time that they were up.", "작업자가 켜져 있던 시간 가운데 바빴던 비율입니다.")),
    field("ring_nodes.hints", Unit::Count, ("To hand over", "넘겨줄 쓰기"), ("Writes still to hand over at the end.", "끝날 때까지 넘겨주지 못한 쓰기 수입니다.")),
    // Sharded database.
    field("hottest_over_mean", Unit::Ratio, ("Hottest over mean", "최대/평균"), ("Requests of the busiest shard over the mean of all: 1 is even.", "가장 바쁜 샤드의 요청을 평균으로 나눈 값. 1이면 고릅니다.")),
    field("items_moved", Unit::Count, ("Items moved", "옮긴 항목"), ("Items that added shards have moved in all.", "샤드를 추가하면서 옮긴 항목의 누적 수입니다.")),
    field("items_moved_share", Unit::Share, ("Moved by the last shard", "마지막 샤드가 옮긴 비율"), ("Share of all items that the last added shard has moved.", "마지막에 추가한 샤드 때문에 옮겨 간 항목의 비율입니다.")),
    field("shards", Unit::Count, ("Shards", "샤드"), ("Load of each shard.", "샤드마다의 부하입니다.")),
    field("shards.shard", Unit::Count, ("Shard", "샤드"), ("Which shard.", "몇 번째 샤드인지입니다.")),
    field("shards.requests", Unit::Count, ("Requests", "요청"), ("Requests that it served.", "이 샤드가 처리한 요청 수입니다.")),
    field("shards.request_share", Unit::Share, ("Share of requests", "요청 비율"), ("Its part of all requests.", "전체 요청 가운데 이 샤드의 몫입니다.")),
    field("shards.items", Unit::Count, ("Items", "항목"), ("Items stored there.", "여기에 저장된 항목 수입니다.")),
    field("shards.utilization", Unit::Share, ("Utilisation", "사용률"), ("Busy time of its workers over the time that they were up.", "작업자가 살아 있던 시간 가운데 바빴던 비율입니다.")),
    field("shards.inserts", Unit::Count, ("Inserts", "새 항목"), ("New items that came to it.", "이 샤드에 더해진 새 항목 수입니다.")),
    field("items_to_move", Unit::Count, ("Items to move", "옮길 항목"), ("Items that a move under way has still to copy.", "진행 중인 이동에서 아직 복사하지 못한 항목 수입니다.")),
    field("bytes_moved", Unit::Count, ("Bytes moved", "옮긴 바이트"), ("Bytes that moves have copied.", "이동하면서 복사한 바이트 수입니다.")),
    field("double_reads", Unit::Count, ("Double reads", "이중 읽기"), ("Reads that asked both the old place and the new one.", "옛 자리와 새 자리 두 곳에 물은 읽기 수입니다.")),
    field("hottest_items", Unit::Count, ("Hottest items", "가장 인기 있는 항목"), ("The items asked for most.", "가장 많이 요청된 항목들입니다.")),
    field("hottest_items.item", Unit::Count, ("Item (rank)", "항목(순위)"), ("Popularity rank, from 0.", "인기 순위(0부터).")),
    field("hottest_items.share", Unit::Share, ("Share of requests", "요청 비율"), ("Its part of all requests.", "전체 요청 가운데 이 항목의 몫입니다.")),
    field("hottest_items.shard", Unit::Count, ("Shard", "샤드"), ("Where it lives.", "저장된 샤드입니다.")),
    // Autoscaler, name server, CDN, object store, monitoring.
    field("scale_outs", Unit::Count, ("Scaled out", "확장"), ("Times that instances were added.", "인스턴스를 늘린 횟수입니다.")),
    field("scale_ins", Unit::Count, ("Scaled in", "축소"), ("Times that instances were taken away.", "인스턴스를 줄인 횟수입니다.")),
    field("wanted", Unit::Count, ("Wanted now", "원하는 수"), ("Instances that it wants at this moment.", "이 시점에 원하는 인스턴스 수입니다.")),
    field("wanted_story", Unit::Count, ("How it changed", "바뀐 과정"), ("The numbers of instances that it wanted, one after the other, for each tier.", "티어마다 원했던 인스턴스 수를 차례대로 보여 줍니다.")),
    field("dns.lookups", Unit::Count, ("Lookups", "조회"), ("Questions that reached this name server.", "이 이름 서버까지 온 질의 수입니다.")),
    field("sent_to_dead_sites", Unit::Count, ("Sent to dead sites", "죽은 사이트로 보냄"), ("Requests that a remembered answer sent to a site that was dead.", "기억해 둔 답 때문에 죽은 사이트로 간 요청 수입니다.")),
    field("requests_per_site", Unit::Count, ("Requests per site", "사이트별 요청"), ("Requests that went to each site, in the order of wires.", "각 사이트로 간 요청 수(선 순서).")),
    field("alarms", Unit::Count, ("Alarms", "경보"), ("Times that an alarm went off.", "경보가 울린 횟수입니다.")),
    field("alarm_actions", Unit::Count, ("Alarm actions", "경보 조치"), ("Times that an alarm did something.", "경보가 조치를 실행한 횟수입니다.")),
    field("first_alarm_s", Unit::Seconds, ("First alarm at", "첫 경보 시각"), ("Moment of the first alarm.", "첫 경보가 울린 시각입니다.")),
    field("logged_requests", Unit::Count, ("Logged requests", "기록한 요청"), ("Requests that were written to the log.", "로그에 남긴 요청 수입니다.")),
    field("revenue_usd", Unit::Money, ("Revenue", "매출"), ("What the answered requests have earned.", "응답한 요청이 벌어들인 금액입니다.")),
    field("lost_usd", Unit::Money, ("Lost revenue", "잃은 매출"), ("What the failed requests would have earned.", "실패하지 않았다면 벌었을 금액입니다.")),
    field("users_lost", Unit::Count, ("Users lost", "떠난 사용자"), ("Users driven away by requests that failed or were too slow.", "실패하거나 너무 느린 응답 때문에 떠난 사용자 수입니다.")),
    field("daily_active_users", Unit::Count, ("Daily active users", "일간 활성 사용자"), ("Different users who got an answer on a day, without those driven away; mean of whole days.", "하루에 응답을 받은 서로 다른 사용자 수(떠난 사용자 제외)의 하루 평균입니다.")),
    field("retention", Unit::Share, ("Retention", "재방문율"), ("Of the users of a day, the share that was not driven away on it.", "그날 온 사용자 가운데 떠나지 않은 비율입니다.")),
    field("requests_good_share", Unit::Share, ("Good requests", "좋은 요청 비율"), ("Share of requests that were answered with success.", "성공으로 응답한 요청의 비율입니다.")),
    // Wires.
    field("wires", Unit::Count, ("Wires", "선"), ("Calls over each wire, and what its settings did to them.", "선마다 오간 호출과, 설정이 한 일입니다.")),
    field("wires.from", Unit::Count, ("From", "부르는 곳"), ("Who calls.", "호출하는 노드입니다.")),
    field("wires.to", Unit::Count, ("To", "불리는 곳"), ("Who is called.", "호출을 받는 노드입니다.")),
    field("wires.calls", Unit::Count, ("Calls", "호출"), ("Calls that the caller wanted to make.", "부르는 쪽이 하려던 호출 수입니다.")),
    field("wires.failed", Unit::Count, ("Failed", "실패"), ("Calls that failed after all their attempts.", "모든 시도가 실패한 호출 수입니다.")),
    field("wires.attempts", Unit::Count, ("Attempts", "시도"), ("Attempts that were sent.", "보낸 시도 수입니다.")),
    field("wires.attempts_per_call", Unit::Ratio, ("Attempts per call", "호출당 시도"), ("How many attempts a call made, mean.", "호출 하나가 평균 몇 번 시도했는지입니다.")),
    field("wires.retries", Unit::Count, ("Retries", "재시도"), ("Attempts after a failed one.", "실패한 뒤 다시 한 시도 수입니다.")),
    field("wires.timeouts", Unit::Count, ("Timeouts", "시간 초과"), ("Attempts that the caller gave up waiting for.", "부르는 쪽이 기다리다 포기한 시도 수입니다.")),
    field("wires.hedges", Unit::Count, ("Hedges", "헤지"), ("Reads that were sent a second time.", "한 번 더 보낸 읽기 수입니다.")),
    field("wires.hedge_wins", Unit::Count, ("Hedges that won", "이긴 헤지"), ("Reads whose second answer came first.", "두 번째 응답이 먼저 온 읽기 수입니다.")),
    field("wires.refused_circuit_open", Unit::Count, ("Refused: circuit open", "거절: 회로 열림"), ("Calls that an open circuit breaker did not let through.", "열린 회로 차단기가 막은 호출 수입니다.")),
    field("wires.refused_rate_limited", Unit::Count, ("Refused: rate limit", "거절: 속도 제한"), ("Attempts over the rate limit.", "속도 제한을 넘긴 시도 수입니다.")),
    field("wires.refused_retry_budget", Unit::Count, ("Refused: retry budget", "거절: 재시도 예산"), ("Retries that the budget did not allow.", "예산이 허락하지 않은 재시도 수입니다.")),
    field("wires.lost", Unit::Count, ("Lost", "유실"), ("Attempts that the network lost.", "네트워크에서 사라진 시도 수입니다.")),
    field("wires.cancelled", Unit::Count, ("Cancelled", "취소"), ("Attempts whose caller sent word that it no longer waits.", "부르는 쪽이 더 기다리지 않는다고 알린 시도 수입니다.")),
    field("wires.wasted_answers", Unit::Count, ("Wasted answers", "버려진 응답"), ("Answers that nobody waited for.", "아무도 기다리지 않던 응답 수입니다.")),
    field("wires.connections_made", Unit::Count, ("Connections made", "새 연결"), ("Connections that were opened anew.", "새로 연 연결 수입니다.")),
    field("wires.circuit_opened", Unit::Count, ("Circuit opened", "회로가 열린 횟수"), ("Times that a circuit breaker opened.", "회로 차단기가 열린 횟수입니다.")),
    field("wires.circuit_open_share", Unit::Share, ("Circuit open", "회로가 열린 비율"), ("Share of time that it was not closed.", "닫혀 있지 않던 시간의 비율입니다.")),
    field("wires.measured_p95_s", Unit::Seconds, ("Measured p95", "측정한 p95"), ("The p95 that hedges wait for, as last measured.", "헤지가 기다리는 기준이 되는, 마지막으로 잰 p95입니다.")),
    field("wires.answer_bytes", Unit::Count, ("Size of answers", "응답 크기"), ("Bytes of all answers.", "모든 응답의 바이트 수입니다.")),
    field("wires.link_utilization", Unit::Share, ("Link busy", "회선 사용률"), ("Share of time that the link was sending.", "회선이 보내고 있던 시간의 비율입니다.")),
    // Places.
    field("places", Unit::Count, ("Places", "장소"), ("Each place; a machine whose cores are shared says how busy they were.", "장소마다의 수치. 코어를 나눠 쓰는 서버는 얼마나 바빴는지 보여 줍니다.")),
    field("places.id", Unit::Count, ("Place", "장소"), ("Which place.", "어느 장소인지입니다.")),
    field("places.kind", Unit::Count, ("Kind", "종류"), ("What it is.", "무엇인지입니다.")),
    field("places.utilization", Unit::Share, ("Cores busy", "코어 사용률"), ("Share of the cores' time that was busy.", "코어가 바빴던 시간의 비율입니다.")),
    field("places.jobs_mean", Unit::Count, ("Jobs, mean", "작업 수(평균)"), ("Mean number of jobs that share the cores.", "코어를 나눠 쓰던 작업 수의 시간 평균입니다.")),
    // Money.
    field("cost", Unit::Money, ("Cost", "비용"), ("By the design's prices, as this run uses what is rented.", "설계의 가격표로 이 실행이 쓴 만큼 셈한 비용입니다.")),
    field("cost.usd_per_hour", Unit::Money, ("Per hour", "시간당"), ("US dollars per hour, all lines of the bill.", "모든 항목을 더한 시간당 미국 달러입니다.")),
    field("cost.usd_per_month", Unit::Money, ("Per month", "월"), ("The same for 730 hours.", "730시간으로 셈한 금액입니다.")),
    field("cost.usd_per_million_requests", Unit::Money, ("Per million answers", "응답 백만 개당"), ("Cost of a million successful answers to users.", "사용자에게 성공으로 응답한 백만 개당 비용입니다.")),
    field("cost.machines_usd_per_hour", Unit::Money, ("Machines, per hour", "서버(시간당)"), ("Rented machines, dead or not.", "빌린 서버(죽어 있어도 냅니다).")),
    field("cost.transfer_usd_per_hour", Unit::Money, ("Transfer, per hour", "전송(시간당)"), ("Bytes that are paid for.", "전송한 바이트에 내는 금액입니다.")),
    field("cost.requests_usd_per_hour", Unit::Money, ("Requests, per hour", "요청(시간당)"), ("What is paid by the request.", "요청 수에 따라 내는 금액입니다.")),
    field("cost.storage_usd_per_hour", Unit::Money, ("Storage, per hour", "저장(시간당)"), ("What is kept.", "보관하는 데이터에 내는 금액입니다.")),
    field("cost.bytes_to_users", Unit::Count, ("Sent to users", "사용자에게 보낸 양"), ("Bytes that left for users.", "사용자에게 나간 바이트 수입니다.")),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::sim::core::CLASS_NAMES;

    #[test]
    fn every_field_has_its_words_in_both_languages() {
        let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        for (i, field) in FIELDS.iter().enumerate() {
            assert!(!field.label.en.is_empty() && hangul(field.label.ko), "{}", field.id);
            assert!(field.help.en.ends_with('.') && hangul(field.help.ko), "{}", field.id);
            assert!(FIELDS[..i].iter().all(|other| other.id != field.id), "{} is there twice", field.id);
        }
    }

    #[test]
    fn every_class_has_a_name() {
        let named: Vec<&str> = CLASSES.iter().map(|(id, _)| *id).collect();
        assert_eq!(named, CLASS_NAMES, "give each class of requests a text here");
    }
}
