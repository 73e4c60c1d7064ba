//! Samples as Python's `random.Random(seed).sample` draws them, so that figures agree with a scorer in Python.

const N: usize = 624;
const M: usize = 397;

/// MT19937 (Matsumoto and Nishimura 1998), 32 bits per draw.
pub(super) struct Mersenne {
    state: [u32; N],
    at: usize,
}

impl Mersenne {
    /// Seeded as CPython seeds an integer below 2^32: `init_by_array` with that one word.
    pub(super) fn new(seed: u32) -> Mersenne {
        let mut state = [0u32; N];
        let mut last = 19_650_218u32;
        for (i, word) in (0u32..).zip(state.iter_mut()) {
            if i > 0 {
                last = 1_812_433_253u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(i);
            }
            *word = last;
        }
        let mut mersenne = Mersenne { state, at: N };
        mersenne.mix(N, 1_664_525, |mixed| mixed.wrapping_add(seed), 1);
        mersenne.mix(N - 1, 1_566_083_941, |mixed| mixed, 2);
        mersenne.state[0] = 0x8000_0000;
        mersenne
    }

    /// One of the two passes of `init_by_array`; the second continues where the first ended.
    fn mix(&mut self, rounds: usize, factor: u32, add: impl Fn(u32) -> u32, pass: u32) {
        let mut i = if pass == 1 { 1 } else { 2 };
        for _ in 0..rounds {
            let before = self.state[i - 1];
            let mixed = self.state[i] ^ (before ^ (before >> 30)).wrapping_mul(factor);
            self.state[i] = if pass == 1 { add(mixed) } else { mixed.wrapping_sub(i as u32) };
            i += 1;
            if i >= N {
                self.state[0] = self.state[N - 1];
                i = 1;
            }
        }
    }

    fn next(&mut self) -> u32 {
        if self.at >= N {
            for i in 0..N {
                let joined = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7fff_ffff);
                let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[i] = self.state[(i + M) % N] ^ (joined >> 1) ^ odd;
            }
            self.at = 0;
        }
        let mut word = self.state[self.at];
        self.at += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// A number below `n`, by rejection from as many bits as `n` has.
    fn below(&mut self, n: usize) -> usize {
        let bits = usize::BITS - n.leading_zeros();
        loop {
            let draw = (self.next() >> (32 - bits)) as usize;
            if draw < n {
                return draw;
            }
        }
    }

    /// `k` of the population without replacement, in CPython's order: from a shrinking pool if the population is
    /// small, by rejecting repeats if it is large.
    pub(super) fn sample(&mut self, population: &[usize], k: usize) -> Vec<usize> {
        let n = population.len();
        let k = k.min(n);
        let pool_up_to = if k > 5 { 21 + 4usize.pow((k as f64 * 3.0).log(4.0).ceil() as u32) } else { 21 };
        if n <= pool_up_to {
            let mut pool = population.to_vec();
            let mut draw = |i: usize| {
                let j = self.below(n - i);
                let drawn = pool[j];
                pool[j] = pool[n - i - 1];
                drawn
            };
            return (0..k).map(&mut draw).collect();
        }
        let mut drawn: Vec<usize> = Vec::new();
        while drawn.len() < k {
            let j = self.below(n);
            if !drawn.contains(&j) {
                drawn.push(j);
            }
        }
        drawn.into_iter().map(|j| population[j]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are CPython 3.11's for `random.Random(11)`.
    #[test]
    fn draws_agree_with_cpython() {
        let mut mersenne = Mersenne::new(11);
        assert_eq!(
            [(); 4].map(|()| mersenne.next()),
            [1_942_955_373, 3_718_334_796, 2_404_204_071, 3_680_198_571]
        );
    }

    #[test]
    fn samples_agree_with_cpython() {
        let mut mersenne = Mersenne::new(11);
        let mut check = |from: usize, to: usize, k, expect: &[usize]| {
            let population: Vec<usize> = (from..to).collect();
            let sample = mersenne.sample(&population, k);
            assert!(sample.ends_with(expect), "{sample:?}");
        };
        check(0, 1000, 6, &[463, 886, 573, 877, 946, 799]);
        check(0, 20, 6, &[14, 19, 16, 6, 5, 12]);
        check(0, 3000, 8, &[2096, 1948, 2579, 2514, 762, 385, 1829, 1242]);
        check(100, 160, 3, &[109, 105, 134]);
        check(0, 300, 60, &[170, 209, 60, 68, 126]);
    }
}
