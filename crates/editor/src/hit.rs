//! What lies under a pointer.

use crate::editor::Editor;
use crate::geometry::{PORT_REACH, Point, Side, node_rect, port, wire_paths};
use crate::selection::WireKey;
use headroom_model::kinds::Kind;

/// Half the width of a port's reach for a pointer, without tolerance [world px].
const PORT_HALF_WIDTH: f64 = 7.0;

/// What lies under a pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// A node's port.
    Port {
        /// Node id.
        node: String,
        /// Which side.
        side: Side,
    },
    /// A node.
    Node(String),
    /// A wire.
    Wire(WireKey),
    /// The background.
    Background,
}

impl Editor {
    /// What lies at a screen point; ports and wires are met from `tolerance_px` screen px away.
    pub fn hit(&self, screen: Point, tolerance_px: f64) -> Hit {
        let p = self.world_from_screen(screen);
        let tolerance = tolerance_px / self.camera().zoom;
        let design = self.design();
        // Later nodes lie on top. A port is a tall pill astride the node's edge; only the near half counts when ports
        // of neighbours lie close together, because the nearest wins.
        let mut best: Option<(f64, Hit)> = None;
        for node in design.nodes.iter().rev() {
            for side in [Side::In, Side::Out] {
                let exists = match side {
                    Side::In => node.kind() != Kind::Users,
                    Side::Out => !node.kind().spec().calls.is_empty(),
                };
                let d = p - port(node, side);
                let reach = (PORT_HALF_WIDTH + tolerance, PORT_REACH + tolerance);
                if exists && d.x.abs() <= reach.0 && d.y.abs() <= reach.1 {
                    let distance = d.x.abs() / reach.0 + d.y.abs() / reach.1;
                    if best.as_ref().is_none_or(|b| distance < b.0) {
                        best = Some((distance, Hit::Port { node: node.id.clone(), side }));
                    }
                }
            }
        }
        if let Some((_, hit)) = best {
            return hit;
        }
        if let Some(node) = design.nodes.iter().rev().find(|n| node_rect(n).contains(p)) {
            return Hit::Node(node.id.clone());
        }
        let nearest = wire_paths(design)
            .iter()
            .zip(&design.wires)
            .filter_map(|(path, wire)| {
                let path = path.as_ref()?;
                // The hull is cheap and rules most wires out.
                let near = path.hull().grown(tolerance).contains(p);
                near.then(|| (path.distance(p), wire))
            })
            .filter(|(distance, _)| *distance <= tolerance)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map_or(Hit::Background, |(_, wire)| Hit::Wire(WireKey::from(wire)))
    }
}
