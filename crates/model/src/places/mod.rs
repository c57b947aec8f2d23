//! Places: boxes that hold nodes. A place gives distance (round-trip time), shared fate and reachability; a machine also
//! gives its nodes one set of cores to share.
//!
//! What is said here of each kind of place is what users read. How distances follow from it is in [`layout`].

pub mod layout;
pub mod sites;

use crate::faults::Faults;
use crate::params::{ParamSpec, Params, params};
use crate::text::Text;
use crate::verbs::Verb;
use serde_json::{Map, Value};
use sites::{Site, Spot};

params! {
    /// Params of a region.
    pub struct RegionParams {
        /// Where it is: round trips to other regions follow from it.
        site: Site = Site::Virginia, 0 ..= 0, "", "Where", "위치", "어디에 있는지. 다른 리전까지의 왕복 시간이 여기서 정해집니다.";
        /// Latitude, when it is given by coordinates.
        lat_deg: f64 = 0.0, -90 ..= 90, "°", "Latitude", "위도", "좌표로 지정할 때의 위도입니다.";
        /// Longitude, when it is given by coordinates.
        lon_deg: f64 = 0.0, -180 ..= 180, "°", "Longitude", "경도", "좌표로 지정할 때의 경도입니다.";
        /// Round trip between two of its zones or data centres, and between nodes that stand in none of them.
        rtt_ms: f64 = 1.55, 0 ..= 1000, "ms", "Round trip across zones", "존 사이 왕복 시간", "리전 안의 두 존(데이터센터) 사이, 그리고 어느 존에도 속하지 않은 노드 사이의 왕복 시간입니다.";
    }
}

params! {
    /// Params of a zone.
    pub struct ZoneParams {
        /// Round trip between two nodes of the zone.
        rtt_ms: f64 = 0.9, 0 ..= 1000, "ms", "Round trip inside", "내부 왕복 시간", "존 안의 두 노드 사이 왕복 시간입니다.";
    }
}

params! {
    /// Params of a data centre.
    pub struct DataCentreParams {
        /// Where it is, when no region around it says so or it stands elsewhere.
        site: Site = Site::Inherit, 0 ..= 0, "", "Where", "위치", "어디에 있는지. 바깥 리전이 정하지 않거나 다른 곳일 때 정합니다.";
        /// Latitude, when it is given by coordinates.
        lat_deg: f64 = 0.0, -90 ..= 90, "°", "Latitude", "위도", "좌표로 지정할 때의 위도입니다.";
        /// Longitude, when it is given by coordinates.
        lon_deg: f64 = 0.0, -180 ..= 180, "°", "Longitude", "경도", "좌표로 지정할 때의 경도입니다.";
        /// Round trip between two nodes of the data centre.
        rtt_ms: f64 = 0.25, 0 ..= 1000, "ms", "Round trip inside", "내부 왕복 시간", "데이터센터 안의 두 노드 사이 왕복 시간입니다.";
    }
}

params! {
    /// Params of a private subnet.
    pub struct PrivateSubnetParams {
        /// A NAT gateway lets its nodes call what is out on the internet; nothing out there can call in.
        nat: bool = false, 0 ..= 1, "", "NAT gateway", "NAT 게이트웨이", "안의 노드가 인터넷에 있는 것을 부를 수 있게 합니다. 바깥에서 안으로는 여전히 부를 수 없습니다.";
    }
}

params! {
    /// Params of a machine.
    pub struct MachineParams {
        /// Cores that everything on the machine shares.
        cores: u32 = 4, 1 ..= 1024, "cores", "Cores", "코어", "이 머신 위의 모든 것이 나눠 쓰는 코어 수입니다.";
    }
}

/// A public subnet has no params.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicSubnetParams {}

impl Params for PublicSubnetParams {
    fn specs() -> &'static [ParamSpec] {
        &[]
    }
    fn get(&self, _name: &str) -> Option<Value> {
        None
    }
    fn set(&mut self, _name: &str, _value: &Value) -> Result<(), String> {
        Err("a public subnet has no params".to_owned())
    }
}

/// What can be done to all that is in a place.
pub const PLACE_VERBS: &[Verb] = &[Verb::Kill, Verb::Revive, Verb::Slow];

