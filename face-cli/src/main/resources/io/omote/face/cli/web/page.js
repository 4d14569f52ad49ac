// SPDX-License-Identifier: Apache-2.0
// The page: a reference, the probes that are compared with it, and what the results mean.

import { hasCamera, takeImage } from "/camera.js";
import { draw as drawChart, element, fixed } from "/chart.js";
import { allow, ask, enqueue, Failure } from "/requests.js";

const byId = (id) => document.getElementById(id);

/** The signs and words of the states of a probe, in the order of the counts. */
const KINDS = {
  same: { sign: "✓", words: "Same person" },
  other: { sign: "≠", words: "Different people" },
  failed: { sign: "!", words: "Failed" },
  waiting: { sign: "…", words: "Waiting" },
};

let about = null;
let reference = null; // a Subject
let probes = []; // Subjects
let numbers = 0;

// ---- An image on the page

class Subject {
  constructor(side, file, number) {
    this.file = file;
    this.number = number;
    this.name = number === undefined ? file.name : `${number}: ${file.name}`;
    this.controller = new AbortController();
    this.kind = "waiting";
    this.found = null; // the answer of /api/faces
    this.people = [];
    this.chosen = undefined; // index of the face that counts
    this.similarity = undefined;
    this.card = byId("image").content.cloneNode(true).querySelector("article");
    this.build(side);
  }

  get(selector) {
    return this.card.querySelector(selector);
  }

  build(side) {
    this.card.id = "image-" + (this.number ?? "reference");
    this.get("h3").textContent = this.name;
    const image = this.get(".frame img");
    image.alt = "The image " + this.name;
    image.src = URL.createObjectURL(this.file);
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => {
      URL.revokeObjectURL(image.src);
      this.get(".frame").classList.add("broken");
    };
    const remove = this.get(".remove");
    remove.setAttribute("aria-label", "Remove " + this.name);
    remove.title = "Remove";
    this.say("waiting", "waiting");
    side.querySelector(".images").append(this.card);
    side.classList.add("filled");
  }

  /** Shows a state, with a few words in bold. */
  say(kind, text, bold) {
    this.kind = kind;
    this.card.dataset.kind = kind;
    this.get(".state").className = "state " + kind;
    this.get(".sign").textContent = KINDS[kind]?.sign ?? "";
    const words = this.get(".words");
    words.replaceChildren();
    if (bold) {
      element(words, "strong", {}, bold);
    }
    words.append(text);
    this.get(".again").hidden = true;
    summarize();
  }

  fail(error) {
    this.similarity = undefined;
    // The names of the parts of a form mean nothing on the page.
    this.say("failed", error.message.replace(/^(image|second): /, "").replace(/^first: /, "the reference: "));
    this.get(".again").hidden = !error.passing;
  }

  busy(now) {
    if (now) {
      this.card.setAttribute("aria-busy", "true");
    } else {
      this.card.removeAttribute("aria-busy");
    }
  }

  face() {
    return this.found?.faces[this.chosen];
  }

  /** The center of the chosen face, for the API. */
  point() {
    const box = this.face()?.box;
    return box && `${(box[0] + box[2]) / 2},${(box[1] + box[3]) / 2}`;
  }

  /** Detects the faces and looks for them in the gallery. */
  async analyze() {
    await check(this.file);
    const found = await ask("/api/faces", { image: this.file }, this.controller.signal);
    if (found.faces.length === 0) {
      throw new Failure(
        "no upright face was found: use an image in which the face is larger, sharper or turned to the camera, or turn the image");
    }
    if (about.gallery) {
      const searched = await ask("/api/identify", { image: this.file }, this.controller.signal);
      this.people = searched.faces;
      showModel(searched.gallery);
    }
    this.found = found;
    this.chosen = found.central;
    this.show();
  }

