"""Items of a store: what they cost and what they weigh."""


class Item:
    def __init__(
        self,
        label,
        price,
        weight,
    ):
        self.label = label
        self.price = price
        self.weight = weight

    def row(self):
        return [
            self.label,
            self.price,
            self.weight,
        ]

    def double(self):
        return Item(
            self.label,
            price=self.price * 2,
            weight=self.weight * 2,
        )

    def facts(self):
        return {
            "label": self.label,
            "price": self.price,
            "weight": self.weight,
        }


def scale(value):
    return value * 3 // 2


def check(item):
    if item.price < 0:
        raise ValueError(item.label)


def show(item):
    check(item)
    return f"{item.label}: {scale(item.price)}"


def total_price(items, rate):
    total = 0
    for item in items:
        check(item)
        total += scale(item.price) * rate
    return total


def total_weight(items, limit):
    total = 0
    for item in items:
        total += min(item.weight, limit)
    return total


def best_item(items, limit):
    best = items[0]
    for item in items:
        if best.price < item.price < limit:
            best = item
    return best


def heavy(items, limit):
    return [item for item in items if scale(item.weight) > limit]


def labels(items):
    return [show(item) for item in items]


def share(item, total, rate):
    check(item)
    return scale(item.price) * rate // total


def fits(item, total, limit):
    total += scale(item.weight)
    return total <= limit


def discount(item, rate):
    check(item)
    item.price -= scale(rate)
    return item


def parse(line, rate):
    label, price, weight = line.split()
    item = Item(label, int(price) * rate, int(weight))
    check(item)
    return item
