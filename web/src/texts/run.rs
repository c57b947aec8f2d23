//! Texts of the run and its controls.

use super::texts;

texts! {
    CONTROLS = "Run controls", "실행 조작";
    PLAY = "Play", "재생";
    PAUSE = "Pause", "일시 정지";
    STEP = "Step one window", "한 구간 진행";
    RESTART = "Restart", "처음부터";
    SAMPLED = "sampled: {share} simulated", "표본: {share} 시뮬레이션";
    SAMPLED_HELP = "Sampled detail: {share} simulated request by request, the rest stands still between. What was simulated while the run was steady stands for what was skipped. The summary says how sure that is.", "표본 실행: {share}만 요청 하나하나 시뮬레이션하고, 그 사이에는 멈춰 있습니다. 안정된 동안 시뮬레이션한 구간이 건너뛴 시간을 대표합니다. 얼마나 확실한지는 요약에 나옵니다.";
    SPEED = "Speed", "속도";
    SPEED_HELP = "Simulated seconds per second", "실제 1초에 흐르는 시뮬레이션 시간";
    SPEED_MAX = "Max", "최대";
    REACHED = "reached {speed}", "실제 {speed}";
    EVENTS = "{n} events/s", "초당 이벤트 {n}";
    SEED = "Seed", "시드";
    SEED_HELP = "The same design and seed give the same run, bit for bit", "설계와 시드가 같으면 실행도 비트까지 같습니다";
    SEED_ROLL = "Another seed by lot", "시드를 무작위로 바꾸기";
    SEED_BAD = "Give a whole number from 0 to 9007199254740991", "0부터 9007199254740991까지의 정수를 넣으세요";
    PROGRESS = "Moment of the run", "실행 시점";
    HASH = "Run hash: equal for equal runs", "실행 해시: 같은 실행이면 같습니다";
    SUMMARY = "Summary", "요약";
    SUMMARY_HELP = "What was measured so far, in numbers", "지금까지 측정한 결과를 숫자로 보기";
    STATE_PAUSED = "paused", "멈춤";
    STATE_CATCHING_UP = "catching up", "따라잡는 중";
    STATE_FINISHED = "finished", "끝남";
    STATE_STARTING = "starting", "시작하는 중";
    STATE_FAILED = "broken down", "고장 남";
    SAID_PLAYING = "The run is playing.", "실행이 재생되고 있습니다.";
    SAID_PAUSED = "The run is paused.", "실행이 멈췄습니다.";
    SAID_FINISHED = "The run has finished.", "실행이 끝났습니다.";
    OVER = "The run is over. Start it again first (R).", "실행이 끝났습니다. 먼저 처음부터 다시 실행하세요(R).";
    RESTARTED = "Restarted with the new design, same seed.", "새 설계로 처음부터 다시 실행합니다. 시드는 그대로입니다.";
    REJECTED = "The run goes on with the former design: {fault}", "이전 설계로 계속 실행합니다: {fault}";
    BROKE_DOWN = "The simulation broke down: {message}", "시뮬레이션이 고장 났습니다: {message}";
    ON_PAGE = "Workers are not allowed here, so the page computes the run itself; it may feel slower.", "여기서는 워커를 쓸 수 없어 페이지가 직접 계산합니다. 조금 느릴 수 있습니다.";
    OTHER_BUILD = "Page and simulator come from different versions. Reload the page.", "페이지와 시뮬레이터의 버전이 다릅니다. 새로 고치세요.";
}
