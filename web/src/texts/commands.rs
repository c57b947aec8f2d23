//! Texts of the command palette.

use super::texts;

texts! {
    TITLE = "Commands", "명령";
    SEARCH = "What do you want to do?", "무엇을 할까요?";
    NONE = "Nothing is called that.", "그런 이름의 명령이 없습니다.";
    HINT = "↑ ↓ to choose, Enter to do it. Names in English and Korean both work.", "↑ ↓로 고르고 Enter로 실행합니다. 한국어와 영어 이름 모두 찾습니다.";

    GROUP_SELECTION = "Selection", "선택한 것";
    GROUP_EDIT = "Edit", "편집";
    GROUP_RUN = "Run", "실행";
    GROUP_VIEW = "View", "보기";
    GROUP_ADD = "Add", "추가";
    GROUP_GO = "Go to", "이동";
    GROUP_SCENARIO = "Scenario", "시나리오";
    GROUP_FILE = "File", "파일";

    DO = "{verb}: {name}", "{name} {verb}";
    ALIGN_LEFT = "Align left", "왼쪽 맞춤";
    ALIGN_RIGHT = "Align right", "오른쪽 맞춤";
    ALIGN_COLUMN = "Align in one column", "세로 한 줄로 맞춤";
    ALIGN_TOP = "Align top", "위쪽 맞춤";
    ALIGN_BOTTOM = "Align bottom", "아래쪽 맞춤";
    ALIGN_ROW = "Align in one row", "가로 한 줄로 맞춤";
    SPREAD_ACROSS = "Even distances across", "가로 간격 같게";
    SPREAD_DOWN = "Even distances down", "세로 간격 같게";
    HEAL = "Delete and join the wires", "삭제하고 선 잇기";
    UPSTREAM = "Select all that leads here", "여기로 오는 것 모두 선택";
    DOWNSTREAM = "Select all that it leads to", "여기서 가는 것 모두 선택";
    DELETE = "Delete", "삭제";
    DUPLICATE = "Duplicate", "복제";
    QUICK = "Add a component by its name…", "이름으로 구성 요소 추가…";
    TIDY = "Tidy up the picture", "그림 정리하기";
    SELECT_ALL = "Select all", "모두 선택";
    PLAY = "Play or pause", "재생 또는 멈춤";
    STEP = "One step on", "한 걸음 앞으로";
    RESTART = "Start again from 0", "처음부터 다시";
    SPEED_MAX = "As fast as it goes", "가장 빠르게";
    SPEED_TIMES = "Speed {n}×", "{n}배속";
    ROLL = "Another seed", "다른 시드";
    TO_START = "To the beginning", "처음으로";
    FIT = "Show everything", "전체 보기";
    ZOOM_IN = "Zoom in", "확대";
    ZOOM_OUT = "Zoom out", "축소";
    CHARTS = "Show or hide the charts", "차트 보이기 또는 숨기기";
    LANGUAGE = "Language: {name}", "언어: {name}";
    COLOURS = "Colours: {name}", "화면 색: {name}";
}
