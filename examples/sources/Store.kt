// Items of a store: what they cost and what they weigh.
package store

class Item(
    val label: String,
    var price: Int,
    var weight: Int,
)

fun scale(value: Int): Int {
    return value * 3 / 2
}

fun check(item: Item) {
    if (item.price < 0) error(item.label)
}

fun show(item: Item): String {
    check(item)
    return "${item.label}: ${scale(item.price)}"
}

fun double(item: Item): Item {
    return Item(
        label = item.label,
        price = item.price * 2,
        weight = item.weight * 2,
    )
}

fun row(item: Item): List<Any> {
    return listOf(
        item.label,
        item.price,
        item.weight,
    )
}

fun dump(item: Item) {
    println("price ${item.price}")
    println("weight ${item.weight}")
}

fun totalPrice(items: List<Item>, rate: Int): Int {
    var total = 0
    for (item in items) {
        total += scale(item.price) * rate
    }
    return total
}

fun totalWeight(items: List<Item>, limit: Int): Int {
    var total = 0
    for (item in items) {
        total += minOf(item.weight, limit)
    }
    return total
}

fun bestItem(items: List<Item>, limit: Int): Item {
    var best = items.first()
    for (item in items) {
        if (item.price < limit) best = item
    }
    return best
}

fun share(item: Item, total: Int, rate: Int): Int {
    check(item)
    return scale(item.price) * rate / total
}

fun fits(item: Item, total: Int, limit: Int): Boolean {
    check(item)
    return total + scale(item.weight) <= limit
}

fun discount(item: Item, rate: Int) {
    check(item)
    item.price -= scale(rate)
}

fun labels(items: List<Item>): List<String> {
    return items.map { item -> show(item) }
}
