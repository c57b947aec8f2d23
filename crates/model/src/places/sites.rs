//! Where regions are, and how long a round trip between them takes.
//!
//! Between two named sites it is what was measured, where a measurement is known. Everywhere else it is computed: light in
//! glass runs at two thirds of its speed in vacuum, along the great circle, and real routes are longer by
//! [`ROUTE_FACTOR`]. Sources: measured inter-region round trips of a large cloud (acomputerscientistlearnsaws, 2017; today's
//! are some per cent lower); fibre routes are 1.5 to 2 times the great circle (Bozkurt et al., Why Is the Internet so Slow?!,
//! PAM 2017), and 1.5 is what the measured table here gives on average.

use crate::params::choice;

choice! {
    /// Where a region or a data centre is.
    pub enum Site {
        /// Where the place around it is; without one, nowhere in particular and so at no distance.
        Inherit = "inherit", "As the place around it", "바깥 장소를 따름", "바깥 장소와 같은 곳입니다. 바깥 장소가 없으면 위치가 없고, 거리도 없습니다.";
        /// At the coordinates given below.
        Custom = "custom", "At coordinates", "좌표로 지정", "아래에 적은 좌표에 있습니다.";
        /// N. Virginia, USA.
        Virginia = "virginia", "US East (N. Virginia)", "미국 동부 (버지니아)", "미국 버지니아 북부입니다.";
        /// Oregon, USA.
        Oregon = "oregon", "US West (Oregon)", "미국 서부 (오리건)", "미국 오리건입니다.";
        /// São Paulo, Brazil.
        SaoPaulo = "sao_paulo", "South America (São Paulo)", "남미 (상파울루)", "브라질 상파울루입니다.";
        /// Dublin, Ireland.
        Ireland = "ireland", "Europe (Ireland)", "유럽 (아일랜드)", "아일랜드 더블린입니다.";
        /// Frankfurt, Germany.
        Frankfurt = "frankfurt", "Europe (Frankfurt)", "유럽 (프랑크푸르트)", "독일 프랑크푸르트입니다.";
        /// Mumbai, India.
        Mumbai = "mumbai", "Asia (Mumbai)", "아시아 (뭄바이)", "인도 뭄바이입니다.";
        /// Singapore.
        Singapore = "singapore", "Asia (Singapore)", "아시아 (싱가포르)", "싱가포르입니다.";
        /// Seoul, Korea.
        Seoul = "seoul", "Asia (Seoul)", "아시아 (서울)", "대한민국 서울입니다.";
        /// Tokyo, Japan.
        Tokyo = "tokyo", "Asia (Tokyo)", "아시아 (도쿄)", "일본 도쿄입니다.";
        /// Sydney, Australia.
        Sydney = "sydney", "Australia (Sydney)", "호주 (시드니)", "호주 시드니입니다.";
    }
}

impl Site {
    /// Latitude and longitude in degrees, of sites that have a name.
    pub fn coordinates(self) -> Option<(f64, f64)> {
        Some(match self {
            Site::Inherit | Site::Custom => return None,
            Site::Virginia => (38.95, -77.45),
            Site::Oregon => (45.84, -119.70),
            Site::SaoPaulo => (-23.55, -46.63),
            Site::Ireland => (53.35, -6.26),
            Site::Frankfurt => (50.11, 8.68),
            Site::Mumbai => (19.08, 72.88),
            Site::Singapore => (1.35, 103.82),
            Site::Seoul => (37.57, 126.98),
            Site::Tokyo => (35.68, 139.69),
            Site::Sydney => (-33.87, 151.21),
        })
    }
}

/// Measured round trips between named sites [ms].
pub const MEASURED_RTT_MS: &[(Site, Site, f64)] = &[
    (Site::Virginia, Site::Oregon, 87.0),
    (Site::Virginia, Site::Ireland, 80.5),
    (Site::Virginia, Site::Frankfurt, 88.7),
    (Site::Virginia, Site::Tokyo, 145.3),
    (Site::Virginia, Site::Singapore, 216.7),
    (Site::Virginia, Site::Sydney, 230.0),
    (Site::Virginia, Site::SaoPaulo, 119.5),
    (Site::Ireland, Site::Frankfurt, 19.6),
    (Site::Ireland, Site::Tokyo, 212.4),
    (Site::Oregon, Site::Singapore, 161.4),
];

