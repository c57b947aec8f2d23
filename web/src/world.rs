//! What is to be seen of a design on a map of the world: where its users and its data centres are, how those do, and who is
//! served where. Everything is of the run: rates are measured, and who is served where is seen from its followed requests.

use crate::live::Live;
use headroom_model::design::Design;
use headroom_model::kinds::Kind;
use headroom_model::messages::{PartState, part};
use headroom_model::places::layout::Layout;
use headroom_model::places::sites::{Spot, rtt_ms};
use headroom_model::sim::trace::Traces;

/// Busy share of the busiest part from which a site counts as busy.
const BUSY: f32 = 0.85;
/// The map shows the world between these latitudes [degrees].
pub const LATITUDES: (f64, f64) = (-57.0, 78.0);

/// How a site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// All that stands there works.
    Up,
    /// A part of it hardly keeps up.
    Busy,
    /// Some of it is dead.
    Partly,
    /// All of it is dead.
    Down,
}

/// A spot of the world with something of the design at it.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteView {
    /// Position of the place that says where it is, in the design.
    pub place: usize,
    /// Where.
    pub spot: Spot,
    /// Requests per second of the users who live there; none where no users live.
    pub users_rps: Option<f64>,
    /// How what stands there is; none where nothing but users does.
    pub health: Option<Health>,
    /// Busy share of its busiest part.
    pub busy: Option<f32>,
}

/// Users of one site who are served at one.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// Their site and that which serves them, by position.
    pub from: usize,
    /// See `from`.
    pub to: usize,
    /// Share of their requests.
    pub share: f64,
    /// Requests per second.
    pub rps: f64,
    /// Mean response time [s].
    pub mean_s: f64,
    /// Share of them that failed.
    pub failed: f64,
    /// Round trip that distance alone takes [ms].
    pub rtt_ms: f64,
    /// Followed requests that say so.
    pub n: usize,
}

/// What the map shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    /// Sites, in the order of their places.
    pub sites: Vec<SiteView>,
    /// Who is served where.
    pub arcs: Vec<Arc>,
    /// Requests per second of all users who live somewhere.
    pub users_rps: f64,
}

/// Whether anything of a design is somewhere in the world.
pub fn has_sites(design: &Design) -> bool {
    let layout = Layout::new(design);
    design.nodes.iter().any(|n| layout.of_node(n).into_iter().any(|p| layout.spot(p).is_some()))
}

impl World {
    /// What is known of a run.
    pub fn of(live: &Live, traces: Option<&Traces>) -> Self {
        let design = &live.design;
        let layout = Layout::new(design);
        let mut world = Self::default();
        // Of each node: where its parts are, as positions among the sites.
        let mut stands: Vec<Vec<Option<usize>>> = Vec::new();
        for node in &design.nodes {
            let spots = layout.of_node(node).into_iter().map(|p| {
                let (place, spot) = layout.spot(p)?;
                Some(world.site(place, spot))
            });
            stands.push(spots.collect());
        }
        let window = live.windows.last();
        for (i, node) in design.nodes.iter().enumerate() {
            if node.kind() == Kind::Users {
                let rps = live.metric(&node.id, "arrivals_rps").filter(|r| r.is_finite());
                if let Some(site) = stands[i].first().copied().flatten() {
                    let rps = f64::from(rps.unwrap_or(0.0));
                    *world.sites[site].users_rps.get_or_insert(0.0) += rps;
                    world.users_rps += rps;
                }
                continue;
            }
            let busy: Vec<f32> = match (window, live.node_index(&node.id)) {
                (Some(window), Some(index)) => {
                    live.part_values(window, index).map(|v| v[part::UTILIZATION]).collect()
                }
                _ => Vec::new(),
            };
            for (p, now) in live.parts(&node.id).iter().enumerate() {
                let Some(site) = stands[i][p % stands[i].len()] else { continue };
                let site = &mut world.sites[site];
                let busy = busy.get(p).copied().filter(|b| b.is_finite() && now.state != PartState::Down);
                site.busy = site.busy.into_iter().chain(busy).reduce(f32::max);
                let dead = match now.state {
                    PartState::Down => Health::Down,
                    PartState::Gone => continue,
                    _ => Health::Up,
                };
                site.health = Some(match site.health {
                    None => dead,
                    Some(same) if same == dead => same,
                    Some(_) => Health::Partly,
                });
            }
        }
        for site in &mut world.sites {
            if site.health == Some(Health::Up) && site.busy.is_some_and(|b| b >= BUSY) {
                site.health = Some(Health::Busy);
            }
        }
        if let Some(traces) = traces {
            world.serve(traces, &stands);
        }
        world
    }

