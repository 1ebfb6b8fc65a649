"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PAGE = 200;
  const byId = (id) => document.getElementById(id);
  const state = { tasks: [], total: 0, current: null, asked: 0, shown: 0 };

  // All text of the data goes through here: it becomes text, never markup.
  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) addText(element, String(text));
    return element;
  }

  // Characters that hide or reorder code are shown by their number.
  const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;
  function addText(element, text) {
    if (!ODD.test(text)) { element.append(text); return; }
    for (const piece of text.split(new RegExp(`(${ODD.source})`, "u"))) {
      if (piece && ODD.test(piece)) {
        const mark = document.createElement("span");
        mark.className = "odd";
        mark.textContent = "U+" + piece.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
        element.append(mark);
      } else if (piece) element.append(piece);
    }
  }

  async function list(query, language, start) {
    if (data.tasks) {
      const wanted = query.toLowerCase();
      const found = data.tasks.filter((task) => (!language || task.language === language) && (!wanted ||
        [task.path, task.code, task.edit, task.hint || ""].some((text) => text.toLowerCase().includes(wanted))));
      return { total: found.length, start, tasks: found.slice(start, start + PAGE) };
    }
    const parameters = new URLSearchParams({ query, language, start, count: PAGE });
    return (await fetch("api/tasks?" + parameters)).json();
  }

  async function load(number) {
    if (data.tasks) return data.tasks.find((task) => task.number === number);
    const answer = await fetch("api/task?" + new URLSearchParams({ number }));
    return answer.ok ? answer.json() : undefined;
  }

  async function refresh(start) {
    const asked = ++state.asked;
    const found = await list(byId("query").value, byId("language").value, start);
    if (asked !== state.asked) return;
    state.tasks = start ? state.tasks.concat(found.tasks) : found.tasks;
    state.total = found.total;
    byId("total").textContent = found.total === 1 ? "1 task" : `${found.total} tasks`;
    byId("more").hidden = state.tasks.length >= state.total;
    if (!start) byId("list").replaceChildren();
    for (const task of found.tasks) byId("list").append(entry(task));
    if (!start) {
      if (state.tasks.length) await show(state.tasks[0].number);
      else byId("task").replaceChildren(make("p", "mute", "No task matches."));
    }
    mark();
  }

  function entry(task) {
    const item = make("li");
    const button = make("button", "entry", `${task.number}  ${task.path || "(no path)"}`);
    button.type = "button";
    button.dataset.number = task.number;
    button.title = `${task.split}, ${task.language}${task.no_change ? ", no change" : ""}`;
    button.addEventListener("click", () => show(task.number));
    item.append(button);
    return item;
  }

  function mark() {
    for (const button of byId("list").querySelectorAll("button")) {
      const current = Number(button.dataset.number) === state.current;
      button.setAttribute("aria-current", String(current));
      if (current) button.scrollIntoView({ block: "nearest" });
    }
  }

  async function show(number) {
    state.current = number;
    mark();
    const asked = ++state.shown;
    const task = await load(number);
    if (asked !== state.shown) return;
    const article = byId("task");
    article.replaceChildren(...(task ? view(task) : [make("p", "mute", "There is no such task.")]));
    article.scrollTop = 0;
    const range = article.querySelector(".range");
    if (range) range.parentElement.scrollTop = Math.max(0, range.offsetTop - range.parentElement.offsetTop - 90);
    history.replaceState(null, "", "#" + number);
  }

  function view(task) {
    const points = Array.from(task.code);
    const original = points.slice(task.edit_start, task.edit_end).join("");
    const parts = [facts(task)];
    if (task.hint) parts.push(make("h2", "", "Hint"), make("p", "", task.hint));
    parts.push(make("h2", "", task.no_change ? "Answer: no change" : "Answer"));
    if (!task.no_change) parts.push(diff(original, task.edit));
    parts.push(make("h2", "", "Code, edit range and cursor"), code(task, points));
    parts.push(make("h2", "", `Recent edits, oldest first (${task.history.length})`));
    for (const edit of task.history) {
      const details = make("details");
      details.open = true;
      const age = edit.age_ms ? `, ${(edit.age_ms / 1000).toFixed(1)} s before` : "";
      details.append(make("summary", "", (edit.path || "(no path)") + age), patch(edit.diff));
      parts.push(details);
    }
    return parts;
  }

  function facts(task) {
    const all = make("dl", "facts");
    const redactions = task.redactions.map((entry) => `${entry.kind} ${entry.count}`).join(", ") || "none";
    const shown = { Task: task.number, Split: task.split, Language: task.language, Path: task.path,
      Project: task.project, Session: task.session, Origin: task.origin, Source: task.source,
      Redacted: redactions, Id: task.id };
    for (const [name, value] of Object.entries(shown)) {
      const pair = make("div");
      pair.append(make("dt", "", name), make("dd", "", value));
      all.append(pair);
    }
    return all;
  }

  function row(number, text, className) {
    const element = make("div", "row" + (className ? " " + className : ""));
    element.append(make("span", "n", number), make("span", "t", text));
    return element;
  }

  function code(task, points) {
    const block = make("div", "code");
    let at = 0;
    points.join("").split("\n").forEach((line, index) => {
      const length = Array.from(line).length, end = at + length;
      const inside = at >= task.edit_start && end <= task.edit_end;
      const element = row(index + 1, task.cursor === null || task.cursor < at || task.cursor > end ? line : undefined,
        inside ? "range" : "");
      if (task.cursor !== null && task.cursor >= at && task.cursor <= end) {
        const text = element.querySelector(".t"), letters = Array.from(line);
        text.replaceChildren();
        addText(text, letters.slice(0, task.cursor - at).join(""));
        const cursor = make("span", "cursor");
        cursor.title = "cursor";
        text.append(cursor);
        addText(text, letters.slice(task.cursor - at).join(""));
      }
      block.append(element);
      at = end + 1;
    });
    return block;
  }

  function patch(text) {
    const block = make("div", "code");
    for (const line of text.replace(/\n$/, "").split("\n")) {
      const kind = line.startsWith("@@") ? "hunk" : line[0] === "+" ? "add" : line[0] === "-" ? "del" : "";
      block.append(row("", line, kind));
    }
    return block;
  }

  // Longest common subsequence of lines; texts too long for its table are shown whole, old then new.
  function diff(before, after) {
    const a = before.split("\n"), b = after.split("\n"), block = make("div", "code");
    const table = a.length * b.length > 4e6 ? null : lengths(a, b);
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (table && i < a.length && j < b.length && a[i] === b[j]) { block.append(row("", " " + a[i++])); j++; }
      else if (i < a.length && (!table || j >= b.length || table[i + 1][j] >= table[i][j + 1]))
        block.append(row("", "-" + a[i++], "del"));
      else block.append(row("", "+" + b[j++], "add"));
    }
    return block;
  }

  function lengths(a, b) {
    const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--)
      for (let j = b.length - 1; j >= 0; j--)
        table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    return table;
  }

  async function move(step) {
    const at = state.tasks.findIndex((task) => task.number === state.current) + step;
    if (at >= state.tasks.length && state.tasks.length < state.total) await refresh(state.tasks.length);
    if (state.tasks[at]) await show(state.tasks[at].number);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") document.activeElement.blur();
    if (["INPUT", "SELECT"].includes(event.target.tagName)) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") { event.preventDefault(); byId("query").focus(); }
  });

  byId("title").textContent = data.title;
  byId("language").append(new Option("all", ""));
  for (const [name, count] of data.languages) byId("language").append(new Option(`${name} (${count})`, name));
  let timer = 0;
  byId("query").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 250, 0); });
  byId("language").addEventListener("change", () => refresh(0));
  byId("more").addEventListener("click", () => refresh(state.tasks.length));
  const linked = /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : null;
  refresh(0).then(() => { if (linked !== null) show(linked); });
})();
