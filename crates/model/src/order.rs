//! Sorting that is compiled once. The standard sorts are written out anew for every type and every comparison, 3 to 5 KB each
//! time; here only what moves the items is. For lists that are sorted now and then, not on the way of a request.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// As `sort_by`: items that compare as equal keep their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut from = sorted(items.len(), &|a, b| compare(&items[a], &items[b]));
    // Each item is taken to its place along the circles in which they change places.
    for start in 0..from.len() {
        let mut at = start;
        while from[at] != start {
            let next = from[at];
            items.swap(at, next);
            from[at] = at;
            at = next;
        }
        from[at] = at;
    }
}

/// As `sort_by_key`.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// As `sort`.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Where each place of the sorted list takes its item from.
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

/// As `collect`, which sorts everything first.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

/// As `collect`: of entries with the same key the last one counts.
pub fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use headroom_engine::mix64;

    #[test]
    fn sorts_as_the_standard_library_does() {
        for length in 0..70 {
            let mut items: Vec<(u64, String)> = (0..length)
                .map(|i| (mix64(length * 100 + i) % (1 + length / 2), format!("item {i}")))
                .collect();
            let mut expected = items.clone();
            // By the number alone, so that the order of equal ones is seen.
            expected.sort_by_key(|item| item.0);
            sort_by_key(&mut items, |item| item.0);
            assert_eq!(items, expected);
            expected.sort_by(|a, b| b.1.cmp(&a.1));
            sort_by(&mut items, |a, b| b.1.cmp(&a.1));
            assert_eq!(items, expected);
            expected.sort();
            sort(&mut items);
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn sets_and_maps_are_those_that_are_collected() {
        let entries: Vec<(u64, usize)> = (0..50).map(|i| (mix64(i) % 20, i as usize)).collect();
        assert_eq!(map(entries.clone()), entries.iter().copied().collect());
        assert_eq!(set(entries.iter().map(|e| e.0)), entries.iter().map(|e| e.0).collect());
    }
}
