// One task: what the developer saw and did, and what became of the range.

const seconds = (ms) =>
  ms < 1000
    ? `${ms} ms`
    : ms < 60_000
      ? `${(ms / 1000).toFixed(1)} s`
      : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;

const originalOf = (task) => Array.from(task.code).slice(task.edit_start, task.edit_end).join("");
const firstLine = (task) => Array.from(task.code).slice(0, task.edit_start).join("").split("\n").length;

function rowHeading(title, place, noun, badges = []) {
  const heading = make("h2", { cls: "path", text: title || "(no path)" });
  const link = make("a", {
    href: place.link,
    cls: "permalink",
    title: `Link to this ${noun}`,
    text: `#${place.number}`,
  });
  return make(
    "div",
    { cls: "heading" },
    link,
    heading,
    ...badges.map(([text, cls]) => make("span", { cls: `badge ${cls}`, text })),
  );
}

function taskFacts(task, place) {
  const session = make("button", {
    type: "button",
    cls: "inline",
    title: "Show the tasks of this session",
    text: task.session,
    on: { click: () => place.search(task.session) },
  });
  const redacted = task.redactions.map((entry) => `${entry.kind} × ${entry.count}`).join(", ");
  return pairs([
    ["Language", task.language],
    ["Origin", task.origin],
    ["Split", task.split],
    ["Session", task.session && session],
    ["Project", task.project],
    ["Source", task.source],
    ["Time", task.time_ms ? `${seconds(task.time_ms)} into the session` : ""],
    ["Redacted", redacted || "nothing"],
    ["Id", task.id],
  ]);
}

const section = (title, ...parts) => make("section", {}, make("h3", { text: title }), ...parts);

function answerOf(task) {
  if (task.no_change)
    return section("Answer", make("p", { cls: "empty", text: "No change: the range stays as it is." }));
  return section("Answer", diffView("Answer as a difference", originalOf(task), task.edit, firstLine(task)));
}

function seen(task) {
  const parts = [];
  if (task.hint) parts.push(section("Hint", make("blockquote", { text: task.hint })));
  const edits = task.history.map((edit) => {
    const age = edit.age_ms ? `${seconds(edit.age_ms)} before` : "";
    const summary = make(
      "summary",
      {},
      make("span", { cls: "path", text: edit.path || "(no path)" }),
      make("span", { cls: "mute", text: age }),
    );
    return make("details", { open: "" }, summary, patchView(`Edit of ${edit.path}`, edit.diff));
  });
  if (!edits.length) edits.push(make("p", { cls: "empty", text: "None." }));
  parts.push(section("Code, edit range and cursor", codeView(task)));
  parts.push(section(`Recent edits, oldest first (${task.history.length})`, ...edits));
  if ((task.related || []).length) {
    const files = task.related.map((file) =>
      make(
        "details",
        {},
        make("summary", {}, make("span", { cls: "path", text: file.path || "(no path)" })),
        textView(`Related file ${file.path}`, file.code),
      ),
    );
    parts.push(section(`Related files (${files.length})`, ...files));
  }
  return parts;
}

function taskRow(task, place) {
  const badges = [];
  if (task.no_change) badges.push(["no change", ""]);
  if (task.origin !== "human") badges.push([task.origin, ""]);
  return [
    rowHeading(task.path, place, "task", badges),
    taskFacts(task, place),
    answerOf(task),
    ...seen(task),
  ];
}