/// Speed of light in glass: two thirds of that in vacuum [km/ms].
pub const LIGHT_IN_GLASS_KM_PER_MS: f64 = 299.792_458 * 2.0 / 3.0;
/// Mean radius of the Earth [km].
pub const EARTH_RADIUS_KM: f64 = 6_371.0;
/// How much longer a route is than the great circle.
pub const ROUTE_FACTOR: f64 = 1.5;

/// A point of the Earth, with the name of its site if it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The site that it is, or [`Site::Custom`].
    pub site: Site,
    /// Latitude [degrees].
    pub lat: f64,
    /// Longitude [degrees].
    pub lon: f64,
}

/// Round trip between two spots [ms]: measured, or computed from the distance.
pub fn rtt_ms(a: Spot, b: Spot) -> f64 {
    let measured = MEASURED_RTT_MS
        .iter()
        .find(|(x, y, _)| (*x == a.site && *y == b.site) || (*x == b.site && *y == a.site));
    match measured {
        Some((_, _, ms)) => *ms,
        None => 2.0 * distance_km(a, b) * ROUTE_FACTOR / LIGHT_IN_GLASS_KM_PER_MS,
    }
}

/// Length of the great circle between two spots [km], by the haversine formula.
pub fn distance_km(a: Spot, b: Spot) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let half = |x: f64| {
        let s = libm::sin(x / 2.0);
        s * s
    };
    let h = half(lat_b - lat_a) + libm::cos(lat_a) * libm::cos(lat_b) * half((b.lon - a.lon).to_radians());
    2.0 * EARTH_RADIUS_KM * libm::asin(h.sqrt().min(1.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn spot(site: Site) -> Spot {
        let (lat, lon) = site.coordinates().unwrap();
        Spot { site, lat, lon }
    }

    #[test]
    fn distances_are_those_of_a_globe() {
        // Quarter of a meridian, and the way across the date line.
        let at = |lat, lon| Spot { site: Site::Custom, lat, lon };
        let quarter = std::f64::consts::FRAC_PI_2 * EARTH_RADIUS_KM;
        assert!((distance_km(at(0.0, 0.0), at(90.0, 0.0)) - quarter).abs() < 1e-6);
        assert!((distance_km(at(0.0, 179.0), at(0.0, -179.0)) - quarter / 45.0).abs() < 1e-6);
        assert!((distance_km(at(0.0, 0.0), at(0.0, 180.0)) - 2.0 * quarter).abs() < 1e-6);
        assert_eq!(distance_km(spot(Site::Seoul), spot(Site::Seoul)), 0.0);
    }

    #[test]
    fn measured_round_trips_are_used_both_ways_and_agree_with_the_formula_on_average() {
        assert_eq!(rtt_ms(spot(Site::Virginia), spot(Site::Oregon)), 87.0);
        assert_eq!(rtt_ms(spot(Site::Oregon), spot(Site::Virginia)), 87.0);
        let mut ratios: Vec<f64> = MEASURED_RTT_MS
            .iter()
            .map(|(a, b, ms)| ms / (2.0 * distance_km(spot(*a), spot(*b)) / LIGHT_IN_GLASS_KM_PER_MS))
            .collect();
        ratios.sort_by(f64::total_cmp);
        let median = (ratios[4] + ratios[5]) / 2.0;
        assert!((median - ROUTE_FACTOR).abs() < 0.15, "{ratios:?}");
        // No signal is faster than light in glass along the great circle.
        assert!(ratios[0] > 1.0);
        // Seoul to Tokyo: 1,150 km, so about 17 ms.
        let near = rtt_ms(spot(Site::Seoul), spot(Site::Tokyo));
        assert!((15.0..20.0).contains(&near), "{near}");
    }
}
