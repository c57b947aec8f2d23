//! Texts of "Why is it red?". The sentences with numbers are those of `headroom_model::why::words`.

use super::texts;

texts! {
    TITLE = "Why is it red?", "왜 빨간가요?";
    SLOW = "Why is it slow?", "왜 느린가요?";
    ERRORS = "Why do requests fail?", "왜 실패하나요?";
    MONEY = "Why does it cost so much?", "왜 비싼가요?";
    P99 = "p99", "p99";
    ERROR_SHARE = "errors", "오류";
    PER_HOUR = "per hour", "시간당";
    WAIT = "Nothing is known yet. Let the run go on and look again.", "아직 알 수 있는 것이 없습니다. 실행을 이어 간 뒤 다시 보세요.";
    AT = "Seen at {time}.", "{time}에 본 것입니다.";
    MAINLY = "The slowest requests take {slow} on average, the usual ones {usual}. What makes the difference most: {node}, {phase}.", "가장 느린 요청은 평균 {slow}, 보통 요청은 {usual} 걸립니다. 가장 크게 차이 나는 곳은 {node}의 {phase}입니다.";
    MAINLY_ALL = "Slow requests take {slow} on average, and the usual ones {usual}: nearly all are as slow. Most of it is: {node}, {phase}.", "느린 요청은 평균 {slow}, 보통 요청도 {usual} 걸려 거의 모두 느립니다. 시간이 가장 많이 가는 곳은 {node}의 {phase}입니다.";
    WHERE = "Where their time goes", "시간이 가는 곳";
    SUM = "Of the {n} slowest requests of the last minute that were followed. The parts add up to {time} exactly; the thin mark is what usual requests spend there.", "최근 1분 동안 따라간 요청 중 가장 느린 {n}건입니다. 각 부분을 더하면 정확히 {time}입니다. 가는 표시는 보통 요청이 쓰는 시간입니다.";
    SEE_SLOWEST = "See the slowest of the last minute", "최근 1분 중 가장 느린 요청 보기";
    FULL = "What is full", "가득 찬 곳";
    FULL_WHAT = "Busy share of the workers over the last {time}, of each node its fullest part, and how many wait.", "최근 {time} 동안 작업자가 바빴던 비율(노드마다 가장 바쁜 것)과 기다리는 요청 수입니다.";
    WAITING = "{n} waiting", "{n}건 대기";
    DEAD = "{dead} of {n} dead", "{n}개 중 {dead}개 죽음";
    LAWS = "The formula, with the numbers in it", "지금 숫자를 넣은 공식";
    TRY = "What to try", "해 볼 만한 것";
    TRY_WHAT = "From these numbers alone: try it and look again.", "이 숫자만 보고 고른 것입니다. 바꿔 보고 다시 확인하세요.";
    SHOW = "Show", "보기";
    SHOW_WHAT = "Show {what}", "{what} 보기";
    NO_ERRORS = "No request has failed.", "실패한 요청이 없습니다.";
    FAILED = "{n} of {all} requests failed: {share}", "요청 {all}건 중 {n}건 실패: {share}";
    FIRST = "What went wrong first", "가장 먼저 잘못된 곳";
    FIRST_WHAT = "In the latest {n} failed requests that were followed: the first call that failed by itself, or what the client was waiting for when it gave up.", "따라간 실패 요청 중 최근 {n}건에서 스스로 실패한 첫 호출, 또는 클라이언트가 포기할 때 기다리던 곳입니다.";
    WAITED = "gave up in: {phase}", "{phase} 중 포기";
    COSTS = "{hour} per hour: what costs most", "시간당 {hour}: 가장 비싼 것";
    GROUND = "Networks", "네트워크";
}