  show() {
    drawFaces(this);
    listFaces(this);
    listFacts(this);
    const count = this.found.faces.length;
    const turned = this.face().turn ? "This face does not stand upright, so its results mean little: turn the image. " : "";
    this.get(".hint").textContent = turned + (
      count === 1
        ? ""
        : this.chosen === this.found.central
          ? `${count} faces, the central one counts. Choose another one:`
          : `${count} faces, face ${this.chosen + 1} counts, as you chose.`);
  }

  remove() {
    this.controller.abort();
    this.card.remove();
  }
}

/** Refuses files that the server would refuse after they were sent. */
async function check(file) {
  const megabytes = (bytes) => fixed(bytes / 1e6, bytes < 1e7 ? 1 : 0) + " MB";
  if (file.size > about.limits.bytes) {
    throw new Failure(
      `the file has ${megabytes(file.size)}, the limit is ${megabytes(about.limits.bytes)}: make the image smaller`);
  }
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Failure("the file cannot be read any more: choose it again");
  }
}

function drawFaces(subject) {
  const { found, chosen } = subject;
  const svg = subject.get(".frame svg");
  svg.setAttribute("viewBox", `0 0 ${found.width} ${found.height}`);
  svg.replaceChildren();
  const several = found.faces.length > 1;
  const text = Math.max(found.width, found.height) / 22;
  found.faces.forEach((face, at) => {
    const [left, top, right, bottom] = face.box;
    const unit = (right - left) / 100;
    const area = { x: left, y: top, width: right - left, height: bottom - top };
    if (at === chosen) {
      element(svg, "rect", { class: "casing", ...area });
    }
    const box = element(svg, "rect", {
      class: "box" + (at === chosen ? " chosen" : "") + (several ? " several" : ""), ...area });
    if (several) {
      box.addEventListener("click", () => choose(subject, at));
      element(svg, "text", { class: "number", x: left + text / 4, y: top + text, "font-size": text }, String(at + 1));
    }
    if (isOnFace(face.mesh)) {
      drawMesh(svg, face.mesh, unit);
    }
    for (const [x, y] of [...(face.landmarks106 ?? []), ...(face.landmarks68 ?? [])]) {
      element(svg, "circle", { class: "dense", cx: x, cy: y, r: unit * 1.3 });
    }
    for (const [x, y] of face.landmarks ?? []) {
      element(svg, "circle", { class: "point", cx: x, cy: y, r: unit * 2.6 });
    }
  });
}

/** Returns whether there is a mesh, and its points mean something. */
function isOnFace(mesh) {
  return mesh?.presence >= 0.5;
}

/** Draws the points of a mesh as one element, and the irises. */
function drawMesh(svg, mesh, unit) {
  const dots = mesh.points.map(([x, y]) => `M${x.toFixed(2)} ${y.toFixed(2)}h0`).join("");
  element(svg, "path", { class: "mesh", d: dots, "stroke-width": unit });
  for (const eye of [mesh.eyes.left, mesh.eyes.right]) {
    const [cx, cy] = eye.iris;
    element(svg, "circle", { class: "iris", cx, cy, r: eye.irisDiameter / 2, "stroke-width": unit });
  }
}

function listFaces(subject) {
  const all = subject.get(".faces");
  const { faces } = subject.found;
  const focused = [...all.children].findIndex((item) => item.contains(document.activeElement));
  all.replaceChildren();
  faces.forEach((face, at) => {
    const item = element(all, "li");
    const several = faces.length > 1;
    const button = several
      ? element(item, "button", { type: "button", class: "face", "aria-pressed": String(at === subject.chosen) })
      : element(item, "div", { class: "face" });
    if (face.crop) {
      const alt = several ? "" : "The aligned face";
      element(button, "img", { src: "data:image/png;base64," + face.crop, alt });
    }
    if (several) {
      element(button, "span", {}, "Face " + (at + 1));
      button.addEventListener("click", () => choose(subject, at));
    }
    const known = personOf(subject, face);
    if (known) {
      element(button, "span", { class: "person" }, known.identified ?? "nobody in the gallery");
    }
    if (at === focused) {
      button.focus();
    }
  });
}

