// Items of a store: what they cost and what they weigh.

class Item {
  constructor(label, price, weight) {
    this.label = label;
    this.price = price;
    this.weight = weight;
  }

  copy() {
    return {
      label: this.label,
      price: this.price,
      weight: this.weight,
    };
  }

  row() {
    return [
      this.label,
      this.price,
      this.weight,
    ];
  }
}

function scale(value) {
  return Math.round(value * 1.5);
}

function check(item) {
  if (item.price < 0) {
    throw new Error(item.label);
  }
}

function show(item) {
  check(item);
  return `${item.label}: ${scale(item.price)}`;
}

function same(left, right) {
  return (
    left.price === right.price &&
    left.weight === right.weight
  );
}

function totalPrice(items, rate) {
  let total = 0;
  for (const item of items) {
    total += scale(item.price) * rate;
  }
  return total;
}

function bestItem(items, limit) {
  let best = items[0];
  for (const item of items) {
    if (item.price < limit) best = item;
  }
  return best;
}

function heavy(items, limit) {
  return items.filter((item) => scale(item.weight) > limit);
}

function share(item, total, rate) {
  check(item);
  return (scale(item.price) * rate) / total;
}

function fits(item, total, limit) {
  check(item);
  return total + scale(item.weight) <= limit;
}

function labels(items) {
  return items.map((item) => show(item));
}

function discount(item, rate) {
  check(item);
  item.price -= scale(rate);
  return show(item);
}
