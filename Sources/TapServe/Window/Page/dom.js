// Making and changing elements. Text goes in as text only: there is no way from a claim to markup.

const SVG = 'http://www.w3.org/2000/svg';

/// Control characters, marks that turn the reading direction round, and what cannot be seen, as tap itself writes them.
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function safe(text, longest = 2000) {
  const whole = String(text);
  const cut = whole.length > longest ? whole.slice(0, longest) + '...' : whole;
  return cut.replace(DANGEROUS, (mark) => '\\u{' + mark.charCodeAt(0).toString(16) + '}');
}

/// An element with attributes and children; a string among them is text. `bdi` keeps its direction from its surroundings.
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const name of Object.keys(attributes || {})) {
    const value = attributes[name];
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

export const button = (text, label, action) => {
  const node = el('button', { type: 'button', 'aria-label': label }, text);
  node.addEventListener('click', action);
  return node;
};

export function setText(node, text) {
  const wanted = safe(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

export function setAttribute(node, name, value) {
  if (value === null || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/// One of the shapes of page.html. It says nothing that the word beside it does not.
export function shape(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'shape');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'use'));
  setShape(svg, name);
  return svg;
}

export function setShape(svg, name) {
  setAttribute(svg.firstChild, 'href', '#shape-' + name);
}

/// Makes the children of `parent` those of `items`, in their order; what stays keeps its element, with focus and selection.
export function keyed(parent, items, keyOf, make, update) {
  const known = parent.keyedNodes || (parent.keyedNodes = new Map());
  const wanted = new Map();
  let place = parent.firstChild;
  items.forEach((item, index) => {
    let key = keyOf(item, index);
    while (wanted.has(key)) key += '+';
    const node = known.get(key) || make(item);
    wanted.set(key, node);
    update(node, item);
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  });
  known.forEach((node, key) => {
    if (wanted.get(key) !== node) node.remove();
  });
  parent.keyedNodes = wanted;
}