    /// The site at a spot, new or old.
    fn site(&mut self, place: usize, spot: Spot) -> usize {
        let near =
            |s: &SiteView| (s.spot.lat - spot.lat).abs() < 0.01 && (s.spot.lon - spot.lon).abs() < 0.01;
        self.sites.iter().position(near).unwrap_or_else(|| {
            self.sites.push(SiteView { place, spot, users_rps: None, health: None, busy: None });
            self.sites.len() - 1
        })
    }

    /// Who is served where: the first node of its way that is somewhere in the world.
    fn serve(&mut self, traces: &Traces, stands: &[Vec<Option<usize>>]) {
        /// What was seen of a pair of sites.
        #[derive(Clone, Copy, Default)]
        struct Seen {
            n: usize,
            took_ns: u64,
            failed: usize,
        }
        let sites = self.sites.len();
        let mut seen = vec![Seen::default(); sites * sites];
        for trace in traces.recent.iter().filter(|t| !t.is_delivery()) {
            let home = stands.get(usize::from(trace.users)).and_then(|s| s.first().copied().flatten());
            let first = trace.spans.iter().find_map(|span| {
                let stands = stands.get(usize::from(span.node))?;
                stands[usize::from(span.part.unwrap_or(0)) % stands.len().max(1)]
            });
            let (Some(from), Some(to)) = (home, first) else { continue };
            let pair = &mut seen[from * sites + to];
            pair.n += 1;
            pair.took_ns += trace.ended_ns - trace.began_ns;
            pair.failed += usize::from(trace.failed.is_some());
        }
        for from in 0..sites {
            let all: usize = seen[from * sites..(from + 1) * sites].iter().map(|s| s.n).sum();
            for to in 0..sites {
                let s = seen[from * sites + to];
                if s.n == 0 {
                    continue;
                }
                let share = s.n as f64 / all as f64;
                self.arcs.push(Arc {
                    from,
                    to,
                    share,
                    rps: share * self.sites[from].users_rps.unwrap_or(0.0),
                    mean_s: s.took_ns as f64 / s.n as f64 / 1e9,
                    failed: s.failed as f64 / s.n as f64,
                    rtt_ms: if from == to { 0.0 } else { rtt_ms(self.sites[from].spot, self.sites[to].spot) },
                    n: s.n,
                });
            }
        }
    }
}

/// Where a spot lies on the map, in degrees from its left upper corner.
pub fn on_map(spot: Spot) -> (f64, f64) {
    (spot.lon + 180.0, LATITUDES.1 - spot.lat.clamp(LATITUDES.0, LATITUDES.1))
}

