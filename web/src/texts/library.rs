//! Texts of the designs that the browser keeps, and of the tour.

use super::texts;

texts! {
    TITLE = "Designs in this browser", "이 브라우저에 저장한 설계";
    WHAT = "They stay in this browser on this device, and nowhere else. To hand a design on, save a file or share a link.", "이 기기의 이 브라우저에만 남습니다. 다른 사람에게 주려면 파일로 저장하거나 링크로 공유하세요.";
    NAME = "Save the present design as", "지금 설계를 저장할 이름";
    SAVE = "Save", "저장";
    SAVE_AGAIN = "Save as a new version", "새 버전으로 저장";
    SAVED = "Saved: {name}.", "저장했습니다: {name}.";
    RENAMED = "It is called {name} now.", "이름을 {name}(으)로 바꿨습니다.";
    DELETED = "Deleted: {name}.", "지웠습니다: {name}.";
    EMPTY = "Nothing is saved yet.", "아직 저장한 설계가 없습니다.";
    OPEN = "Open", "열기";
    RENAME = "Rename", "이름 바꾸기";
    NEW_NAME = "New name of {name}", "{name}의 새 이름";
    DELETE = "Delete", "삭제";
    DELETE_SURE = "Delete it with all versions?", "모든 버전과 함께 지울까요?";
    KEEP = "Keep it", "남겨 두기";
    VERSIONS = "Versions: {n}", "버전 {n}개";
    OF = "{what}: {name}", "{name}: {what}";
    BROKEN = "This version cannot be read any more. Nothing was changed.", "이 버전은 더 이상 읽을 수 없습니다. 바뀐 것은 없습니다.";
    DENIED = "This browser keeps nothing for this page: its storage is switched off. The design itself is as it was: save it as a file.", "이 브라우저는 이 페이지의 저장소를 막고 있어 저장할 수 없습니다. 설계는 그대로 있으니 파일로 저장하세요.";
    FULL = "There is no room left in this browser's storage. Nothing was lost: delete a design here, or save a file.", "브라우저 저장소에 남은 자리가 없습니다. 잃은 것은 없습니다. 여기서 설계를 지우거나 파일로 저장하세요.";
    MANY = "As many designs as may be are saved: delete one first.", "저장할 수 있는 설계 수를 다 썼습니다. 먼저 하나를 지우세요.";
    TAKEN = "Another design has this name.", "같은 이름의 설계가 이미 있습니다.";
    NAMELESS = "It wants a name.", "이름을 적어 주세요.";
    MENU_SAVE = "Save in this browser as…", "이 브라우저에 저장…";
    MENU_OPEN = "Saved designs and versions…", "저장한 설계와 버전…";
    TEMPLATES = "Start from", "이것으로 시작";
    TEMPLATE_SERVER = "One server", "서버 한 대";
    TEMPLATE_BALANCED = "Load-balanced servers", "로드 밸런서와 서버들";
    TEMPLATE_CACHE = "Cache and database", "캐시와 데이터베이스";
    TEMPLATE_REPLICAS = "Primary and replicas", "주 서버와 복제본";
    TEMPLATE_QUEUE = "Queue and workers", "큐와 작업자";
    TEMPLATE_PLACES = "Two data centres", "데이터 센터 두 곳";

    TOUR = "Tour", "둘러보기";
    TOUR_SHOW = "Show the tour", "둘러보기 시작";
    TOUR_STEP = "{n} of {all}", "{all}개 중 {n}";
    TOUR_NEXT = "Next", "다음";
    TOUR_BACK = "Back", "이전";
    TOUR_LEAVE = "Leave the tour", "둘러보기 끝내기";
    TOUR_DONE = "Done", "완료";
    TOUR_CANVAS = "A running system", "돌아가는 시스템";
    TOUR_CANVAS_TEXT = "Every request is simulated. The marks that move are a true sample of them, slowed down: click one to see its whole way; a red cross has failed. Red means trouble: click a node to see what it measures.", "모든 요청을 하나씩 시뮬레이션합니다. 움직이는 표시는 그중에서 고르게 뽑은 실제 요청을 느리게 보여 주는 것이고, 클릭하면 지나온 길이 나옵니다. 빨간 X는 실패입니다. 빨간색은 문제가 있다는 뜻입니다. 노드를 클릭하면 측정값을 볼 수 있습니다.";
    TOUR_PALETTE = "Build", "만들기";
    TOUR_PALETTE_TEXT = "Drag components onto the canvas and wire them from port to port.", "구성 요소를 캔버스로 끌어다 놓고 포트끼리 선으로 이으세요.";
    TOUR_INSPECTOR = "Change", "바꾸기";
    TOUR_INSPECTOR_TEXT = "Settings of what is selected are here, each explained behind its question mark. Kill and slow things down here as well.", "선택한 것의 설정이 여기 있고, 물음표를 누르면 설명이 나옵니다. 죽이거나 느리게 하는 것도 여기서 합니다.";
    TOUR_RUN = "Run", "실행";
    TOUR_RUN_TEXT = "Play, pause, go faster, or drag back in time: the same seed gives the same run.", "재생하고 멈추고 빨리 돌리거나 시간을 되돌려 보세요. 시드가 같으면 실행도 같습니다.";
    TOUR_SHARE = "Keep and share", "저장과 공유";
    TOUR_SHARE_TEXT = "A link holds the whole design. Ctrl+K finds every command, ? shows the keys and this tour again.", "링크 하나에 설계 전체가 담깁니다. Ctrl+K로 모든 명령을 찾고, ?를 누르면 단축키와 이 둘러보기를 다시 볼 수 있습니다.";
}
