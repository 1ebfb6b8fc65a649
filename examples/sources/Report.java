/** Reports about the items of a store. */
class Report extends Store {
    String bill(Item[] items, int rate) {
        int total = 0;
        for (Item item : items) {
            total += scale(item.price) * rate;
        }
        return "total: " + total;
    }

    String first(Item[] items, int limit) {
        for (Item item : items) {
            if (item.price < limit) return show(item);
        }
        return "";
    }

    int audit(Item[] items) {
        for (Item item : items) {
            check(item);
        }
        return items.length;
    }

    boolean load(Item[] items, int limit) {
        int total = 0;
        for (Item item : items) {
            total += scale(item.weight);
        }
        return total <= limit;
    }

    int dearest(Item[] items, int rate) {
        int total = 0;
        for (Item item : items) {
            total = Math.max(total, scale(item.price) * rate);
        }
        return total;
    }
}
