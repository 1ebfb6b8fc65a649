// Differences of two texts: by line, and inside changed lines by word.

const MOST_EDITS = 1500; // of one comparison; texts further apart are shown as replaced

// Myers' greedy algorithm (1986). Returns the regions that differ as [start, end) in a and in b.
function regions(a, b) {
  let head = 0,
    endA = a.length,
    endB = b.length;
  while (head < endA && head < endB && a[head] === b[head]) head++;
  while (endA > head && endB > head && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const n = endA - head,
    m = endB - head;
  if (!n && !m) return [];
  const whole = [{ a0: head, a1: endA, b0: head, b1: endB }];
  if (!n || !m) return whole;
  const most = Math.min(n + m, MOST_EDITS),
    middle = most + 1;
  const reach = new Int32Array(2 * most + 3),
    trace = [];
  for (let d = 0; d <= most; d++) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach[middle + k - 1] < reach[middle + k + 1]);
      let x = down ? reach[middle + k + 1] : reach[middle + k - 1] + 1,
        y = x - k;
      while (x < n && y < m && a[head + x] === b[head + y]) {
        x++;
        y++;
      }
      reach[middle + k] = x;
      if (x >= n && y >= m) return collect(trace, d, k, n, m, head);
    }
  }
  return whole;
}

function collect(trace, d, k, n, m, head) {
  const found = [];
  let x = n,
    y = m;
  for (; d > 0; d--) {
    const before = trace[d],
      at = (diagonal) => before[diagonal + d + 1];
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const last = down ? k + 1 : k - 1,
      startX = at(last),
      startY = startX - last;
    const nextX = down ? startX : startX + 1,
      nextY = down ? startY + 1 : startY;
    const first = found[found.length - 1];
    if (first && first.a0 === head + nextX && first.b0 === head + nextY) {
      first.a0 = head + startX;
      first.b0 = head + startY;
    } else found.push({ a0: head + startX, a1: head + nextX, b0: head + startY, b1: head + nextY });
    [x, y, k] = [startX, startY, last];
  }
  return found.reverse();
}

const tokens = (text) => text.match(/[\p{L}\p{N}_]+|[^\S\n]+|[\s\S]/gu) || [];

// Returns which characters of the two texts changed, as lists of [start, end); null where little is left of the first.
function words(before, after) {
  const a = tokens(before),
    b = tokens(after),
    found = regions(a, b);
  const startsA = starts(a),
    startsB = starts(b);
  const merged = [];
  for (const region of found) {
    const last = merged[merged.length - 1];
    const gap = last ? a.slice(last.a1, region.a0).join("") : "";
    if (last && gap.length <= 2 && !/[\p{L}\p{N}_\n]/u.test(gap)) {
      last.a1 = region.a1;
      last.b1 = region.b1;
    } else merged.push({ ...region });
  }
  const removed = merged.map((region) => [startsA[region.a0], startsA[region.a1]]);
  const added = merged.map((region) => [startsB[region.b0], startsB[region.b1]]);
  const kept =
    before.replace(/\s/g, "").length -
    removed.reduce((sum, [start, end]) => sum + before.slice(start, end).replace(/\s/g, "").length, 0);
  return kept * 4 < Math.min(before.length, after.length) ? null : { removed, added };
}

function starts(list) {
  const found = [0];
  for (const token of list) found.push(found[found.length - 1] + token.length);
  return found;
}

// The lines of the two texts as [sign, text, marks, number in before], in the order in which a person reads them.
function lineDiff(before, after) {
  const a = before.split("\n"),
    b = after.split("\n"),
    lines = [];
  let at = 0;
  const same = (end) => {
    for (; at < end; at++) lines.push({ sign: " ", text: a[at], marks: [], number: at });
  };
  for (const { a0, a1, b0, b1 } of regions(a, b)) {
    same(a0);
    const old = a.slice(a0, a1),
      fresh = b.slice(b0, b1);
    const inside = old.length && fresh.length ? words(old.join("\n"), fresh.join("\n")) : null;
    lines.push(
      ...marked("-", old, inside && inside.removed, a0),
      ...marked("+", fresh, inside && inside.added, null),
    );
    at = a1;
  }
  same(a.length);
  return lines;
}

function marked(sign, lines, ranges, first) {
  let start = 0;
  return lines.map((text, index) => {
    const end = start + text.length,
      marks = [];
    for (const [from, to] of ranges || []) {
      const low = Math.max(from, start),
        high = Math.min(to, end);
      if (low < high) marks.push([low - start, high - start]);
    }
    start = end + 1;
    return { sign, text, marks, number: first === null ? null : first + index };
  });
}
