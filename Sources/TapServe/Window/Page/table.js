// What the lanes in sight show, as tables.

import { lastAtOrBefore, neat, valueAt } from './answer.js';
import { el, keyed, setText } from './dom.js';

/// Edges of the chosen lane that are listed.
const MOST = 200;

const headOf = (...names) => el('thead', {}, el('tr', {}, ...names.map((name) => el('th', { scope: 'col' }, name))));

export class LaneTable {
  constructor(onOpen) {
    this.lanes = el('tbody');
    this.edges = el('tbody');
    this.edgesOf = el('caption');
    this.node = el('details', { class: 'as-table' }, el('summary', {}, 'The same as a table'),
      el('table', {}, el('caption', {}, 'Lanes in sight'), headOf('Lane', 'At the cursor', 'Claimed', 'In the span', 'Lost'), this.lanes),
      el('table', {}, this.edgesOf, headOf('Time', 'Change'), this.edges));
    this.node.addEventListener('toggle', onOpen);
  }

  unfold() {
    this.wasOpen = this.node.open;
    this.node.open = true;
  }

  fold() { this.node.open = this.wasOpen; }

  /// seen: {data, rows in sight, chosen row or null, from, to, at: the cursor, clock}
  fill(seen) {
    if (!this.node.open) return;
    keyed(this.lanes, seen.rows, (row) => row.name, () => el('tr', {}, el('th', { scope: 'row' }), el('td'), el('td'), el('td'), el('td')), (line, row) => {
      const cells = line.children;
      const lane = row.lane || row.claims[0];
      setText(cells[0], row.name);
      setText(cells[1], row.lane ? wordsAt(row, row.lane, seen.at) : '');
      setText(cells[2], row.claims.map((claim) => `${claim.name} ${wordsAt(row, claim, seen.at)}`).join('; '));
      setText(cells[3], inSpan(lane, Number(seen.from - row.base), Number(seen.to - row.base)));
      setText(cells[4], lane.hasLoss ? 'yes, hatched' : 'none detected');
    });
    this.fillEdges(seen);
  }

  fillEdges(seen) {
    const { chosen, clock } = seen;
    const found = chosen && seen.data.rows.get(chosen.name);
    const lane = found && (found.lane || found.claims[0]);
    const edges = (lane && lane.exactEdges) || [];
    const begin = edges.length ? lastAtOrBefore(lane.edgeAt, Number(seen.from - found.base)) + 1 : 0;
    const shown = edges.map((edge, index) => [edge, index]).slice(begin).filter(([edge]) => edge <= seen.to).slice(0, MOST);
    const rest = shown.length === MOST ? `, the first ${MOST}` : '';
    setText(this.edgesOf, chosen ? `Edges of ${chosen.title || chosen.name} in the span${rest}` : 'Choose a lane to see its edges');
    keyed(this.edges, shown, ([edge]) => String(edge), () => el('tr', {}, el('th', { scope: 'row' }), el('td')), (line, [edge, index]) => {
      setText(line.firstChild, clock.exact(edge));
      setText(line.lastChild, change(lane, index));
    });
  }
}

function change(lane, index) {
  const value = lane.edgeLevel[index];
  if (Number.isNaN(value)) return 'unknown from here';
  if (Number.isNaN(index > 0 ? lane.edgeLevel[index - 1] : lane.before)) return `first known: ${word(lane, value)}`;
  if (lane.kind !== 'digital') return `says ${word(lane, value)}`;
  return value ? 'rising' : 'falling';
}

function word(lane, value) {
  if (lane.words && lane.words[value] !== undefined) return lane.words[value];
  if (lane.kind === 'digital') return value ? 'high' : 'low';
  if (lane.kind === 'claim' && !lane.unit && (value === 0 || value === 1)) return value ? 'on' : 'off';
  return `${neat(value)} ${lane.unit}`.trim();
}

/// What a lane says at an instant, in a word or a number with its unit.
export function wordsAt(row, lane, instant) {
  if (instant < row.base || instant > row.to) return 'not asked yet';
  const { value, isKnown, isLost } = valueAt(lane, Number(instant - row.base));
  if (!isKnown) return isLost ? 'lost' : 'unknown';
  return word(lane, value);
}

/// What a lane did in a span, by offsets from its base.
function inSpan(lane, from, to) {
  if (lane.edgeAt) {
    let count = 0;
    const end = lastAtOrBefore(lane.edgeAt, to);
    for (let index = lastAtOrBefore(lane.edgeAt, from) + 1; index <= end; index += 1) {
      if (!Number.isNaN(index > 0 ? lane.edgeLevel[index - 1] : lane.before)) count += 1;
    }
    const name = lane.kind === 'claim' ? 'change' : 'edge';
    return count === 1 ? `1 ${name}` : `${count} ${name}s`;
  }
  let low = Infinity;
  let high = -Infinity;
  let changes = 0;
  for (let index = 0; index < lane.count; index += 1) {
    if (lane.until[index] < from || lane.at[index] > to) continue;
    if (lane.min[index] < low) low = lane.min[index];
    if (lane.max[index] > high) high = lane.max[index];
    changes += lane.changes[index];
  }
  if (lane.kind === 'digital') return `about ${changes} edges`;
  if (lane.kind === 'count') return `${changes} pulses`;
  return low <= high ? `${neat(low)} to ${neat(high)} ${lane.unit}` : 'nothing known';
}
