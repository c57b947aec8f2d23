//! Texts of the canvas.

use super::texts;

texts! {
    CANVAS = "Canvas: the architecture", "캔버스: 아키텍처";
    KEYS_HELP = "Tab goes from node to node and to places. Enter selects, arrow keys move, Ctrl and arrow keys resize a place, C draws a wire, Delete deletes.", "Tab으로 노드와 장소를 옮겨 다닙니다. Enter로 선택, 화살표로 이동, Ctrl+화살표로 장소 크기 조절, C로 선 긋기, Delete로 삭제합니다.";
    PLACE_LABEL = "{name}, holds nodes: {n}", "{name}, 안의 노드: {n}개";
    PLACE_IN = "{name}, in {outer}, holds nodes: {n}", "{name}, {outer} 안, 안의 노드: {n}개";
    MENU = "Menu of the canvas", "캔버스 메뉴";
    MENU_OPEN = "Show its settings", "설정 보기";
    MENU_COPY = "Copy", "복사";
    MENU_PASTE = "Paste here", "여기에 붙여넣기";
    MENU_DUPLICATE = "Duplicate", "복제";
    MENU_ALL = "Select all", "모두 선택";
    MENU_FIT = "Show everything", "전체 보기";
    MENU_DRAW = "Draw a place here", "여기에 장소 그리기";
    EMPTY_TITLE = "Nothing here yet", "아직 비어 있습니다";
    EMPTY_HINT = "Drag users and a web server in from the palette and wire them from port to port, or open a scenario.", "팔레트에서 사용자와 웹 서버를 끌어다 놓고 포트끼리 선을 이어 보세요. 시나리오를 열어도 됩니다.";
    ZOOM_IN = "Zoom in", "확대";
    ZOOM_OUT = "Zoom out", "축소";
    FIT = "Show everything (Shift+1)", "전체 보기 (Shift+1)";
    WIRE = "Wire from {from} to {to}", "{from}에서 {to}(으)로 가는 선";
    WIRE_RATE = "Wire from {from} to {to}, {rate}", "{from}에서 {to}(으)로 가는 선, {rate}";
    WIRE_HELP = "Requests per second on this wire: {rate}.", "이 선을 지나는 초당 요청 수: {rate}.";
    WIRE_BREAKER_OPEN = "A circuit breaker is open: calls fail at once", "회로 차단기가 열려 호출이 바로 실패합니다";
    PORT_IN = "Is called here: drag to the port of a caller", "호출을 받는 곳: 부르는 쪽 포트로 끌어 보세요";
    PORT_OUT = "Calls from here: drag to the port of what it calls", "부르는 곳: 불릴 쪽 포트로 끌어 보세요";
    LINK_START = "Wire from {from}. Tab or arrows choose a target, Enter connects, Escape cancels.", "{from}에서 선 긋기. Tab이나 화살표로 대상을 고르고 Enter로 잇고 Esc로 취소합니다.";
    LINK_START_IN = "Wire to {from}. Tab or arrows choose the caller, Enter connects, Escape cancels.", "{from}(으)로 선 긋기. Tab이나 화살표로 부르는 쪽을 고르고 Enter로 잇고 Esc로 취소합니다.";
    LINK_CHOICE = "{to}: Enter connects ({n} of {all})", "{to}: Enter로 잇기 ({all}개 중 {n}번째)";
    LINK_NONE = "Nothing here can be wired to {from}.", "{from}와(과) 이을 수 있는 것이 없습니다.";
    LINK_DONE = "Wired {from} to {to}.", "{from}에서 {to}(으)로 이었습니다.";
    LINK_CANCELLED = "No wire drawn.", "선을 긋지 않았습니다.";
    STATE_OK = "well", "정상";
    STATE_BUSY = "busy: waiting begins to grow", "바쁨: 대기가 늘기 시작합니다";
    STATE_SATURATED = "saturated: no headroom left", "포화: 여유가 없습니다";
    STATE_DOWN = "down", "죽음";
    STATE_LAGGING = "a replica is lagging", "복제본이 뒤처짐";
    ITEMS_HELP = "Items held, against the capacity.", "담긴 항목 수와 용량입니다.";
    SERVERS_IN = "{n} servers in", "서버 {n}대 투입";
    LAG = "lag {lag}", "지연 {lag}";
    TOP_ITEM = "top item {share}", "최다 항목 {share}";
    WAITING = "{n} waiting", "{n}건 대기";
    FAILING = "✕ {rate} failing", "✕ {rate} 실패";
    PART_TITLE = "{noun} {n}: {state}; utilisation {utilization}, {rate}, {queue} waiting", "{noun} {n}: {state}. 사용률 {utilization}, {rate}, {queue}건 대기";
    PART_UP = "up", "정상";
    PART_SLOW = "slow", "느림";
    PART_DOWN = "down", "죽음";
    PART_DRAINING = "draining", "비우는 중";
    PART_GONE = "not there", "없음";
    PART_RECOVERING = "recovering", "복구 중";
    PART_PRIMARY = "primary", "주 서버";
    PART_HOT = "hottest", "가장 뜨거움";
    MORE_PARTS = "+{n}", "+{n}";
}
