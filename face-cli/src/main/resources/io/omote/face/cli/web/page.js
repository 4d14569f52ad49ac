// SPDX-License-Identifier: Apache-2.0
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get("token");

let about = null;
let reference = null; // a File
let probes = []; // {number, file, card, similarity}

// ---- The API

async function ask(path, parts) {
  const headers = token ? { Authorization: "Bearer " + token } : {};
  let answer;
  try {
    answer = parts
      ? await fetch(path, { method: "POST", headers, body: form(parts) })
      : await fetch(path, { headers });
  } catch {
    throw new Error("the connection failed: check that the server is still running");
  }
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.detail);
  }
  return body;
}

function form(parts) {
  const data = new FormData();
  for (const [name, file] of Object.entries(parts)) {
    data.append(name, file, "image"); // the server does not need the file name
  }
  return data;
}

// At most three concurrent requests: browsers queue more anyway.
const waiting = [];
let working = 0;

function queued(work) {
  return new Promise((resolve, reject) => {
    waiting.push(() => work().then(resolve, reject));
    next();
  });
}

function next() {
  if (working < 3 && waiting.length > 0) {
    working++;
    waiting.shift()().finally(() => {
      working--;
      next();
    });
  }
}

function checkSize(file) {
  if (about && file.size > about.limits.bytes) {
    throw new Error(
      `expected a file of at most ${about.limits.bytes} bytes, found ${file.size}: make the image smaller`);
  }
}

// ---- Images

