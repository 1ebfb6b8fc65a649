// Reports about the items of a store.

import { check, Item, scale, show } from "./store";

function bill(items: Item[], rate: number): string {
  let total = 0;
  for (const item of items) {
    total += scale(item.price) * rate;
  }
  return `total: ${total}`;
}

function first(items: Item[], limit: number): string {
  const item = items.find((item) => item.price < limit);
  return item ? show(item) : "";
}

function audit(items: Item[]): number {
  items.forEach((item) => check(item));
  return items.length;
}

function load(items: Item[], limit: number): boolean {
  let total = 0;
  items.forEach((item) => (total += scale(item.weight)));
  return total <= limit;
}

function dearest(items: Item[], rate: number): number {
  let total = 0;
  for (const item of items) {
    total = Math.max(total, scale(item.price) * rate);
  }
  return total;
}
