//! Things that happen to a node and need no numbers to be told: one line each, and every reader of a run knows them.

use crate::text::Text;

/// What something that happened means for the run; it decides how it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Something broke.
    Fault,
    /// Something works again.
    Recovery,
    /// Something is otherwise than before.
    Change,
    /// Something was noticed or decided.
    Note,
}

macro_rules! notes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $mood:ident, $en:literal, $ko:literal;)+) => {
        /// Something that happened to a node or a part of it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Note { $($(#[doc = $doc])+ $variant),+ }

        impl Note {
            /// Every note.
            pub const ALL: &'static [Note] = &[$(Note::$variant),+];
            /// What the user reads, after the name of the node or part and a colon.
            pub fn text(self) -> Text {
                match self { $(Note::$variant => Text::new($en, $ko)),+ }
            }
            /// How it is marked.
            pub fn mood(self) -> Mood {
                match self { $(Note::$variant => Mood::$mood),+ }
            }
        }
    };
}

notes! {
    /// All items are on the shard where they belong.
    AllMoved = Recovery, "all items have moved", "항목을 모두 옮김";
    /// Too few replicas answered in time: writes are acknowledged without them.
    AcksGivenUp = Fault, "no longer waits for replicas", "복제 확인을 더 기다리지 않음";
    /// Enough replicas have caught up: writes wait for them again.
    AcksRestored = Recovery, "waits for replicas again", "다시 복제 확인을 기다림";
}