/// Coasts, coarsely: rings of longitude and latitude in whole degrees.
const COASTS: &[&[(i16, i16)]] = &[
    // North America, Greenland, Iceland.
    &[
        (-168, 66),
        (-156, 71),
        (-128, 70),
        (-110, 68),
        (-95, 72),
        (-82, 68),
        (-94, 60),
        (-92, 57),
        (-82, 53),
        (-79, 51),
        (-77, 56),
        (-77, 62),
        (-70, 60),
        (-64, 58),
        (-56, 52),
        (-60, 47),
        (-66, 44),
        (-70, 42),
        (-74, 40),
        (-76, 35),
        (-81, 31),
        (-80, 26),
        (-82, 29),
        (-85, 30),
        (-90, 29),
        (-97, 28),
        (-97, 22),
        (-94, 18),
        (-90, 21),
        (-87, 21),
        (-88, 16),
        (-83, 15),
        (-83, 10),
        (-78, 9),
        (-80, 7),
        (-85, 11),
        (-92, 14),
        (-97, 16),
        (-105, 20),
        (-109, 25),
        (-114, 31),
        (-117, 33),
        (-122, 37),
        (-124, 43),
        (-124, 48),
        (-131, 54),
        (-140, 60),
        (-152, 59),
        (-162, 55),
        (-158, 58),
        (-165, 61),
    ],
    &[(-68, 76), (-55, 69), (-50, 62), (-43, 60), (-38, 65), (-24, 70), (-20, 76), (-30, 78), (-60, 78)],
    &[(-22, 64), (-18, 63), (-14, 65), (-16, 66), (-24, 66)],
    // South America.
    &[
        (-78, 8),
        (-72, 12),
        (-62, 10),
        (-52, 5),
        (-50, 0),
        (-44, -3),
        (-35, -6),
        (-38, -13),
        (-41, -22),
        (-48, -26),
        (-53, -33),
        (-58, -35),
        (-62, -39),
        (-65, -43),
        (-68, -50),
        (-68, -55),
        (-74, -52),
        (-74, -43),
        (-73, -37),
        (-71, -30),
        (-70, -19),
        (-76, -14),
        (-81, -5),
        (-80, 0),
        (-77, 4),
    ],
    // Africa, Madagascar.
    &[
        (-6, 36),
        (10, 37),
        (11, 33),
        (20, 31),
        (32, 31),
        (37, 22),
        (43, 12),
        (51, 12),
        (47, 4),
        (40, -4),
        (40, -15),
        (35, -22),
        (32, -29),
        (27, -34),
        (20, -35),
        (17, -29),
        (12, -18),
        (13, -8),
        (9, -1),
        (9, 4),
        (4, 6),
        (-8, 4),
        (-13, 9),
        (-17, 14),
        (-17, 21),
        (-10, 29),
    ],
    &[(44, -16), (50, -15), (47, -25), (44, -24)],
    // Europe and Asia.
    &[
        (-9, 37),
        (-9, 43),
        (-2, 44),
        (-1, 46),
        (-5, 48),
        (2, 51),
        (8, 54),
        (10, 57),
        (12, 54),
        (20, 55),
        (24, 59),
        (29, 60),
        (22, 61),
        (25, 65),
        (21, 64),
        (17, 61),
        (19, 59),
        (16, 56),
        (13, 56),
        (11, 59),
        (6, 58),
        (5, 62),
        (14, 68),
        (25, 71),
        (40, 67),
        (34, 65),
        (44, 66),
        (54, 69),
        (68, 69),
        (73, 72),
        (80, 73),
        (98, 76),
        (113, 74),
        (130, 71),
        (150, 72),
        (170, 69),
        (180, 69),
        (178, 64),
        (170, 60),
        (163, 60),
        (162, 56),
        (157, 51),
        (156, 57),
        (162, 62),
        (150, 59),
        (142, 59),
        (135, 54),
        (141, 52),
        (138, 46),
        (132, 43),
        (128, 40),
        (129, 36),
        (126, 35),
        (126, 38),
        (122, 40),
        (118, 39),
        (122, 37),
        (119, 35),
        (122, 31),
        (121, 28),
        (117, 23),
        (110, 21),
        (106, 20),
        (109, 13),
        (105, 9),
        (100, 13),
        (104, 2),
        (101, 3),
        (98, 8),
        (98, 16),
        (94, 17),
        (90, 22),
        (80, 15),
        (80, 10),
        (77, 8),
        (73, 17),
        (72, 21),
        (67, 25),
        (57, 26),
        (50, 30),
        (48, 29),
        (51, 25),
        (56, 25),
        (59, 22),
        (55, 17),
        (45, 13),
        (42, 17),
        (35, 28),
        (35, 33),
        (36, 36),
        (27, 37),
        (27, 40),
        (41, 41),
        (38, 45),
        (31, 46),
        (28, 42),
        (23, 40),
        (24, 38),
        (22, 37),
        (19, 42),
        (13, 45),
        (18, 40),
        (16, 38),
        (10, 44),
        (3, 43),
        (0, 40),
        (-2, 37),
        (-6, 36),
    ],
    &[(-5, 50), (1, 51), (0, 53), (-2, 56), (-3, 58), (-6, 58), (-5, 55), (-3, 54), (-5, 52)],
    &[(-10, 52), (-6, 52), (-6, 55), (-9, 55)],
    // Japan, islands of the south-east, Australia, New Zealand.
    &[(130, 32), (135, 34), (140, 35), (141, 41), (145, 43), (142, 45), (140, 42), (139, 38), (133, 35)],
    &[(120, 18), (122, 18), (126, 7), (122, 7)],
    &[(95, 5), (104, -3), (106, -6), (101, -3)],
    &[(106, -6), (114, -7), (114, -9), (107, -8)],
    &[(109, 1), (117, 7), (118, 1), (115, -4), (110, -3)],
    &[(120, 1), (125, 1), (122, -5), (120, -3)],
    &[(131, -1), (141, -3), (150, -10), (143, -9), (138, -8), (133, -4)],
    &[
        (114, -22),
        (122, -18),
        (129, -15),
        (136, -12),
        (136, -15),
        (140, -17),
        (142, -11),
        (146, -19),
        (153, -26),
        (150, -37),
        (144, -39),
        (136, -35),
        (131, -31),
        (124, -34),
        (115, -34),
    ],
    &[(173, -35), (178, -38), (174, -41), (168, -46), (172, -41)],
];

