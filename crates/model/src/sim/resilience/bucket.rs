//! A token bucket.

/// Tokens that flow in and are taken one at a time, at most `burst` of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    burst: f64,
    tokens: f64,
}

impl Bucket {
    /// A full bucket.
    pub fn full(burst: f64) -> Self {
        Self { burst, tokens: burst }
    }

    /// Tokens flow in; what does not fit is lost.
    #[inline]
    pub fn add(&mut self, tokens: f64) {
        self.tokens = (self.tokens + tokens).min(self.burst);
    }

    /// What is missing for the next token; 0 when it is there.
    pub fn missing(&self) -> f64 {
        if self.tokens >= 1.0 - 1e-9 { 0.0 } else { 1.0 - self.tokens }
    }

    /// Takes a token if there is one. Rounding of many small inflows must not hide a whole token.
    #[inline]
    pub fn take(&mut self) -> bool {
        let there = self.missing() == 0.0;
        if there {
            self.tokens = (self.tokens - 1.0).max(0.0);
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_what_came_in_and_no_more_than_its_burst() {
        let mut bucket = Bucket::full(3.0);
        assert_eq!((0..10).filter(|_| bucket.take()).count(), 3);
        let mut given = 0;
        for _ in 0..1000 {
            bucket.add(0.1);
            given += u32::from(bucket.take());
        }
        assert_eq!(given, 100);
        bucket.add(100.0);
        assert_eq!((0..10).filter(|_| bucket.take()).count(), 3);
    }
}
