// SPDX-License-Identifier: Apache-2.0
// The scale of similarities: both distributions, the threshold, and the results.

const SVG = "http://www.w3.org/2000/svg";
const [HEIGHT, LEFT, BOTTOM, TOP] = [220, 14, 24, 58];

/** Appends an element to a parent, in the same namespace. */
export function element(parent, name, attributes, text) {
  const svg = parent.namespaceURI === SVG;
  const made = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    made.setAttribute(key, value);
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  parent.append(made);
  return made;
}

/** Formats a number without a negative zero. */
export function fixed(value, digits) {
  return value.toFixed(digits).replace(/^-(?=[0.]*$)/, "");
}

/** Draws the scale in the pixels of the page, so that its text has the same size everywhere. */
export function draw(svg, about, results) {
  const width = svg.clientWidth;
  if (width === 0) {
    return; // not visible
  }
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.setAttribute("height", HEIGHT);
  const x = (similarity) => LEFT + ((similarity + 1) / 2) * (width - 2 * LEFT);
  if (about.scores) {
    distributions(svg, about.scores.histogram, x);
  }
  axis(svg, width, x);
  threshold(svg, about.threshold, width, x);
  marks(svg, results, x);
}

function distributions(svg, histogram, x) {
  const ground = HEIGHT - BOTTOM;
  const highest = Math.max(...histogram.mated, ...histogram.nonMated);
  for (const [kind, shares] of [["non-mated", histogram.nonMated], ["mated", histogram.mated]]) {
    let path = `M${x(-1)} ${ground}`;
    shares.forEach((share, bin) => {
      const y = ground - (share / highest) * (ground - TOP);
      path += `L${x(-1 + bin * histogram.width)} ${y}L${x(-1 + (bin + 1) * histogram.width)} ${y}`;
    });
    element(svg, "path", { class: kind, d: path + `L${x(1)} ${ground}Z` });
  }
  [["non-mated", "different people"], ["mated", "one person"]].forEach(([kind, text], row) => {
    const y = TOP + 6 + 18 * row;
    element(svg, "path", { class: kind, d: `M${x(-1)} ${y}h13v11h-13z` });
    element(svg, "text", { x: x(-1) + 19, y: y + 10 }, text);
  });
}

function axis(svg, width, x) {
  const ground = HEIGHT - BOTTOM;
  element(svg, "line", { class: "axis", x1: x(-1), x2: x(1), y1: ground, y2: ground });
  const step = width < 480 ? 0.5 : 0.25;
  for (let tick = -1; tick <= 1; tick += step) {
    element(svg, "line", { class: "axis", x1: x(tick), x2: x(tick), y1: ground, y2: ground + 4 });
    element(svg, "text", { class: "tick", x: x(tick), y: HEIGHT - 5, "text-anchor": "middle" }, String(tick));
  }
}

function threshold(svg, value, width, x) {
  element(svg, "line", { class: "threshold", x1: x(value), x2: x(value), y1: 18, y2: HEIGHT - BOTTOM });
  const room = x(value) > width - 60 ? "end" : "middle";
  element(svg, "text", { x: x(value), y: 12, "text-anchor": room }, "threshold " + fixed(value, 2));
}

/** A disc for the same person, a diamond for different people. */
function marks(svg, results, x) {
  const y = 44;
  let labeled = -Infinity;
  for (const result of [...results].sort((a, b) => a.similarity - b.similarity)) {
    const at = x(result.similarity);
    const kind = result.kind;
    element(svg, "line", { class: kind, x1: at, x2: at, y1: y, y2: HEIGHT - BOTTOM });
    element(svg, "path", {
      class: "mark " + kind,
      d: kind === "same"
        ? `M${at - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0`
        : `M${at} ${y - 6}l6 6l-6 6l-6 -6z`,
    });
    const text = results.length === 1 ? fixed(result.similarity, 4) : String(result.number);
    const half = 4 * text.length;
    if (at - half > labeled) {
      element(svg, "text", { x: at, y: y - 11, "text-anchor": "middle" }, text);
      labeled = at + half + 4;
    }
  }
}
