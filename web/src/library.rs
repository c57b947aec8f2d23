//! Designs that the browser keeps under a name, each with its last versions. Every design is one entry of the browser's
//! storage, so that a full storage refuses one of them as a whole and loses nothing of what was there.

use headroom_model::design::Design;
use headroom_model::limits::LINK_CHARS_MAX;
use headroom_model::{link, order};
use serde_json::{Value, json};

/// Versions of a design that are kept.
pub const VERSIONS_MAX: usize = 20;
/// Designs that are kept.
pub const DESIGNS_MAX: usize = 100;
/// What the names of all entries begin with.
const PREFIX: &str = "headroom.saved.";

/// Where designs are kept.
pub trait Store {
    /// Names of all entries; none where nothing can be kept.
    fn keys(&self) -> Option<Vec<String>>;
    /// What an entry holds.
    fn get(&self, key: &str) -> Option<String>;
    /// Writes an entry. When it is refused, what the entry held stays.
    fn set(&self, key: &str, value: &str) -> bool;
    /// Removes an entry.
    fn remove(&self, key: &str);
}

/// Why a design was not kept. What was kept before is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The browser keeps nothing for this page.
    Denied,
    /// There is no room left.
    Full,
    /// As many designs as may be are there.
    Many,
    /// Another design has this name.
    Taken,
    /// It wants a name.
    Nameless,
}

/// A design as it was at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// When [ms since 1970].
    pub at_ms: f64,
    /// A share link's fragment, or the design file where that is too long for one.
    text: String,
}

impl Version {
    /// The design.
    pub fn design(&self) -> Option<Design> {
        let json = self.text.starts_with('{');
        if json { Design::parse(&self.text).ok() } else { link::decode(&self.text).ok() }
    }
}

/// A design under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    key: String,
    /// Its name.
    pub name: String,
    /// Its versions, the latest first; there is at least one.
    pub versions: Vec<Version>,
}

impl Saved {
    fn read(key: String, text: &str) -> Option<Saved> {
        let value: Value = serde_json::from_str(text).ok()?;
        let version =
            |v: &Value| Some(Version { at_ms: v["at"].as_f64()?, text: v["design"].as_str()?.to_owned() });
        let versions: Vec<Version> = value["versions"].as_array()?.iter().filter_map(version).collect();
        let name = value["name"].as_str()?.to_owned();
        (!versions.is_empty()).then_some(Saved { key, name, versions })
    }

    fn write(&self, store: &impl Store) -> Result<(), Trouble> {
        let version = |v: &Version| json!({"at": v.at_ms, "design": v.text});
        let versions: Vec<Value> = self.versions.iter().map(version).collect();
        let text = json!({"name": self.name, "versions": versions}).to_string();
        if store.set(&self.key, &text) { Ok(()) } else { Err(Trouble::Full) }
    }
}

/// All that is kept, the latest first.
///
/// # Errors
/// Where nothing can be kept.
pub fn list(store: &impl Store) -> Result<Vec<Saved>, Trouble> {
    let keys = store.keys().ok_or(Trouble::Denied)?;
    let mut all: Vec<Saved> = keys
        .into_iter()
        .filter(|key| key.starts_with(PREFIX))
        .filter_map(|key| store.get(&key).and_then(|text| Saved::read(key, &text)))
        .collect();
    order::sort_by(&mut all, |a, b| {
        b.versions[0].at_ms.total_cmp(&a.versions[0].at_ms).then_with(|| a.key.cmp(&b.key))
    });
    Ok(all)
}

fn sound(name: &str) -> Result<&str, Trouble> {
    let name = name.trim();
    if name.is_empty() { Err(Trouble::Nameless) } else { Ok(name) }
}

/// Keeps a design under a name: as a new version of what has this name already, which then has one version less at the
/// other end if they are many.
///
/// # Errors
/// Why not.
pub fn save(store: &impl Store, name: &str, design: &Design, now_ms: f64) -> Result<(), Trouble> {
    let name = sound(name)?;
    let all = list(store)?;
    let short = link::encode(design);
    let text = if short.len() > LINK_CHARS_MAX { design.to_json().to_string() } else { short };
    let version = Version { at_ms: now_ms, text };
    let mut saved = match all.iter().find(|s| s.name == name) {
        Some(saved) => saved.clone(),
        None if all.len() >= DESIGNS_MAX => return Err(Trouble::Many),
        None => {
            let number = (1..).find(|n| all.iter().all(|s| s.key != format!("{PREFIX}{n}")));
            let key = format!("{PREFIX}{}", number.expect("some number is free"));
            Saved { key, name: name.to_owned(), versions: Vec::new() }
        }
    };
    // The same once more is no new version.
    if saved.versions.first().is_some_and(|v| v.text == version.text) {
        saved.versions.remove(0);
    }
    saved.versions.insert(0, version);
    saved.versions.truncate(VERSIONS_MAX);
    saved.write(store)
}

