//! Texts of the map of the world.

use super::texts;

texts! {
    TITLE = "Who is served where", "누가 어디에서 응답을 받나";
    OPEN = "Map of the world: users and data centres", "세계 지도: 사용자와 데이터 센터";
    WHAT = "Users' sites and data centres, where the places of the design say that they are. Arcs go from users to the site that serves them: the wider, the more requests; their number is the mean response time.", "설계의 장소가 말하는 위치에 놓인 사용자와 데이터 센터입니다. 호는 사용자에게서 응답하는 곳으로 가고, 굵을수록 요청이 많습니다. 숫자는 평균 응답 시간입니다.";
    SAMPLE = "Rates of users are measured; who is served where, and how fast, is of the latest followed requests: {n}.", "사용자 쪽 속도는 측정값이고, 어디에서 얼마나 빨리 응답받는지는 최근에 따라간 요청 {n}건에서 나온 값입니다.";
    WAIT = "Nobody has been served yet. Let the run go on.", "아직 응답받은 사람이 없습니다. 실행을 이어 가세요.";
    NOWHERE = "Nothing of this design is anywhere in the world: put nodes into regions.", "이 설계에는 위치가 있는 것이 없습니다. 노드를 리전에 넣어 보세요.";
    USERS = "users {rate} ({share} of all)", "사용자 {rate} (전체의 {share})";
    UP = "up", "정상";
    BUSY = "busy", "바쁨";
    PARTLY = "partly down", "일부 다운";
    DOWN = "down", "다운";
    NONE_HERE = "no servers", "서버 없음";
    COL_FROM = "Users in (of all)", "사용자 (전체 중)";
    COL_TO = "Served in", "응답하는 곳";
    COL_STATE = "Its state", "상태";
    COL_SHARE = "Share", "비율";
    COL_RATE = "Rate", "속도";
    COL_MEAN = "Mean response", "평균 응답";
    COL_RTT = "Distance, round trip", "거리(왕복)";
    COL_FAILED = "Failed", "실패";
    MAP = "Map: {sites}", "지도: {sites}";
    SITE = "{name}: {state}", "{name}: {state}";
}