function personOf(subject, face) {
  return subject.people.find((person) => overlap(person.box, face.box) > 0.5);
}

function listFacts(subject) {
  const list = subject.get(".facts dl");
  const face = subject.face();
  list.replaceChildren();
  const fact = (name, value) => {
    element(list, "dt", {}, name);
    element(list, "dd", {}, value);
  };
  fact("detection score", fixed(face.score, 3));
  if (face.pose) {
    const pitch = face.pose.pitch === undefined ? "" : `pitch ${fixed(face.pose.pitch, 0)}°, `;
    fact("head pose", `${pitch}yaw ${fixed(face.pose.yaw, 0)}°, roll ${fixed(face.pose.roll, 0)}°`);
  }
  if (isOnFace(face.mesh)) {
    const { eyes, mouth } = face.mesh;
    const gaze = (axis) => (eyes.left.gaze[axis] + eyes.right.gaze[axis]) / 2;
    const toward = (value, positive, negative) =>
      `${fixed(Math.abs(value), 2)} ${value >= 0 ? positive : negative}`;
    fact("eyes open", `${fixed(eyes.left.openness, 2)} and ${fixed(eyes.right.openness, 2)}, the person's left first`);
    fact("mouth open", fixed(mouth.openness, 2));
    fact(
      "gaze",
      `${toward(gaze("right"), "to your right", "to your left")}, ${toward(gaze("up"), "up", "down")}`);
  } else if (face.mesh) {
    fact("mesh", "does not lie on the face");
  }
  if (face.age !== undefined) {
    fact("age and sex", `${face.age}, ${face.sex}: guesses`);
  }
  if (face.liveness) {
    fact("liveness", `score ${fixed(face.liveness.score, 3)}`);
  }
  if (face.quality) {
    const { score, interEyeDistance, sharpness } = face.quality;
    const words = [];
    if (score !== undefined) words.push(`score ${fixed(score, 3)}`);
    if (interEyeDistance !== undefined) words.push(`${fixed(interEyeDistance, 0)} pixels between the eyes`);
    if (sharpness !== undefined) words.push(`sharpness ${Number(sharpness.toPrecision(3))}`);
    fact("quality", words.join(", "));
  }
  for (const candidate of personOf(subject, face)?.candidates ?? []) {
    fact(`similarity ${fixed(candidate.similarity, 4)}`, candidate.person);
  }
  subject.get(".facts").hidden = false;
  listMovements(subject, isOnFace(face.mesh) ? (face.mesh.coefficients ?? {}) : {});
}

/** Lists the expression coefficients, the strongest first. */
function listMovements(subject, coefficients) {
  const all = Object.entries(coefficients).sort(([, a], [, b]) => b - a);
  const list = subject.get(".movements dl");
  list.replaceChildren();
  for (const [name, value] of all) {
    element(list, "dt", {}, name);
    element(list, "dd", {}, fixed(value, 2));
  }
  subject.get(".movements").hidden = all.length === 0;
}

/** Intersection over union. */
function overlap(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (area(a) + area(b) - both);
}

/** Makes another face of an image count. */
function choose(subject, at) {
  if (at === subject.chosen) {
    return;
  }
  subject.chosen = at;
  subject.show();
  showStrip();
  if (subject === reference) {
    probes.forEach(compareAgain);
  } else {
    compareAgain(subject);
  }
}

// ---- Comparisons

/** Queues the work of a probe. A later job replaces an earlier one. */
function schedule(probe) {
  const job = (probe.job = {});
  enqueue(() => run(probe, job));
}

