//! Texts of the request microscope.

use super::texts;

texts! {
    TITLE = "Single requests", "요청 들여다보기";
    OPEN = "Look at single requests", "요청 하나씩 들여다보기";
    WHAT = "Requests followed on their way through the design. The sample is a fair one: each request had the same chance to be in it.", "설계를 지나가는 길을 따라가 본 요청들입니다. 어느 요청이든 같은 확률로 뽑힌 표본입니다.";
    SHARE_ALL = "Every request is followed.", "모든 요청을 따라갑니다.";
    SHARE = "{share} of requests are followed.", "요청의 {share}를 따라갑니다.";
    AT = "Seen at {time}.", "{time}에 본 것입니다.";
    REFRESH = "Look again", "다시 보기";
    SLOWEST = "Slowest of the last minute", "최근 1분 중 가장 느린 요청";
    FAILED = "Failed", "실패한 요청";
    RECENT = "Latest", "최근 요청";
    NONE = "No request has ended yet. Let the run go on and look again.", "아직 끝난 요청이 없습니다. 실행을 이어 간 뒤 다시 보세요.";
    OVER = "Over {from} → {to}", "{from} → {to} 선을 지난 요청";
    OVER_WHAT = "Followed requests that went over this wire, the latest first.", "이 선을 지난, 따라간 요청들입니다. 최근 것이 먼저입니다.";
    THIS = "The one you clicked", "클릭한 요청";
    THIS_REQUEST = "Request {n} of this run: {class}, item {item}, client {client}.", "이 실행의 {n}번째 요청: {class}, 항목 {item}, 클라이언트 {client}.";
    THIS_DELIVERY = "Delivery {n} of a message, long after its sender had an answer: {class}, item {item}, client {client}.", "메시지 전달 {n}번째. 보낸 쪽은 이미 응답을 받았습니다: {class}, 항목 {item}, 클라이언트 {client}.";
    NOT_ENDED = "It has not ended yet: this is as far as it has come.", "아직 끝나지 않았습니다. 지금까지 지나온 길입니다.";
    PATH = "Path", "경로";
    NONE_OVER = "None of the requests that were followed of late went over this wire. Let the run go on and look again.", "최근에 따라간 요청 중 이 선을 지난 것이 없습니다. 실행을 이어 간 뒤 다시 보세요.";
    NONE_FAILED = "None of the followed requests has failed.", "따라간 요청 중 실패한 것이 없습니다.";
    COL_BEGAN = "Began", "시작";
    COL_CLASS = "Class", "종류";
    COL_ITEM = "Item", "항목";
    COL_TOOK = "Took", "걸린 시간";
    COL_END = "End", "결과";
    OK = "answered", "응답";
    WATERFALL = "Request {n}: the way it went", "요청 {n}번이 지나온 길";
    WHERE = "Where its time went", "시간이 어디에 쓰였나";
    WHERE_ALL = "Where the time goes", "시간이 어디에 쓰이나";
    WHERE_SLOW = "Slowest: {time} on average", "가장 느린 요청: 평균 {time}";
    WHERE_USUAL = "Latest: {time} on average", "최근 요청: 평균 {time}";
    WHERE_WHY = "The parts add up to the whole time exactly. What is long here and short below is why slow requests are slow.", "각 부분을 더하면 전체 시간과 정확히 같습니다. 위에서 길고 아래에서 짧은 부분이 느린 요청이 느린 까닭입니다.";
    CLIENT = "Client", "클라이언트";
    ATTEMPT = "Attempt {n}", "시도 {n}";
    CUT = "There were more calls than are shown.", "여기 보인 것보다 호출이 더 많았습니다.";
    HIT = "hit", "적중";
    STALE = "stale", "오래된 값";
    WASTED = "nobody waited", "버려진 응답";
    GOING = "still going on", "아직 진행 중";
    STEP = "{node}: {phase} {time}", "{node}: {phase} {time}";
}
