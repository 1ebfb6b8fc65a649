// Items of a store: what they cost and what they weigh.

export interface Item {
  label: string;
  price: number;
  weight: number;
}

function scale(value: number): number {
  return Math.round(value * 1.5);
}

function check(item: Item): void {
  if (item.price < 0) {
    throw new Error(item.label);
  }
}

function show(item: Item): string {
  check(item);
  return `${item.label}: ${scale(item.price)}`;
}

function copy(item: Item): Item {
  return {
    label: item.label,
    price: item.price,
    weight: item.weight,
  };
}

function row(item: Item): unknown[] {
  return [
    item.label,
    item.price,
    item.weight,
  ];
}

function same(left: Item, right: Item): boolean {
  return (
    left.price === right.price &&
    left.weight === right.weight
  );
}

function totalPrice(items: Item[], rate: number): number {
  let total = 0;
  for (const item of items) {
    total += scale(item.price) * rate;
  }
  return total;
}

function totalWeight(items: Item[], limit: number): number {
  let total = 0;
  for (const item of items) {
    total += Math.min(item.weight, limit);
  }
  return total;
}

function heavy(items: Item[], limit: number): Item[] {
  return items.filter((item) => scale(item.weight) > limit);
}

function share(item: Item, total: number, rate: number): number {
  check(item);
  return (scale(item.price) * rate) / total;
}

function fits(item: Item, total: number, limit: number): boolean {
  check(item);
  return total + scale(item.weight) <= limit;
}

function discount(item: Item, rate: number): Item {
  check(item);
  item.price -= scale(rate);
  return item;
}

function labels(items: Item[]): string[] {
  return items.map((item) => show(item));
}

export { check, scale, show };
