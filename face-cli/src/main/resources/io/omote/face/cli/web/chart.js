// SPDX-License-Identifier: Apache-2.0
// The distributions of similarities, which the server draws, with marks for the results.

import { ask } from "/requests.js";

const SVG = "http://www.w3.org/2000/svg";

/** The server draws for these widths and more. */
const NARROWEST = 280;

/** Beyond this width, the drawing would take the whole screen. */
const WIDEST = 680;

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

const drawings = new Map(); // promises of elements by width

/** Returns the distributions, drawn for a width, so that the text has the same size everywhere. */
function distributions(width) {
  if (!drawings.has(width)) {
    const drawing = ask("/api/scores?width=" + width).then(
      (plot) => new DOMParser().parseFromString(plot.svg, "text/html").querySelector("svg"));
    drawing.catch(() => drawings.delete(width)); // another try may succeed
    drawings.set(width, drawing);
  }
  return drawings.get(width);
}

let last = null;

/** Draws the results, each with its similarity, kind and number, into a visible element. */
export async function draw(place, results) {
  const width = Math.max(NARROWEST, Math.min(WIDEST, Math.floor(place.clientWidth)));
  const current = (last = {});
  let plot;
  try {
    plot = (await distributions(width)).cloneNode(true);
  } catch {
    return; // the results are also on the page as text
  }
  if (current === last) {
    marks(plot, results);
    place.replaceChildren(plot);
  }
}

/** A disc for the same person, a diamond for different people. */
function marks(plot, results) {
  const [left, right, top, bottom] =
    ["left", "right", "top", "bottom"].map((edge) => Number(plot.dataset[edge]));
  const y = top + 26;
  let label = null; // the last one, with its right edge
  for (const { similarity, kind, number } of [...results].sort((a, b) => a.similarity - b.similarity)) {
    const x = left + ((similarity + 1) / 2) * (right - left);
    element(plot, "path", { class: "result " + kind, d: `M${x} ${y}V${bottom}` });
    element(plot, "path", {
      class: "result symbol " + kind,
      d: kind === "same"
        ? `M${x - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0`
        : `M${x} ${y - 6}l6 6l-6 6l-6 -6z`,
    });
    const text = results.length === 1 ? fixed(similarity, 4) : String(number);
    if (label && x - 4 * text.length < label.edge) {
      join(label, text);
    } else {
      label = { text: element(plot, "text", { class: "label", y: y - 10, "text-anchor": "middle" }), from: x };
      put(label, text, right);
    }
    label.edge = Math.max(x, label.edge);
  }
}

/** Numbers that would overlap become one text, up to a length. */
function join(label, text) {
  const joined = label.text.textContent + ", " + text;
  const full = joined.length > 12 ? label.text.textContent.replace(/(, …)?$/, ", …") : joined;
  put(label, full, label.right);
}

function put(label, text, right) {
  const half = 4 * text.length;
  label.text.textContent = text;
  label.text.setAttribute("x", Math.min(label.from, right - half + 8));
  label.right = right;
  label.edge = label.from + half + 4;
}
