//! Texts of the inspector.

use super::texts;

texts! {
    NOW = "Now", "지금";
}
