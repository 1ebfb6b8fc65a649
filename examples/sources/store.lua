-- Items of a store: what they cost and what they weigh.

local function new_item(label, price, weight)
  return {
    label = label,
    price = price,
    weight = weight,
  }
end

local function scale(value)
  return value * 3 // 2
end

local function check(item)
  if item.price < 0 then
    error(item.label)
  end
end

local function show(item)
  check(item)
  return item.label .. ": " .. scale(item.price)
end

local function double(item)
  item.price = item.price * 2
  item.weight = item.weight * 2
  return item
end

local function row(item)
  return {
    item.label,
    item.price,
    item.weight,
  }
end

local function dump(item)
  print("price", item.price)
  print("weight", item.weight)
end

local function total_price(items, rate)
  local total = 0
  for _, item in ipairs(items) do
    total = total + scale(item.price) * rate
  end
  return total
end

local function total_weight(items, limit)
  local total = 0
  for _, item in ipairs(items) do
    total = total + math.min(item.weight, limit)
  end
  return total
end

local function best_item(items, limit)
  local best = items[1]
  for _, item in ipairs(items) do
    if item.price < limit then best = item end
  end
  return best
end

local function share(item, total, rate)
  check(item)
  return scale(item.price) * rate // total
end

local function fits(item, total, limit)
  check(item)
  return total + scale(item.weight) <= limit
end

local function discount(item, rate)
  check(item)
  item.price = item.price - scale(rate)
  return item
end
