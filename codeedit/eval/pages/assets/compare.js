// Runs side by side, in the way of the paper's tables, and a row on which they differ.

const signed = (share) =>
  share === null ? "" : `${share > 0 ? "+" : share < 0 ? "−" : "±"}${Math.abs(100 * share).toFixed(1)}`;

function overview({ runs, sets, cells }) {
  const some = (key) => runs.some((run) => run[key] && run[key] !== "-");
  const about = [
    ["model", "model"],
    ["algorithm", "algorithm"],
    ["variant", "variant"],
  ].filter(([key]) => some(key));
  const columns = [
    { name: "run", left: true },
    ...about.map(([, name]) => ({ name, left: true, wrap: name === "variant" })),
    ...(some("steps") ? [{ name: "steps" }] : []),
    ...sets.flatMap((name) => [{ name: `${name}, %` }, { name: "95% interval" }, { name: "difference" }]),
  ];
  const rows = runs.map((run, number) => ({
    cells: [
      run.name,
      ...about.map(([key]) => run[key] || "–"),
      ...(some("steps") ? [run.steps === null ? "–" : run.steps.toLocaleString("en")] : []),
      ...sets.flatMap((name) => {
        const cell = cells.find((one) => one.set_name === name && one.run === number);
        return cell
          ? [
              percent(cell.exact_match),
              interval(cell.interval),
              cell.delta === null ? "–" : signed(cell.delta),
            ]
          : ["–", "", ""];
      }),
    ],
  }));
  return table("Exact match by run and set", columns, rows);
}

function setTable(name, { runs, cells }, toRows) {
  const own = cells.filter((cell) => cell.set_name === name);
  const columns = [
    { name: "run", left: true },
    { name: "all, %" },
    { name: "95% interval" },
    { name: "0 to 100" },
    { name: "need a change, %" },
    { name: "need none, %" },
    { name: "copy, %" },
    { name: "difference" },
    { name: "rows won : lost" },
  ];
  const rows = own.map((cell) => {
    const won = cell.delta === null ? "–" : `${cell.won} : ${cell.lost}`;
    return {
      cells: [
        runs[cell.run].name,
        percent(cell.exact_match),
        interval(cell.interval),
        whisker(cell.exact_match, cell.interval),
        percent(cell.change),
        percent(cell.no_change),
        percent(cell.copy),
        cell.delta === null ? "–" : signed(cell.delta),
        won,
      ],
    };
  });
  const size = own[0].rows ? `: ${count(own[0].rows, "row")}` : "";
  const parts = [table(`${name}${size}`, columns, rows)];
  const told = own.filter((cell) => cell.delta !== null || cell.sentence.includes("comparable"));
  if (told.length)
    parts.push(
      make("h3", { text: "Could this be noise?" }),
      make(
        "ul",
        { cls: "verdicts" },
        ...told.map((cell) =>
          make(
            "li",
            {},
            make("b", { text: runs[cell.run].name }),
            make("span", {
              text: `${cell.delta === null ? "" : ` ${signed(cell.delta)} points`}: ${cell.sentence}.`,
            }),
          ),
        ),
      ),
    );
  const names = own.map((cell) => runs[cell.run].name);
  if (head.rows && names.length > 1)
    parts.push(
      make(
        "p",
        { cls: "choice" },
        make("span", { cls: "mute", text: "Show the rows that went best to" }),
        ...names.map((run) =>
          make("button", {
            type: "button",
            text: run,
            on: { click: () => toRows({ set: name, best: run }) },
          }),
        ),
      ),
    );
  return make("div", {}, ...parts);
}

const LAST = [
  ["critic/score/mean", "reward"],
  ["codeedit/rollouts/exact_match", "exact match"],
  ["actor/pg_clipfrac", "clip fraction"],
  ["actor/entropy", "entropy"],
  ["actor/kl_loss", "KL"],
  ["response_length/mean", "response tokens"],
  ["perf/throughput", "tokens/s"],
  ["perf/time_per_step", "s/step"],
];

function lastValues(runs) {
  const trained = runs.filter((run) => Object.keys(run.metrics).length);
  const columns = LAST.filter(([key]) => trained.some((run) => key in run.metrics));
  if (!columns.length) return null;
  const shown = (value) =>
    value === undefined
      ? "–"
      : Number(value.toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4 });
  return table(
    "Last values of training",
    [{ name: "run", left: true }, { name: "steps" }, ...columns.map(([, name]) => ({ name }))],
    trained.map((run) => ({
      cells: [run.name, run.steps, ...columns.map(([key]) => shown(run.metrics[key]))],
    })),
  );
}

function compareSummary(content, toRows) {
  const first = content.runs[0].name;
  const lead = content.sets.length
    ? `Exact match in %, with 95% intervals over rows. Differences are to the first run that has the set (${first} where it does); whether one could be noise is told by a paired permutation test over rows.`
    : "These runs have no evaluation yet: codeedit eval --set zeta-dpo --model RUN.";
  const parts = [make("p", { cls: "lead", text: lead })];
  if (content.sets.length) parts.push(overview(content));
  for (const name of content.sets) parts.push(setTable(name, content, toRows));
  const last = lastValues(content.runs);
  if (last) parts.push(last);
  return make("section", { cls: "summary" }, make("div", { cls: "sheet wide" }, ...parts));
}

function comparedRow(row, place) {
  const badges = row.sides.map(({ run, trials }) => {
    const right = trials.filter((trial) => trial.kind === "right").length;
    return [
      `${run}: right in ${right} of ${trials.length}`,
      right === trials.length ? "good" : right ? "some" : "bad",
    ];
  });
  if (row.task.no_change) badges.push(["needs no change", ""]);
  return [
    rowHeading(row.task.path, place, "row", badges),
    pairs([
      ["Set", row.set],
      ["Row", row.at],
      ["Language", row.task.language],
      ["Id", row.task.id],
    ]),
    truthView(row.task),
    answersOf(
      row,
      row.sides.map(({ run, trials }) => [run, trials]),
    ),
    ...rowsEnd(row),
  ];
}
