'use strict';
// Collects the names that were typed, and saves them as a small file that "omote albums --names" reads.
const bar = document.getElementById('bar');
const state = document.getElementById('state');
const save = bar.querySelector('button');
bar.hidden = !document.querySelector('.name');
let unsaved = false;

function named() {
  const people = new Map();
  for (const field of document.querySelectorAll('.name')) {
    const person = field.value.trim();
    if (!person) continue;
    const faces = people.get(person) || [];
    for (const figure of field.closest('section').querySelectorAll('figure')) {
      if (figure.querySelector('input').checked) {
        faces.push({image: figure.dataset.image, box: figure.dataset.box.split(' ').map(Number)});
      }
    }
    people.set(person, faces);
  }
  return [...people].map(([person, faces]) => ({person, faces})).filter(one => one.faces.length);
}

function changed() {
  unsaved = true;
  show();
}

function show() {
  const people = named();
  const faces = people.reduce((sum, one) => sum + one.faces.length, 0);
  save.disabled = !faces;
  state.textContent = faces
    ? `${people.length} ${people.length === 1 ? 'person' : 'people'}, ${faces} ${faces === 1 ? 'face' : 'faces'}`
    : 'Type a name beside an album, and clear the marks of faces that do not belong to it.';
}

for (const field of document.querySelectorAll('.name')) {
  field.parentElement.hidden = false;
  field.addEventListener('input', changed);
  for (const box of field.closest('section').querySelectorAll('figure input')) box.hidden = false;
}
document.addEventListener('change', event => {
  if (event.target.type === 'checkbox') {
    event.target.closest('figure').classList.toggle('excluded', !event.target.checked);
    changed();
  }
});
bar.addEventListener('submit', event => {
  event.preventDefault();
  const text = JSON.stringify({version: 1, persons: named()}, null, 1) + '\n';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  link.download = 'names.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000); // browsers may save later
  unsaved = false;
  show();
  state.textContent += ': saved as names.json for omote albums --names';
});
// Names that were typed for hours must not vanish with the page.
window.addEventListener('beforeunload', event => {
  if (unsaved && !save.disabled) event.preventDefault();
});
show();
