//! Texts of the dialogs.

use super::texts;

texts! {
    SHARE_TITLE = "Share this design", "이 설계 공유하기";
    SHARE_WHAT = "The link holds everything: design, traffic, timeline and seed. Whoever opens it gets the very same run. Nothing is uploaded.", "링크 안에 설계, 트래픽, 타임라인, 시드가 모두 들어 있습니다. 여는 사람은 똑같은 실행을 봅니다. 어디에도 올리지 않습니다.";
    SHARE_LINK = "Link", "링크";
    SHARE_FRAME = "Frame for a page of notes", "노트에 넣을 프레임";
    SHARE_MOMENT = "Open it paused at {time}", "{time}에 멈춘 채로 열기";
    LINK_LENGTH = "{n} characters.", "{n}자.";
    LINK_SHORT = "Fits everywhere (chats cut at 2,000).", "어디서나 쓸 수 있습니다(메신저 한도 2,000자).";
    LINK_LONG = "Over 2,000: some chats cut it. Notes and mail are fine (servers take 8,000).", "2,000자가 넘어 일부 메신저에서는 잘립니다. 노트나 메일에서는 괜찮습니다(서버 한도 8,000자).";
    LINK_TOO_LONG = "Over 8,000: some places refuse it. Send the file instead.", "8,000자가 넘어 받지 않는 곳이 있습니다. 파일로 보내세요.";
    COPY = "Copy", "복사";
    COPIED = "Copied", "복사됨";
    COPY_BY_HAND = "The browser does not let the page copy. The text is selected: press Ctrl+C.", "브라우저가 복사를 막았습니다. 글을 선택해 두었으니 Ctrl+C를 누르세요.";
    FAULTS_TITLE = "Could not open {source}", "{source}: 열 수 없습니다";
    FAULTS_KEPT = "Nothing was changed or lost.", "바뀌거나 잃은 것은 없습니다.";
    SHORTCUTS_TITLE = "Keyboard shortcuts", "키보드 단축키";
    KEYS_RUN = "Run", "실행";
    KEYS_EDIT = "Edit", "편집";
    KEYS_CANVAS = "Canvas", "캔버스";
    KEYS_MAC = "On a Mac use ⌘ for Ctrl.", "Mac에서는 Ctrl 대신 ⌘를 쓰세요.";
    KEY_PLAY = "Play or pause", "재생 / 일시 정지";
    KEY_STEP = "Step one window", "한 구간 진행";
    KEY_RESTART = "From the start", "처음부터";
    KEY_SPEED = "Slower, faster", "느리게 / 빠르게";
    KEY_WHY = "Why is it red?", "왜 빨간가요?";
    KEY_MICROSCOPE = "Look at single requests", "요청 하나씩 들여다보기";
    KEY_SUMMARY = "Summary of the run", "실행 요약";
    KEY_UNDO = "Undo", "실행 취소";
    KEY_REDO = "Redo", "다시 실행";
    KEY_COPY = "Copy, cut, paste", "복사 / 잘라내기 / 붙여넣기";
    KEY_DUPLICATE = "Duplicate", "복제";
    KEY_ALL = "Select all", "모두 선택";
    KEY_DELETE = "Delete what is selected", "선택한 것 지우기";
    KEY_HEAL = "Delete, and join the wires", "지우고 선 잇기";
    KEY_COMMANDS = "Everything that can be done, by name", "이름으로 모든 명령 찾기";
    KEY_SAVE = "Save as a file", "파일로 저장";
    KEY_TAB = "To the next node, place, wire or note", "다음 노드, 장소, 선, 메모로";
    KEY_SELECT = "Select it (Shift: also)", "선택 (Shift: 함께 선택)";
    KEY_ARROWS = "Move what is selected (Shift: further)", "선택한 것 옮기기 (Shift: 더 멀리)";
    KEY_RESIZE = "Resize the selected place or note (Shift: further)", "선택한 장소나 메모 크기 조절 (Shift: 더 크게)";
    KEY_MENU = "Menu of what has the focus; so does a right click", "초점이 있는 것의 메뉴. 오른쪽 클릭도 같습니다";
    KEY_QUICK = "Add a component: beside the selected node and wired to it, else where the pointer is (also double-click or Ctrl+click on empty canvas)", "구성 요소 추가: 선택한 노드 옆에 선으로 이어서, 없으면 포인터 자리에 (빈 캔버스 두 번 클릭이나 Ctrl+클릭도 됩니다)";
    KEY_WIRE = "Draw a wire from the selected node", "선택한 노드에서 선 긋기";
    KEY_NOTE = "Put a note", "메모 놓기";
    KEY_ZOOM = "Nearer, farther", "확대 / 축소";
    KEY_FIT = "Show everything", "전체 보기";
    KEY_ESCAPE = "Give up, select nothing", "그만두기 / 선택 풀기";
    KEY_HELP = "This sheet", "이 도움말";
    KEYS_CHARTS = "On a chart", "차트에서";
    KEY_CURSOR = "Move the cursor (Shift: further)", "커서 옮기기 (Shift: 더 멀리)";
    KEY_GO = "Go to that moment", "그 시점으로 가기";
    KEY_LINE = "Next line, and its node on the canvas", "다음 선 고르기, 캔버스에 노드 표시";
    KEY_STRETCH = "Zoom in time on all charts; 0 shows all", "모든 차트의 시간 확대·축소, 0은 전체";
}
