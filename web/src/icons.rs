//! Icons, drawn with lines in the colour of the text around them. They say nothing to screen readers: what they stand
//! on has a name.

use headroom_model::kinds::Kind;
use yew::prelude::*;

/// An icon of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Icon {
    Play,
    Pause,
    Step,
    Restart,
    Undo,
    Redo,
    Share,
    Dice,
    Menu,
    Close,
    Down,
    Plus,
    Trash,
    Keyboard,
    Sun,
    Moon,
    Auto,
    File,
    Open,
    Save,
    Book,
    Globe,
    Sliders,
    Chart,
    Copy,
    Check,
    Reset,
    Skull,
    Heart,
    Turtle,
    Broom,
    Star,
    Link,
    External,
    Clock,
    Lamp,
    Microscope,
    Table,
}

/// Paths in a box of 24 by 24.
fn paths(icon: Icon) -> &'static str {
    match icon {
        Icon::Play => "M7 4.5v15l12-7.5z",
        Icon::Pause => "M8 5v14M16 5v14",
        Icon::Step => "M6 5v14l9-7zM18.5 5v14",
        Icon::Restart => "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 3.5v5h5",
        Icon::Undo => "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
        Icon::Redo => "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
        Icon::Share => "M12 15V4M8 7.5 12 3.5l4 4M5 12v7a1.5 1.5 0 0 0 1.5 1.5h11A1.5 1.5 0 0 0 19 19v-7",
        Icon::Dice => {
            "M6.5 4h11A2.5 2.5 0 0 1 20 6.5v11a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5v-11A2.5 2.5 0 0 1 6.5 4zM8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01"
        }
        Icon::Menu => "M4 7h16M4 12h16M4 17h16",
        Icon::Close => "M6 6l12 12M18 6 6 18",
        Icon::Down => "m7 10 5 5 5-5",
        Icon::Plus => "M12 5v14M5 12h14",
        Icon::Trash => "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5",
        Icon::Keyboard => {
            "M4.5 6h15A1.5 1.5 0 0 1 21 7.500v9a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 16.500v-9A1.500 1.500 0 0 1 4.500 6zM7 10h.01M10.300 10h.01M13.700 10h.01M17 10h.01M8 14h8"
        }
        Icon::Sun => {
            "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400"
        }
        Icon::Moon => "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
        Icon::Auto => {
            "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 3.500v17M15 5v14M18 7.500v9"
        }
        Icon::File => {
            "M7 3.500h7l4.500 4.500v12.500H7A1.500 1.500 0 0 1 5.500 19V5A1.500 1.500 0 0 1 7 3.500zM14 3.500V8h4.500"
        }
        Icon::Open => {
            "M3.500 18.500V6A1.500 1.500 0 0 1 5 4.500h4l2 2.500h7A1.500 1.500 0 0 1 19.500 8.500V10M3.500 18.500 6 10h15.500L19 18.500z"
        }
        Icon::Save => "M12 4v11M8 11.500l4 4 4-4M5 19.500h14",
        Icon::Book => {
            "M12 6.500C10 5 7.500 4.500 4 4.500v13c3.500 0 6 .5 8 2 2-1.500 4.500-2 8-2v-13c-3.500 0-6 .5-8 2zM12 6.500v13"
        }
        Icon::Globe => {
            "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM3.500 12h17M12 3.500c2.400 2.400 3.500 5.200 3.500 8.500s-1.100 6.100-3.500 8.500c-2.400-2.400-3.500-5.200-3.500-8.500s1.100-6.100 3.500-8.500z"
        }
        Icon::Sliders => {
            "M4 7h9M18 7h2M4 17h2M11 17h9M15.500 4.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM8.500 14.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z"
        }
        Icon::Chart => "M4 4v15.500h16M7.500 15.500l3.500-5 3.500 2.500L19 6.500",
        Icon::Copy => {
            "M9 8.500h9.500A1.500 1.500 0 0 1 20 10v9.500a1.500 1.500 0 0 1-1.500 1.500H9a1.500 1.500 0 0 1-1.500-1.500V10A1.500 1.500 0 0 1 9 8.500zM16.500 8.500v-4A1.500 1.500 0 0 0 15 3H5.500A1.500 1.500 0 0 0 4 4.500V14a1.500 1.500 0 0 0 1.500 1.500h2"
        }
        Icon::Check => "m5 12.500 4.500 4.500L19 7.500",
        Icon::Reset => "M20 12a8 8 0 1 1-2.600-5.900L20 8.500M20 3.500v5h-5",
        Icon::Skull => {
            "M12 3.500c-4.700 0-7.500 3.200-7.500 7 0 2.600 1.200 4.300 3 5.500v4h9v-4c1.800-1.200 3-2.900 3-5.500 0-3.800-2.800-7-7.500-7zM9 11.500h.01M15 11.500h.01M10.500 20v-2.500M13.500 20v-2.500"
        }
        Icon::Heart => {
            "M12 20s-7.500-4.600-7.500-10A4.200 4.200 0 0 1 12 7.300 4.200 4.200 0 0 1 19.500 10c0 5.400-7.500 10-7.500 10z"
        }
        Icon::Table => "M5 5h14v14H5zM5 10h14M5 14.500h14M10.500 10v9",
        Icon::Turtle => "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 7.500V12l-3.500 2",
        Icon::Broom => "M14.500 4 11 12M6 12.500h10l2.500 7.500H4zM9 20v-3M13.500 20v-3",
        Icon::Star => {
            "m12 3.500 2.600 5.400 5.900.8-4.300 4.100 1 5.900L12 16.900l-5.200 2.800 1-5.900-4.300-4.100 5.900-.8z"
        }
        Icon::Link => {
            "M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700l-1.300 1.300M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.300-1.300"
        }
        Icon::External => {
            "M13.500 4.500h6v6M19.500 4.500l-8.500 8.500M17.500 13.500v5A1.500 1.500 0 0 1 16 20H6a1.500 1.500 0 0 1-1.500-1.500v-10A1.500 1.500 0 0 1 6 7h5"
        }
        Icon::Clock => "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 7v5l3.500 2",
        Icon::Microscope => {
            "M6 20.500h13M9 17.500h4M13 20.500a6.500 6.500 0 0 0 1.500-12.700M10 4.500l4 7.500-2.600 1.400-4-7.500zM8.500 5.300 11.100 3.900M11.500 15.500l2-1"
        }
        Icon::Lamp => {
            "M9 17.500h6M10 20.500h4M12 3.500a6 6 0 0 0-3.600 10.800c.6.500.9 1.200.9 1.900v1.300h5.400v-1.300c0-.7.3-1.400.9-1.900A6 6 0 0 0 12 3.500z"
        }
    }
}

