// Items of a store: what they cost and what they weigh.
#include <algorithm>
#include <string>
#include <vector>

using namespace std;

struct Item {
    string label;
    int price;
    int weight;
};

using Items = vector<Item>;

int scale(int value) {
    return value * 3 / 2;
}

void check(Item& item) {
    if (item.price < 0) throw item.label;
}

string show(Item& item) {
    check(item);
    return item.label + to_string(scale(item.price));
}

Item twice(Item& item) {
    Item other = item;
    other.price += item.price;
    other.weight += item.weight;
    return other;
}

bool same(Item& item, Item& other) {
    if (item.price != other.price) return false;
    if (item.weight != other.weight) return false;
    return true;
}

void clear(Item& item) {
    item.price = 0;
    item.weight = 0;
    check(item);
}

int total_price(Items& items, int rate) {
    int total = 0;
    for (auto& item : items) {
        total += scale(item.price) * rate;
    }
    return total;
}

int total_weight(Items& items, int limit) {
    int total = 0;
    for (auto& item : items) {
        total += min(item.weight, limit);
    }
    return total;
}

Item best_item(Items& items, int limit) {
    Item best = items[0];
    for (auto& item : items) {
        if (item.price < limit) best = item;
    }
    return best;
}

int share(Item& item, int total, int rate) {
    check(item);
    return scale(item.price) * rate / total;
}

bool fits(Item& item, int total, int limit) {
    check(item);
    return total + scale(item.weight) <= limit;
}

void discount(Item& item, int rate) {
    item.price -= scale(rate);
    check(item);
}
