// The list of rows with its filters and search, and one row beside it.

const LINE_HEIGHT = 44, OVERSCAN = 8, SEARCH_WAIT = 200;

function rowBrowser(head, index, source, draw, changed) {
  const total = index.id.length, facets = head.facets.map((facet) => facetOf(facet, index));
  const state = { query: "", chosen: {}, shown: [], current: null, asked: 0, searched: 0, hits: null };
  const numbers = new Map(index.id.map((id, at) => [id, at]));
  const lower = index.title.values.map((title) => title.toLowerCase());

  const query = make("input", { type: "search", id: "query", autocomplete: "off", spellcheck: "false",
    placeholder: "Search text, path or id", "aria-label": "Search text, path or id" });
  const selects = facets.map((facet) => make("select", { id: `facet-${facet.name}` }));
  const status = make("p", { id: "total", role: "status" });
  const clear = make("button", { type: "button", cls: "quiet", text: "Clear filters", on: { click: reset } });
  const canvas = make("div", { cls: "canvas", role: "presentation" });
  const list = make("div", { cls: "list", id: "list", role: "listbox", tabindex: "0", "aria-label": `${head.noun}s` }, canvas);
  const article = make("article", { id: "row", tabindex: "-1" });
  const labels = facets.map((facet, at) => make("label", { hidden: facet.options.length < 2 ? "" : undefined }, make("span", { text: facet.label }), selects[at]));
  const chosen = make("div", { cls: "chosen", id: "facets" }, ...labels, clear);
  const toggle = make("button", { type: "button", cls: "toggle", text: "Filters", "aria-expanded": "false", "aria-controls": "facets", on: { click() {
    toggle.setAttribute("aria-expanded", String(chosen.classList.toggle("open")));
  } } });
  const filters = make("form", { cls: "filters", role: "search" }, query, toggle, chosen, status);
  const element = make("section", { cls: "browser" }, filters, make("div", { cls: "split" }, list, article));

  function facetOf({ name, label, order }, { facets: columns }) {
    const { values, codes } = columns[name];
    const counts = new Map();
    for (const code of codes) for (const value of values[code]) counts.set(value, (counts.get(value) || 0) + 1);
    const known = order.filter((value) => counts.has(value));
    const rest = [...counts.keys()].filter((value) => !order.includes(value)).sort((a, b) => counts.get(b) - counts.get(a));
    return { name, label, values, codes, options: [...known, ...rest] };
  }

  const fits = (facet, at) => !state.chosen[facet.name] || facet.values[facet.codes[at]].includes(state.chosen[facet.name]);

  function matches(at) {
    if (!state.query) return true;
    return state.hits.has(at) || index.id[at].toLowerCase().includes(state.query) || lower[index.title.codes[at]].includes(state.query);
  }

  // Counts for each facet what its values would leave, given the other filters.
  function filter() {
    const counts = facets.map(() => new Map());
    state.shown = [];
    for (let at = 0; at < total; at++) {
      if (!matches(at)) continue;
      const failing = facets.filter((facet) => !fits(facet, at));
      if (!failing.length) state.shown.push(at);
      facets.forEach((facet, number) => {
        if (failing.length > 1 || (failing.length === 1 && failing[0] !== facet)) return;
        for (const value of facet.values[facet.codes[at]]) counts[number].set(value, (counts[number].get(value) || 0) + 1);
      });
    }
    facets.forEach((facet, number) => {
      const options = facet.options.map((value) => new Option(`${plain(value)} (${(counts[number].get(value) || 0).toLocaleString("en")})`, value));
      selects[number].replaceChildren(new Option("all", ""), ...options);
      selects[number].value = state.chosen[facet.name] || "";
    });
  }

  function tell(progress) {
    const filtered = state.query || Object.values(state.chosen).some(Boolean);
    const of = filtered ? ` of ${total.toLocaleString("en")}` : "";
    const searching = progress === undefined ? "" : `, searching: ${Math.round(100 * progress)}%`;
    status.textContent = `${state.shown.length.toLocaleString("en")}${of} ${head.noun}${total === 1 ? "" : "s"}${searching}`;
    clear.hidden = !filtered;
  }

  function refresh(progress) {
    filter();
    tell(progress);
    canvas.style.height = `${state.shown.length * LINE_HEIGHT}px`;
    drawList();
  }

  async function search() {
    const asked = ++state.searched, text = state.query;
    state.hits = new Set();
    if (!text) { refresh(); return; }
    refresh(0);
    try {
      await source.search(text, (at) => state.hits.add(at), (share) => asked === state.searched && refresh(share),
        () => asked !== state.searched);
      if (asked === state.searched) refresh();
    } catch (error) { status.textContent = error.message; }
  }

  // Only the lines in view are in the document.
  function drawList() {
    const first = Math.max(0, Math.floor(list.scrollTop / LINE_HEIGHT) - OVERSCAN);
    const last = Math.min(state.shown.length, first + Math.ceil((list.clientHeight || 600) / LINE_HEIGHT) + 2 * OVERSCAN);
    const lines = [];
    for (let place = first; place < last; place++) lines.push(entry(state.shown[place], place));
    if (!lines.length) lines.push(make("p", { cls: "empty", text: total ? `No ${head.noun} matches. Esc clears the search.` : `No ${head.noun}s here.` }));
    canvas.replaceChildren(...lines);
    const active = state.current !== null && byId(`entry-${state.current}`);
    if (active) list.setAttribute("aria-activedescendant", active.id);
    else list.removeAttribute("aria-activedescendant");
  }

  function entry(at, place) {
    const title = index.title.values[index.title.codes[at]], note = index.note.values[index.note.codes[at]];
    const cut = title.lastIndexOf("/") + 1;
    const name = make("span", { cls: "name" }, make("b", { text: title.slice(cut) || "(no path)" }), make("span", { text: title.slice(0, cut) }));
    const line = make("div", { cls: "entry", role: "option", id: `entry-${at}`, title: plain(title), "aria-selected": String(at === state.current),
      "aria-setsize": state.shown.length, "aria-posinset": place + 1 }, make("span", { cls: "at", text: at }), name, make("span", { cls: "note", text: note }));
    line.style.top = `${place * LINE_HEIGHT}px`;
    line.addEventListener("click", () => show(at));
    return line;
  }

  function reveal() {
    const place = state.shown.indexOf(state.current);
    if (place < 0) return;
    const top = place * LINE_HEIGHT, bottom = top + LINE_HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  async function show(at) {
    state.current = at;
    reveal();
    drawList();
    changed();
    const asked = ++state.asked;
    let parts;
    try {
      parts = draw(await source.row(at), { id: index.id[at], at, total, link: linkTo(at), search: searchFor });
    } catch (error) { parts = [make("p", { cls: "empty", text: `This ${head.noun} cannot be shown: ${error.message}.` })]; }
    if (asked !== state.asked) return;
    article.replaceChildren(...parts);
    article.scrollTop = 0;
    for (const range of article.querySelectorAll(".code .range:first-of-type, .code .range")) {
      const view = range.closest(".code");
      view.scrollTop = Math.max(0, range.offsetTop - 80);
      break;
    }
    article.dataset.row = index.id[at];
  }

  const linkTo = (at) => "#" + new URLSearchParams({ row: index.id[at] });

  function move(step) {
    const place = state.shown.indexOf(state.current);
    const next = place < 0 ? 0 : Math.max(0, Math.min(state.shown.length - 1, place + step));
    if (state.shown.length && state.shown[next] !== state.current) show(state.shown[next]);
  }

  async function searchFor(text) {
    query.value = text;
    state.query = text.toLowerCase();
    state.chosen = {};
    list.scrollTop = 0;
    await search();
    first();
  }

  function reset() {
    query.value = state.query = "";
    state.chosen = {};
    search();
    changed();
    if (state.current !== null) reveal();
  }

  async function open(parameters) {
    query.value = parameters.get("q") || "";
    state.query = query.value.toLowerCase();
    for (const facet of facets) state.chosen[facet.name] = facet.options.includes(parameters.get(facet.name)) ? parameters.get(facet.name) : "";
    search();
    const id = parameters.get("row");
    if (numbers.has(id)) return show(numbers.get(id));
    if (id) { article.replaceChildren(make("p", { cls: "empty", text: `There is no ${head.noun} ${id} here.` })); return undefined; }
    if (state.shown.length) return show(state.shown[0]);
    article.replaceChildren(make("p", { cls: "empty", text: total ? "Nothing to show with these filters." : `There are no ${head.noun}s.` }));
    return undefined;
  }

  function describe(parameters) {
    if (state.query) parameters.set("q", query.value);
    for (const [name, value] of Object.entries(state.chosen)) if (value) parameters.set(name, value);
    if (state.current !== null) parameters.set("row", index.id[state.current]);
  }

  function first() {
    if (state.shown.length && !state.shown.includes(state.current)) show(state.shown[0]);
    else { reveal(); changed(); }
  }

  let timer = 0, pending = 0;
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => { state.query = query.value.toLowerCase(); list.scrollTop = 0; await search(); first(); }, SEARCH_WAIT);
  });
  filters.addEventListener("submit", (event) => { event.preventDefault(); list.focus(); });
  selects.forEach((select, number) => select.addEventListener("change", () => {
    state.chosen[facets[number].name] = select.value;
    list.scrollTop = 0;
    refresh();
    first();
  }));
  list.addEventListener("scroll", () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(drawList); });
  new ResizeObserver(drawList).observe(list);
  list.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / LINE_HEIGHT) - 1);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -total, End: total }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(step);
  });

  return { element, open, describe, move, reset, search: query, list, choose(chosen) {
    state.chosen = { ...chosen };
    query.value = state.query = "";
    refresh();
    first();
  } };
}
