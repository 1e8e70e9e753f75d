//! Groups by hand, against a plain twin, and of hostile input.

use super::super::super::random::Random;
use super::*;

fn set(items: &[Item], flows: u64) -> Set {
    Set { items: items.to_vec(), flows, baseline: 0 }
}

/// The windows, of which the deviation has so many flows.
fn of(deviation: u64) -> All {
    All { deviation, baseline: 10_000 }
}

/// How many flows have all of some items, which are in rising order.
fn support(sets: &[Set], items: &[Item]) -> u64 {
    sets.iter().filter(|set| is_subset(items, &set.items)).map(|set| set.flows).sum()
}

fn told(sets: &[Set], ln_p: &[f64], all: u64, limits: &Limits) -> Vec<(Vec<Item>, u64)> {
    // In the baseline, no item has as many flows as another.
    let before = (0..ln_p.len() as u32).map(|item| Set { items: vec![item], flows: 0, baseline: item.into() });
    let sets: Vec<Set> = sets.iter().cloned().chain(before).collect();
    group(&sets, ln_p, of(all), limits).groups.into_iter().map(|g| (g.items, g.flows)).collect()
}

#[test]
fn groups_by_hand() {
    // A scan (0, 1, 2), a busy service (1, 3), and a value of its own (4).
    let sets = [set(&[0, 1, 2], 50), set(&[1, 3], 300), set(&[1], 40), set(&[4], 9), set(&[0, 4], 1)];
    let groups =
        told(&sets, &[-90.0, -20.0, -80.0, -30.0, -9.0], 2000, &Limits { support: 0.002, ..Limits::default() });
    assert_eq!(groups, [(vec![1, 3], 300), (vec![0, 1, 2], 50), (vec![4], 10)]);
}

#[test]
fn items_that_always_come_together_are_one() {
    let with = |baseline: u64| {
        let before = Set { flows: 0, baseline, ..set(&[1], 0) };
        let sets = [Set { baseline: 7, ..set(&[0, 1, 2], 5) }, set(&[2], 1000), before];
        let groups = group(&sets, &[-5.0; 3], of(100_000), &Limits::default()).groups;
        groups.into_iter().map(|g| (g.items, g.flows, g.baseline)).collect::<Vec<_>>()
    };
    assert_eq!(with(0), [(vec![2], 1005, 7), (vec![0, 1], 5, 7)]);
    assert_eq!(with(1), [(vec![2], 1005, 7), (vec![0], 5, 7), (vec![1], 5, 8)]);
}

/// A busy port has some more flows; nearly all of them are of one source, and that is shown.
#[test]
fn what_makes_a_set_larger_is_shown_in_its_place() {
    let usual = |items: &[Item], flows| Set { baseline: 10 * flows, ..set(items, flows) };
    let sets = [usual(&[0, 1], 2000), set(&[0, 1, 2, 3], 800), usual(&[0, 1, 4], 300), usual(&[0], 500)];
    let limits = Limits { replace: 0.5, ..Limits::default() };
    let all = All { deviation: 4000, baseline: 32_000 };
    let groups = group(&sets, &[-10.0, -20.0, -300.0, -300.0, -9.0], all, &limits).groups;
    let told: Vec<_> = groups.iter().map(|g| (g.items.as_slice(), g.flows, g.baseline)).collect();
    assert_eq!(told, [([0, 1, 2, 3].as_slice(), 800, 0), ([4].as_slice(), 300, 3000)]);
}

#[test]
fn what_was_scanned_can_be_one_group() {
    let mut sets: Vec<Set> = (10..210).map(|target| set(&[0, 1, target], 5)).collect();
    sets.push(set(&[1, 2], 700));
    let ln_p = vec![-50.0; 210];
    let all = told(&sets, &ln_p, 5000, &Limits::default());
    assert_eq!(all.iter().filter(|(items, _)| items.len() == 3).count(), 200);
    let few = told(&sets, &ln_p, 5000, &Limits { replace: 0.5, ..Limits::default() });
    let large: Vec<_> = few.iter().filter(|(items, _)| items.len() > 1).collect();
    assert_eq!(large, [&(vec![0, 1], 1000), &(vec![1, 2], 700)]);
    assert_eq!(few.len(), 2 + 7, "items 3 to 9 are nowhere");
}

#[test]
fn of_nothing_there_are_no_groups() {
    assert_eq!(told(&[], &[], 0, &Limits::default()), []);
    assert_eq!(told(&[], &[-1.0], 10, &Limits::default()), [(vec![0], 0)]);
    assert_eq!(told(&[set(&[], 5), set(&[0, 1], 0)], &[-1.0, -2.0], 5, &Limits::default()).len(), 2);
}

