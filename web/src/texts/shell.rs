//! Texts of the top bar, the palette, notices and keys.

use super::texts;

texts! {
    SCENARIOS = "Scenarios", "시나리오";
    FILE = "File", "파일";
    FILE_NEW = "New design", "새 설계";
    FILE_OPEN = "Open a file…", "파일 열기…";
    FILE_SAVE = "Save as a file", "파일로 저장";
    UNDO = "Undo", "실행 취소";
    REDO = "Redo", "다시 실행";
    SHARE = "Share", "공유";
    LANGUAGE = "Language", "언어";
    THEME = "Colours", "화면 색";
    THEME_SYSTEM = "As the system", "시스템 설정";
    THEME_LIGHT = "Light", "밝게";
    THEME_DARK = "Dark", "어둡게";
    SHORTCUTS = "Keyboard shortcuts", "키보드 단축키";
    MENU = "Menu", "메뉴";
    CLOSE = "Close", "닫기";
    TITLE = "Title of the design", "설계 제목";
    TABS = "Parts of the page", "화면 구성";
    UNTITLED = "Untitled design", "제목 없는 설계";
    PALETTE = "Components", "구성 요소";
    PALETTE_HINT = "Drag onto the canvas, or press Enter", "캔버스로 끌거나 Enter를 누르세요";
    PALETTE_HINT_TOUCH = "Tap to add, or drag onto the canvas", "눌러서 추가하거나 캔버스로 끄세요";
    PALETTE_ADD = "Add {name} to the canvas", "캔버스에 {name} 추가";
    INSPECTOR = "Inspector", "속성";
    TAB_ADD = "Add", "추가";
    TAB_INSPECT = "Inspect", "속성";
    TAB_CHARTS = "Charts", "차트";
    NOTICES = "Notices", "알림";
    RESTORED = "Your last design is back.", "지난번 설계를 다시 열었습니다.";
    REPLACED = "Another design is open now.", "다른 설계를 열었습니다.";
    FILE_BEFORE = "The design of an earlier visit", "이전 방문 때의 설계";
    START_FRESH = "Start fresh", "새로 시작";
    RELOAD = "Reload", "새로 고침";
    RESTART_ENGINE = "Start it again", "다시 시작";
    NOT_KEPT = "This browser keeps nothing here: save a file or copy a link before you leave.", "이 브라우저에는 저장할 수 없습니다. 나가기 전에 파일로 저장하거나 링크를 복사하세요.";
    THE_LINK = "the link", "링크";
    OPEN_FULL = "Open in the full editor", "전체 편집기에서 열기";
    EMBED_PLAY = "Run the simulation", "시뮬레이션 실행";
    HINT_LABEL = "What to look at", "볼거리";
    BREAK_SINGLE = "Make the server twice as slow", "서버를 두 배 느리게";
    BREAK_BALANCED = "Kill one server", "서버 한 대 죽이기";
    BREAK_CACHE = "Kill the cache", "캐시 죽이기";
    BREAK_PRIMARY = "Kill the primary", "주 서버 죽이기";
    BREAK_SHARD = "Make a key famous now", "지금 인기 키 만들기";
    HINT_WHY = "Show why", "이유 보기";
    HINT_DISMISS = "Put this card away", "이 카드 닫기";
    SKIP = "Skip to the canvas", "캔버스로 건너뛰기";
}
