//! Texts of the panel.

use super::texts;

texts! {
    CHARTS = "Charts and traffic", "차트와 트래픽";
}