/// Every subset of the items: those that are frequent and have no frequent larger one.
fn twin(sets: &[Set], items: u32, least: u64) -> Vec<(Vec<Item>, u64)> {
    let mask = |set: &Set| set.items.iter().fold(0u32, |mask, item| mask | 1 << item);
    let masks: Vec<(u32, u64)> = sets.iter().map(|s| (mask(s), s.flows)).collect();
    let flows = |m: u32| masks.iter().filter(|(set, _)| set & m == m).map(|(_, n)| n).sum::<u64>();
    let frequent: Vec<(u32, u64)> = (1..1u32 << items).map(|m| (m, flows(m))).filter(|(_, n)| *n >= least).collect();
    let is_largest = |m: u32| m.count_ones() > 1 && !frequent.iter().any(|(other, _)| *other != m && other & m == m);
    let mut found: Vec<(u32, u64)> = frequent.iter().filter(|(m, _)| is_largest(*m)).copied().collect();
    let covered = found.iter().fold(0, |all, (m, _)| all | m);
    found.extend((0..items).map(|i| 1 << i).filter(|m| covered & m == 0).map(|m| (m, flows(m))));
    let list = |m: u32| (0..items).filter(|i| m >> i & 1 == 1).collect::<Vec<_>>();
    let mut found: Vec<_> = found.into_iter().map(|(m, n)| (list(m), n)).collect();
    found.sort();
    found
}

#[test]
fn a_plain_twin_agrees() {
    let mut random = Random(17);
    for round in 0..600 {
        let items = 2 + random.below(7) as u32;
        let density = 1 + random.below(8);
        let row = |random: &mut Random| {
            let items: Vec<u32> = (0..items).filter(|_| random.below(10) < density).collect();
            set(&items, random.below(30))
        };
        let sets: Vec<Set> = (0..random.below(25)).map(|_| row(&mut random)).collect();
        let all: u64 = 10 + sets.iter().map(|s| s.flows).sum::<u64>();
        let limits = Limits { support: [0.001, 0.05, 0.2][round % 3], ..Limits::default() };
        let least = ((limits.support * all as f64).ceil() as u64).max(1);
        let mut groups = told(&sets, &vec![-1.0; items as usize], all, &limits);
        groups.sort();
        assert_eq!(groups, twin(&sets, items, least), "{sets:?}");
    }
}

#[test]
fn groups_come_by_p_then_flows() {
    let mut random = Random(18);
    let sets: Vec<Set> = (0..200)
        .map(|_| set(&(0..12).filter(|_| random.below(3) == 0).collect::<Vec<_>>(), 1 + random.below(9)))
        .collect();
    let items: Vec<f64> = (0..12).map(|_| -(random.below(4) as f64)).collect();
    let groups = group(&sets, &items, of(1000), &Limits { support: 0.02, ..Limits::default() }).groups;
    assert!(groups.len() > 10);
    for pair in groups.windows(2) {
        assert!((pair[0].ln_p, u64::MAX - pair[0].flows) <= (pair[1].ln_p, u64::MAX - pair[1].flows));
    }
    for group in groups {
        let largest = group.items.iter().map(|i| items[*i as usize]).fold(f64::MIN, f64::max);
        assert_eq!((group.ln_p, group.flows), (largest, support(&sets, &group.items)));
    }
}

/// All subsets of 18 items but one, of which any 9 are frequent: more groups than can be shown; and chains of
/// sets that are one inside the other.
#[test]
fn hostile_input_ends_with_a_higher_support() {
    let limits = Limits { work: 300_000, ..Limits::default() };
    let mut random = Random(19);
    let dense: Vec<Set> =
        (0..3000).map(|_| set(&(0..18).filter(|_| random.below(4) > 0).collect::<Vec<_>>(), 1)).collect();
    let chain: Vec<Set> = (1..600u32).map(|n| set(&(0..n).collect::<Vec<_>>(), 1)).collect();
    for (sets, items) in [(dense, 18), (chain, 600)] {
        let groups = group(&sets, &vec![-1.0; items], of(3000), &limits);
        assert!(groups.doublings > 0 && groups.groups.len() <= limits.groups + items, "{}", groups.doublings);
        for group in groups.groups.iter().filter(|g| g.items.len() > 1) {
            assert!(group.flows >= groups.support && support(&sets, &group.items) == group.flows);
        }
    }
}