/// Everything about a kind of place that is not its geometry. Palette, inspector, docs and schema read it.
#[derive(Clone, Copy, Debug)]
pub struct PlaceSpec {
    /// The kind.
    pub kind: PlaceKind,
    /// Name in a design file.
    pub id: &'static str,
    /// What the user reads.
    pub label: Text,
    /// One line for the palette.
    pub tagline: Text,
    /// What it models, what it leaves out, formula and source.
    pub help: Text,
    /// Kinds of place that it may lie in; it may also lie in none.
    pub inside: &'static [PlaceKind],
}

/// Lists the kinds of place: variant = params.
macro_rules! place_kinds {
    ($($variant:ident = $params:ident, $spec:ident;)+) => {
        /// The kind of a place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum PlaceKind { $(#[doc = concat!("See [`", stringify!($spec), "`].")] $variant),+ }

        impl PlaceKind {
            /// Every kind, from the widest to the narrowest.
            pub const ALL: &'static [PlaceKind] = &[$(PlaceKind::$variant),+];
            /// Everything about the kind.
            pub fn spec(self) -> &'static PlaceSpec {
                match self { $(PlaceKind::$variant => &$spec),+ }
            }
            /// The kind's params.
            pub fn param_specs(self) -> &'static [ParamSpec] {
                match self { $(PlaceKind::$variant => $params::specs()),+ }
            }
        }

        /// A place's params, by kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum PlaceParams { $(#[doc = concat!("Of [`PlaceKind::", stringify!($variant), "`].")] $variant($params)),+ }

        impl PlaceParams {
            /// Defaults of a kind.
            pub fn default_of(kind: PlaceKind) -> Self {
                match kind { $(PlaceKind::$variant => PlaceParams::$variant($params::default())),+ }
            }
            /// The kind that these are of.
            pub fn kind(&self) -> PlaceKind {
                match self { $(PlaceParams::$variant(_) => PlaceKind::$variant),+ }
            }
            /// Reads a `params` object; faults go to `faults`.
            pub fn from_map(kind: PlaceKind, map: &Map<String, Value>, path: &str, faults: &mut Faults) -> Self {
                match kind { $(PlaceKind::$variant => PlaceParams::$variant($params::from_map(map, path, faults))),+ }
            }
            /// The `params` object, defaults left out.
            pub fn to_map(&self) -> Map<String, Value> {
                match self { $(PlaceParams::$variant(p) => p.to_map()),+ }
            }
            /// One param by name.
            pub fn get(&self, name: &str) -> Option<Value> {
                match self { $(PlaceParams::$variant(p) => p.get(name)),+ }
            }
            /// Sets one param by name.
            ///
            /// # Errors
            /// What would have been right, or that there is no such param.
            pub fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
                match self { $(PlaceParams::$variant(p) => p.set(name, value)),+ }
            }
        }
    };
}

place_kinds! {
    Region = RegionParams, REGION;
    Zone = ZoneParams, ZONE;
    DataCentre = DataCentreParams, DATA_CENTRE;
    PublicSubnet = PublicSubnetParams, PUBLIC_SUBNET;
    PrivateSubnet = PrivateSubnetParams, PRIVATE_SUBNET;
    Machine = MachineParams, MACHINE;
}

const SUBNET_INSIDE: &[PlaceKind] = &[PlaceKind::Region, PlaceKind::Zone, PlaceKind::DataCentre];

/// A part of the world.
pub static REGION: PlaceSpec = PlaceSpec {
    kind: PlaceKind::Region,
    id: "region",
    label: Text::new("Region", "리전"),
    tagline: Text::new(
        "A part of the world: distance in milliseconds",
        "세계의 한 지역. 거리는 밀리초입니다",
    ),
    help: Text::new(
        "Where nodes are in the world, users too. A wire between two regions takes half a round trip each way, besides its own latency. Round trips between named sites are measured ones where known; else distance along the great circle ÷ (2/3 of the speed of light) × 1.5 for the detours of real routes. Two things in one region that share no zone or data centre are a round trip across zones apart. Killing a region kills everything in it. Leaves out: congestion, routing changes. Sources: inter-region round trips of 2017 (acomputerscientistlearnsaws); zones: measured 1.55 ms across and 0.9 ms within (simonpainter.com); route factor: Bozkurt et al. (PAM 2017).",
        "노드가 세계 어디에 있는지입니다. 사용자도 마찬가지입니다. 두 리전 사이의 선은 선 자체의 지연에 더해 편도마다 왕복 시간의 절반이 걸립니다. 이름 있는 위치 사이는 알려진 측정값을 쓰고, 나머지는 대권 거리 ÷ (광속의 2/3) × 1.5(실제 경로의 우회)로 계산합니다. 같은 리전에서 존이나 데이터센터를 공유하지 않는 둘은 존 사이 왕복 시간만큼 떨어져 있습니다. 리전을 죽이면 안의 모든 것이 죽습니다. 빠진 것: 혼잡, 경로 변경. 출처: 2017년 리전 간 왕복 시간(acomputerscientistlearnsaws), 존 사이 1.55 ms·존 안 0.9 ms 측정값(simonpainter.com), 경로 계수는 Bozkurt 외(PAM 2017).",
    ),
    inside: &[],
};

