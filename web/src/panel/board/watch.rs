//! Hears of the size of the charts and of which of them are in view, and keeps the others out of the browser's work.

use super::{Inner, Key, Slot, WORDS_EVERY_MS};
use crate::dom;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};

/// Watches canvases until it is dropped.
pub(super) struct Watch {
    sizes: Option<ResizeObserver>,
    sights: Option<IntersectionObserver>,
    _on_size: Closure<dyn FnMut()>,
    _on_sight: Closure<dyn FnMut(Array)>,
}

impl Watch {
    /// Tells of changed sizes, and of canvases that came into view or went out of it.
    pub fn new(resized: impl FnMut() + 'static, seen: impl Fn(&HtmlCanvasElement, bool) + 'static) -> Self {
        let on_size: Closure<dyn FnMut()> = Closure::new(resized);
        let on_sight: Closure<dyn FnMut(Array)> = Closure::new(move |entries: Array| {
            for entry in entries.iter() {
                let entry: IntersectionObserverEntry = entry.unchecked_into();
                seen(entry.target().unchecked_ref(), entry.is_intersecting());
            }
        });
        Self {
            sizes: ResizeObserver::new(on_size.as_ref().unchecked_ref()).ok(),
            sights: IntersectionObserver::new(on_sight.as_ref().unchecked_ref()).ok(),
            _on_size: on_size,
            _on_sight: on_sight,
        }
    }

    /// Watches this one too.
    pub fn enter(&self, canvas: &HtmlCanvasElement) {
        if let Some(sizes) = &self.sizes {
            sizes.observe(canvas);
        }
        if let Some(sights) = &self.sights {
            sights.observe(canvas);
        }
    }

    /// Watches this one no more.
    pub fn leave(&self, canvas: &HtmlCanvasElement) {
        if let Some(sizes) = &self.sizes {
            sizes.unobserve(canvas);
        }
        if let Some(sights) = &self.sights {
            sights.unobserve(canvas);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
        if let Some(sights) = &self.sights {
            sights.disconnect();
        }
    }
}

impl Inner {
    /// A chart came into view, as it was when it was last drawn, or went out of it.
    pub(super) fn sighted(&self, canvas: &HtmlCanvasElement, seen: bool) {
        let at = {
            let mut slots = self.slots.borrow_mut();
            let Some(at) = slots.iter().position(|s| s.canvas == *canvas) else { return };
            let before = std::mem::replace(&mut slots[at].seen, seen);
            put_away(&slots);
            (seen && !before).then_some(at)
        };
        if let Some(at) = at {
            self.draw_charts(at..at + 1, true);
        }
    }

    /// The chart out of view whose words are oldest, when they are due.
    pub(super) fn longest_unheard(&self) -> Option<usize> {
        let due = dom::now_ms() - WORDS_EVERY_MS;
        let slots = self.slots.borrow();
        let unseen = slots.iter().enumerate().filter(|(_, s)| !s.seen && s.words_at <= due);
        unseen.min_by(|a, b| a.1.words_at.total_cmp(&b.1.words_at)).map(|(i, _)| i)
    }
}

/// Browsers compose every canvas of a page in every frame, in view or not. Those out of view are left out, but for the
/// next ones, which a turn of the wheel brings into view.
fn put_away(slots: &[Slot]) {
    for (i, slot) in slots.iter().enumerate() {
        // The curve does not scroll with the others.
        let beside = &slots[i.saturating_sub(1)..(i + 2).min(slots.len())];
        let near = slot.seen || beside.iter().any(|s| s.seen && s.key != Key::Curve);
        let _ = slot.canvas.toggle_attribute_with_force("data-away", !near);
    }
}
