// The list of rows: however many there are, only the lines in view are in the document.

const LINE_HEIGHT = 44,
  OVERSCAN = 8; // lines beyond the view

// A row's number in its set, where that is its name; else its place on this page.
const numberOf = (id, at) => (/^\d+$/.test(id) ? id : String(at));

function rowList(index, noun, chosen) {
  const canvas = make("div", { cls: "canvas", role: "presentation" });
  const element = make(
    "div",
    { cls: "list", id: "list", role: "listbox", tabindex: "0", "aria-label": `${noun}s` },
    canvas,
  );
  const state = { shown: [], current: null };

  function draw() {
    const { shown, current } = state;
    const first = Math.max(0, Math.floor(element.scrollTop / LINE_HEIGHT) - OVERSCAN);
    const inView = Math.ceil((element.clientHeight || 600) / LINE_HEIGHT) + 2 * OVERSCAN;
    const lines = shown.slice(first, first + inView).map((at, offset) => entry(at, first + offset));
    if (!lines.length) {
      const text = index.id.length ? `No ${noun} matches.` : `No ${noun}s here.`;
      lines.push(make("p", { cls: "empty", text }));
    }
    canvas.style.height = `${shown.length * LINE_HEIGHT}px`;
    canvas.replaceChildren(...lines);
    const active = current !== null && byId(`entry-${current}`);
    if (active) element.setAttribute("aria-activedescendant", active.id);
    else element.removeAttribute("aria-activedescendant");
  }

  function entry(at, place) {
    const title = index.title.values[index.title.codes[at]];
    const cut = title.lastIndexOf("/") + 1;
    const line = make(
      "div",
      {
        cls: "entry",
        role: "option",
        id: `entry-${at}`,
        title: plain(title),
        "aria-selected": String(at === state.current),
        "aria-setsize": state.shown.length,
        "aria-posinset": place + 1,
        on: { click: () => chosen(at) },
      },
      make("span", { cls: "at", text: numberOf(index.id[at], at) }),
      make(
        "span",
        { cls: "name" },
        make("b", { text: title.slice(cut) || "(no path)" }),
        make("span", { text: title.slice(0, cut) }),
      ),
      make("span", { cls: "note", text: index.note.values[index.note.codes[at]] }),
    );
    line.style.top = `${place * LINE_HEIGHT}px`;
    return line;
  }

  function reveal() {
    const place = state.shown.indexOf(state.current);
    if (place < 0) return;
    const top = place * LINE_HEIGHT,
      bottom = top + LINE_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) {
      element.scrollTop = bottom - element.clientHeight;
    }
  }

  function move(step) {
    const { shown, current } = state;
    const place = shown.indexOf(current);
    const next = place < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, place + step));
    if (shown.length && shown[next] !== current) chosen(shown[next]);
  }

  let pending = 0;
  element.addEventListener("scroll", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(draw);
  });
  new ResizeObserver(draw).observe(element);
  element.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(element.clientHeight / LINE_HEIGHT) - 1),
      all = index.id.length;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -all, End: all };
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(steps[event.key]);
  });

  return {
    element,
    move,
    reveal,
    show(rows) {
      state.shown = rows;
      draw();
    },
    select(at) {
      state.current = at;
      reveal();
      draw();
    },
    toTop() {
      element.scrollTop = 0;
    },
  };
}