/** Finds the faces of a probe, unless they are known, and compares it, if there is a reference. */
async function run(probe, job) {
  const isCurrent = () => probe.job === job && probes.includes(probe);
  if (!isCurrent()) {
    return;
  }
  probe.busy(true);
  try {
    if (!probe.found) {
      probe.say("waiting", "looking for faces");
      await probe.analyze();
    }
    if (isCurrent()) {
      await compare(probe, isCurrent);
    }
  } catch (error) {
    if (isCurrent()) {
      probe.fail(error);
    }
  } finally {
    if (isCurrent()) {
      probe.busy(false);
    }
  }
}

async function compare(probe, isCurrent) {
  probe.similarity = undefined;
  const against = reference;
  if (!against) {
    probe.say("waiting", "waiting for a reference");
    return;
  }
  probe.say("waiting", "comparing");
  await against.ready;
  if (!isCurrent() || against !== reference) {
    return; // a new comparison has been started
  }
  if (!against.found) {
    throw new Failure("not compared, because the reference cannot be used");
  }
  const match = await ask(
    "/api/compare",
    { first: against.file, second: probe.file, firstFace: against.point(), secondFace: probe.point() },
    probe.controller.signal);
  if (isCurrent() && against === reference) {
    probe.similarity = match.similarity;
    const sign = match.samePerson ? "≥" : "<";
    const kind = match.samePerson ? "same" : "other";
    probe.say(
      kind,
      `similarity ${fixed(match.similarity, 4)} ${sign} threshold ${fixed(match.threshold, 4)}`,
      match.samePerson ? "Same person" : "Different people");
  }
}

function compareAgain(probe) {
  // Otherwise a job is still looking for faces, and will find the reference as it is then.
  if (probe.found) {
    probe.say("waiting", "waiting");
    schedule(probe);
  }
}

// ---- The result of all comparisons

let planned = false;

/** Updates the result before the next frame. */
function summarize() {
  if (!planned) {
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      showResult();
    });
  }
}

function showResult() {
  const of = (kind) => probes.filter((probe) => probe.kind === kind);
  const results = [...of("same"), ...of("other")];
  const open = reference ? of("waiting").length : 0;
  const verdict = byId("verdict");
  const text = verdictText(results, of("same").length, open);
  if (verdict.textContent !== text) {
    verdict.textContent = text; // which is read aloud
  }
  verdict.className = probes.length === 1 ? probes[0].kind : "";
  showCounts(of, results.length);
  showFailures(of("failed"));
  const progress = byId("progress");
  progress.hidden = open === 0;
  progress.max = probes.length;
  progress.value = probes.length - open;
  byId("steps").hidden = Boolean(reference) || probes.length > 0;
  byId("clear").hidden = !byId("steps").hidden;
  byId("chart").hidden = results.length === 0;
  if (about.scores && results.length > 0) {
    drawChart(byId("scale"), results);
  }
  byId("meaning").replaceChildren();
  meaning(results).forEach((text) => element(byId("meaning"), "p", {}, text));
  showStrip();
}

function verdictText(results, same, open) {
  if (!reference && probes.length === 0) {
    return "Are these faces of the same person?";
  }
  if (reference?.kind === "failed") {
    return "The reference cannot be used: choose another image.";
  }
  if (!reference) {
    return "Choose a reference to compare with.";
  }
  if (probes.length === 0) {
    return "Choose the images to compare with the reference.";
  }
  if (open > 0) {
    return "Comparing";
  }
  if (probes.length === 1) {
    const [probe] = probes;
    return { same: "Same person", other: "Different people", failed: "Not compared" }[probe.kind] +
      (results.length === 1 ? `: similarity ${fixed(probe.similarity, 4)}` : "");
  }
  return results.length === 0
    ? "No image could be compared."
    : `${same} of ${results.length} compared ${results.length === 1 ? "image shows" : "images show"} the same person as the reference`;
}

