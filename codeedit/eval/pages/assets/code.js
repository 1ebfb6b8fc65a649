// Code on the screen: lines with numbers, marked parts, a cursor; long lines and long texts cut until asked for.

const MOST_LINES = 2000,
  MOST_LETTERS = 4000,
  CONTEXT = 4;

function block(label, rows, draw) {
  const element = make("div", { cls: "code", tabindex: "0", role: "group", "aria-label": label });
  const lines = make("div", { cls: "lines" }, ...rows.slice(0, MOST_LINES).map(draw));
  element.append(lines);
  if (rows.length > MOST_LINES) {
    const more = make("button", {
      type: "button",
      cls: "more",
      text: `Show ${count(rows.length - MOST_LINES, "more line")}`,
    });
    more.addEventListener("click", () => more.replaceWith(...rows.slice(MOST_LINES).map(draw)));
    lines.append(more);
  }
  return element;
}

function lineOf(number, sign, cls) {
  const text = make("span", { cls: "t" });
  const cells = [make("span", { cls: "n", "aria-hidden": "true", text: number ?? "" })];
  if (sign !== undefined) cells.push(make("span", { cls: "s", text: sign }));
  return [make("div", { cls: "line" + (cls ? " " + cls : "") }, ...cells, text), text];
}

// Adds a line's text; parts is a sorted list of [start, end, tag, class], letters beyond the limit come on a click.
function addLine(element, text, parts) {
  fill(element, text.slice(0, MOST_LETTERS), 0, parts);
  if (text.length > MOST_LETTERS) {
    const more = make("button", {
      type: "button",
      cls: "more",
      text: `${count(text.length - MOST_LETTERS, "more character")}`,
    });
    more.addEventListener("click", () => {
      const rest = make("span");
      fill(rest, text.slice(MOST_LETTERS), MOST_LETTERS, parts);
      more.replaceWith(rest);
    });
    element.append(more);
  }
}

function fill(element, text, offset, parts) {
  let at = 0;
  for (const [from, to, tag, cls] of parts) {
    const start = Math.max(from - offset, 0),
      end = Math.min(to - offset, text.length);
    if (start > text.length || end < start || (start === end && from !== to)) continue;
    addText(element, text.slice(at, start));
    element.append(make(tag, { cls, text: text.slice(start, end) }));
    at = end;
  }
  addText(element, text.slice(at));
}

// A task's document with its range and its cursor.
function codeView(task) {
  const letters = Array.from(task.code);
  const units = (points) => letters.slice(0, points).join("").length;
  const start = units(task.edit_start),
    end = units(task.edit_end);
  const cursor = task.cursor === null ? -1 : units(task.cursor);
  let at = 0;
  const lines = task.code.split("\n").map((text, index) => {
    const line = { text, index, at };
    at += text.length + 1;
    return line;
  });
  const view = block("Code with edit range and cursor", lines, ({ text, index, at: first }) => {
    const last = first + text.length,
      inside = first <= end && last >= start;
    const [row, cell] = lineOf(index + 1, undefined, inside ? "range" : "");
    const parts =
      cursor >= first && cursor <= last ? [[cursor - first, cursor - first, "span", "cursor"]] : [];
    addLine(cell, text, parts);
    return row;
  });
  const mark = view.querySelector(".cursor");
  if (mark) {
    mark.title = "cursor";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", "cursor");
  }
  return view;
}

// The difference of two texts; first is the number of the first line in the document, where there is one.
function diffView(label, before, after, first = 1) {
  const lines = fold(lineDiff(before, after));
  const draw = (line) => {
    if (line.hidden) {
      const button = make("button", {
        type: "button",
        cls: "fold",
        text: `${count(line.hidden.length, "unchanged line")}`,
      });
      button.addEventListener("click", () => button.replaceWith(...line.hidden.map(draw)));
      return button;
    }
    const [row, cell] = lineOf(
      line.number === null ? "" : first + line.number,
      line.sign,
      { "+": "add", "-": "del", " ": "" }[line.sign],
    );
    addLine(
      cell,
      line.text,
      line.marks.map(([from, to]) => [from, to, line.sign === "+" ? "ins" : "del", ""]),
    );
    return row;
  };
  return block(label, lines, draw);
}

function fold(lines) {
  const folded = [];
  let run = [];
  const flush = (last) => {
    const head = folded.length ? CONTEXT : 0,
      tail = last ? 0 : CONTEXT;
    if (run.length > head + tail + CONTEXT && (folded.length || !last)) {
      folded.push(
        ...run.slice(0, head),
        { hidden: run.slice(head, run.length - tail) },
        ...run.slice(run.length - tail),
      );
    } else folded.push(...run);
    run = [];
  };
  for (const line of lines) {
    if (line.sign === " ") run.push(line);
    else {
      flush(false);
      folded.push(line);
    }
  }
  flush(true);
  return folded;
}

// A unified diff as it is stored, with the words that changed.
function patchView(label, text) {
  const lines = text.replace(/\n$/, "").split("\n"),
    rows = [];
  for (let at = 0; at < lines.length;) {
    let middle = at,
      end = at;
    while (middle < lines.length && lines[middle][0] === "-") middle++;
    for (end = middle; end < lines.length && lines[end][0] === "+";) end++;
    if (end === at) {
      const line = lines[at++];
      rows.push(
        line.startsWith("@@")
          ? { sign: "", text: line, marks: [], cls: "hunk" }
          : { sign: line[0] ?? " ", text: line.slice(1), marks: [], cls: "" },
      );
      continue;
    }
    const old = lines.slice(at, middle).map((line) => line.slice(1)),
      fresh = lines.slice(middle, end).map((line) => line.slice(1));
    const inside = old.length && fresh.length ? words(old.join("\n"), fresh.join("\n")) : null;
    rows.push(
      ...marked("-", old, inside && inside.removed, null),
      ...marked("+", fresh, inside && inside.added, null),
    );
    at = end;
  }
  return block(label, rows, (line) => {
    const [row, cell] = lineOf("", line.sign, line.cls ?? { "+": "add", "-": "del" }[line.sign]);
    addLine(
      cell,
      line.text,
      line.marks.map(([from, to]) => [from, to, line.sign === "+" ? "ins" : "del", ""]),
    );
    return row;
  });
}

function textView(label, text) {
  return block(label, text.split("\n"), (line) => {
    const [row, cell] = lineOf("");
    addLine(cell, line, []);
    return row;
  });
}
