// One row of an evaluation: the truth, and each answer as a difference; equal answers stand together.

const shown = { against: "original" }; // what answers are compared with

const OUTCOMES = {
  right: "good",
  wrong: "bad",
  unparsable: "bad",
  "prompt too long": "bad",
  "not answered": "bad",
};

function trialGroups(trials) {
  const groups = new Map();
  for (const trial of trials) {
    const key = JSON.stringify([trial.kind, trial.text, trial.answer, trial.truncated]);
    if (groups.has(key)) groups.get(key).push(trial);
    else groups.set(key, [trial]);
  }
  return [...groups.values()];
}

function trialName(group, all) {
  if (all.length === 1) return "Answer";
  if (group.length === all.length) return `All ${all.length} trials`;
  return `Trial${group.length > 1 ? "s" : ""} ${group.map((trial) => trial.trial).join(", ")}`;
}

function answerView(name, group, all, row) {
  const [trial] = group,
    task = row.task,
    before = originalOf(task);
  const badges = [[trial.kind, OUTCOMES[trial.kind]]];
  if (trial.truncated) badges.push(["cut off at the response limit", "bad"]);
  if (trial.no_change) badges.push(["no change", ""]);
  if (trial.kind === "wrong") badges.push([`similarity ${percent(trial.similarity)}%`, ""]);
  const heading = make(
    "h3",
    { cls: "trial" },
    make("span", { text: name }),
    ...badges.map(([text, cls]) => make("span", { cls: `badge ${cls}`, text })),
  );
  const parts = [heading];
  if (trial.text === null) {
    if (trial.answer !== null) parts.push(textView(`${name}, as it was said`, trial.answer));
    return make("section", {}, ...parts);
  }
  if (trial.kind === "right" && trial.text.trim() === task.edit.trim())
    parts.push(make("p", { cls: "mute", text: "The same as the truth." }));
  else if (shown.against === "truth")
    parts.push(diffView(`${name} compared with the truth`, task.edit, trial.text, firstLine(task)));
  else if (trial.text === before) parts.push(make("p", { cls: "mute", text: "The range stays as it is." }));
  else parts.push(diffView(`${name} compared with the original`, before, trial.text, firstLine(task)));
  return make("section", {}, ...parts);
}

function againstButtons(redraw) {
  const button = (value, text) =>
    make("button", {
      type: "button",
      "aria-pressed": String(shown.against === value),
      text,
      on: {
        click() {
          shown.against = value;
          redraw();
        },
      },
    });
  return make(
    "div",
    { cls: "choice", role: "group", "aria-label": "Compare answers with" },
    make("span", { cls: "mute", text: "Compare answers with" }),
    button("original", "the original"),
    button("truth", "the truth"),
  );
}

function truthView(task) {
  const view = answerOf(task);
  view.querySelector("h3").textContent = "Truth";
  return view;
}

// Sides are [name, trials]; of an evaluation there is one, without a name.
function answersOf(row, sides) {
  const holder = make("div");
  const redraw = () => {
    const views = sides.flatMap(([side, trials]) =>
      trialGroups(trials).map((group) => {
        const name = trialName(group, trials);
        return answerView(side ? `${side}: ${name.toLowerCase()}` : name, group, trials, row);
      }),
    );
    holder.replaceChildren(againstButtons(redraw), ...views);
  };
  redraw();
  holder.classList.add("answers");
  holder.addEventListener("redraw", redraw);
  return holder;
}

function toggleAgainst() {
  shown.against = shown.against === "truth" ? "original" : "truth";
  for (const holder of document.querySelectorAll(".answers")) holder.dispatchEvent(new Event("redraw"));
}

function evaluatedFacts(task) {
  return pairs([
    ["Language", task.language],
    ["Session", task.session],
    ["Source", task.source],
    ["Id", task.id],
  ]);
}

function rowsEnd(row) {
  const parts = seen(row.task);
  if (row.rejected !== null && row.rejected !== undefined)
    parts.unshift(
      section(
        "Rejected answer of the set",
        diffView("Rejected answer", originalOf(row.task), row.rejected, firstLine(row.task)),
      ),
    );
  if (row.prompt)
    parts.push(
      section(
        "Prompt as it was sent",
        make(
          "details",
          {},
          make("summary", { text: count(row.prompt.length, "character") }),
          textView("Prompt", row.prompt),
        ),
      ),
    );
  return parts;
}

function answersRow(row, place) {
  const right = row.trials.filter((trial) => trial.kind === "right").length;
  const badges = [
    [
      row.trials.length > 1 ? `right in ${right} of ${row.trials.length} trials` : row.trials[0].kind,
      right === row.trials.length ? "good" : right ? "some" : "bad",
    ],
  ];
  if (row.task.no_change) badges.push(["needs no change", ""]);
  return [
    rowHeading(row.task.path, place, "row", badges),
    evaluatedFacts(row.task),
    truthView(row.task),
    answersOf(row, [["", row.trials]]),
    ...rowsEnd(row),
  ];
}