function element(parent, name, attributes, text) {
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

function addCard(side, file, title) {
  const card = byId("image").content.cloneNode(true).querySelector("article");
  card.querySelector("h3").textContent = title;
  const image = card.querySelector("img");
  image.src = URL.createObjectURL(file);
  image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
  side.querySelector(".images").append(card);
  say(card, "waiting", "quiet");
  return card;
}

function say(card, text, kind) {
  const state = card.querySelector(".state");
  state.textContent = text;
  state.className = "state " + (kind ?? "");
}

async function analyze(card, file) {
  card.setAttribute("aria-busy", "true");
  try {
    checkSize(file);
    const found = await queued(() => ask("/api/faces", { image: file }));
    draw(card, found);
    let people = [];
    if (about?.gallery && found.faces.length > 0) {
      const searched = await queued(() => ask("/api/identify", { image: file }));
      people = searched.faces;
      showModel(searched.gallery);
    }
    list(card, found.faces, people);
    say(card, found.faces.length === 0 ? "no face was found" : "", "quiet");
    card.dataset.faces = found.faces.length;
  } catch (error) {
    say(card, error.message, "bad");
    card.dataset.error = error.message;
  } finally {
    card.removeAttribute("aria-busy");
  }
}

function overlay(card, size) {
  const svg = card.querySelector(".frame svg");
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  return svg;
}

function draw(card, found) {
  const svg = overlay(card, found);
  svg.replaceChildren();
  const unit = Math.max(found.width, found.height) / 420;
  found.faces.forEach((face, at) => {
    box(svg, face.box, "box");
    for (const [x, y] of [...(face.landmarks106 ?? []), ...(face.landmarks68 ?? [])]) {
      element(svg, "circle", { class: "dense", cx: x, cy: y, r: unit * 1.3 });
    }
    for (const [x, y] of face.landmarks ?? []) {
      element(svg, "circle", { class: "point", cx: x, cy: y, r: unit * 2 });
    }
    element(
      svg, "text",
      { class: "number", x: face.box[0] + 4 * unit, y: face.box[1] + 16 * unit, "font-size": 14 * unit },
      String(at + 1));
  });
}

function box(svg, [left, top, right, bottom], kind) {
  element(svg, "rect", { class: kind, x: left, y: top, width: right - left, height: bottom - top });
}

function list(card, faces, people) {
  const all = card.querySelector(".faces");
  all.replaceChildren();
  faces.forEach((face, at) => {
    const item = element(all, "li");
    if (face.crop) {
      element(item, "img", { src: "data:image/png;base64," + face.crop, alt: "aligned face " + (at + 1) });
    }
    const facts = element(item, "dl");
    fact(facts, "face", String(at + 1));
    fact(facts, "detection score", face.score.toFixed(3));
    if (face.pose) {
      const pitch = face.pose.pitch === undefined ? "" : `pitch ${face.pose.pitch.toFixed(0)}°, `;
      fact(facts, "head pose", `${pitch}yaw ${face.pose.yaw.toFixed(0)}°, roll ${face.pose.roll.toFixed(0)}°`);
    }
    if (face.age !== undefined) {
      fact(facts, "age and sex", `${face.age}, ${face.sex}: guesses`);
    }
    if (face.liveness) {
      fact(facts, "liveness", `score ${face.liveness.score.toFixed(3)}`);
    }
    if (face.quality) {
      const { score, interEyeDistance, sharpness } = face.quality;
      const words = [];
      if (score !== undefined) words.push(`score ${score.toFixed(3)}`);
      if (interEyeDistance !== undefined) words.push(`${interEyeDistance.toFixed(0)} pixels between the eyes`);
      if (sharpness !== undefined) words.push(`sharpness ${Number(sharpness.toPrecision(3))}`);
      fact(facts, "quality", words.join(", "));
    }
    const known = people.find((person) => overlap(person.box, face.box) > 0.5);
    if (known) {
      fact(facts, "in the gallery", known.identified ?? "nobody");
      for (const candidate of known.candidates) {
        fact(facts, candidate.similarity.toFixed(4), candidate.person);
      }
    }
  });
}

function fact(facts, name, value) {
  element(facts, "dt", {}, name);
  element(facts, "dd", {}, value);
}

/** Intersection over union. */
function overlap(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (area(a) + area(b) - both);
}

// ---- Comparisons

async function compare(probe) {
  const against = reference;
  if (!against) {
    return;
  }
  probe.similarity = undefined;
  try {
    checkSize(probe.file);
    checkSize(against.file);
    const match = await queued(() => ask("/api/compare", { first: against.file, second: probe.file }));
    if (against !== reference) {
      return; // the reference has changed
    }
    probe.similarity = match.similarity;
    delete probe.card.dataset.error;
    choose(against.card, match.first);
    choose(probe.card, match.second);
    const sign = match.samePerson ? "≥" : "<";
    say(
      probe.card,
      `similarity ${match.similarity.toFixed(4)} ${sign} threshold ${match.threshold.toFixed(4)}: ` +
        (match.samePerson ? "same person" : "different people"),
      match.samePerson ? "same" : "other");
    probe.card.dataset.similarity = match.similarity;
  } catch (error) {
    if (against === reference) {
      say(probe.card, error.message, "bad");
      probe.card.dataset.error = error.message;
    }
  }
  sum();
}

/** Marks the compared face. */
function choose(card, side) {
  const svg = overlay(card, side);
  svg.querySelector(".chosen")?.remove();
  box(svg, side.face.box, "box chosen");
}

function sum() {
  const done = probes.filter((probe) => probe.similarity !== undefined);
  if (done.length === 1) {
    const same = done[0].similarity >= about.threshold;
    byId("verdict").textContent =
      `${done[0].similarity.toFixed(4)}: ${same ? "same person" : "different people"}, by the threshold ` +
      about.threshold.toFixed(4);
  } else if (done.length > 1) {
    const same = done.filter((probe) => probe.similarity >= about.threshold).length;
    byId("verdict").textContent =
      `${same} of ${done.length} show the same person as the reference, by the threshold ` +
      about.threshold.toFixed(4);
  }
  scale(done);
  byId("meaning").textContent = meaning(done);
}

function percent(rate) {
  const percent = 100 * rate;
  return Number(percent < 10 ? percent.toPrecision(2) : percent.toFixed(1)) + " %";
}

function meaning(done) {
  const words = [];
  const point = about.operatingPoint;
  if (point) {
    const bounds = (rate) =>
      rate.trials === 0 ? "published" : `95 % bounds ${percent(rate.lower)} to ${percent(rate.upper)}`;
    words.push(
      `At this threshold, ${percent(point.fmr.value)} of comparisons of different people match ` +
        `(FMR, ${bounds(point.fmr)}), and ${percent(point.fnmr.value)} of comparisons of one person do not ` +
        `(FNMR, ${bounds(point.fnmr)}); data: ${point.dataSet}.`);
  } else {
    words.push("The error rates at this threshold are unknown.");
  }
  if (!about.scores) {
    words.push("The distributions of these models are unknown: run omote evaluate, and pass its report.json with --report.");
  } else if (done.length === 1) {
    const { width, mated, nonMated } = about.scores.histogram;
    const bin = Math.min(mated.length - 1, Math.max(0, Math.floor((done[0].similarity + 1) / width)));
    const below = mated.slice(0, bin).reduce((a, b) => a + b, 0);
    const above = nonMated.slice(bin + 1).reduce((a, b) => a + b, 0);
    const part = (share, count) => (share === 0 ? `none of ${count}` : `${percent(share)} of ${count}`);
    words.push(
      `In that data, ${part(below, about.scores.comparisons.mated)} comparisons of one person were less similar than this, ` +
        `and ${part(above, about.scores.comparisons.nonMated)} of different people more.`);
  }
  return words.join(" ");
}

// ---- The scale: both distributions, the threshold, and the similarities

function scale(done) {
  const svg = byId("scale");
  svg.replaceChildren();
  svg.removeAttribute("hidden");
  const [width, height, left, bottom, top] = [1000, 210, 20, 24, 30];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const x = (similarity) => left + ((similarity + 1) / 2) * (width - 2 * left);
  const ground = height - bottom;
  if (about.scores) {
    const histogram = about.scores.histogram;
    const highest = Math.max(...histogram.mated, ...histogram.nonMated);
    for (const [kind, shares] of [["non-mated", histogram.nonMated], ["mated", histogram.mated]]) {
      let path = `M${x(-1)} ${ground}`;
      shares.forEach((share, bin) => {
        const y = ground - (share / highest) * (ground - top);
        path += `L${x(-1 + bin * histogram.width)} ${y}L${x(-1 + (bin + 1) * histogram.width)} ${y}`;
      });
      element(svg, "path", { class: kind, d: path + `L${x(1)} ${ground}Z` });
    }
    for (const [row, kind, text] of [[0, "non-mated", "different people"], [1, "mated", "one person"]]) {
      element(svg, "rect", { class: kind, x: x(-1), y: top + 18 * row, width: 12, height: 12 });
      element(svg, "text", { x: x(-1) + 18, y: top + 18 * row + 10 }, text);
    }
  }
  element(svg, "line", { class: "axis", x1: x(-1), x2: x(1), y1: ground, y2: ground });
  for (let tick = -4; tick <= 4; tick++) {
    element(svg, "text", { x: x(tick / 4), y: height - 8, "text-anchor": "middle" }, String(tick / 4));
  }
  const mark = (at, kind, text) => {
    element(svg, "line", { class: kind, x1: x(at), x2: x(at), y1: top - 6, y2: ground });
    element(svg, "text", { x: x(at), y: top - 9, "text-anchor": "middle" }, text);
  };
  mark(about.threshold, "threshold", "threshold " + about.threshold.toFixed(2));
  done.forEach((probe) =>
    mark(probe.similarity, "similarity", done.length === 1 ? probe.similarity.toFixed(4) : String(probe.number)));
}

// ---- Dropping

function takeReference(files) {
  const [file, ...others] = files;
  if (!file) {
    return;
  }
  byId("reference").querySelector(".images").replaceChildren();
  const card = addCard(byId("reference"), file, file.name);
  reference = { file, card };
  const analyzed = analyze(card, file);
  probes.forEach((probe) => {
    say(probe.card, "waiting", "quiet");
    analyzed.then(() => compare(probe));
  });
  takeProbes(others);
}

function takeProbes(files) {
  for (const file of files) {
    const number = probes.length + 1;
    const probe = { number, file, card: addCard(byId("probes"), file, `${number}: ${file.name}`) };
    probes.push(probe);
    analyze(probe.card, file).then(() => {
      if (!probe.card.dataset.error && probe.card.dataset.faces !== "0") {
        return compare(probe);
      }
    });
  }
}

function dropZone(side, take) {
  const zone = side.querySelector(".drop");
  const input = zone.querySelector("input");
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  side.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  side.addEventListener("dragleave", () => zone.classList.remove("over"));
  side.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
}

function showModel(gallery) {
  byId("about").textContent =
    `Model ${about.modelId}.` +
    (gallery ? ` Gallery of ${gallery.persons} people, ${gallery.samples} samples.` : "");
}

async function start() {
  // An image dropped outside the zones must not replace the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }
  try {
    about = await ask("/api/about");
  } catch (error) {
    byId("verdict").textContent = error.message;
    return;
  }
  showModel(about.gallery);
  dropZone(byId("reference"), takeReference);
  dropZone(byId("probes"), takeProbes);
  scale([]);
  byId("meaning").textContent = meaning([]);
}

start();
