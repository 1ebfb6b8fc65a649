// Puts the page together: its views, what a link names, and the keys.

const head = JSON.parse(byId("head").textContent);
const source = head.served ? new ServedRows() : new EmbeddedRows(head);

const KEYS = [
  ["j, k", "next, previous row"],
  ["/", "search"],
  ...(head.kind === "tasks" ? [] : [["d", "compare answers with the original or the truth"]]),
  ["w", "wrap long lines or not"],
  ["Esc", "leave the search, close this"],
  ["?", "these keys"],
];

function viewsOf(rows) {
  const views = {
    tasks: [],
    report: [
      [
        "summary",
        "Summary",
        () =>
          reportSummary(head.content, (name, value) => {
            rows.choose({ [name]: value });
            rows.showView();
          }),
      ],
    ],
    compare: [
      [
        "summary",
        "Summary",
        () =>
          compareSummary(head.content, (chosen) => {
            rows.choose(chosen);
            rows.showView();
          }),
      ],
      ["curves", "Curves", () => curvesView(head.content.curves, head.content.runs)],
    ],
  }[head.kind];
  const made = views.map(([name, label, build]) => ({ name, label, element: null, build }));
  return [
    ...made,
    {
      name: "rows",
      label: head.kind === "compare" ? "Rows where they differ" : "Rows",
      element: rows.element,
      build: null,
    },
  ];
}

const drawRow = {
  tasks: (row, place) => taskRow(row, place),
  report: (row, place) => answersRow(row, place),
  compare: (row, place) => comparedRow(row, place),
}[head.kind];

async function start() {
  document.body.toggleAttribute("data-wrap", true);
  byId("title").append(make("span", { text: head.title }));
  document.title = plain(head.title);
  const index = JSON.parse(await unpack(byId("index").textContent));
  const rows = rowBrowser(head, index, source, drawRow, () => note());
  const views = viewsOf(rows).filter(
    (view) =>
      !(view.name === "curves" && !head.content.curves.length) &&
      !(head.kind === "compare" && view.name === "rows" && !head.rows),
  );
  let current = null,
    noted = "";

  function note() {
    const parameters = new URLSearchParams();
    if (views.length > 1) parameters.set("view", current);
    if (current === "rows") rows.describe(parameters);
    noted = "#" + parameters;
    history.replaceState(null, "", noted);
  }

  function openView(name) {
    const view = views.find((one) => one.name === name) || views[0];
    current = view.name;
    view.element ||= view.build();
    byId("main").replaceChildren(view.element);
    document.body.dataset.view = current;
    for (const link of byId("views").children) {
      if (link.dataset.view === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  async function openLink() {
    if (location.hash === noted && noted) return;
    const parameters = new URLSearchParams(location.hash.slice(1));
    openView(parameters.get("view") || (parameters.has("row") ? "rows" : views[0].name));
    if (current === "rows" || !noted) await rows.open(parameters);
    note();
  }

  if (views.length > 1)
    for (const view of views) {
      const link = make("a", { href: `#view=${view.name}`, text: view.label });
      link.dataset.view = view.name;
      byId("views").append(link);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        openView(view.name);
        note();
        rows.list.dispatchEvent(new Event("scroll"));
      });
    }
  rows.showView = () => {
    openView("rows");
    note();
  };
  window.addEventListener("hashchange", openLink);
  keys(rows, () => {
    openView("rows");
    note();
  });
  await openLink();
  performance.mark("first-view");
  document.body.dataset.ready = "true";
}

function keys(rows, toRows) {
  const help = byId("help");
  byId("help-keys").append(
    ...KEYS.map(([key, what]) =>
      make(
        "div",
        {},
        make("dt", {}, ...key.split(", ").map((one) => make("kbd", { text: one }))),
        make("dd", { text: what }),
      ),
    ),
  );
  byId("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
    if (event.key === "Escape") {
      if (event.target === rows.search && rows.search.value) {
        event.preventDefault();
        rows.reset();
      } else if (document.activeElement) document.activeElement.blur();
    } else if (typing) return;
    else if (event.key === "j" || event.key === "k") {
      if (document.body.dataset.view !== "rows") toRows();
      rows.move(event.key === "j" ? 1 : -1);
    } else if (event.key === "/") {
      event.preventDefault();
      if (document.body.dataset.view !== "rows") toRows();
      rows.search.focus();
      rows.search.select();
    } else if (event.key === "d" && head.kind !== "tasks") toggleAgainst();
    else if (event.key === "w") document.body.toggleAttribute("data-wrap");
    else if (event.key === "?") {
      event.preventDefault();
      help.showModal();
    }
  });
}

start().catch((error) => {
  byId("main").replaceChildren(
    make("p", { cls: "empty", role: "alert", text: `This page cannot be shown: ${error.message}.` }),
  );
});
