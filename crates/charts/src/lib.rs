//! Chart drawings used by the page, the command line and exported files alike.
