//! Texts of the dialogs.

use super::texts;

texts! {
    SHARE_TITLE = "Share this design", "이 설계 공유하기";
}
