// Curves of training: small charts over steps or hours, with the same colour and dash for a run in all of them.

const WIDTH = 420,
  HEIGHT = 230,
  LEFT = 60,
  RIGHT = 18,
  TOP = 10,
  BOTTOM = 30;
const DASHES = ["", "7 4", "2 3", "9 3 2 3"];
const LONG = 60; // points from which a series is smoothed

function ticks(low, high, wanted = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / wanted,
    power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++)
    found.push(Number((at * step).toPrecision(12)));
  return found;
}

// The ticks' texts have as many digits as tell them apart.
function tickTexts(values) {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : 0;
  const digits = step ? Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) : 0;
  return values.map((value) => (step && step < 1 && step >= 1e-6 ? value.toFixed(digits) : short(value)));
}

function short(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size > 0 && size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(4)));
}

// The mean around each value, over a thirtieth of all of them to each side.
function smoothed(values) {
  const reach = Math.floor(values.length / 30),
    sums = [0];
  for (const value of values) sums.push(sums[sums.length - 1] + value);
  return values.map((_, at) => {
    const low = Math.max(at - reach, 0),
      high = Math.min(at + reach + 1, values.length);
    return (sums[high] - sums[low]) / (high - low);
  });
}

const lookOf = (run) => ({ cls: `series c${run % 7}`, dash: DASHES[run % DASHES.length] });

function chart(panel, state, names) {
  const shownCurves = panel.curves.filter((curve) => !state.hidden.has(curve.run));
  const xs = (curve) => (state.axis === "step" ? curve.steps : curve.hours);
  const allX = shownCurves.flatMap(xs),
    allY = shownCurves.flatMap((curve) => curve.values);
  const fold = (list, pick, start) => list.reduce((one, other) => pick(one, other), start);
  let low = fold(allY, Math.min, Infinity),
    high = fold(allY, Math.max, -Infinity);
  if (!Number.isFinite(low)) [low, high] = [0, 1];
  if (low === high) [low, high] = [Math.min(low, 0), Math.max(high, 0) || 1];
  const end = Math.max(fold(allX, Math.max, 0), 1e-9),
    pad = 0.05 * (high - low);
  const bottom = low >= 0 && low - pad < 0 ? 0 : low - pad,
    top = high + pad;
  const x = (value) => LEFT + ((WIDTH - LEFT - RIGHT) * value) / end;
  const y = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - bottom)) / (top - bottom);
  const parts = [];
  const rows = ticks(bottom, top),
    texts = tickTexts(rows);
  rows.forEach((tick, number) => {
    parts.push(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick), class: "grid" }));
    const label = svg("text", { x: LEFT - 6, y: y(tick) + 4, class: "tick end" });
    label.textContent = texts[number];
    parts.push(label);
  });
  for (const tick of ticks(0, end)) {
    const label = svg("text", { x: x(tick), y: HEIGHT - 10, class: "tick middle" });
    label.textContent = short(tick);
    parts.push(label);
  }
  for (const curve of shownCurves) {
    const { cls, dash } = lookOf(curve.run),
      at = xs(curve);
    const path = (values) =>
      values
        .map((value, number) => `${number ? "L" : "M"}${x(at[number]).toFixed(1)} ${y(value).toFixed(1)}`)
        .join("");
    if (curve.values.length === 1) {
      parts.push(svg("circle", { cx: x(at[0]), cy: y(curve.values[0]), r: 3.5, class: cls + " dot" }));
      continue;
    }
    if (state.smooth && curve.values.length >= LONG)
      parts.push(
        svg("path", { d: path(curve.values), class: cls + " faint" }),
        svg("path", { d: path(smoothed(curve.values)), class: cls, "stroke-dasharray": dash }),
      );
    else parts.push(svg("path", { d: path(curve.values), class: cls, "stroke-dasharray": dash }));
  }
  const ends = shownCurves.map(
    (curve) =>
      `${names[curve.run]} from ${short(curve.values[0])} to ${short(curve.values[curve.values.length - 1])}`,
  );
  const rule = svg("line", { y1: TOP, y2: HEIGHT - BOTTOM, class: "rule", visibility: "hidden" });
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: "chart",
      role: "img",
      "aria-label": `${panel.label} by ${state.axis}: ${ends.join("; ")}`,
    },
    ...parts,
    rule,
  );
  const readout = make("p", { cls: "readout", text: "\u00a0" });
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect(),
      at = ((((event.clientX - box.left) / box.width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT)) * end;
    if (at < 0 || at > end) return;
    rule.setAttribute("x1", x(at));
    rule.setAttribute("x2", x(at));
    rule.setAttribute("visibility", "visible");
    readout.replaceChildren(
      ...shownCurves.map((curve) => {
        const places = xs(curve);
        let best = 0;
        for (let number = 1; number < places.length; number++)
          if (Math.abs(places[number] - at) < Math.abs(places[best] - at)) best = number;
        return make("span", {
          text: `${names[curve.run]} ${short(curve.values[best])} at ${state.axis} ${short(places[best])}`,
        });
      }),
    );
  });
  picture.addEventListener("pointerleave", () => {
    rule.setAttribute("visibility", "hidden");
    readout.replaceChildren("\u00a0");
  });
  const title = make("figcaption", { text: panel.label });
  return make("figure", { cls: "panel" }, title, picture, readout);
}

