// A report's numbers: what matters first, then all the rest of report.json, known or not.

const NAMES = { change: "need a change", no_change: "need none" };
const FIRST = [
  "schema_version",
  "set",
  "model",
  "rows",
  "trials",
  "exact_match",
  "exact_match_ci95",
  "per_trial",
  "exact_match_change",
  "exact_match_no_change",
  "edit_similarity",
  "delta_chrf",
  "groups",
  "by_language",
  "by_size",
  "notes",
  "warnings",
  "answered_no_change",
  "unparsable",
  "truncated",
  "prompt_too_long",
  "unanswered",
  "exact_match_strict",
  "rejected_match",
  "reversal_ratio",
  "reversal_ratio_truth",
  "reversal_rows",
  "lines",
  "seeds",
  "confidence",
  "delta_chrf_settings",
  "paper",
  "contamination",
];
const words_of = (key) => key.replaceAll("_", " ");

// A share and its interval between 0 and 100 as a drawing; the same numbers stand beside it.
function whisker(share, range) {
  const x = (value) => 5 + 110 * value;
  const parts = [svg("line", { x1: x(0), x2: x(1), y1: 9, y2: 9, class: "axis" })];
  if (range) parts.push(svg("line", { x1: x(range[0]), x2: x(range[1]), y1: 9, y2: 9, class: "range" }));
  if (share !== null && share !== undefined) parts.push(svg("circle", { cx: x(share), cy: 9, r: 3 }));
  return svg(
    "svg",
    { class: "whisker", viewBox: "0 0 120 18", width: 120, height: 18, "aria-hidden": "true" },
    ...parts,
  );
}

function figure(name, value, about) {
  return make(
    "div",
    { cls: "figure" },
    make("dt", { text: name }),
    make("dd", {}, make("b", { text: value }), about ? make("span", { text: about }) : null),
  );
}

// A report has its baselines as "copy_baseline" and the like; groups as "copy" or "copy_exact_match".
const BASELINE = /^(\w+)_baseline$/;

function baselinesOf(report) {
  return Object.keys(report)
    .map((key) => BASELINE.exec(key))
    .filter(Boolean)
    .map(([, name]) => name);
}

const matchOf = (value) =>
  value === null || value === undefined || typeof value === "number" ? value : value.exact_match;

// Sections are [name, groups]; all stand in one table, so that their numbers stand under each other.
function groupTable(caption, sections, names, toRows) {
  const columns = [
    { name: "rows", left: true },
    { name: "n" },
    { name: "exact match, %" },
    { name: "95% interval" },
    { name: "0 to 100" },
    ...names.map((name) => ({ name: `${name}, %` })),
    { name: "similarity, %" },
    { name: "Delta-chrF, %" },
  ];
  const rowOf = ([name, { model, baselines, filter }]) => {
    const label = filter
      ? make("button", {
          type: "button",
          cls: "inline",
          title: "Show these rows",
          text: name,
          on: { click: () => toRows(...filter) },
        })
      : name;
    return {
      cells: [
        label,
        model.rows.toLocaleString("en"),
        percent(model.exact_match),
        interval(model.exact_match_ci95),
        whisker(model.exact_match, model.exact_match_ci95),
        ...names.map((baseline) => percent(baselines[baseline])),
        percent(model.edit_similarity),
        percent(model.delta_chrf),
      ],
    };
  };
  const rows = sections.flatMap(([section, groups]) => [
    ...(section ? [{ section }] : []),
    ...Object.entries(groups)
      .filter(([, { model }]) => model.rows)
      .map(rowOf),
  ]);
  return table(caption, columns, rows);
}

function byKey(values, facet, names) {
  return Object.fromEntries(
    Object.entries(values).map(([name, group]) => [
      name,
      {
        model: group,
        filter: [facet, name],
        baselines: Object.fromEntries(
          names.map((one) => [one, matchOf(group[one] ?? group[`${one}_exact_match`])]),
        ),
      },
    ]),
  );
}

function warningsOf(report, names) {
  const found = [...(report.warnings || []), ...(report.notes || [])];
  for (const name of names) {
    const other = matchOf(report[`${name}_baseline`]);
    if (other !== null && other !== undefined && other >= report.exact_match && !report.baseline)
      found.unshift(
        `The baseline "${name}" is right ${other > report.exact_match ? "more often than" : "as often as"} this model: ${percent(other)}% against ${percent(report.exact_match)}%`,
      );
  }
  if (report.contamination && report.contamination.seen)
    found.push(
      `${count(report.contamination.seen, "row")} of ${report.contamination.checked} overlap with the training data`,
    );
  if (report.truncated > 0.02)
    found.push(`${percent(report.truncated)}% of the answers were cut off at the response limit`);
  if (report.unparsable > 0.02) found.push(`${percent(report.unparsable)}% of the answers could not be read`);
  return found;
}