function showCounts(of, compared) {
  const counts = byId("counts");
  counts.hidden = !reference || probes.length < 2;
  counts.replaceChildren();
  element(counts, "li", { class: "total pill" }, `${compared} of ${probes.length} compared`);
  for (const [kind, { sign, words }] of Object.entries(KINDS)) {
    const count = of(kind).length;
    if (count > 0) {
      const pill = element(counts, "li", { class: "pill " + kind });
      element(pill, "span", { class: "sign", "aria-hidden": "true" }, sign);
      element(pill, "span", {}, `${words}: ${count}`);
    }
  }
}

function showFailures(failed) {
  const failures = byId("failures");
  failures.hidden = failed.length === 0 || probes.length === 1;
  failures.querySelector("summary").textContent =
    failed.length === 1 ? "1 image failed" : `${failed.length} images failed`;
  const list = failures.querySelector("ul");
  const text = failed.map((probe) => probe.card.id + probe.get(".words").textContent).join();
  if (list.dataset.of === text) {
    return; // keeps the focus
  }
  list.dataset.of = text;
  list.replaceChildren();
  for (const probe of failed) {
    const item = element(list, "li");
    element(item, "a", { href: "#" + probe.card.id }, probe.name).addEventListener("click", (event) => {
      event.preventDefault(); // keeps the token in the address
      probe.card.scrollIntoView();
      probe.card.focus();
    });
    item.append(" " + probe.get(".words").textContent);
  }
}

/** Keeps the reference in view on narrow screens. */
function showStrip() {
  const strip = byId("strip");
  const crop = reference?.face()?.crop;
  strip.hidden = !reference || probes.length === 0;
  strip.querySelector("img").hidden = !crop;
  if (crop) {
    strip.querySelector("img").src = "data:image/png;base64," + crop;
  }
  strip.querySelector("p").textContent = reference ? "Compared with " + reference.name : "";
}

function percent(rate) {
  const value = 100 * rate;
  return Number(value < 10 ? value.toPrecision(2) : value.toFixed(1)) + " %";
}

function meaning(results) {
  const words = [];
  const point = about.operatingPoint;
  if (point) {
    const bounds = (rate) =>
      rate.trials === 0 ? "published" : `95 % bounds ${percent(rate.lower)} to ${percent(rate.upper)}`;
    words.push(
      `At this threshold, ${percent(point.fmr.value)} of comparisons of different people match ` +
        `(FMR, ${bounds(point.fmr)}), and ${percent(point.fnmr.value)} of comparisons of one person do not ` +
        `(FNMR, ${bounds(point.fnmr)}).`);
  } else {
    words.push("The error rates at this threshold are unknown.");
  }
  if (!about.scores) {
    words.push("The distributions of these models are unknown: run omote evaluate, and pass its report.json with --report.");
  } else if (results.length === 1) {
    const { width, mated, nonMated } = about.scores.histogram;
    const bin = Math.min(mated.length - 1, Math.max(0, Math.floor((results[0].similarity + 1) / width)));
    const below = mated.slice(0, bin).reduce((a, b) => a + b, 0);
    const above = nonMated.slice(bin + 1).reduce((a, b) => a + b, 0);
    const part = (share, count) => (share === 0 ? `none of ${count}` : `${percent(share)} of ${count}`);
    words.push(
      `In that data, ${part(below, about.scores.comparisons.mated)} comparisons of one person were less similar than this, ` +
        `and ${part(above, about.scores.comparisons.nonMated)} of different people more.`);
  }
  if (point) {
    words.push(`Data: ${point.dataSet}.`);
  }
  return words;
}

// ---- Choosing, dropping, pasting, removing

function takeReference([file, ...others]) {
  if (!file) {
    return;
  }
  reference?.remove();
  const taken = new Subject(byId("reference"), file);
  reference = taken;
  taken.get(".remove").addEventListener("click", removeReference);
  taken.get(".again").addEventListener("click", () => prepare(taken));
  prepare(taken);
  takeProbes(others);
}