fn kind_paths(kind: Kind) -> &'static str {
    match kind {
        Kind::Users => {
            "M9 4.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM2.500 20a6.500 6.500 0 0 1 13 0M16 5a3.300 3.300 0 0 1 0 6.300M18 14.500a6 6 0 0 1 3.500 5.500"
        }
        Kind::LoadBalancer => {
            "M3 12h5M8 12c4 0 3-6.500 8-6.500h4.500M8 12h12.500M8 12c4 0 3 6.500 8 6.500h4.500M18 3l2.500 2.500L18 8M18 9.500l2.500 2.500-2.500 2.500M18 16l2.500 2.500L18 21"
        }
        Kind::Web => {
            "M5 4h14a1.500 1.500 0 0 1 1.500 1.500v4A1.500 1.500 0 0 1 19 11H5a1.500 1.500 0 0 1-1.500-1.500v-4A1.500 1.500 0 0 1 5 4zM5 13h14a1.500 1.500 0 0 1 1.500 1.500v4A1.500 1.500 0 0 1 19 20H5a1.500 1.500 0 0 1-1.500-1.500v-4A1.500 1.500 0 0 1 5 13zM7 7.500h.01M7 16.500h.01M10.500 7.500H14M10.500 16.500H14"
        }
        Kind::Autoscaler => "M4 20V14.500M9.300 20V11M14.600 20V7.500M20 20V4M3 9.500 9 4M5.500 4H9v3.500",
        Kind::Queue => {
            "M3 8.500h11v7H3zM6.700 8.500v7M10.400 8.500v7M16.500 12H22M19.500 9.500 22 12l-2.500 2.500"
        }
        Kind::Workers => {
            "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM12 3v3.500M12 17.500V21M3 12h3.500M17.500 12H21M5.600 5.600l2.500 2.500M15.900 15.900l2.500 2.500M5.600 18.400l2.500-2.500M15.900 8.100l2.500-2.500"
        }
        Kind::Dns => {
            "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c2.500 2.500 3.800 5.500 3.800 9s-1.300 6.500-3.800 9c-2.500-2.500-3.800-5.500-3.800-9S9.500 5.500 12 3z"
        }
        Kind::Cache => "M13 2.500 5 13.500h6l-1 8 8.500-11.500H12z",
        Kind::Relational => {
            "M12 3c4.400 0 7.500 1.300 7.500 3S16.400 9 12 9 4.500 7.700 4.500 6 7.600 3 12 3zM4.500 6v12c0 1.700 3.100 3 7.500 3s7.500-1.300 7.500-3V6M4.500 12c0 1.700 3.100 3 7.500 3s7.500-1.300 7.500-3"
        }
        Kind::SessionStore => {
            "M4 6.500h16v11H4zM8.500 9a1.700 1.700 0 1 1 0 3.400 1.700 1.700 0 0 1 0-3.400zM6 15.500c.3-1.300 1.300-2 2.500-2s2.200.7 2.500 2M13.500 10H17M13.500 13.500H17"
        }
        Kind::Sharded => {
            "M4.500 4H10v7H4.500zM14 4h5.500v7H14zM4.500 14H10v6.500H4.500zM14 14h5.500v6.500H14z"
        }
    }
}

fn svg(paths: &'static str, filled: bool) -> Html {
    let fill = if filled { "currentColor" } else { "none" };
    html! {
        <svg class="icon" viewBox="0 0 24 24" fill={fill} stroke="currentColor" stroke-width="1.8"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={paths} />
        </svg>
    }
}

/// An icon of the page.
pub fn icon(icon: Icon) -> Html {
    svg(paths(icon), matches!(icon, Icon::Play))
}

/// The icon of a kind.
pub fn kind(kind: Kind) -> Html {
    svg(kind_paths(kind), false)
}

/// The lines of a kind's icon in a box of 24 by 24, for those who draw it themselves.
pub fn kind_path(kind: Kind) -> &'static str {
    kind_paths(kind)
}
