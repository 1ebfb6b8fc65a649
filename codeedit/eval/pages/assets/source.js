// Where rows come from: parts of this file that are unpacked when they are needed, or the server of this page.

const stats = { partsRead: 0 };
const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

async function unpack(text) {
  const bytes = Uint8Array.fromBase64
    ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function holds(value, wanted) {
  if (typeof value === "string") return value.toLowerCase().includes(wanted);
  return (
    value !== null && typeof value === "object" && Object.values(value).some((inner) => holds(inner, wanted))
  );
}

class EmbeddedRows {
  constructor(head) {
    this.size = head.rows_per_part;
    this.parts = Math.ceil(head.rows / this.size);
    this.kept = new Map();
  }

  // The browser may still be reading the file: a part is whole once something stands behind it.
  async text(number) {
    for (;;) {
      const element = byId(`part-${number}`),
        loaded = document.readyState !== "loading";
      if (element && (loaded || element.nextElementSibling)) {
        document.body.dataset.partsRead = ++stats.partsRead;
        return unpack(element.textContent);
      }
      if (loaded) throw new Error("this file is cut off: rows are missing");
      await pause(20);
    }
  }

  async row(at) {
    const number = Math.floor(at / this.size);
    if (!this.kept.has(number)) {
      if (this.kept.size >= 8) this.kept.delete(this.kept.keys().next().value);
      this.kept.set(number, this.text(number).then(JSON.parse));
    }
    return (await this.kept.get(number))[at % this.size];
  }

  // Calls found(position) as rows turn up and progress(share) now and then; ends early where stopped() says so.
  async search(query, found, progress, stopped) {
    const wanted = query.toLowerCase(),
      escaped = JSON.stringify(wanted).slice(1, -1);
    const ascii = /^[\x20-\x7e]*$/.test(query); // the rows are stored as ASCII, so that others stand there by number
    let last = performance.now();
    for (let number = 0; number < this.parts; number++) {
      const text = await this.text(number);
      if (stopped()) return;
      if (!ascii || text.toLowerCase().includes(escaped))
        JSON.parse(text).forEach((row, at) => {
          if (holds(row, wanted)) found(number * this.size + at);
        });
      if (performance.now() - last > 400) {
        progress((number + 1) / this.parts);
        await pause();
        last = performance.now();
      }
    }
  }
}

class ServedRows {
  async row(at) {
    const answer = await fetch("api/row?" + new URLSearchParams({ at }));
    if (!answer.ok) throw new Error("the server does not have this row");
    return answer.json();
  }

  async search(query, found, progress, stopped) {
    const answer = await fetch("api/search?" + new URLSearchParams({ query }));
    if (!answer.ok) throw new Error("the server could not search");
    const positions = await answer.json();
    if (!stopped()) positions.forEach(found);
  }
}
