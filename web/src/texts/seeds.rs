//! Texts of the runs of many seeds.

use super::texts;

texts! {
    TITLE = "Many seeds", "여러 시드";
    OPEN = "Many seeds: how sure are the numbers?", "여러 시드: 숫자를 얼마나 믿을 수 있나요?";
    INTRO = "One run is one throw of the dice. Here the present design is run from 0 to {end} with each of the seeds {first} to {last}, as headroom run --replications {n} does, to see how far the numbers differ by luck alone. The run on the canvas is left as it is.", "실행 한 번은 주사위를 한 번 던진 것과 같습니다. 지금 설계를 시드 {first}부터 {last}까지 각각 0부터 {end}까지 실행해, 숫자가 운만으로 얼마나 달라지는지 봅니다. headroom run --replications {n} 명령과 같은 방식입니다. 캔버스의 실행은 그대로 둡니다.";
    COUNT = "How many seeds", "시드 수";
    START = "Run {n} seeds", "시드 {n}개 실행";
    CANCEL = "Cancel", "취소";
    SEEDS_PAST = "So many seeds from here on would go past the largest seed. Choose a smaller one.", "여기서부터 그만큼 실행하면 가장 큰 시드를 넘습니다. 더 작은 시드를 고르세요.";
    PROGRESS = "How far all seeds are", "전체 진행률";
    DONE_OF = "{done} of {n} seeds done", "시드 {n}개 중 {done}개 끝남";
    LEFT = "about {time} left", "약 {time} 남음";
    AT_ONCE = "{n} at once", "동시에 {n}개";
    SECONDS = "{n} s", "{n}초";
    MINUTES = "{n} min", "{n}분";
    LONG = "That is long. Fewer seeds, a shorter run or less traffic would be done sooner. This window may be closed meanwhile.", "오래 걸립니다. 시드 수를 줄이거나, 실행을 짧게 하거나, 트래픽을 줄이면 더 빨리 끝납니다. 그동안 이 창은 닫아도 됩니다.";
    ON_PAGE = "Workers are not allowed here, so the page makes the runs itself, one after the other. It takes longer, and the page may feel slower.", "여기서는 워커를 쓸 수 없어 페이지가 한 번에 하나씩 직접 실행합니다. 더 오래 걸리고 페이지가 조금 느릴 수 있습니다.";
    FAILED = "It broke down: {message}", "실행하다 고장 났습니다: {message}";
    READY = "{n} seeds are done.", "시드 {n}개를 모두 실행했습니다.";
    SHOW = "Show", "보기";
    OF = "{n} seeds, {first} to {last}, each from 0 to {end}", "시드 {n}개({first}–{last}), 각각 0부터 {end}까지";
    STALE = "The design has been changed since: these numbers belong to the one before.", "그 뒤로 설계가 바뀌었습니다. 이 숫자는 바뀌기 전 설계의 것입니다.";
    MEANING = "What it means: the ± is a 95% confidence interval of the mean (Student’s t over the seeds). If all this were done again and again with other seeds, 95 of 100 such intervals would hold the true mean. Why it matters: a difference between two designs that is smaller than their intervals may be nothing but luck. A percentile is that of all requests of a seed’s whole run.", "뜻: ±는 평균의 95% 신뢰 구간입니다(시드들에 대한 스튜던트 t). 다른 시드로 이 일을 거듭하면 그런 구간 100개 가운데 95개가 참평균을 담습니다. 중요한 까닭: 두 설계의 차이가 구간보다 작다면 그저 운일 수 있습니다. 백분위수는 시드마다 실행 전체의 모든 요청에서 구한 값입니다.";
    SATURATED = "In some seed the simulator reached its limit of requests in flight: past that moment its numbers say little.", "어떤 시드에서는 시뮬레이터가 동시 요청 한계에 이르렀습니다. 그 뒤의 숫자는 믿기 어렵습니다.";
    METRIC = "Number", "수치";
    MEAN = "Mean", "평균";
    INTERVAL = "± (95%)", "± (95%)";
    LEAST = "Least, seed", "최소, 시드";
    MOST = "Most, seed", "최대, 시드";
    SURENESS = "Sure?", "믿을 만한가";
    WIDE = "run longer or use more seeds", "더 오래 또는 더 많은 시드로";
    WIDE_HELP = "The ± is more than 10% of the mean.", "±가 평균의 10%를 넘습니다.";
    NARROW = "yes", "예";
    ONE = "too few seeds", "시드 부족";
    SHOW_SEED = "{value}: show seed {seed} on the canvas", "{value}: 시드 {seed}를 캔버스에서 보기";
    SEED = "seed {n}", "시드 {n}";
    USERS = "What users see", "사용자가 겪은 것";
    NOTHING = "Nothing was measured: the design has no users.", "측정한 것이 없습니다. 설계에 사용자가 없습니다.";
    SAVE_JSON = "Save JSON", "JSON 저장";
    SAVE_CSV = "Save CSV", "CSV 저장";
    JSON_HELP = "These numbers just as headroom run --replications {n} --json prints them", "이 수치를 headroom run --replications {n} --json 출력과 같은 형식으로 저장합니다";
    CSV_HELP = "One row per number", "수치마다 한 줄";
    BANDS = "{n} seeds, least to most", "시드 {n}개의 최소–최대";
    BANDS_BEFORE = "{n} seeds before the change", "바꾸기 전 시드 {n}개";
    BANDS_DO = "Bands on the charts", "차트에 띠 표시";
    BANDS_HELP = "A light band behind the lines of traffic, latency, errors and cost: from the least to the most that any of the seeds had in each window.", "트래픽, 지연, 오류, 비용의 선 뒤에 옅은 띠를 그립니다. 구간마다 시드들 가운데 가장 작은 값부터 가장 큰 값까지입니다.";
    BANDS_OFF = "Take the bands of {n} seeds off the charts", "시드 {n}개의 띠를 차트에서 지우기";
    BANDS_SHORT = "{n} seeds", "시드 {n}개";
    KEY = "Many seeds: how sure the numbers are", "여러 시드로 숫자의 확실함 보기";
}
