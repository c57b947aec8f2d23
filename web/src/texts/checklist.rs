//! Texts of the checklist. The rules and why they are judged so are those of `headroom_model::checklist`.

use super::texts;

texts! {
    TITLE = "Ready for millions of users?", "백만 사용자를 맞을 준비가 되었나요?";
    WHAT = "The eight rules of the chapter “from zero to millions of users”, judged from the present design. Change something and look again; to be sure, kill what is named.", "‘사용자 0명에서 백만 명까지’ 장의 여덟 규칙을 지금 설계로 판단합니다. 무언가를 바꾸고 다시 보세요. 확인하려면 이름이 나온 것을 죽여 보세요.";
    DONE = "{n} of {all} hold.", "{all}개 중 {n}개를 지킵니다.";
    YES = "holds", "지킴";
    PARTLY = "in part", "일부";
    NO = "does not hold", "지키지 않음";
    NOT_NEEDED = "not asked for", "해당 없음";
    SEE = "See it: {title}", "시나리오로 보기: {title}";
}
