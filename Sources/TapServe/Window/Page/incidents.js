// Incidents: the block that `tap watch` prints, as a list of names and texts, and the sequence of events on demand.

import { button, el, keyed, safe, setAttribute, setText, shape } from './dom.js';
import { SayForm, TokenField } from './say.js';

/// Lines of one incident that are shown.
const LONGEST = 200;

/// Rows of what was so when the incident last changed.
const OF_A_MOMENT = ['Then', 'By the wires', 'By claims'];

/// From lines of two columns, a name of 16 and a text, to pairs. A line without a name goes on with the one above.
export function pairs(lines) {
  const found = [];
  for (const line of lines) {
    const name = line.slice(0, 16).trim();
    const text = line.slice(16).trim();
    if (!/^ {2}\S| {16}\S/.test(line)) found.push(['', line.trim()]);
    else if (name || found.length === 0) found.push([name, text]);
    else found[found.length - 1][1] += ' ' + text;
  }
  return found;
}

const flat = (text) => (Array.isArray(text) ? text : [text || '']).flatMap((part) => String(part).split('\n')).filter((line) => line.trim());

export class IncidentList {
  constructor(place, onMoment) {
    this.place = place;
    this.onMoment = onMoment;
    this.none = el('p', { class: 'none' });
    this.list = el('ol', { class: 'incidents' });
    const tokens = el('div', { class: 'tokens', hidden: true });
    this.tokens = new TokenField(tokens);
    place.append(tokens, this.none, this.list);
  }

  /// view.when(ns): an instant for people.
  show(incidents, isCurrent, view) {
    const order = incidents.slice().sort((a, b) => Number(b.open === true) - Number(a.open === true) || b.incident - a.incident);
    this.none.hidden = order.length > 0;
    this.statements = view.state.statements;
    this.tokens.show(order.length > 0 && Boolean(this.statements && this.statements.taken));
    const isExcusing = ['permits', 'shelved'].some((kind) => (view.state[kind] || []).length > 0);
    const excused = isExcusing ? ' What work with a permit or a shelf excuses makes none: it stands in the timeline alone.' : '';
    setText(this.none, isCurrent ? `No incident since the watch began.${excused}` : '\u2014');
    this.place.classList.toggle('stale', !isCurrent);
    keyed(this.list, order, (incident) => String(incident.incident), (incident) => this.make(incident),
      (node, incident) => this.update(node, incident, isCurrent, view));
  }

  make(incident) {
    const parts = {
      title: el('h3'), head: el('p', { class: 'incident-head' }), marks: el('p', { class: 'marks' }), so: el('p', { class: 'so' }),
      text: el('dl', { class: 'block' }), events: el('div', { class: 'events' }),
    };
    parts.severity = el('span', { class: 'severity' });
    parts.rest = el('span');
    parts.head.append(parts.severity, ' ', parts.rest);
    const more = el('details', {}, el('summary', {}, 'Sequence of events'), parts.events);
    more.addEventListener('toggle', () => { if (more.open) this.fetchEvents(node, more); });
    const say = new SayForm(this.tokens, () => node.incident, incident.incident);
    const show = button('Show in the timeline', `Show incident ${incident.incident} in the timeline`, () => this.onMoment(BigInt(node.incident.began_ns)));
    const node = el('li', { class: 'incident' }, parts.head, parts.title, parts.so, parts.marks, parts.text, el('p', { class: 'actions' }, show), say.node, more);
    node.parts = parts;
    node.say = say;
    node.more = more;
    return node;
  }

  update(node, incident, isCurrent, view) {
    const { title, severity, rest, marks, so, text } = node.parts;
    const isChanged = node.incident && node.incident.changed_ns !== incident.changed_ns;
    node.incident = incident;
    node.say.show(this.statements, incident);
    setAttribute(node, 'data-open', incident.open ? 'yes' : 'no');
    setAttribute(node, 'data-severity', incident.severity);
    setText(severity, incident.severity === 'high' ? 'HIGH' : incident.severity || 'severity unknown');
    setText(rest, `Incident ${incident.incident}, ${incident.open ? 'open' : 'closed'}, since ${view.when(incident.began_ns)}`);
    setText(title, incident.title || '');
    const acknowledged = incident.acknowledged;
    setText(marks, [isCurrent ? '' : `Not current: as it stood at ${view.when(view.state.now_ns)}.`,
      acknowledged ? `Acknowledged by ${acknowledged.by}, ${incident.acknowledged_utc}.` : ''].filter(Boolean).join(' '));
    const lines = flat(incident.text);
    const rows = pairs(lines.filter((line) => !/^INCIDENT /.test(line)).slice(0, LONGEST));
    if (lines.length > LONGEST) rows.push(['...', `${lines.length - LONGEST} more lines: tap incident show ${incident.incident}`]);
    const soRow = rows.find((row) => row[0] === 'So');
    setText(so, soRow ? soRow[1] : (incident.consequences || []).join(' '));
    so.hidden = !so.textContent;
    keyed(text, rows.filter((row) => row !== soRow), (row, index) => row[0] || `line ${index}`, () => el('div', {}, el('dt'), el('dd')), (item, row) => {
      setText(item.firstChild, OF_A_MOMENT.includes(row[0]) ? `${row[0]}, as of ${view.when(incident.changed_ns)}` : row[0]);
      setText(item.lastChild, row[1]);
    });
    if (isChanged && node.more.open) this.fetchEvents(node, node.more);
  }

  async fetchEvents(node, more) {
    const place = node.parts.events;
    if (!place.firstChild) place.append(el('p', {}, 'Asking the server.'));
    try {
      const response = await fetch(`api/incidents/${encodeURIComponent(node.incident.incident)}`, { cache: 'no-store', credentials: 'same-origin' });
      if (!response.ok) throw new Error(`the server answers with ${response.status}`);
      const incident = await response.json();
      const rows = (incident.events || []).map((event) => el('tr', {}, el('th', { scope: 'row' }, safe(event.utc || event.t_ns + ' ns')),
        el('td', { class: 'of-wire' }, el('bdi', {}, safe(event.wire || ''))), el('td', { class: 'of-claim' }, el('bdi', {}, safe(event.claim || '')))));
      const head = el('tr', {}, el('th', { scope: 'col' }, 'Time'), el('th', { scope: 'col', class: 'of-wire' }, 'Wire'), el('th', { scope: 'col', class: 'of-claim' }, 'Claim'));
      const table = el('table', {}, el('caption', { class: 'unseen' }, `Events of incident ${node.incident.incident}`), el('thead', {}, head), el('tbody', {}, ...rows));
      place.replaceChildren(rows.length ? table : el('p', {}, 'No event is known.'));
    } catch (error) {
      place.replaceChildren(el('p', {}, safe(`The events cannot be shown: ${error.message}. Close this and open it again.`)));
    }
  }
}
