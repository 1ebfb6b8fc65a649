// What rows can be filtered by, and how many each value would leave.

function facetOf({ name, label, order }, columns) {
  const { values, codes } = columns[name];
  const counts = new Map();
  for (const code of codes) for (const value of values[code]) counts.set(value, (counts.get(value) || 0) + 1);
  const known = order.filter((value) => counts.has(value));
  const others = [...counts.keys()].filter((value) => !order.includes(value));
  others.sort((a, b) => counts.get(b) - counts.get(a));
  const select = make("select", { id: `facet-${name}` });
  const element = make("label", {}, make("span", { text: label }), select);
  element.hidden = counts.size < 2;
  return { name, values, codes, options: [...known, ...others], select, element };
}

const valuesAt = (facet, at) => facet.values[facet.codes[at]];

// Returns the rows that match and fit what is chosen; the selects then say what each value would leave,
// given the other choices.
function filterRows(total, facets, chosen, matches) {
  const counts = facets.map(() => new Map()),
    shown = [];
  for (let at = 0; at < total; at++) {
    if (!matches(at)) continue;
    const failing = facets.filter(
      (facet) => chosen[facet.name] && !valuesAt(facet, at).includes(chosen[facet.name]),
    );
    if (!failing.length) shown.push(at);
    facets.forEach((facet, number) => {
      if (failing.length > 1 || (failing.length === 1 && failing[0] !== facet)) return;
      for (const value of valuesAt(facet, at)) {
        counts[number].set(value, (counts[number].get(value) || 0) + 1);
      }
    });
  }
  facets.forEach(({ name, options, select }, number) => {
    const left = (value) => (counts[number].get(value) || 0).toLocaleString("en");
    const shownOptions = options.map((value) => new Option(`${plain(value)} (${left(value)})`, value));
    select.replaceChildren(new Option("all", ""), ...shownOptions);
    select.value = chosen[name] || "";
  });
  return shown;
}
