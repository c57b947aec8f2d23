//! DOM-free editing of designs.