function curvesView(panels, runs) {
  const names = runs.map((run) => run.name),
    state = { axis: "step", smooth: true, hidden: new Set() };
  const grid = make("div", { cls: "charts" });
  const redraw = () => grid.replaceChildren(...panels.map((panel) => chart(panel, state, names)));
  const axis = (value, text) => {
    const button = make("button", { type: "button", text, "aria-pressed": String(state.axis === value) });
    button.addEventListener("click", () => {
      state.axis = value;
      for (const one of axes) one.setAttribute("aria-pressed", String(one === button));
      redraw();
    });
    return button;
  };
  const axes = [axis("step", "by step"), axis("hour", "by hour")];
  const long = panels.some((panel) => panel.curves.some((curve) => curve.values.length >= LONG));
  const smooth = make("input", { type: "checkbox", id: "smooth", checked: "" });
  smooth.addEventListener("change", () => {
    state.smooth = smooth.checked;
    redraw();
  });
  const legend = [...new Set(panels.flatMap((panel) => panel.curves.map((curve) => curve.run)))]
    .sort((a, b) => a - b)
    .map((run) => {
      const { cls, dash } = lookOf(run);
      const key = svg(
        "svg",
        { viewBox: "0 0 30 10", width: 30, height: 10, "aria-hidden": "true" },
        svg("line", { x1: 0, x2: 30, y1: 5, y2: 5, class: cls, "stroke-dasharray": dash }),
      );
      const button = make(
        "button",
        { type: "button", "aria-pressed": "true", title: "Show or hide this run" },
        key,
        make("span", { text: names[run] }),
      );
      button.addEventListener("click", () => {
        if (!state.hidden.delete(run)) state.hidden.add(run);
        button.setAttribute("aria-pressed", String(!state.hidden.has(run)));
        redraw();
      });
      return button;
    });
  redraw();
  const controls = make(
    "div",
    { cls: "controls" },
    make("div", { cls: "choice", role: "group", "aria-label": "Horizontal axis" }, ...axes),
    long ? make("label", {}, smooth, make("span", { text: " moving average" })) : null,
    make("div", { cls: "legend", role: "group", "aria-label": "Runs" }, ...legend),
  );
  const about = make("p", {
    cls: "empty",
    text: "Hours are the time of training steps, without validation and pauses. The same plots lie beside this page as PNG.",
  });
  return make("section", { cls: "summary" }, make("div", { cls: "sheet wide" }, controls, grid, about));
}
