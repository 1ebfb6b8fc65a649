// All text of the data goes through here: it becomes text, never markup.

const byId = (id) => document.getElementById(id);

function make(name, options = {}, ...children) {
  const element = document.createElement(name);
  const { cls, text, on, ...attributes } = options;
  if (cls) element.className = cls;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) element.setAttribute(key, value);
  for (const [event, listener] of Object.entries(on || {})) element.addEventListener(event, listener);
  if (text !== undefined) addText(element, String(text));
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Characters that hide or reorder code (controls, zero widths, bidi, fillers, tags, halves of pairs) are shown by
// their number.
const ODD = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4" +
    "\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufeff\\uffa0" +
    "\\ufff0-\\ufffb\\u{e0000}-\\u{e0fff}]",
  "u",
);
const ODD_PIECES = new RegExp(`(${ODD.source})`, "u");

function addText(element, text) {
  if (!ODD.test(text)) {
    if (text) element.append(text);
    return;
  }
  for (const piece of text.split(ODD_PIECES)) {
    if (!piece) continue;
    if (ODD.test(piece)) {
      const number = "U+" + piece.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      element.append(make("span", { cls: "odd", title: "a character that is not visible", text: number }));
    } else element.append(piece);
  }
}

const plain = (text) => text.replace(new RegExp(ODD.source, "gu"), "\ufffd"); // where only text fits: the window's title

const percent = (share, digits = 1) =>
  share === null || share === undefined ? "–" : (100 * share).toFixed(digits);

const withPercent = (share) => (share === null || share === undefined ? "–" : `${percent(share)}%`);

function interval(range) {
  return range ? `[${percent(range[0])}, ${percent(range[1])}]` : "";
}

const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

function pairs(entries) {
  const list = make("dl", { cls: "facts" });
  for (const [name, value] of entries) {
    if (value === undefined || value === null || value === "") continue;
    const shown = value instanceof Node ? make("dd", {}, value) : make("dd", { text: value });
    list.append(make("div", {}, make("dt", { text: name }), shown));
  }
  return list;
}

function table(caption, columns, rows) {
  const head = make(
    "tr",
    {},
    ...columns.map((column) =>
      make("th", {
        scope: "col",
        text: column.name,
        cls: column.left ? "left" : undefined,
        title: column.about,
      }),
    ),
  );
  const body = rows.map((row) =>
    row.section
      ? make(
          "tr",
          { cls: "part" },
          make("th", { colspan: columns.length, scope: "rowgroup", text: row.section }),
        )
      : make(
          "tr",
          { cls: row.cls },
          ...row.cells.map((cell, at) => {
            const attributes = { cls: columns[at].wrap ? "wrap" : columns[at].left ? "left" : undefined };
            const name = at === 0 ? "th" : "td";
            if (at === 0) attributes.scope = "row";
            return cell instanceof Node
              ? make(name, attributes, cell)
              : make(name, { ...attributes, text: cell ?? "" });
          }),
        ),
  );
  return make(
    "div",
    { cls: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make(
      "table",
      {},
      make("caption", { text: caption }),
      make("thead", {}, head),
      make("tbody", {}, ...body),
    ),
  );
}