/// The coasts as one path, in degrees from the map's left upper corner.
pub fn outline() -> String {
    let mut path = String::with_capacity(3_000);
    for ring in COASTS {
        for (i, (lon, lat)) in ring.iter().enumerate() {
            let (x, y) = (lon + 180, LATITUDES.1 as i16 - lat);
            path.push_str(&format!("{}{x},{y}", if i == 0 { "M" } else { " " }));
        }
        path.push('z');
    }
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::messages::{FromWorker, ToWorker};
    use headroom_model::places::sites::Site;
    use headroom_model::scenarios;
    use headroom_model::session::Session;
    use std::rc::Rc;

    /// The scenario of two data centres at a moment.
    fn world(at_s: u64) -> World {
        let text = scenarios::by_id("two-data-centres").unwrap().json;
        let mut session = Session::new();
        let loaded = session.handle(ToWorker::Load { run: 1, design: text.to_owned(), play: false }).pop();
        let Some(FromWorker::Loaded { shape, .. }) = loaded else { panic!("{loaded:?}") };
        session.handle(ToWorker::Seek(at_s * 1_000_000_000));
        while session.advance(8.0, 1_000_000) {}
        let mut live = Live::default();
        live.begin(Rc::new(Design::parse(text).unwrap()), shape);
        let Some(FromWorker::Snapshot(s)) = session.snapshot() else { panic!() };
        live.take(*s);
        let Some(FromWorker::Traces { traces, .. }) = session.handle(ToWorker::Traces).pop() else {
            panic!()
        };
        World::of(&live, Some(&traces))
    }

    #[test]
    fn everybody_is_served_near_by_until_a_data_centre_dies() {
        let before = world(35);
        assert_eq!(before.sites.len(), 2);
        assert!(before.sites.iter().all(|s| matches!(s.health, Some(Health::Up | Health::Busy))));
        assert!((before.users_rps - 600.0).abs() < 90.0, "{}", before.users_rps);
        assert!(before.arcs.len() == 2 && before.arcs.iter().all(|a| a.from == a.to && a.share == 1.0));
        assert!(
            before.arcs.iter().all(|a| a.mean_s < 0.2 && a.rtt_ms == 0.0 && (200.0..400.0).contains(&a.rps))
        );
        // Seoul is dead for long enough that all resolvers have asked again: Asia is served in Dublin, over the distance.
        let after = world(85);
        let asia = after.sites.iter().position(|s| s.spot.site == Site::Seoul).unwrap();
        assert_eq!(after.sites[asia].health, Some(Health::Down));
        let far: Vec<&Arc> = after.arcs.iter().filter(|a| a.from == asia && a.to != asia).collect();
        assert!(far.len() == 1 && far[0].share > 0.9, "{:?}", after.arcs);
        assert!(far[0].mean_s * 1e3 > far[0].rtt_ms && far[0].rtt_ms > 100.0, "{far:?}");
    }

    #[test]
    fn named_sites_lie_on_land_of_the_outline() {
        let inside = |x: f64, y: f64| {
            COASTS.iter().any(|ring| {
                let n = ring.len();
                let crosses = |i: &usize| {
                    let ((ax, ay), (bx, by)) = (ring[*i], ring[(*i + 1) % n]);
                    let (ax, ay, bx, by) = (f64::from(ax), f64::from(ay), f64::from(bx), f64::from(by));
                    (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
                };
                (0..n).filter(crosses).count() % 2 == 1
            })
        };
        // Coarse coasts: within two degrees of land.
        let near = |lat: f64, lon: f64| {
            (-2..=2).any(|i| (-2..=2).any(|j| inside(lon + f64::from(i), lat + f64::from(j))))
        };
        let sites = [
            Site::Virginia,
            Site::Oregon,
            Site::SaoPaulo,
            Site::Ireland,
            Site::Frankfurt,
            Site::Mumbai,
            Site::Singapore,
            Site::Seoul,
            Site::Tokyo,
            Site::Sydney,
        ];
        for (site, (lat, lon)) in sites.map(|s| (s, s.coordinates().unwrap())) {
            assert!(near(lat, lon), "{site:?}");
        }
        assert!(!near(0.0, -30.0) && !near(-40.0, 80.0) && !near(40.0, -40.0));
        assert!(outline().len() < 4_000);
    }
}
