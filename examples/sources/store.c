/* Items of a store: what they cost and what they weigh. */
#include <stdio.h>

typedef struct {
    const char *label;
    int price;
    int weight;
} Item;

int scale(int value) {
    return value * 3 / 2;
}

int check(Item *item) {
    return item->price >= 0 && item->label;
}

void show(Item *item) {
    if (check(item)) {
        printf("%s: %d\n", item->label, scale(item->price));
    }
}

void copy(Item *item, Item *other) {
    item->label = other->label;
    item->price = other->price;
    item->weight = other->weight;
}

void clear(Item *item) {
    item->label = "";
    item->price = 0;
    item->weight = 0;
}

void dump(Item *item) {
    printf("price %d\n", item->price);
    printf("weight %d\n", item->weight);
}

int total_price(Item *item, int n, int rate) {
    int total = 0;
    for (; n > 0; n--, item++) {
        total += scale(item->price) * rate;
    }
    return total;
}

int total_weight(Item *item, int n, int limit) {
    int total = 0;
    for (; n > 0; n--, item++) {
        if (item->weight < limit) total += item->weight;
    }
    return total;
}

int share(Item *item, int total, int rate) {
    if (!check(item)) return 0;
    return scale(item->price) * rate / total;
}

int fits(Item *item, int total, int limit) {
    if (!check(item)) return 0;
    return total + scale(item->weight) <= limit;
}

void discount(Item *item, int rate) {
    if (check(item)) {
        item->price -= scale(rate);
    }
    show(item);
}

int cheaper(Item *item, int rate, int limit) {
    int total = scale(item->price) * rate;
    return check(item) && total < limit;
}