/** Analyzes a reference, and compares all probes with it. */
function prepare(taken) {
  taken.busy(true);
  taken.say("waiting", "looking for faces");
  taken.ready = taken
    .analyze()
    .then(() => taken.say("reference", ""))
    .catch((error) => {
      if (taken === reference) {
        taken.fail(error);
      }
    })
    .finally(() => taken.busy(false));
  probes.forEach(compareAgain);
}

function removeReference() {
  reference.remove();
  reference = null;
  byId("reference").classList.remove("filled");
  probes.forEach(compareAgain);
  byId("reference").querySelector("input").focus();
  summarize();
}

function takeProbes(files) {
  for (const file of files) {
    const probe = new Subject(byId("probes"), file, ++numbers);
    probes.push(probe);
    probe.get(".remove").addEventListener("click", () => removeProbe(probe));
    probe.get(".again").addEventListener("click", () => schedule(probe));
    schedule(probe);
  }
}

function removeProbe(probe) {
  const at = probes.indexOf(probe);
  probes.splice(at, 1);
  probe.remove();
  byId("probes").classList.toggle("filled", probes.length > 0);
  const next = probes[Math.min(at, probes.length - 1)];
  (next ? next.get(".remove") : byId("probes").querySelector("input")).focus();
  summarize();
}

function clear() {
  reference?.remove();
  reference = null;
  probes.forEach((probe) => probe.remove());
  probes = [];
  numbers = 0;
  for (const side of [byId("reference"), byId("probes")]) {
    side.classList.remove("filled");
    side.querySelector(".notice").textContent = "";
  }
  byId("reference").querySelector("input").focus();
  summarize();
}

function dropZone(side, take) {
  const input = side.querySelector("input");
  const notice = side.querySelector(".notice");
  const accept = (files) => {
    notice.textContent = "";
    take(files);
  };
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // so that the same file can be chosen again
    accept(files);
  });
  const camera = side.querySelector(".camera");
  camera.hidden = !hasCamera();
  camera.addEventListener("click", async () => {
    const file = await takeImage(byId("camera"));
    if (file) {
      accept([file]);
    }
  });
  side.addEventListener("dragover", (event) => {
    event.preventDefault();
    side.classList.add("over");
  });
  side.addEventListener("dragleave", (event) => {
    if (!side.contains(event.relatedTarget)) {
      side.classList.remove("over");
    }
  });
  side.addEventListener("drop", (event) => {
    event.preventDefault();
    side.classList.remove("over");
    const isFolder = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()?.isDirectory);
    const files = [...event.dataTransfer.files].filter((file, at) => !isFolder[at]);
    accept(files);
    if (isFolder.includes(true)) {
      notice.textContent = "Folders are not opened: drop the images that they contain.";
    } else if (files.length === 0) {
      notice.textContent = "That is not a file: save the image first, or copy and paste it.";
    }
  });
}

function paste(event) {
  const files = [...event.clipboardData.files];
  if (files.length > 0 && !byId("camera").open) {
    event.preventDefault();
    (reference ? takeProbes : takeReference)(files);
  }
}

function showModel(gallery) {
  byId("about").textContent =
    `Model ${about.model}.` +
    (gallery
      ? ` Gallery of ${counted(gallery.persons, "person", "people")}, ${counted(gallery.samples, "sample", "samples")}.`
      : "");
}

function counted(count, one, several) {
  return `${count} ${count === 1 ? one : several}`;
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
    byId("verdict").className = "failed";
    return;
  }
  // One more than the server works on: it arrives meanwhile. Browsers have six connections.
  allow(Math.min(5, about.limits.concurrent + 1));
  showModel(about.gallery);
  dropZone(byId("reference"), takeReference);
  dropZone(byId("probes"), takeProbes);
  document.addEventListener("paste", paste);
  byId("clear").addEventListener("click", clear);
  window.addEventListener("resize", summarize);
  showResult();
  document.body.dataset.ready = "";
}

start();
