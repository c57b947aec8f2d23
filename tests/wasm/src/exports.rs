//! What a host of the WebAssembly module calls.
//!
//! An exported name is unique in the module, which is all that `no_mangle` asks for.
#![allow(unsafe_code)]

use crate::{BENCHES, CASES};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many cases there are.
#[unsafe(no_mangle)]
pub extern "C" fn case_count() -> u32 {
    CASES.len() as u32
}

/// Where the name of a case begins in memory.
#[unsafe(no_mangle)]
pub extern "C" fn case_name(index: u32) -> *const u8 {
    CASES[index as usize].name.as_ptr()
}

/// How many bytes the name of a case has.
#[unsafe(no_mangle)]
pub extern "C" fn case_name_len(index: u32) -> u32 {
    CASES[index as usize].name.len() as u32
}

/// The number of a case.
#[unsafe(no_mangle)]
pub extern "C" fn case_value(index: u32) -> u64 {
    CASES[index as usize].run()
}

/// How many benchmarks there are.
#[unsafe(no_mangle)]
pub extern "C" fn bench_count() -> u32 {
    BENCHES.len() as u32
}

/// Where the name of a benchmark begins in memory.
#[unsafe(no_mangle)]
pub extern "C" fn bench_name(index: u32) -> *const u8 {
    BENCHES[index as usize].name.as_ptr()
}

/// How many bytes the name of a benchmark has.
#[unsafe(no_mangle)]
pub extern "C" fn bench_name_len(index: u32) -> u32 {
    BENCHES[index as usize].name.len() as u32
}

/// Makes what benchmarks share, so that no one of them is timed with it.
#[unsafe(no_mangle)]
pub extern "C" fn bench_prepare() {
    crate::work::references();
}

/// Runs a benchmark; gives the number of requests. [`bench_events`] then tells the events.
#[unsafe(no_mangle)]
pub extern "C" fn bench_run(index: u32) -> u64 {
    let done = BENCHES[index as usize].run();
    EVENTS.store(done.events, Ordering::Relaxed);
    done.requests
}

/// Events of the benchmark that ran last.
#[unsafe(no_mangle)]
pub extern "C" fn bench_events() -> u64 {
    EVENTS.load(Ordering::Relaxed)
}

static EVENTS: AtomicU64 = AtomicU64::new(0);
