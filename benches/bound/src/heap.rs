//! The event list: a flat 4-ary heap keyed by time and sequence in one `u128`.

/// Events as `time << 64 | sequence << 32 | payload`: ties come out first in first out.
pub(crate) struct Heap {
    keys: Vec<u128>,
    sequence: u32,
}

impl Heap {
    pub(crate) fn with_capacity(n: usize) -> Self {
        Self { keys: Vec::with_capacity(n), sequence: 0 }
    }

    #[inline]
    pub(crate) fn push(&mut self, at: u64, payload: u32) {
        let key = (u128::from(at) << 64) | (u128::from(self.sequence) << 32) | u128::from(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.keys.push(key);
        let mut i = self.keys.len() - 1;
        // SAFETY: `i` begins below the length and only gets smaller.
        unsafe {
            while i > 0 {
                let parent = (i - 1) >> 2;
                let above = *self.keys.get_unchecked(parent);
                if above <= key {
                    break;
                }
                *self.keys.get_unchecked_mut(i) = above;
                i = parent;
            }
            *self.keys.get_unchecked_mut(i) = key;
        }
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(u64, u32)> {
        let last = self.keys.pop()?;
        let n = self.keys.len();
        if n == 0 {
            return Some(((last >> 64) as u64, last as u32));
        }
        // SAFETY: every index is compared with `n` before it is used.
        unsafe {
            let top = *self.keys.get_unchecked(0);
            let mut i = 0;
            loop {
                let first = 4 * i + 1;
                if first >= n {
                    break;
                }
                let (mut best, mut least) = (first, *self.keys.get_unchecked(first));
                if first + 3 < n {
                    let [b, c, d] = [1, 2, 3].map(|j| *self.keys.get_unchecked(first + j));
                    let (i1, m1) = if b < least { (first + 1, b) } else { (best, least) };
                    let (i2, m2) = if d < c { (first + 3, d) } else { (first + 2, c) };
                    (best, least) = if m2 < m1 { (i2, m2) } else { (i1, m1) };
                } else {
                    for j in first + 1..n {
                        let key = *self.keys.get_unchecked(j);
                        if key < least {
                            (best, least) = (j, key);
                        }
                    }
                }
                if last <= least {
                    break;
                }
                *self.keys.get_unchecked_mut(i) = least;
                i = best;
            }
            *self.keys.get_unchecked_mut(i) = last;
            Some(((top >> 64) as u64, top as u32))
        }
    }
}
