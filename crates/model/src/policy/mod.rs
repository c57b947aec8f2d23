//! Policies: one axis of choice is one folder or file, one policy a file or a match arm with a line in its list.

pub mod eviction;
pub mod sharding;
