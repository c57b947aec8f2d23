//! Discrete-event core: virtual time, event queue, random streams, histograms.
