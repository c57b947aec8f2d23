//! The design document, every kind, and the session that runs a design.
