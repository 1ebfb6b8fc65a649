package store

import "fmt"

type Item struct {
	label string
	price int
	weight int
}

func scale(value int) int {
	return value * 3 / 2
}

func check(item Item) {
	if item.price < 0 {
		panic(item.label)
	}
}

func show(item Item) string {
	check(item)
	return fmt.Sprint(item.label, scale(item.price))
}

func double(item Item) Item {
	return Item{
		label: item.label,
		price: item.price * 2,
		weight: item.weight * 2,
	}
}

func row(item Item) []any {
	return []any{
		item.label,
		item.price,
		item.weight,
	}
}

func dump(item Item) {
	check(item)
	fmt.Println("price", item.price)
	fmt.Println("weight", item.weight)
}

func totalPrice(items []Item, rate int) int {
	total := 0
	for _, item := range items {
		total += scale(item.price) * rate
	}
	return total
}

func totalWeight(items []Item, limit int) int {
	total := 0
	for _, item := range items {
		total += min(item.weight, limit)
	}
	return total
}

func bestItem(items []Item, limit int) Item {
	best := items[0]
	for _, item := range items {
		if item.price < limit {
			best = item
		}
	}
	return best
}

func share(item Item, total int, rate int) int {
	check(item)
	return scale(item.price) * rate / total
}

func fits(item Item, total int, limit int) bool {
	check(item)
	return total+scale(item.weight) <= limit
}

func discount(item *Item, rate int) {
	check(*item)
	item.price -= scale(rate)
}
