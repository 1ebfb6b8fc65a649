package store

import "fmt"

func bill(items []Item, rate int) string {
	total := 0
	for _, item := range items {
		total += scale(item.price) * rate
	}
	return fmt.Sprint("total", total)
}

func first(items []Item, limit int) string {
	for _, item := range items {
		if item.price < limit {
			return show(item)
		}
	}
	return ""
}

func audit(items []Item) int {
	for _, item := range items {
		check(item)
	}
	return len(items)
}

func load(items []Item, limit int) bool {
	total := 0
	for _, item := range items {
		total += scale(item.weight)
	}
	return total <= limit
}