function answerShares(report, toRows) {
  const tags = [
    ["answered_no_change", "answered no change", "answered no change"],
    ["unparsable", "could not be read", "unparsable"],
    ["truncated", "cut off at the response limit", "cut off"],
    ["prompt_too_long", "prompt too long, not asked", "prompt too long"],
    ["unanswered", "not answered", "not answered"],
  ];
  const rows = tags
    .filter(([key]) => typeof report[key] === "number")
    .map(([key, text, tag]) => {
      const label = report[key]
        ? make("button", {
            type: "button",
            cls: "inline",
            title: "Show these rows",
            text,
            on: { click: () => toRows("outcome", tag) },
          })
        : text;
      return { cells: [label, percent(report[key])] };
    });
  for (const [key, text] of [
    ["exact_match_strict", "exact match, white space included"],
    ["rejected_match", "equal to the set's rejected answer"],
    ["reversal_ratio", "of the user's last edit undone"],
    ["reversal_ratio_truth", "the same by the true edits"],
  ])
    if (typeof report[key] === "number") rows.push({ cells: [text, percent(report[key])] });
  for (const [key, value] of Object.entries(report.lines || {}))
    rows.push({ cells: [`changed lines, ${key}`, percent(value)] });
  return table("Answers, in % of all", [{ name: "what", left: true }, { name: "%" }], rows);
}

function trialsTable(report) {
  const rows = report.per_trial.map((share, at) => ({
    cells: [String(at), percent(share), String((report.seeds || [])[at] ?? "–")],
  }));
  return table(
    "By trial",
    [{ name: "trial", left: true }, { name: "exact match, %" }, { name: "seed" }],
    rows,
  );
}

// Any value of report.json that nothing above has shown.
function generic(key, value) {
  const simple = (one) => one === null || typeof one !== "object";
  if (simple(value)) return [words_of(key), String(value ?? "–")];
  if (Array.isArray(value) && value.every(simple))
    return [words_of(key), value.map((one) => String(one ?? "–")).join(", ") || "none"];
  const list = make("dl", { cls: "facts nested" });
  for (const [name, inner] of Object.entries(value)) {
    const [label, shownValue] = generic(name, inner);
    list.append(
      make(
        "div",
        {},
        make("dt", { text: label }),
        shownValue instanceof Node ? make("dd", {}, shownValue) : make("dd", { text: shownValue }),
      ),
    );
  }
  return [words_of(key), list];
}

function reportSummary({ report }, toRows) {
  const names = baselinesOf(report);
  const trials = report.trials > 1 ? `mean of ${report.trials} trials` : "one trial";
  const figures = make(
    "dl",
    { cls: "figures" },
    figure("exact match", withPercent(report.exact_match), interval(report.exact_match_ci95)),
    figure("rows that need a change", withPercent(report.exact_match_change)),
    figure("rows that need none", withPercent(report.exact_match_no_change)),
    ...names.map((name) => figure(`baseline "${name}"`, `${percent(matchOf(report[`${name}_baseline`]))}%`)),
  );
  const groups = {
    all: {
      model: report,
      baselines: Object.fromEntries(names.map((name) => [name, matchOf(report[`${name}_baseline`])])),
    },
  };
  for (const [name, group] of Object.entries(report.groups || {}))
    groups[NAMES[name] || name] = {
      model: group.model,
      filter: ["needs", name === "no_change" ? "no change" : "a change"],
      baselines: Object.fromEntries(names.map((one) => [one, matchOf(group[one])])),
    };
  const seenBefore = report.contamination;
  if (seenBefore && seenBefore.seen)
    groups["not in the training data"] = {
      model: seenBefore.unseen.model,
      filter: ["training", "not seen"],
      baselines: Object.fromEntries(names.map((one) => [one, matchOf(seenBefore.unseen[one])])),
    };
  const warnings = warningsOf(report, names);
  const parts = [
    make("p", {
      cls: "lead",
      text: `${report.model} on ${report.set}: ${count(report.rows, "row")}, ${trials}, 95% intervals over rows.`,
    }),
    figures,
  ];
  if (warnings.length)
    parts.push(make("ul", { cls: "warnings" }, ...warnings.map((text) => make("li", { text }))));
  const sections = [["", groups]];
  if (report.by_size) sections.push(["by size of the true edit", byKey(report.by_size, "size", names)]);
  if (report.by_language) sections.push(["by language", byKey(report.by_language, "language", names)]);
  parts.push(groupTable("The model beside the baselines", sections, names, toRows));
  const beside = [answerShares(report, toRows)];
  if (report.paper && typeof report.paper.exact_match === "object")
    beside.push(
      table(
        `The paper's ${report.paper.model} on ${report.paper.rows}`,
        [{ name: "algorithm", left: true }, { name: "exact match, %" }],
        Object.entries(report.paper.exact_match).map(([name, share]) => ({ cells: [name, percent(share)] })),
      ),
    );
  if ((report.per_trial || []).length > 1) beside.push(trialsTable(report));
  parts.push(make("div", { cls: "beside" }, ...beside));
  const empty = (value) => value === null || (typeof value === "object" && !Object.keys(value).length);
  const rest = Object.entries(report)
    .filter(([key, value]) => !empty(value) && !FIRST.includes(key) && !BASELINE.test(key))
    .map(([key, value]) => generic(key, value));
  if (seenBefore)
    rest.push(
      generic(
        "overlap with the training data",
        Object.fromEntries(Object.entries(seenBefore).filter(([key]) => !["rows", "unseen"].includes(key))),
      ),
    );
  parts.push(section("Settings", pairs(rest)));
  return make("section", { cls: "summary" }, make("div", { cls: "sheet" }, ...parts));
}
