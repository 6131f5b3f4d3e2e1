//! Closures that capture fields, arrays by value, `impl Trait` that captures.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

struct Counter {
    next: std::ops::Range<u32>,
    skip: Vec<u32>,
    deep: (Vec<u32>, u32),
}

impl Counter {
    fn step(&mut self) -> Option<u32> {
        // The range is advanced while the list is read.
        self.next.by_ref().find(|n| !self.skip.contains(n))
    }

    fn deep(&mut self) -> Vec<u32> {
        let next = &mut self.next;
        next.filter(|n| self.deep.0.contains(n) || *n == self.deep.1).collect()
    }

    fn all(&self) -> impl Iterator<Item = u32> {
        self.skip.iter().map(|n| n + self.deep.1)
    }
}

fn longest<'a>(words: &'a [String], least: &usize) -> impl Iterator<Item = &'a str> {
    let least = *least;
    words.iter().map(|word| word.as_str()).filter(move |word| word.len() >= least)
}

fn split(text: &str) -> Vec<&str> {
    text.split([',', ';']).map(|part| part.trim_matches(['"', ' '])).collect()
}

#[derive(Clone)]
struct Name(String);

fn main() {
    let mut counter = Counter { next: 0..9, skip: vec![0, 2], deep: (vec![5, 6], 8) };
    println!("{:?} {:?} {:?}", counter.step(), counter.step(), counter.deep());
    println!("{:?}", counter.all().collect::<Vec<_>>());
    println!("{:?}", longest(&["a".to_string(), "bcd".to_string()], &2).collect::<Vec<_>>());
    println!("{:?}", split("a, \"b\";c"));
    let mut sum = 0;
    for n in [1, 2, 3] {
        sum += n;
    }
    let names = [Name("x".into()), Name("y".into())];
    let mut owned = Vec::new();
    for name in names {
        owned.push(name.0);
    }
    println!("{sum} {owned:?}");
    println!("{:?}", VecDeque::from([1, 2]));
    println!("{:?} {:?}", BTreeMap::from([(2, 'b'), (1, 'a')]), BTreeSet::from([3, 1]));
    println!("{:?}", HashMap::from([("k", 1)]).get("k"));
    let total: u32 = [4, 5].into_iter().zip([6, 7]).map(|(a, b)| a * b).sum();
    println!("{total}");
    let mut bytes = Vec::new();
    for (n, byte) in [1, 2].iter().zip(0x0403_u16.to_le_bytes()) {
        bytes.push(n * byte);
    }
    println!("{bytes:?}");
}
