//! Items of a store: what they cost and what they weigh.

pub struct Item {
    label: String,
    price: i64,
    weight: i64,
}

fn scale(value: i64) -> i64 {
    value * 3 / 2
}

fn check(item: &Item) {
    if item.price < 0 {
        panic!("{}", item.label);
    }
}

fn show(item: &Item) -> String {
    check(item);
    format!("{}: {}", item.label, scale(item.price))
}

fn double(item: &Item) -> Item {
    Item {
        label: item.label.clone(),
        price: item.price * 2,
        weight: item.weight * 2,
    }
}

fn dump(item: &Item) {
    println!("price {}", item.price);
    println!("weight {}", item.weight);
}

fn numbers(item: &Item) -> Vec<i64> {
    vec![
        item.price,
        item.weight,
    ]
}

fn total_price(items: &[Item], rate: i64) -> i64 {
    let mut total = 0;
    for item in items {
        total += scale(item.price) * rate;
    }
    total
}

fn total_weight(items: &[Item], limit: i64) -> i64 {
    let mut total = 0;
    for item in items {
        total += item.weight.min(limit);
    }
    total
}

fn best_item(items: &[Item], limit: i64) -> &Item {
    let mut best = &items[0];
    for item in items {
        if item.price < limit {
            best = item;
        }
    }
    best
}

fn share(item: &Item, total: i64, rate: i64) -> i64 {
    check(item);
    scale(item.price) * rate / total
}

fn fits(item: &Item, total: i64, limit: i64) -> bool {
    check(item);
    total + scale(item.weight) <= limit
}

fn discount(item: &mut Item, rate: i64) {
    check(item);
    item.price -= scale(rate);
}

fn labels(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| show(item)).collect()
}
