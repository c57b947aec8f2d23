//! Hears of the size of the charts and of which of them are in view.

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
