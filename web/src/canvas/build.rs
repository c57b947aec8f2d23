//! Makes and changes elements past Yew, writing only what differs.

use crate::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A new HTML element with a class.
pub fn html(tag: &str, class: &str) -> HtmlElement {
    let element = dom::document().create_element(tag).expect("the tag is a valid name");
    element.set_class_name(class);
    element.unchecked_into()
}

/// A new SVG element with a class.
pub fn svg(tag: &str, class: &str) -> Element {
    let element = dom::document().create_element_ns(Some(SVG), tag).expect("the tag is a valid name");
    set(&element, "class", class);
    element
}

/// Sets an attribute.
pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Sets or removes an attribute that is there or not.
pub fn flag(element: &Element, name: &str, on: bool) {
    if on {
        set(element, name, "true");
    } else {
        let _ = element.remove_attribute(name);
    }
}

/// Sets a CSS property of an element, custom ones too.
pub fn style(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// Appends a child.
pub fn append(parent: &Element, child: &Element) {
    let _ = parent.append_child(child);
}

/// A text in the document that is written only when it differs.
#[derive(Debug)]
pub struct TextSlot {
    element: Element,
    shown: String,
}

impl TextSlot {
    /// The text of an element.
    pub fn new(element: Element) -> Self {
        Self { element, shown: String::new() }
    }

    /// Shows this.
    pub fn show(&mut self, text: &str) {
        if self.shown != text {
            self.element.set_text_content(Some(text));
            text.clone_into(&mut self.shown);
        }
    }

    /// The element.
    pub fn element(&self) -> &Element {
        &self.element
    }
}

/// An attribute in the document that is written only when it differs.
#[derive(Debug)]
pub struct AttrSlot {
    element: Element,
    name: &'static str,
    shown: String,
}

impl AttrSlot {
    /// An attribute of an element, not yet set.
    pub fn new(element: Element, name: &'static str) -> Self {
        Self { element, name, shown: String::new() }
    }

    /// Sets it.
    pub fn show(&mut self, value: &str) {
        if self.shown != value {
            set(&self.element, self.name, value);
            value.clone_into(&mut self.shown);
        }
    }
}