/// A zone of a region.
pub static ZONE: PlaceSpec = PlaceSpec {
    kind: PlaceKind::Zone,
    id: "zone",
    label: Text::new("Zone", "가용 영역"),
    tagline: Text::new("Fails as one; its neighbours live on", "함께 죽는 단위. 이웃 존은 살아남습니다"),
    help: Text::new(
        "One or more buildings with power and cooling of their own. Its nodes are a short round trip apart (0.9 ms measured within a zone, 1.55 ms across: simonpainter.com). What lies in one zone can fail as one. A tier may be spread over several zones: its instances go to them in turn. Leaves out: capacity limits of a zone.",
        "전원과 냉각을 따로 쓰는 건물 하나 이상입니다. 안의 노드끼리는 왕복 시간이 짧습니다(존 안 0.9 ms, 존 사이 1.55 ms 측정: simonpainter.com). 한 존에 있는 것은 함께 죽을 수 있습니다. 한 계층을 여러 존에 펼치면 인스턴스가 차례로 나뉘어 들어갑니다. 빠진 것: 존의 용량 한계.",
    ),
    inside: &[PlaceKind::Region],
};

/// A data centre.
pub static DATA_CENTRE: PlaceSpec = PlaceSpec {
    kind: PlaceKind::DataCentre,
    id: "data_centre",
    label: Text::new("Data centre", "데이터센터"),
    tagline: Text::new(
        "A site with everything in it; it can fail whole",
        "모든 것이 모인 한 곳. 통째로 죽을 수 있습니다",
    ),
    help: Text::new(
        "One building full of machines: a quarter of a millisecond between any two of them (the best measured round trip within a zone, simonpainter.com). Killing it kills everything in it; cutting it off from another leaves both running, unable to reach each other. Put it in a region, or say where it is. Leaves out: racks, oversubscribed switches.",
        "머신으로 가득한 건물 하나입니다. 어느 둘 사이든 왕복 0.25 ms입니다(존 안에서 잰 가장 짧은 왕복 시간, simonpainter.com). 죽이면 안의 모든 것이 죽고, 다른 곳과 끊으면 둘 다 돌아가지만 서로 닿지 못합니다. 리전 안에 두거나 위치를 정하세요. 빠진 것: 랙, 과다 할당된 스위치.",
    ),
    inside: &[PlaceKind::Region, PlaceKind::Zone],
};

/// A subnet that the internet can reach.
pub static PUBLIC_SUBNET: PlaceSpec = PlaceSpec {
    kind: PlaceKind::PublicSubnet,
    id: "public_subnet",
    label: Text::new("Public subnet", "퍼블릭 서브넷"),
    tagline: Text::new("The internet can reach what is in it", "인터넷에서 닿을 수 있습니다"),
    help: Text::new(
        "Its nodes have public addresses: users can call them, and they can call out. It adds no distance of its own. Put what clients talk to here: load balancers, front servers.",
        "안의 노드는 공인 주소가 있어 사용자가 부를 수 있고, 밖으로도 부를 수 있습니다. 거리를 더하지는 않습니다. 로드 밸런서나 앞단 서버처럼 클라이언트와 말하는 것을 두세요.",
    ),
    inside: SUBNET_INSIDE,
};

