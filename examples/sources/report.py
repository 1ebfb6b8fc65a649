"""Reports about the items of a store."""

from store import check, scale, show


def lines(items):
    return [show(item) for item in items]


def bill(items, rate):
    total = 0
    for item in items:
        total += scale(item.price) * rate
    return f"total: {total}"


def load(items, limit):
    total = sum(scale(item.weight) for item in items)
    return total <= limit


def first(items, limit):
    for item in items:
        if item.price < limit:
            return show(item)
    return None


def audit(items):
    for item in items:
        check(item)
    return len(items)


def dearest(items, rate):
    total = 0
    for item in items:
        total = max(total, scale(item.price) * rate)
    return total