/// Gives a design another name.
///
/// # Errors
/// Why not.
pub fn rename(store: &impl Store, saved: &Saved, name: &str) -> Result<(), Trouble> {
    let name = sound(name)?;
    if list(store)?.iter().any(|s| s.name == name && s.key != saved.key) {
        return Err(Trouble::Taken);
    }
    Saved { name: name.to_owned(), ..saved.clone() }.write(store)
}

/// Forgets a design with all its versions.
pub fn delete(store: &impl Store, saved: &Saved) {
    store.remove(&saved.key);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    #[derive(Default)]
    struct Memory {
        entries: RefCell<BTreeMap<String, String>>,
        denied: bool,
        room: Cell<Option<usize>>,
    }

    impl Store for Memory {
        fn keys(&self) -> Option<Vec<String>> {
            (!self.denied).then(|| self.entries.borrow().keys().cloned().collect())
        }
        fn get(&self, key: &str) -> Option<String> {
            self.entries.borrow().get(key).cloned()
        }
        fn set(&self, key: &str, value: &str) -> bool {
            let fits = self.room.get().is_none_or(|room| value.len() <= room);
            if fits {
                self.entries.borrow_mut().insert(key.to_owned(), value.to_owned());
            }
            fits
        }
        fn remove(&self, key: &str) {
            self.entries.borrow_mut().remove(key);
        }
    }

    fn design(seed: u64) -> Design {
        let mut design = Design::parse(scenarios::by_id("cache-aside").unwrap().json).unwrap();
        design.run.seed = seed;
        design
    }

    #[test]
    fn designs_are_kept_with_their_last_versions_renamed_and_forgotten() {
        let store = Memory::default();
        store.set("headroom.lang", "ko");
        store.set("headroom.saved.7", "not what it should be");
        for seed in 1..=25 {
            save(&store, " Shop ", &design(seed), seed as f64).unwrap();
        }
        save(&store, "Blog", &design(1), 30.0).unwrap();
        // The same once more is the same version.
        save(&store, "Blog", &design(1), 31.0).unwrap();
        let all = list(&store).unwrap();
        assert_eq!(all.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Blog", "Shop"]);
        assert_eq!((all[0].versions.len(), all[1].versions.len()), (1, VERSIONS_MAX));
        assert_eq!(all[1].versions[0].design().unwrap(), design(25));
        assert_eq!(all[1].versions[VERSIONS_MAX - 1].design().unwrap(), design(6));
        assert_eq!(rename(&store, &all[0], "Shop"), Err(Trouble::Taken));
        assert_eq!(rename(&store, &all[0], "  "), Err(Trouble::Nameless));
        rename(&store, &all[0], "Diary").unwrap();
        delete(&store, &all[1]);
        assert_eq!(list(&store).unwrap().iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Diary"]);
        assert_eq!(store.get("headroom.saved.7").as_deref(), Some("not what it should be"));
    }

    #[test]
    fn what_cannot_be_kept_is_said_and_nothing_is_lost() {
        let store = Memory::default();
        save(&store, "Shop", &design(1), 1.0).unwrap();
        store.room.set(Some(100));
        let before = list(&store).unwrap();
        assert_eq!(save(&store, "Shop", &design(2), 2.0), Err(Trouble::Full));
        assert_eq!(save(&store, "Other", &design(2), 2.0), Err(Trouble::Full));
        assert_eq!(rename(&store, &before[0], "Diary"), Err(Trouble::Full));
        assert_eq!(list(&store).unwrap(), before);
        let denied = Memory { denied: true, ..Memory::default() };
        assert_eq!(save(&denied, "Shop", &design(1), 1.0), Err(Trouble::Denied));
        store.room.set(None);
        for i in 1..DESIGNS_MAX {
            save(&store, &format!("{i}"), &design(1), 5.0).unwrap();
        }
        assert_eq!(save(&store, "one more", &design(1), 6.0), Err(Trouble::Many));
        assert_eq!(save(&store, "Shop", &design(3), 7.0), Ok(()));
    }
}