/// A subnet that the internet cannot reach.
pub static PRIVATE_SUBNET: PlaceSpec = PlaceSpec {
    kind: PlaceKind::PrivateSubnet,
    id: "private_subnet",
    label: Text::new("Private subnet", "프라이빗 서브넷"),
    tagline: Text::new("The internet cannot reach what is in it", "인터넷에서 닿을 수 없습니다"),
    help: Text::new(
        "Its nodes have private addresses only. Users, and whatever stands in no place and so out on the internet, cannot call them: such a wire is refused. Its nodes can call what lies in any place, and what is out on the internet only through a NAT gateway. It adds no distance of its own. Leaves out: security groups, the gateway's own limits.",
        "안의 노드에는 사설 주소만 있습니다. 사용자와, 어느 장소에도 속하지 않아 인터넷에 있는 것은 이들을 부를 수 없으며 그런 선은 거절됩니다. 안의 노드는 장소 안에 있는 것은 부를 수 있고, 인터넷에 있는 것은 NAT 게이트웨이가 있어야 부를 수 있습니다. 거리를 더하지는 않습니다. 빠진 것: 보안 그룹, 게이트웨이 자체의 한계.",
    ),
    inside: SUBNET_INSIDE,
};

/// One machine.
pub static MACHINE: PlaceSpec = PlaceSpec {
    kind: PlaceKind::Machine,
    id: "machine",
    label: Text::new("Machine", "머신 한 대"),
    tagline: Text::new("Everything on it shares its cores", "위의 모든 것이 코어를 나눠 씁니다"),
    help: Text::new(
        "One computer. Web server, cache and database on it compete for its cores: with n jobs in service on c cores, all of them together whatever their node, each runs at min(1, c/n) of its full speed (egalitarian processor sharing). A node's workers still limit how many of its own jobs are in service. With one core the mean response to demand S is S ÷ (1 − ρ), whatever the law of the demand and for every class (M/G/1-PS, insensitive: Kleinrock, Queueing Systems vol. 2, 1976). Calls within a machine take no network time. Killing it kills everything on it. Leaves out: memory, disk, context-switch cost.",
        "컴퓨터 한 대입니다. 위에 있는 웹 서버, 캐시, 데이터베이스가 코어를 두고 경쟁합니다. 코어 c개에서 처리 중인 작업이 노드를 가리지 않고 모두 n개면 각 작업은 원래 속도의 min(1, c/n)로 돕니다(균등 프로세서 공유). 노드의 작업자 수는 그 노드의 작업이 동시에 몇 개까지 처리될지만 제한합니다. 코어가 하나면 필요 작업량 S의 평균 응답은 분포와 종류에 상관없이 S ÷ (1 − ρ)입니다(M/G/1-PS의 무감성: Kleinrock, Queueing Systems 2권, 1976). 머신 안의 호출에는 네트워크 시간이 들지 않습니다. 죽이면 위의 모든 것이 죽습니다. 빠진 것: 메모리, 디스크, 문맥 교환 비용.",
    ),
    inside: &[
        PlaceKind::Region,
        PlaceKind::Zone,
        PlaceKind::DataCentre,
        PlaceKind::PublicSubnet,
        PlaceKind::PrivateSubnet,
    ],
};

impl PlaceKind {
    /// The kind with this id in a design file.
    pub fn by_id(id: &str) -> Option<PlaceKind> {
        PlaceKind::ALL.iter().copied().find(|k| k.spec().id == id)
    }
}

impl PlaceParams {
    /// Where the place itself says that it is.
    pub fn spot(&self) -> Option<Spot> {
        let (site, lat, lon) = match self {
            PlaceParams::Region(p) => (p.site, p.lat_deg, p.lon_deg),
            PlaceParams::DataCentre(p) => (p.site, p.lat_deg, p.lon_deg),
            _ => return None,
        };
        match site {
            Site::Inherit => None,
            Site::Custom => Some(Spot { site, lat, lon }),
            named => named.coordinates().map(|(lat, lon)| Spot { site, lat, lon }),
        }
    }

    /// Round trip between two things in the place that share no smaller one [ms]; subnets leave it to what is around them.
    pub fn inner_rtt_ms(&self) -> Option<f64> {
        match self {
            PlaceParams::Region(p) => Some(p.rtt_ms),
            PlaceParams::Zone(p) => Some(p.rtt_ms),
            PlaceParams::DataCentre(p) => Some(p.rtt_ms),
            PlaceParams::Machine(_) => Some(0.0),
            PlaceParams::PublicSubnet(_) | PlaceParams::PrivateSubnet(_) => None,
        }
    }
}
