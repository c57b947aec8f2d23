//! Texts of the panel.

use super::texts;

texts! {
    CHARTS = "Charts and traffic", "차트와 트래픽";
    CHARTS_SHOWN = "Charts shown", "표시할 차트";
    HIDE = "Hide the charts", "차트 숨기기";
    SHOW = "Show the charts", "차트 보이기";
    RESIZE = "Height of the charts", "차트 영역 높이";
    TABLE = "Table", "표";
    TABLE_HELP = "The last windows as a table", "최근 구간을 표로 보기";
    TABLE_CHART = "Chart to show as a table", "표로 볼 차트";
    TABLE_CAPTION = "{chart}: the last {n} windows, newest first", "{chart}: 최근 {n}개 구간, 최신순";
    TABLE_TIME = "Time", "시각";
    CSV = "CSV", "CSV";
    CSV_HELP = "Save all series as a CSV file", "모든 시계열을 CSV 파일로 저장";
    PNG = "PNG", "PNG";
    PNG_HELP = "Save the charts as a picture", "차트를 그림으로 저장";
    PNG_CAPTION = "{title} · seed {seed} · Headroom {version}", "{title} · 시드 {seed} · Headroom {version}";
    LOG = "Log", "로그";
    LOG_HELP = "Latency on a logarithmic axis", "지연을 로그 축으로 보기";
    EMPTY = "Starts when you press play", "재생을 누르면 시작됩니다";
    NO_DATA = "No data yet", "아직 데이터가 없습니다";
    WHAT_IS_THIS = "What {chart} shows", "{chart} 차트 설명";
    CHART_KEYS = "{chart}: arrow keys move the cursor, Enter goes to that moment", "{chart}: 화살표 키로 커서를 옮기고 Enter로 그 시점으로 갑니다";
    GO_TO = "Go to {time}", "{time} 시점으로 가기";
    GO_TO_HELP = "Replays the run to this moment and pauses there", "이 시점까지 다시 실행한 뒤 멈춥니다";
    SUMMARY = "{chart} at {time}: {values}.", "{chart}, {time} 시점: {values}.";
    SUMMARY_EMPTY = "{chart}: no data yet.", "{chart}: 아직 데이터가 없습니다.";

    RATES = "Traffic", "트래픽";
    LATENCY = "Latency", "지연 시간";
    ERRORS = "Error rate", "오류율";
    HIT_RATE = "Cache hit rate", "캐시 적중률";
    LAG = "Replica lag", "복제 지연";
    HEAT = "Shard load", "샤드 부하";
    UTILIZATION = "Utilisation", "사용률";
    COST = "Cost per hour", "시간당 비용";
    COST_ALL = "all", "전체";
    COST_ALL_HELP = "All nodes together.", "모든 노드를 합한 값입니다.";
    QUEUE = "Queues", "대기열";
    OF_NODE = "{chart} · {node}", "{chart} · {node}";

    DRAWN = "drawn", "곡선";
    DRAWN_HELP = "The arrival rate that you draw: drag its points.", "직접 그리는 도착률입니다. 점을 끌어 바꿉니다.";
    OFFERED = "offered", "요청";
    OFFERED_ALL = "offered by all", "전체 요청";
    OFFERED_ALL_HELP = "Requests that all users together begin per second.", "모든 사용자가 함께 초당 새로 시작하는 요청 수입니다.";
    OFFERED_HELP = "Requests that users begin per second; a retry is not counted again.", "사용자가 초당 새로 시작하는 요청 수. 재시도는 다시 세지 않습니다.";
    SERVED = "served", "성공";
    SERVED_HELP = "Requests answered with success per second. Below offered for long, something is full.", "초당 성공한 응답 수. 요청보다 오래 작으면 어딘가가 꽉 찬 것입니다.";
    FAILED = "failed", "실패";
    FAILED_HELP = "Requests per second that ended without an answer the user could use.", "쓸 수 있는 응답을 받지 못하고 끝난 초당 요청 수입니다.";
    P50_HELP = "Half of the users waited less than this.", "사용자의 절반은 이보다 덜 기다렸습니다.";
    P95_HELP = "One user in twenty waited longer than this.", "사용자 스무 명 중 한 명은 이보다 오래 기다렸습니다.";
    P99_HELP = "One user in a hundred waited longer than this: the unlucky ones.", "사용자 백 명 중 한 명은 이보다 오래 기다렸습니다. 운이 나쁜 경우입니다.";
    ERROR_SHARE = "failed share", "실패 비율";
    ERROR_SHARE_HELP = "Share of all finished requests that failed, for whatever reason.", "끝난 요청 가운데 이유를 막론하고 실패한 비율입니다.";
    HEAT_HELP = "Busy share of each shard over time. The hottest row is marked: it saturates first.", "시간에 따른 샤드별 사용률. 표시된 행이 가장 뜨거우며 먼저 포화됩니다.";

    CURVE = "Traffic curve", "트래픽 곡선";
    CURVE_OF = "Whose traffic", "누구의 트래픽";
    CURVE_HINT = "Drag points · double-click adds · Delete removes", "점을 끌어 이동 · 두 번 클릭해 추가 · Delete로 삭제";
    CURVE_SHAPE = "Shape", "모양";
    CURVE_CUSTOM = "Drawn by hand", "직접 그림";
    CURVE_ADD = "Add a point", "점 추가";
    CURVE_REMOVE = "Remove the point", "점 삭제";
    CURVE_NONE = "Add users to the canvas to draw their traffic.", "캔버스에 사용자를 추가하면 트래픽을 그릴 수 있습니다.";
    CURVE_POINT = "Point {n} of {count}", "점 {n} / {count}";
    CURVE_KEYS = "Arrow keys move a point, with Shift in bigger steps; Enter adds one, Delete removes it.", "화살표 키로 점을 옮기고 Shift를 누르면 크게 움직입니다. Enter는 추가, Delete는 삭제입니다.";

    SHARD_ADDED = "shard added ({share} moved)", "샤드 추가 ({share} 이동)";
    TAKEN_OUT = "{node} taken out", "{node} 제외";
    PUT_BACK = "{node} back in", "{node} 복귀";
    DEATH_NOTICED = "{node} death noticed", "{node} 장애 감지";
    PROMOTED = "{node} promoted", "{node} 승격";
    PROMOTED_LOST = "{node} promoted, {n} writes lost", "{node} 승격, 쓰기 {n}건 유실";
    CIRCUIT_OPENED = "{node}: circuit open", "{node}: 차단기 열림";
    CIRCUIT_CLOSED = "{node}: circuit closed", "{node}: 차단기 닫힘";
    CAUGHT_UP = "{node} caught up", "{node} 따라잡음";
    SIMULATOR_FULL = "simulator full", "시뮬레이터 한계";
}
