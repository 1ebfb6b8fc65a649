/** Items of a store: what they cost and what they weigh. */
class Item {
    String label;
    int price;
    int weight;

    Item(
        String label,
        int price,
        int weight
    ) {
        this.label = label;
        this.price = price;
        this.weight = weight;
    }
}

class Store {
    int scale(int value) {
        return value * 3 / 2;
    }

    void check(Item item) {
        if (item.price < 0) {
            throw new Error(item.label);
        }
    }

    String show(Item item) {
        check(item);
        return item.label + ": " + scale(item.price);
    }

    Item copy(Item item) {
        return new Item(
            item.label,
            item.price,
            item.weight
        );
    }

    void dump(Item item) {
        System.out.println("price " + item.price);
        System.out.println("weight " + item.weight);
    }

    int totalPrice(Item[] items, int rate) {
        int total = 0;
        for (Item item : items) {
            total += scale(item.price) * rate;
        }
        return total;
    }

    int totalWeight(Item[] items, int limit) {
        int total = 0;
        for (Item item : items) {
            total += Math.min(item.weight, limit);
        }
        return total;
    }

    Item bestItem(Item[] items, int limit) {
        Item best = items[0];
        for (Item item : items) {
            if (item.price < limit) best = item;
        }
        return best;
    }

    int share(Item item, int total, int rate) {
        check(item);
        return scale(item.price) * rate / total;
    }

    boolean fits(Item item, int total, int limit) {
        check(item);
        return total + scale(item.weight) <= limit;
    }

    void discount(Item item, int rate) {
        check(item);
        item.price -= scale(rate);
    }

    void labels(Item[] items) {
        for (Item item : items) {
            System.out.println(show(item));
        }
    }
}
