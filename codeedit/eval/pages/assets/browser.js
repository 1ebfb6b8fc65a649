// The list of rows with its filters and search, and one row beside it.

const SEARCH_WAIT = 200; // ms without a key

function rowBrowser(head, index, source, draw, changed) {
  const total = index.id.length,
    noun = head.noun;
  const facets = head.facets.map((facet) => facetOf(facet, index.facets));
  const state = { query: "", chosen: {}, shown: [], current: null, asked: 0, searched: 0, hits: null };
  const numbers = new Map(index.id.map((id, at) => [id, at]));
  const titles = index.title.values.map((title) => title.toLowerCase());

  const list = rowList(index, noun, show);
  const query = make("input", {
    type: "search",
    id: "query",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Search text, path or id",
    "aria-label": "Search text, path or id",
  });
  const status = make("p", { id: "total", role: "status" });
  const article = make("article", { id: "row", tabindex: "-1" });
  const clear = make("button", { type: "button", cls: "quiet", text: "Clear filters", on: { click: reset } });
  const chosen = make("div", { cls: "chosen", id: "facets" }, ...facets.map((facet) => facet.element), clear);
  const toggle = make("button", {
    type: "button",
    cls: "toggle",
    text: "Filters",
    "aria-expanded": "false",
    "aria-controls": "facets",
  });
  const filters = make("form", { cls: "filters", role: "search" }, query, toggle, chosen, status);
  const split = make("div", { cls: "split" }, list.element, article);
  const element = make("section", { cls: "browser" }, filters, split);

  const say = (text) => article.replaceChildren(make("p", { cls: "empty", text }));
  const linkTo = (at) => "#" + new URLSearchParams({ row: index.id[at] });

  function matches(at) {
    if (!state.query) return true;
    const named = index.id[at].toLowerCase().includes(state.query);
    return named || titles[index.title.codes[at]].includes(state.query) || state.hits.has(at);
  }

  function refresh(progress) {
    state.shown = filterRows(total, facets, state.chosen, matches);
    const filtered = state.query || Object.values(state.chosen).some(Boolean);
    const of = filtered ? ` of ${total.toLocaleString("en")}` : "";
    const searching = progress === undefined ? "" : `, searching: ${Math.round(100 * progress)}%`;
    const shown = state.shown.length.toLocaleString("en");
    status.textContent = `${shown}${of} ${noun}${total === 1 ? "" : "s"}${searching}`;
    clear.hidden = !filtered;
    list.show(state.shown);
  }

  // Shows the first row that is left where the current one is not; progress of a search goes on meanwhile.
  function settle() {
    if (state.shown.length && !state.shown.includes(state.current)) show(state.shown[0]);
    else {
      list.reveal();
      changed();
    }
  }

  async function search() {
    const asked = ++state.searched,
      text = state.query;
    state.hits = new Set();
    refresh(text ? 0 : undefined);
    if (!text) return;
    const progress = (share) => {
      refresh(share);
      if (!state.shown.includes(state.current)) settle();
    };
    try {
      await source.search(
        text,
        (at) => state.hits.add(at),
        progress,
        () => asked !== state.searched,
      );
      if (asked === state.searched) refresh();
    } catch (error) {
      status.textContent = error.message;
    }
  }

  async function show(at) {
    state.current = at;
    list.select(at);
    changed();
    const asked = ++state.asked;
    let parts;
    try {
      const place = { number: numberOf(index.id[at], at), link: linkTo(at), search: searchAll };
      parts = draw(await source.row(at), place);
    } catch (error) {
      parts = [make("p", { cls: "empty", text: `This ${noun} cannot be shown: ${error.message}.` })];
    }
    if (asked !== state.asked) return;
    article.replaceChildren(...parts);
    article.scrollTop = 0;
    const range = article.querySelector(".code .range");
    if (range) range.closest(".code").scrollTop = Math.max(0, range.offsetTop - 80);
    article.dataset.row = index.id[at];
  }

  async function searchFor(text) {
    query.value = text;
    state.query = text.toLowerCase();
    list.toTop();
    await search();
    settle();
  }

  function searchAll(text) {
    state.chosen = {};
    return searchFor(text);
  }

  function choose(values) {
    state.chosen = values;
    query.value = state.query = "";
    state.searched++;
    list.toTop();
    refresh();
    settle();
  }

  function reset() {
    choose({});
  }

  async function open(parameters) {
    query.value = parameters.get("q") || "";
    state.query = query.value.toLowerCase();
    for (const { name, options } of facets) {
      state.chosen[name] = options.includes(parameters.get(name)) ? parameters.get(name) : "";
    }
    const searched = search();
    const id = parameters.get("row");
    if (!id) await searched;
    if (numbers.has(id)) await show(numbers.get(id));
    else if (id) say(`There is no ${noun} ${plain(id)} here.`);
    else if (state.shown.length) await show(state.shown[0]);
    else say(total ? `No ${noun} matches.` : `There are no ${noun}s.`);
  }

  function describe(parameters) {
    if (state.query) parameters.set("q", query.value);
    for (const [name, value] of Object.entries(state.chosen)) if (value) parameters.set(name, value);
    if (state.current !== null) parameters.set("row", index.id[state.current]);
  }

  let timer = 0;
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => searchFor(query.value), SEARCH_WAIT);
  });
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    list.element.focus();
  });
  toggle.addEventListener("click", () => {
    toggle.setAttribute("aria-expanded", String(chosen.classList.toggle("open")));
  });
  for (const { name, select } of facets) {
    select.addEventListener("change", () => {
      state.chosen[name] = select.value;
      list.toTop();
      refresh();
      settle();
    });
  }

  return { element, open, describe, move: list.move, reset, choose, search: query, list: list.element };
}
