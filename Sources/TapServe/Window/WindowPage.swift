// swift-format-ignore-file

/// The files of the window, as they are served; the first is that of /. Made by scripts/make-page.
package enum WindowPage {
    package static let files: [(name: String, type: String, text: String)] = [
("page.html", "text/html; charset=utf-8", ####"""
<!DOCTYPE html>
<html lang="en" data-current="no">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="robots" content="noindex">
<title>not current - tap</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script type="module" src="page.js"></script>
</head>
<body>
<p id="mark" class="mark">NOT CURRENT</p>
<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false">
  <symbol id="shape-agree" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6" class="outline"/><path d="M4.8 8.3l2.2 2.2 4.2-4.6" class="outline"/></symbol>
  <symbol id="shape-disagree" viewBox="0 0 16 16"><path d="M8 .8L15.6 14.6H.4z" class="solid"/><path d="M8 5.4v4.2M8 11.4v1.5" class="cut"/></symbol>
  <symbol id="shape-unknown" viewBox="0 0 16 16"><path d="M8 .9L15.1 8 8 15.1.9 8z" class="outline dashes"/><path d="M6 6.6c0-2.6 4-2.6 4-.2C10 8 8 7.9 8 9.5M8 11v1" class="outline"/></symbol>
  <symbol id="shape-unchecked" viewBox="0 0 16 16"><rect x="1.8" y="1.8" width="12.4" height="12.4" class="outline dots"/></symbol>
  <symbol id="shape-notcurrent" viewBox="0 0 16 16"><rect x="1.6" y="1.6" width="12.8" height="12.8" class="outline"/><path d="M4.6 4.6l6.8 6.8M11.4 4.6l-6.8 6.8" class="outline"/></symbol>
  <symbol id="shape-current" viewBox="0 0 16 16"><circle cx="8" cy="8" r="4" class="solid"/></symbol>
</svg>
<a class="skip" href="#trust">To the verdict</a>
<header class="head">
  <div class="head-line">
    <strong id="site">tap</strong>
    <span id="verdict-now" class="pill" data-verdict="notcurrent"></span>
    <span id="provenance" class="provenance">provenance not known</span>
    <span id="now" class="now"></span>
    <span id="currency" class="currency">not current</span>
    <button id="theme" type="button" class="quiet">Light or dark</button>
  </div>
  <div id="excused" class="head-line excused" hidden></div>
</header>
<p id="announcer" class="unseen" role="status" aria-live="assertive" aria-atomic="true"></p>
<main>
  <noscript><p class="banner">Not live. This page shows values only with JavaScript. Without it, ask <code>tap watch</code> or <code>/api/state</code>.</p></noscript>
  <p id="lost" class="banner">Not current. Waiting for the first answer of the server.</p>
  <section id="trust" aria-labelledby="trust-name" tabindex="-1">
    <h1 id="trust-name">Can the screens be trusted?</h1>
    <div id="trust-line" class="trust-line"></div>
    <ul id="asset-lines" class="asset-lines"></ul>
  </section>
  <section id="incidents" aria-labelledby="incidents-name">
    <h2 id="incidents-name">Incidents</h2>
    <div id="incident-list"></div>
  </section>
  <section id="assets" aria-labelledby="assets-name">
    <h2 id="assets-name">Wires beside claims</h2>
    <div id="asset-list" class="asset-list"></div>
  </section>
  <section id="timeline" aria-labelledby="timeline-name">
    <h2 id="timeline-name">Timeline</h2>
    <div id="timeline-place"></div>
  </section>
  <section id="own" aria-labelledby="own-name">
    <h2 id="own-name">tap itself</h2>
    <div id="own-place"></div>
  </section>
</main>
<footer>
  <p>tap listens to the wires and sets nothing. What a claim says is shown as it was said, and may be a lie.</p>
</footer>
</body>
</html>

"""####),
("answer.js", "text/javascript; charset=utf-8", ####"""
// What the server answers of a span of the timeline, as arrays of offsets from one BigInt base: so a draw does plain
// arithmetic, and edges 1 ns apart stay apart.

export const LOST = 1;
const UNKNOWN = 2;

const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : NaN);

/// One lane's answer, made fit to be drawn; offsets in ns from `base`.
function packLane(lane, base) {
  const offset = (text) => Number(BigInt(text) - base);
  const buckets = lane.buckets || [];
  const count = buckets.length;
  const packed = {
    name: lane.name, kind: lane.kind, unit: lane.unit || '', of: lane.of || null, before: number(lane.before), count,
    at: new Float64Array(count), until: new Float64Array(count), min: new Float64Array(count), max: new Float64Array(count),
    first: new Float64Array(count), last: new Float64Array(count), changes: new Float64Array(count), marks: new Uint8Array(count),
    edgeAt: null, edgeLevel: null, exactEdges: null, words: lane.words || null, isCaptured: lane.captured !== false, most: 0, lowest: Infinity, highest: -Infinity, hasLoss: false, hasMark: false,
  };
  buckets.forEach((bucket, index) => {
    packed.at[index] = offset(bucket.at_ns);
    packed.until[index] = offset(bucket.until_ns);
    packed.min[index] = number(bucket.min);
    packed.max[index] = number(bucket.max);
    packed.first[index] = number(bucket.first);
    packed.last[index] = number(bucket.last);
    packed.changes[index] = Number(bucket.count) || 0;
    if (packed.changes[index] > packed.most) packed.most = packed.changes[index];
    packed.marks[index] = (bucket.lost ? LOST : 0) | (bucket.known === false ? UNKNOWN : 0);
    if (bucket.lost) packed.hasLoss = true;
    if (packed.marks[index]) packed.hasMark = true;
    if (packed.min[index] < packed.lowest) packed.lowest = packed.min[index];
    if (packed.max[index] > packed.highest) packed.highest = packed.max[index];
  });
  if (packed.before < packed.lowest) packed.lowest = packed.before;
  if (packed.before > packed.highest) packed.highest = packed.before;
  if (Array.isArray(lane.edges)) {
    packed.edgeAt = Float64Array.from(lane.edges, (edge) => offset(edge[0]));
    packed.edgeLevel = Float64Array.from(lane.edges, (edge) => number(edge[1]));
    packed.exactEdges = lane.edges.map((edge) => BigInt(edge[0]));
  }
  return packed;
}

/// The whole answer: signals in order, each with the claims that can be laid over it; others, in another unit or counters
/// of it, have a lane of their own below.
export function pack(answer, counters) {
  const base = BigInt(answer.from_ns);
  const to = BigInt(answer.to_ns);
  const lanes = answer.lanes.filter((lane) => lane.kind !== 'findings').map((lane) => packLane(lane, base));
  const rows = new Map();
  for (const lane of lanes) {
    const signal = lane.kind === 'claim' && lane.of ? rows.get(lane.of) : null;
    if (lane.kind !== 'claim') rows.set(lane.name, { name: lane.name, kind: lane.kind, lane, claims: [], base, to });
    else if (signal && signal.lane && signal.lane.unit === lane.unit && !(signal.kind === 'digital' && counters.has(lane.name))) signal.claims.push(lane);
    else rows.set(lane.name, { name: lane.name, kind: 'claim', lane: null, claims: [lane], base, to });
  }
  const findings = (answer.findings || []).map((finding) => ({
    rule: finding.rule, asset: finding.asset, severity: finding.severity, began: BigInt(finding.began_ns),
    ended: finding.ended_ns === null || finding.ended_ns === undefined ? null : BigInt(finding.ended_ns),
  }));
  return { base, to, rows, findings };
}

/// The value at an instant, by an offset: {value, isKnown, isLost}.
export function valueAt(lane, at) {
  let value = lane.kind === 'count' ? NaN : lane.before;
  for (let index = 0; index < lane.count && lane.at[index] <= at; index += 1) {
    const isIn = at < lane.until[index];
    if (isIn && lane.marks[index]) return { value: NaN, isKnown: false, isLost: (lane.marks[index] & LOST) !== 0 };
    if (lane.kind === 'analog') value = isIn ? lane.last[index] : NaN;
    else if (!Number.isNaN(lane.last[index])) value = lane.last[index];
    else if (lane.marks[index]) value = NaN;
  }
  if (lane.edgeAt) {
    const place = lastAtOrBefore(lane.edgeAt, at);
    if (place >= 0) value = lane.edgeLevel[place];
  }
  return { value, isKnown: !Number.isNaN(value), isLost: false };
}

/// Index of the last element that is not past `value`; -1: none.
export function lastAtOrBefore(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/// What held before a bucket.
export function lastKnown(lane, index) {
  for (let place = index - 1; place >= 0; place -= 1) {
    if (!Number.isNaN(lane.last[place])) return lane.last[place];
    if (lane.marks[place]) return NaN;
  }
  return lane.before;
}

/// Whether a claim is of something that is on or off.
export const isSwitch = (claim) => claim.unit === '' && claim.lowest >= 0 && claim.highest <= 1;

/// The range of a lane's axis: what is seen, with a little room; never less than two values that can be distinguished.
export function rangeOf(row) {
  let low = row.lane ? row.lane.lowest : Infinity;
  let high = row.lane ? row.lane.highest : -Infinity;
  for (const claim of row.claims) {
    low = Math.min(low, claim.lowest);
    high = Math.max(high, claim.highest);
  }
  if (!(low <= high)) return { low: 0, high: 1 };
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.005, 1e-9);
  return { low: low - room, high: high + room };
}

export function neat(value, range) {
  const size = range ? range.high - range.low : Math.abs(value);
  const digits = size > 0 ? Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size)))) : 2;
  return value.toFixed(digits);
}

"""####),
("dom.js", "text/javascript; charset=utf-8", ####"""
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

"""####),
("feed.js", "text/javascript; charset=utf-8", ####"""
// The model as it is now: by the event stream, and by polling wherever that brings nothing. One rule decides what may be
// shown: something was heard of the server within LIMIT. The clock of the device is not asked for any time that is shown.

export const LIMIT_MS = 1800;
/// What was lost is brought back only by what was held for less than this: an answer at the very limit would show its values for
/// a moment, and be lost again.
const FRESH_MS = 900;
const TICK_MS = 100;
const POLL_MS = 1000;
/// So long a stream may bring nothing at its start before polling begins beside it.
const PATIENCE_MS = 1000;
const FIRST_BEAT_MS = 3000;
/// So long the session's time may stand in a server that answers.
const STANDING_MS = 3000;

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/// Hands over whole events of a stream, as the standard describes them.
export class EventParser {
  constructor(handle) {
    this.handle = handle;
    this.rest = '';
    this.name = '';
    this.data = [];
  }

  push(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    // A server that never ends a line must not fill the memory.
    if (this.rest.length > 8000000) throw new Error('an event is longer than 8 MB');
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === '') {
      if (this.data.length) this.handle(this.name || 'message', this.data.join('\n'));
      this.name = '';
      this.data = [];
    } else if (line[0] !== ':') {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') this.name = value;
      if (field === 'data') this.data.push(value);
    }
  }
}

/// How old what comes is already: it may have been held by a process between.
const held = (answer) => (Number.isFinite(answer.held_ms) && answer.held_ms > 0 ? answer.held_ms : 0);

const isModel = (state) => Boolean(state && state.site && state.trust && Array.isArray(state.assets) && /^[0-9]+$/.test(state.now_ns));

export class Feed {
  /// onState(state, heardAt): a model, and since when it is counted (performance.now). onLost(why, heardAt): nothing that
  /// is shown is current any more. onBeat(beat): the session's time went on.
  constructor({ onState, onLost, onBeat }) {
    this.onState = onState;
    this.onLost = onLost;
    this.onBeat = onBeat;
    this.isCurrent = false;
    this.why = 'waiting for the first answer of the server';
    this.heardAt = -Infinity;
    this.streamAt = -Infinity;
    this.openedAt = null;
    this.sequence = null;
    this.behindSince = null;
    this.now = null;
    this.movedAt = -Infinity;
    this.mayStand = true;
    this.round = 0;
    this.stream = null;
    this.poll = null;
    this.wake = null;
    this.drift = Date.now() - performance.now();
  }

  start() {
    setInterval(() => this.tick(), TICK_MS);
    document.addEventListener('visibilitychange', () => (document.hidden ? this.leave() : this.comeBack()));
    document.addEventListener('freeze', () => this.leave());
    document.addEventListener('resume', () => this.comeBack());
    addEventListener('pagehide', () => this.leave());
    addEventListener('pageshow', (event) => { if (event.persisted) this.comeBack(); });
    addEventListener('online', () => this.comeBack());
    if (!document.hidden) this.comeBack();
  }

  /// Nobody looks: what is on the page is marked now, so that it is marked in the first picture when somebody looks again.
  leave() {
    this.lose('this page was not in view');
    this.round += 1;
    this.abort();
  }

  comeBack() {
    this.lose(this.why);
    this.round += 1;
    this.abort();
    this.drift = Date.now() - performance.now();
    const round = this.round;
    this.keepStream(round);
    this.keepPolling(round);
  }

  abort() {
    if (this.stream) this.stream.abort();
    if (this.poll) this.poll.abort();
    if (this.wake) this.wake();
  }

  lose(why) {
    this.why = why;
    this.isCurrent = false;
    this.onLost(why, this.heardAt);
  }

  tick() {
    if (document.hidden) return;
    const now = performance.now();
    // A machine that slept counts nothing in performance.now: only that both clocks went apart says so.
    const drift = Date.now() - now;
    const slept = Math.abs(drift - this.drift) > 1500;
    this.drift = drift;
    const paused = this.tickedAt !== undefined && now - this.tickedAt > LIMIT_MS;
    this.tickedAt = now;
    if (slept || paused) {
      this.why = 'this device was asleep';
      this.comeBack();
      return;
    }
    const silence = now - Math.max(this.streamAt, this.openedAt === null ? -Infinity : this.openedAt);
    // What a stalled connection still brings is old: it is ended, and a new one asked for.
    if (this.stream && this.openedAt !== null && silence > (this.streamAt > this.openedAt ? LIMIT_MS : FIRST_BEAT_MS)) {
      this.stream.abort();
    }
    if (this.isCurrent && now - this.heardAt > LIMIT_MS) this.lose('the server does not answer');
    if (this.isCurrent && !this.mayStand && now - this.movedAt > STANDING_MS) {
      this.lose("the server answers, but the session's time stands still");
    }
  }

  heard(at, nowNs) {
    this.heardAt = Math.max(this.heardAt, at);
    if (nowNs !== this.now) {
      this.now = nowNs;
      this.movedAt = performance.now();
    }
  }

  accept(state, cameAt) {
    if (!isModel(state)) {
      this.lose('the answer of the server is not understood');
      return;
    }
    const at = cameAt - held(state);
    this.sequence = state.sequence;
    this.behindSince = null;
    this.mayStand = state.ended === true || state.mode !== 'live';
    this.heard(at, state.now_ns);
    if (!this.mayStand && state.behind_ms > LIMIT_MS) {
      this.lose('the server answers, but the watch behind it does not');
      return;
    }
    if (performance.now() - at > LIMIT_MS || (!this.isCurrent && held(state) > FRESH_MS)) {
      this.lose('the server answers, but the process behind it does not');
      return;
    }
    if (!this.mayStand && performance.now() - this.movedAt > STANDING_MS) return;
    this.isCurrent = true;
    try {
      this.onState(state, at);
    } catch (error) {
      this.lose('the answer of the server is not understood');
      throw error;
    }
  }

  async keepStream(round) {
    let wait = 250;
    while (round === this.round) {
      const began = performance.now();
      const why = await this.listen(round);
      if (round !== this.round) return;
      const lasted = this.streamAt > began;
      this.streamAt = -Infinity;
      if (!this.isCurrent) this.why = why;
      wait = lasted ? 250 : Math.min(wait * 2, this.isCurrent ? 15000 : 2000);
      await Promise.race([sleep(wait * (0.75 + Math.random() / 2)), new Promise((done) => { this.wake = done; })]);
    }
  }

  /// One stream, to its end; says why it ended.
  async listen(round) {
    const control = new AbortController();
    this.stream = control;
    this.openedAt = performance.now();
    const isMine = () => round === this.round && this.stream === control;
    try {
      const response = await fetch('api/events', {
        headers: { Accept: 'text/event-stream' }, cache: 'no-store', credentials: 'same-origin', signal: control.signal,
      });
      const type = response.headers.get('Content-Type') || '';
      if (!response.ok || !type.startsWith('text/event-stream')) {
        control.abort();
        return response.ok ? 'something else than the server answers' : `the server answers with ${response.status}`;
      }
      const parser = new EventParser((name, data) => { if (isMine()) this.event(name, data); });
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'the server ended the connection';
        if (!isMine()) return 'a newer connection took over';
        parser.push(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      return control.signal.aborted ? 'the server does not answer' : 'the server cannot be reached';
    } finally {
      control.abort();
      if (this.stream === control) {
        this.stream = null;
        this.openedAt = null;
      }
    }
  }

  event(name, data) {
    const at = performance.now();
    // What was on its way for so long may be of before.
    if (this.openedAt !== null && this.streamAt > this.openedAt && at - this.streamAt > LIMIT_MS) {
      this.stream.abort();
      return;
    }
    if (name === 'state') {
      this.streamAt = at;
      this.accept(JSON.parse(data), at);
    } else if (name === 'beat') {
      const beat = JSON.parse(data);
      this.streamAt = at;
      // Behind a beat with another number, a model is on its way.
      if (beat.sequence === this.sequence) this.behindSince = null;
      else if (this.behindSince === null) this.behindSince = at;
      if (this.behindSince === null || at - this.behindSince < PATIENCE_MS) {
        if (this.isCurrent) this.heard(at - held(beat), beat.now_ns);
      }
      if (this.isCurrent && this.onBeat) this.onBeat(beat);
    }
  }

  async keepPolling(round) {
    while (round === this.round) {
      const asked = performance.now();
      const isServed = this.isCurrent && asked - this.streamAt < PATIENCE_MS + 250 && this.behindSince === null;
      if (isServed) {
        await sleep(TICK_MS);
        continue;
      }
      await this.ask(round, asked);
      await sleep(Math.max(TICK_MS, POLL_MS - (performance.now() - asked)));
    }
  }

  /// An answer is as old as its question: a slow one is not current.
  async ask(round, asked) {
    const control = new AbortController();
    this.poll = control;
    const limit = setTimeout(() => control.abort(), LIMIT_MS);
    try {
      const response = await fetch('api/state', { cache: 'no-store', credentials: 'same-origin', signal: control.signal });
      const type = response.headers.get('Content-Type') || '';
      if (!response.ok) {
        const { error } = await response.json().catch(() => ({}));
        throw new Error(typeof error === 'string' ? error : `the server answers with ${response.status}`);
      }
      if (!type.startsWith('application/json')) throw new Error('something else than the server answers');
      const state = await response.json();
      const isNewer = round === this.round && !(this.isCurrent && this.streamAt > asked && this.behindSince === null);
      if (isNewer) this.accept(state, asked);
    } catch (error) {
      // Neither by stream nor by question: that is known now, there is nothing to wait for.
      if (round === this.round && !control.signal.aborted && performance.now() - this.streamAt > PATIENCE_MS) {
        this.lose(error instanceof TypeError ? 'the server cannot be reached' : error.message);
      }
    } finally {
      clearTimeout(limit);
    }
  }
}

"""####),
("incidents.js", "text/javascript; charset=utf-8", ####"""
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

"""####),
("lanes.js", "text/javascript; charset=utf-8", ####"""
// Lanes on a canvas. Only those in sight are drawn.

import { LOST, isSwitch, lastAtOrBefore, lastKnown, neat, rangeOf } from './answer.js';
import { safe } from './dom.js';
import { digitsFor, ticks } from './time.js';

export const HEIGHTS = { findings: 22, digital: 30, count: 30, analog: 72, claim: 30 };

/// Colours and fonts, from the page's style.
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue('--' + name).trim();
  const colours = { font: style.fontFamily };
  for (const name of ['ink', 'soft', 'line', 'panel', 'ground', 'wire', 'wire-soft', 'claim', 'disagree', 'unknown', 'hatch', 'cursor', 'low']) colours[name] = read(name);
  return colours;
}

/// Diagonal lines, for what was lost; the other direction for what is not decided yet or not kept.
function hatching(context, colour, isFalling) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const pen = tile.getContext('2d');
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  pen.beginPath();
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, isFalling ? 0 : 8);
    pen.lineTo(shift + 8, isFalling ? 8 : 0);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat');
}

export class LanePainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.fits = new Map();
    this.recolour();
  }

  recolour() {
    this.colours = palette();
    this.lostHatch = hatching(this.context, this.colours.hatch, false);
    this.outsideHatch = hatching(this.context, this.colours.line, true);
  }

  /// The size on the page, in CSS pixels; true if it changed.
  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.max(1, Math.round(width * ratio));
    const high = Math.max(1, Math.round(height * ratio));
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    if (this.canvas.width === wide && this.canvas.height === high) return false;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    return true;
  }

  /// scene: {data, rows: [{row, y, height}] in sight, from, to (BigInt), gutter, top, clock, cursor, selected, kept: [from, to], judged, now}
  draw(scene) {
    const { context: pen, colours } = this;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    pen.font = `12px ${colours.font}`;
    pen.textBaseline = 'middle';
    const left = scene.gutter;
    const wide = this.width - left;
    const span = Number(scene.to - scene.from);
    const perNs = wide / span;
    const scale = { left, wide, perNs, x: null };
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, wide, this.height);
    pen.clip();
    this.grid(scene, left, wide, span);
    // Under the lanes: an edge on which it stands is seen.
    if (scene.cursor !== null) this.cursor(scene, left, wide, span);
    for (const place of scene.rows) this.lane(place, scene, scale);
    this.outside(scene, scale, span);
    pen.restore();
    for (const place of scene.rows) this.label(place, scene, scale);
    this.axis(scene, left, wide, span);
    if (scene.cursor !== null) this.cursorMark(scene, left, wide, span);
  }

  grid(scene, left, wide, span) {
    const { context: pen, colours } = this;
    this.ticks = ticks(scene.from, scene.to, Math.max(2, wide / 110), scene.clock);
    pen.strokeStyle = colours.line;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const tick of this.ticks.ticks) {
      const x = Math.round(left + (Number(tick - scene.from) * wide) / span) + 0.5;
      pen.moveTo(x, scene.top - 6);
      pen.lineTo(x, this.height);
    }
    pen.stroke();
  }

  axis(scene, left, wide, span) {
    const { context: pen, colours } = this;
    pen.fillStyle = colours.ground;
    pen.fillRect(0, 0, this.width, scene.top - 6);
    pen.fillStyle = colours.soft;
    pen.textAlign = 'center';
    const digits = digitsFor(this.ticks.step);
    for (const tick of this.ticks.ticks) {
      const x = left + (Number(tick - scene.from) * wide) / span;
      // Past milliseconds the digits that change are what matters; the frame above says the whole time.
      const text = scene.clock.text(tick, digits, false);
      const word = digits > 3 ? '\u2026' + text.slice(text.indexOf('.') - 2) : text;
      const half = pen.measureText(word).width / 2;
      if (x - half < left - 10 || x + half > this.width) continue;
      pen.fillText(word, x, (scene.top - 6) / 2);
    }
  }

  lane(place, scene, scale) {
    const { context: pen, colours } = this;
    const { row, y, height } = place;
    pen.fillStyle = row.name === scene.selected ? colours.low : 'transparent';
    if (row.name === scene.selected) pen.fillRect(scale.left, y, scale.wide, height);
    pen.fillStyle = colours.line;
    pen.fillRect(0, y + height - 1, this.width, 1);
    if (row.kind === 'findings') this.findings(row, y, height, scene, scale);
    const found = scene.data && scene.data.rows.get(row.name);
    if (!found) {
      // An empty lane would say that nothing was there.
      pen.textAlign = 'left';
      pen.fillStyle = colours.soft;
      if (row.kind !== 'findings') pen.fillText('waiting for the server', scale.left + 8, y + height / 2);
      return;
    }
    const shift = Number(found.base - scene.from);
    scale.x = (offset) => scale.left + (offset + shift) * scale.perNs;
    const bounds = { y, top: y + (height > 40 ? 16 : 7), bottom: y + height - 7 };
    const range = found.kind === 'analog' || (found.kind === 'claim' && !isSwitch(found.claims[0])) ? rangeOf(found) : { low: 0, high: 1 };
    place.range = range;
    const level = (value) => bounds.bottom - ((value - range.low) / (range.high - range.low)) * (bounds.bottom - bounds.top);
    if (found.lane) {
      if (found.lane.kind === 'count') this.counts(found.lane, bounds, scale);
      else if (found.lane.kind === 'analog') this.analog(found.lane, level, scale);
      else this.steps(found.lane, level, scale, found, colours.wire, colours['wire-soft'], 1.5, []);
      this.marks(found.lane, y, height - 1, scale, row.name === scene.selected ? colours.low : colours.ground);
    }
    // Beside its wire a claim is drawn dashed, and a little lower, so that one does not cover the other.
    for (const claim of found.claims) {
      if (found.kind === 'digital' && !isSwitch(claim) && claim.lowest <= claim.highest) continue;
      this.steps(claim, (value) => level(value) + (found.lane ? 2.5 : 0), scale, found, colours.claim, null, 1.5, [5, 3]);
      if (claim.hasMark) this.marks(claim, found.lane ? y + height - 7 : y, found.lane ? 6 : height - 1, scale, 'transparent');
    }
  }

  /// A line of levels: exact edges where there are any, else buckets. Where it changes more often than pixels can show, a
  /// block from the lowest to the highest, so that no pulse is hidden.
  steps(lane, level, scale, row, colour, fill, width, dashes) {
    const pen = this.context;
    const right = scale.left + scale.wide;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dashes);
    pen.beginPath();
    const blocks = lane.edgeAt ? this.edges(lane, level, scale, row) : this.buckets(lane, level, scale, row);
    pen.stroke();
    if (dashes.length) pen.setLineDash([]);
    pen.fillStyle = fill || colour;
    for (let index = 0; index < blocks.length; index += 4) {
      const from = Math.max(scale.left, blocks[index]);
      const top = level(blocks[index + 3]);
      pen.fillRect(from, top, Math.min(right, blocks[index + 1]) - from, Math.max(1.5, level(blocks[index + 2]) - top));
    }
  }

  /// Its path; gives blocks as from, to, lowest, highest.
  edges(lane, level, scale, row) {
    const pen = this.context;
    const { left, x } = scale;
    const right = Math.min(left + scale.wide, x(Number(row.to - row.base)));
    const { edgeAt, edgeLevel } = lane;
    const blocks = [];
    let index = lastAtOrBefore(edgeAt, (left - x(0)) / scale.perNs) + 1;
    let value = index > 0 ? edgeLevel[index - 1] : lane.before;
    if (!Number.isNaN(value)) pen.moveTo(Math.max(left, x(0)), level(value));
    for (; index < edgeAt.length; index += 1) {
      const at = x(edgeAt[index]);
      if (at > right) break;
      let last = index;
      let end = at;
      while (last + 1 < edgeAt.length && x(edgeAt[last + 1]) - end < 1) {
        last += 1;
        end = x(edgeAt[last]);
      }
      if (last - index > 1) {
        let lowest = Number.isNaN(value) ? Infinity : value;
        let highest = Number.isNaN(value) ? -Infinity : value;
        for (let place = index; place <= last; place += 1) {
          if (edgeLevel[place] < lowest) lowest = edgeLevel[place];
          if (edgeLevel[place] > highest) highest = edgeLevel[place];
        }
        if (!Number.isNaN(value)) pen.lineTo(at, level(value));
        blocks.push(at, Math.max(end, at + 1), lowest, highest);
        index = last;
        value = edgeLevel[last];
        if (!Number.isNaN(value)) pen.moveTo(end, level(value));
        continue;
      }
      const next = edgeLevel[index];
      // What becomes known is no edge. An edge without the one before it is: the level between the two is not known.
      if (!Number.isNaN(value) && value !== next) pen.lineTo(at, level(value));
      else if (value === next && lane.kind === 'digital') pen.moveTo(at, level(1 - next));
      else if (!Number.isNaN(next)) pen.moveTo(at, level(next));
      if (!Number.isNaN(next)) pen.lineTo(at, level(next));
      value = next;
    }
    if (!Number.isNaN(value)) pen.lineTo(right, level(value));
    return blocks;
  }

  buckets(lane, level, scale, row) {
    const pen = this.context;
    const { left, x } = scale;
    const right = Math.min(left + scale.wide, x(Number(row.to - row.base)));
    const blocks = [];
    let index = Math.max(0, lastAtOrBefore(lane.at, (left - x(0)) / scale.perNs));
    let value = index > 0 ? lastKnown(lane, index) : lane.before;
    if (!Number.isNaN(value)) pen.moveTo(Math.max(left, x(0)), level(value));
    const step = (next, at) => {
      if (next === value) return;
      if (!Number.isNaN(value)) pen.lineTo(at, level(value));
      if (!Number.isNaN(next)) {
        if (Number.isNaN(value)) pen.moveTo(at, level(next));
        else pen.lineTo(at, level(next));
      }
      value = next;
    };
    for (; index < lane.count; index += 1) {
      const from = x(lane.at[index]);
      if (from > right) break;
      if (Number.isNaN(lane.min[index])) {
        if (lane.marks[index]) step(NaN, from);
        continue;
      }
      if (lane.changes[index] > 1 && lane.min[index] !== lane.max[index]) {
        const to = Math.max(x(lane.until[index]), from + 1);
        const block = blocks.length - 4;
        if (block >= 0 && from - blocks[block + 1] < 0.5 && blocks[block + 2] === lane.min[index] && blocks[block + 3] === lane.max[index]) {
          blocks[block + 1] = to;
        } else {
          if (!Number.isNaN(value)) pen.lineTo(from, level(value));
          blocks.push(from, to, lane.min[index], lane.max[index]);
        }
        value = lane.last[index];
        if (!Number.isNaN(value)) pen.moveTo(to, level(value));
      } else {
        step(lane.last[index], from);
      }
    }
    if (!Number.isNaN(value)) pen.lineTo(right, level(value));
    return blocks;
  }

  analog(lane, level, scale) {
    const { context: pen, colours } = this;
    const { left, x } = scale;
    const right = left + scale.wide;
    pen.fillStyle = colours['wire-soft'];
    pen.strokeStyle = colours.wire;
    pen.lineWidth = 1.4;
    pen.beginPath();
    let isDown = false;
    let end = 0;
    for (let index = 0; index < lane.count; index += 1) {
      const from = x(lane.at[index]);
      const to = x(lane.until[index]);
      if (to < left || from > right) continue;
      if (Number.isNaN(lane.min[index])) {
        isDown = false;
        continue;
      }
      const low = level(lane.min[index]);
      const high = level(lane.max[index]);
      if (low - high > 1) pen.fillRect(from, high, Math.max(1, to - from), low - high);
      const middle = (from + to) / 2;
      const y = level((lane.first[index] + lane.last[index]) / 2);
      // Over a bucket without a sample no line is drawn.
      if (isDown && from - end < 2.5 * Math.max(1, to - from)) pen.lineTo(middle, y);
      else pen.moveTo(from, y);
      if (!isDown || lane.count === 1) pen.lineTo(to, y);
      isDown = true;
      end = to;
    }
    pen.stroke();
  }

  /// How many pulses in each bucket: bars.
  counts(lane, bounds, scale) {
    const { context: pen, colours } = this;
    pen.fillStyle = colours.wire;
    for (let index = 0; index < lane.count; index += 1) {
      const high = lane.most ? (lane.changes[index] / lane.most) * (bounds.bottom - bounds.top) : 0;
      const from = scale.x(lane.at[index]);
      if (high > 0) pen.fillRect(from, bounds.bottom - high, Math.max(1, scale.x(lane.until[index]) - from), high);
    }
    pen.fillRect(scale.left, bounds.bottom, scale.wide, 1);
  }

  /// Hatched: lost. Dots in the middle of the lane: nothing is known here. Neither leaves a line of what was before.
  marks(lane, y, height, scale, ground) {
    if (!lane.hasMark) return;
    const { context: pen, colours } = this;
    for (let index = 0; index < lane.count; index += 1) {
      const mark = lane.marks[index];
      if (!mark) continue;
      let last = index;
      while (last + 1 < lane.count && lane.marks[last + 1] === mark && lane.at[last + 1] <= lane.until[last]) last += 1;
      const from = scale.x(lane.at[index]);
      // However short, it is seen.
      const wide = Math.max(3, scale.x(lane.until[last]) - from);
      index = last;
      if (from > scale.left + scale.wide || from + wide < scale.left) continue;
      const isWhole = Number.isNaN(lane.min[index]);
      pen.fillStyle = ground;
      if (isWhole) pen.fillRect(from, y + 1, wide, height - 2);
      if (mark & LOST) {
        pen.fillStyle = this.lostHatch;
        pen.fillRect(from, y + 1, wide, height - 2);
        pen.fillStyle = colours.hatch;
        pen.fillRect(from, y + 1, 1, height - 2);
        pen.fillRect(from + wide - 1, y + 1, 1, height - 2);
      } else {
        pen.fillStyle = colours.unknown;
        const end = Math.min(from + wide, scale.left + scale.wide);
        for (let dot = Math.ceil(Math.max(from, scale.left) / 6) * 6; dot < end; dot += 6) pen.fillRect(dot, y + height / 2 - 1, 2, 2);
      }
    }
  }

  findings(row, y, height, scene, scale) {
    const { context: pen, colours } = this;
    pen.font = `11px ${colours.font}`;
    pen.textAlign = 'left';
    // Before this session nobody knows here what was found.
    const begin = scene.judged !== null && scene.judged > scene.from ? Math.min(scale.wide, Number(scene.judged - scene.from) * scale.perNs) : 0;
    pen.fillStyle = this.outsideHatch;
    pen.fillRect(scale.left, y, begin, height - 1);
    for (const place of row.placed || []) {
      const { finding, line } = place;
      const end = finding.ended === null ? scene.now : finding.ended;
      const from = Math.max(scale.left - 2, scale.left + Number(finding.began - scene.from) * scale.perNs);
      const to = Math.min(scale.left + scale.wide + 2, scale.left + Number(end - scene.from) * scale.perNs);
      if (to < scale.left || from > scale.left + scale.wide) continue;
      const wide = Math.max(3, to - from);
      const top = y + 3 + line * 18;
      pen.fillStyle = colours.ground;
      pen.fillRect(from, top, wide, 15);
      pen.fillStyle = finding.severity === 'high' ? colours.disagree : colours.unknown;
      pen.fillRect(from, top, 4, 15);
      pen.strokeStyle = pen.fillStyle;
      pen.lineWidth = 1;
      pen.strokeRect(from + 0.5, top + 0.5, wide - 1, 14);
      pen.fillStyle = colours.ink;
      const shown = Math.max(from, scale.left) + 8;
      const room = to - shown - 4;
      if (room > 24) pen.fillText(this.fitted(safe(finding.rule, 80), room), shown, top + 8);
    }
    pen.font = `12px ${colours.font}`;
  }

  /// What memory does not reach, and what is not decided yet.
  outside(scene, scale, span) {
    const pen = this.context;
    const x = (instant) => scale.left + (Number(instant - scene.from) * scale.wide) / span;
    pen.fillStyle = this.outsideHatch;
    if (scene.kept[0] !== null && scene.kept[0] > scene.from) pen.fillRect(scale.left, 0, x(scene.kept[0]) - scale.left, this.height);
    if (scene.now !== null && scene.now < scene.to) {
      const from = Math.max(scale.left, x(scene.now));
      pen.fillRect(from, 0, scale.left + scale.wide - from, this.height);
    }
  }

  label(place, scene, scale) {
    const { context: pen, colours } = this;
    const { row, y, height, range } = place;
    const isNarrow = scene.gutter < 60;
    pen.textAlign = 'left';
    if (!isNarrow) {
      pen.fillStyle = row.name === scene.selected ? colours.low : colours.ground;
      pen.fillRect(0, y, scene.gutter, height - 1);
    }
    const found = scene.data && scene.data.rows.get(row.name);
    pen.font = `${row.name === scene.selected ? 'bold ' : ''}12px ${colours.font}`;
    const isMissing = found && found.lane && !found.lane.isCaptured;
    const name = safe(row.title || row.name, 60) + (isMissing ? ' (not captured)' : '');
    const room = isNarrow ? 200 : scene.gutter - 14;
    const at = isNarrow ? scene.gutter + 4 : 8;
    const middle = height > 40 ? y + 12 : y + height / 2;
    const word = this.fitted(name, room);
    const lineY = isNarrow ? y + 8 : middle;
    if (isNarrow) {
      pen.font = `10px ${colours.font}`;
      pen.fillStyle = colours.ground;
      pen.globalAlpha = 0.75;
      pen.fillRect(at - 2, lineY - 6, pen.measureText(word).width + 4, 12);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = row.name === scene.selected ? colours.ink : colours.soft;
    pen.fillText(word, at, lineY);
    if (found && range && height > 40 && !isNarrow) {
      pen.font = `10px ${colours.font}`;
      pen.fillStyle = colours.soft;
      pen.textAlign = 'right';
      const unit = (found.lane || found.claims[0]).unit;
      pen.fillText(`${neat(range.high, range)} ${safe(unit, 8)}`, scene.gutter - 6, y + 30);
      pen.fillText(`${neat(range.low, range)} ${safe(unit, 8)}`, scene.gutter - 6, y + height - 10);
      if (found.claims.length) {
        pen.textAlign = 'left';
        pen.fillStyle = colours.claim;
        pen.fillText('- - claim', 8, y + height - 10);
      }
    } else if (found && found.lane && found.claims.length && !isNarrow) {
      pen.fillStyle = colours.claim;
      pen.textAlign = 'right';
      pen.font = `10px ${colours.font}`;
      pen.fillText('- -', scene.gutter - 6, middle);
    }
    pen.font = `12px ${colours.font}`;
  }

  /// As much of a text as there is room for, in the font that is set.
  fitted(text, room) {
    const { context: pen } = this;
    const key = `${pen.font}|${Math.round(room)}|${text}`;
    const known = this.fits.get(key);
    if (known !== undefined) return known;
    let length = text.length;
    const word = () => (length === text.length ? text : text.slice(0, length) + '\u2026');
    while (length > 1 && pen.measureText(word()).width > room) length -= 1;
    if (this.fits.size > 2000) this.fits.clear();
    this.fits.set(key, word());
    return word();
  }

  cursor(scene, left, wide, span) {
    const x = Math.round(left + (Number(scene.cursor - scene.from) * wide) / span) + 0.5;
    if (x < left || x > this.width) return;
    const { context: pen, colours } = this;
    pen.strokeStyle = colours.cursor;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, scene.top - 8);
    pen.lineTo(x, this.height);
    pen.stroke();
  }

  cursorMark(scene, left, wide, span) {
    const x = Math.round(left + (Number(scene.cursor - scene.from) * wide) / span) + 0.5;
    if (x < left || x > this.width) return;
    const { context: pen, colours } = this;
    pen.fillStyle = colours.cursor;
    pen.beginPath();
    pen.moveTo(x - 5, scene.top - 14);
    pen.lineTo(x + 5, scene.top - 14);
    pen.lineTo(x, scene.top - 6);
    pen.fill();
  }
}

"""####),
("page.css", "text/css; charset=utf-8", ####"""
/* Calm where all is well: grey. Colour is for what differs, and never says it alone: a word and a shape do as well.
   Wires are blue-green, claims violet, everywhere. */

:root {
  color-scheme: light;
  --ground: #f4f5f3; --panel: #ffffff; --ink: #14191d; --soft: #515b63; --line: #d5dad8; --low: #e9edeb;
  --wire: #00646f; --wire-soft: #8cc3c7; --claim: #6a3a9c; --disagree: #b0180f; --disagree-ground: #fdeae7;
  --unknown: #7a4e00; --unknown-ground: #fbf1dc; --notcurrent: #3d4a8a; --notcurrent-ground: #e9ebf7; --hatch: #9a5a00; --cursor: #b0180f;
  font: 16px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    color-scheme: dark;
    --ground: #0d1114; --panel: #141a1e; --ink: #e4e8ea; --soft: #9aa6ae; --line: #273038; --low: #1b2329;
    --wire: #62c6cf; --wire-soft: #2d6f76; --claim: #c5a1f2; --disagree: #ff8074; --disagree-ground: #2d1513;
    --unknown: #e8b65a; --unknown-ground: #292010; --notcurrent: #a9b5ff; --notcurrent-ground: #1a1f38; --hatch: #d99a3c; --cursor: #ff8074;
  }
}
:root[data-theme="dark"] {
  color-scheme: dark;
  --ground: #0d1114; --panel: #141a1e; --ink: #e4e8ea; --soft: #9aa6ae; --line: #273038; --low: #1b2329;
  --wire: #62c6cf; --wire-soft: #2d6f76; --claim: #c5a1f2; --disagree: #ff8074; --disagree-ground: #2d1513;
  --unknown: #e8b65a; --unknown-ground: #292010; --notcurrent: #a9b5ff; --notcurrent-ground: #1a1f38; --hatch: #d99a3c; --cursor: #ff8074;
}

* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
[hidden] { display: none !important; }
h1, h2, h3, p, ul, ol, dl, dd, table { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1, h2 { font-size: .8125rem; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; color: var(--soft); }
h3 { font-size: 1.0625rem; font-weight: 600; }
a { color: inherit; text-underline-offset: .2em; text-decoration-color: var(--line); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 3px solid var(--wire); outline-offset: 2px; border-radius: 2px; }
button, select, input {
  font: inherit; font-size: .875rem; color: var(--ink); background: var(--low); border: 1px solid var(--line); border-radius: 4px;
  padding: .3rem .6rem; min-height: 2.25rem;
}
button { cursor: pointer; }
button:hover, select:hover { border-color: var(--soft); }
.quiet { background: none; border-color: transparent; color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; z-index: 3; background: var(--panel); padding: .5rem 1rem; }
.skip:focus { left: .5rem; top: .5rem; }

.shapes { position: absolute; }
.shape { width: 1em; height: 1em; vertical-align: -.12em; flex: none; }
.outline { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.solid { fill: currentColor; }
.cut { fill: none; stroke: var(--ground); stroke-width: 1.7; stroke-linecap: round; }
.dashes { stroke-dasharray: 3 2.2; }
.dots { stroke-dasharray: .1 2.6; }

.verdict, .pill { display: inline-flex; align-items: center; gap: .4em; white-space: nowrap; }
.verdict[data-verdict="agree"], .verdict[data-verdict="unchecked"] { color: var(--soft); }
[data-verdict="disagree"] > .verdict, .verdict[data-verdict="disagree"] { color: var(--disagree); font-weight: 650; }
.verdict[data-verdict="unknown"] { color: var(--unknown); font-weight: 600; }
.verdict[data-verdict="notcurrent"] { color: var(--notcurrent); font-weight: 600; }
.verdict.small { font-size: .8125rem; }
.since, .zone, .age, .trend, .tag, .note, .cover { color: var(--soft); }

/* What stands over every view */
.head { position: sticky; top: 0; z-index: 2; background: var(--panel); border-bottom: 1px solid var(--line); padding: .5rem max(1rem, calc((100% - 88rem) / 2)); }
.head-line { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; }
.head .pill { padding: .1rem .6rem; border-radius: 1rem; border: 1.5px solid currentColor; font-weight: 600; font-size: .875rem; }
.pill[data-verdict="agree"], .pill[data-verdict="unchecked"] { color: var(--soft); }
.pill[data-verdict="disagree"] { color: var(--disagree); background: var(--disagree-ground); }
.pill[data-verdict="unknown"] { color: var(--unknown); background: var(--unknown-ground); }
.pill[data-verdict="notcurrent"] { color: var(--notcurrent); background: var(--notcurrent-ground); }
.provenance { font-size: .8125rem; font-weight: 650; letter-spacing: .03em; padding: .05rem .5rem; border: 1.5px dashed var(--unknown); color: var(--unknown); }
.provenance[data-real="yes"] { border: 1px solid var(--line); color: var(--soft); font-weight: 500; }
.now { color: var(--soft); font-size: .875rem; }
.currency { font-size: .875rem; font-weight: 600; color: var(--notcurrent); }
.currency[data-live="yes"] { color: var(--wire); }
.currency[data-live="yes"]::before { content: ""; display: inline-block; width: .5em; height: .5em; margin-right: .4em; border-radius: 50%; background: currentColor; vertical-align: .08em; }
#theme { margin-left: auto; }
.excused { color: var(--unknown); font-size: .875rem; padding-top: .15rem; }
.banner { background: var(--notcurrent-ground); color: var(--notcurrent); border-left: 6px solid currentColor; padding: .75rem 1.25rem; margin-top: 1rem; border-radius: 4px; font-weight: 600; }

main, footer { max-width: 88rem; margin: 0 auto; padding: 0 1rem; }
section { margin: 1.75rem 0 0; min-width: 0; }
section > h1, section > h2 { margin-bottom: .5rem; }
footer { color: var(--soft); font-size: .8125rem; padding: 2rem 1rem; }
.mark { display: none; }

/* Can the screens be trusted? */
#trust { outline-offset: 6px; }
.trust-body { background: var(--panel); border: 1px solid var(--line); border-left: 6px solid var(--line); padding: 1rem 1.25rem; border-radius: 4px; }
.trust-body[data-verdict="disagree"] { background: var(--disagree-ground); border-left-color: var(--disagree); }
.trust-body[data-verdict="unknown"] { background: var(--unknown-ground); border-left: 6px dashed var(--unknown); }
.trust-body[data-verdict="unchecked"] { border-left-style: dotted; }
.trust-body[data-verdict="notcurrent"] { background: var(--notcurrent-ground); border-left: 6px double var(--notcurrent); }
.answer { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; font-size: 1.125rem; }
.verdict.huge { font-size: clamp(1.5rem, 5vw, 2.25rem); font-weight: 650; line-height: 1.2; }
.verdict.huge[data-verdict="agree"] { color: var(--ink); font-weight: 500; }
.trust-body .why { margin: .4rem 0; font-size: 1.0625rem; }
.cover { font-size: .875rem; }
.asset-lines { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 0 2rem; margin-top: .5rem; }
.asset-lines li { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 .75rem; align-content: start; align-items: baseline; padding: .35rem 0; border-bottom: 1px solid var(--line); font-size: .9375rem; }
.asset-lines .verdict { font-size: .875rem; }
.asset-lines .since, .asset-lines .why { grid-column: 2; font-size: .875rem; color: var(--soft); }
.asset-lines .why:empty, .since:empty, .trend:empty, .age:empty, .note:empty, .zone:empty, .why:empty { display: none; }

/* Incidents */
.none { color: var(--soft); }
.incidents { display: grid; gap: 1rem; }
.incident { background: var(--panel); border: 1px solid var(--line); border-left: 6px solid var(--unknown); border-radius: 4px; padding: 1rem 1.25rem; }
.incident[data-severity="high"][data-open="yes"] { border-left-color: var(--disagree); }
.incident[data-open="no"] { border-left: 6px dotted var(--line); }
.incident-head { color: var(--soft); font-size: .875rem; }
.incident h3 { font-size: 1.25rem; margin: .1rem 0 .25rem; }
.severity { font-weight: 700; color: var(--unknown); }
[data-severity="high"] .severity { color: var(--disagree); }
.so { font-size: 1.125rem; font-weight: 600; margin-bottom: .5rem; }
.marks { color: var(--notcurrent); font-size: .875rem; font-weight: 600; }
.marks:empty { display: none; }
.block > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .1rem 1rem; padding: .2rem 0; }
.block dt { color: var(--soft); }
.block dd { max-width: 46rem; }
.actions { margin: .6rem 0 .4rem; }
.token, .say { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; margin: .4rem 0; }
.token label, .say label { color: var(--soft); font-size: .9375rem; }
.token input { flex: 0 1 20rem; min-width: 0; }
.say input { flex: 1 1 14rem; min-width: 0; }
.said { flex-basis: 100%; font-size: .9375rem; font-weight: 600; color: var(--unknown); }
.said[data-done="yes"] { color: var(--wire); }
.said:empty { display: none; }
.tokens { margin-bottom: .75rem; }
.events { overflow-x: auto; }
.events table { border-collapse: collapse; font-size: .875rem; }
.events th, .events td { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; border-bottom: 1px solid var(--line); }
.events th { font-weight: 500; }
summary { cursor: pointer; color: var(--soft); padding: .3rem 0; font-size: .9375rem; }

/* Wires beside claims */
.asset-list { columns: 2; column-gap: 1rem; }
.asset { break-inside: avoid; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .85rem 1rem; margin-bottom: 1rem; }
.asset[data-verdict="disagree"] { border-color: var(--disagree); }
.asset[data-verdict="unknown"] { border: 1px dashed var(--unknown); }
.asset-head { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.zone { font-size: .8125rem; }
.asset-verdict { font-size: .9375rem; }
.asset .why { font-size: .875rem; color: var(--soft); }
.outlook { font-weight: 600; }
table.values { width: 100%; border-collapse: collapse; margin-top: .5rem; font-size: .9375rem; table-layout: fixed; }
.values th, .values td { text-align: left; vertical-align: top; padding: .3rem .5rem .3rem 0; border-top: 1px solid var(--line); font-weight: 400; }
.values thead th { border: 0; font-size: .8125rem; color: var(--soft); padding-bottom: .1rem; }
.values thead .of-wire, .events thead .of-wire { color: var(--wire); }
.values thead .of-claim, .events thead .of-claim { color: var(--claim); }
.values th[scope="row"] { width: 26%; }
.signal { font-weight: 550; }
.tag { display: block; font-size: .8125rem; }
.note { display: block; font-size: .8125rem; }
.value { font-weight: 600; }
.of-wire .value { color: var(--wire); }
.of-claim .value { color: var(--claim); }
[data-state="none"] .value, [data-state="notcurrent"] .value { color: var(--soft); font-weight: 400; }
[data-state="unknown"] .value, [data-state="lost"] .value, [data-state="muted"] .value, [data-state="silent"] .value {
  color: var(--unknown); font-weight: 600; border-bottom: 2px dashed currentColor;
}
[data-state="unknown"] .value::before, [data-state="silent"] .value::before { content: "? "; }
[data-state="lost"] .value::before, [data-state="muted"] .value::before { content: "\2715  "; }
.age, .trend { display: block; font-size: .75rem; line-height: 1.3; }
.judged { white-space: normal; }
.difference { font-weight: 500; display: block; }
.difference:empty { display: none; }
.difference[data-beyond="yes"] { color: var(--disagree); font-weight: 700; }
tr[data-verdict="disagree"] { background: var(--disagree-ground); }
.asset tr[data-verdict="disagree"] th { box-shadow: -4px 0 0 var(--disagree); }

/* Timeline */
.frame { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .75rem; }
.frame[data-mode="past"] { border: 2px dashed var(--unknown); background: var(--unknown-ground); }
.frame[data-mode="notcurrent"] { border: 3px double var(--notcurrent); }
.frame-head { font-size: .875rem; color: var(--soft); margin-bottom: .5rem; }
.mode { color: var(--wire); letter-spacing: .03em; }
[data-mode="past"] .mode { color: var(--unknown); }
[data-mode="notcurrent"] .mode { color: var(--notcurrent); }
.tools { display: flex; flex-wrap: wrap; gap: .4rem; margin-bottom: .6rem; }
.tools > button:first-child { min-width: 5rem; font-weight: 600; }
.tools input { min-width: 0; flex: 0 1 10rem; margin-left: auto; }
.lanes { position: relative; background: var(--ground); max-height: min(34rem, 70vh); min-height: 8rem; overflow-y: auto; overflow-x: hidden; touch-action: pan-y; cursor: crosshair; }
.lanes canvas { position: sticky; top: 0; left: 0; display: block; }
.lanes .spacer { position: absolute; top: 0; left: 0; width: 1px; pointer-events: none; }
.readout { font-size: .875rem; padding-top: .4rem; min-height: 1.9em; }
.keys { font-size: .875rem; color: var(--soft); max-width: 60rem; }
.as-table { overflow-x: auto; }
.as-table table { border-collapse: collapse; font-size: .8125rem; margin: .5rem 0 1rem; }
.as-table caption { text-align: left; white-space: nowrap; color: var(--soft); padding: .25rem 0; }
.as-table th, .as-table td { text-align: left; font-weight: 400; padding: .15rem 1rem .15rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.as-table thead th { color: var(--soft); }

/* tap itself */
#own-place { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 1rem 1.25rem; }
#own h3 { margin: .9rem 0 .25rem; font-size: .9375rem; }
.facts > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 0 1rem; padding: .15rem 0; }
.facts dt { color: var(--soft); }
.sources { columns: 2; column-gap: 2rem; font-size: .9375rem; }
.sources li { break-inside: avoid; padding: .15rem 0; }
.sources .age { display: inline; }

@media (max-width: 60rem) {
  .asset-list, .sources { columns: 1; }
}
@media (max-width: 35rem) {
  :root { font-size: 15px; }
  .head { padding: .4rem .75rem; }
  .head-line { gap: .15rem .6rem; }
  #site { flex-basis: 100%; font-size: .875rem; }
  #theme { display: none; }
  main, footer { padding-left: .75rem; padding-right: .75rem; }
  .trust-body, .incident, .asset, #own-place { padding: .75rem; }
  .block > div, .facts > div { grid-template-columns: minmax(0, 1fr); }
  /* A row becomes two lines: its name, then wire, claim and difference side by side. */
  .values thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .values, .values tbody { display: block; }
  .values tr { display: grid; grid-template-columns: 1fr 1fr 1fr; border-top: 1px solid var(--line); padding: .3rem 0; }
  .values th[scope="row"] { grid-column: 1 / -1; width: auto; border: 0; padding: 0; }
  .values td { border: 0; padding: .1rem .4rem 0 0; }
  .values td.of-wire::before { content: "wire"; display: block; font-size: .75rem; color: var(--wire); }
  .values td.of-claim::before { content: "claim"; display: block; font-size: .75rem; color: var(--claim); }
  .values td.judged::before { content: "difference"; display: block; font-size: .75rem; color: var(--soft); }
  .tag, .note { display: inline; }
  .frame { padding: .5rem; }
  .tools input { flex: 1 1 6rem; }
}
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
}
@media (forced-colors: active) {
  .outline, .cut { stroke: CanvasText; }
  .solid { fill: CanvasText; }
}

/* On paper: dark on white, the mark of site, provenance, speed and time on every sheet. */
@page { margin: 12mm; }
@media print {
  :root, :root[data-theme], :root:not([data-theme="light"]) {
    --ground: #fff; --panel: #fff; --ink: #000; --soft: #444; --line: #bbb; --low: #eee; --wire: #005a63; --wire-soft: #9cc; --claim: #5b2f88;
    --disagree: #a00; --disagree-ground: #fff; --unknown: #6b4500; --unknown-ground: #fff; --notcurrent: #334; --notcurrent-ground: #fff;
  }
  .head { position: static; }
  #theme, .tools, .keys-box, .actions, .skip, .tokens, .say { display: none; }
  /* A head of a table is what is repeated on every sheet. */
  body { display: table; width: 100%; }
  .mark { display: table-header-group; break-inside: avoid; font-size: 8.5pt; font-weight: 600; }
  main { display: table-row-group; }
  .lanes { max-height: none; overflow: visible; }
  .asset, .incident { break-inside: avoid; }
}

"""####),
("page.js", "text/javascript; charset=utf-8", ####"""
// The operators' window: what the wires say beside what is claimed. Plain modules, no build step; tap serves them as they are.

import { Feed } from './feed.js';
import { View } from './view.js';
import { Timeline } from './timeline.js';

const timeline = new Timeline(document.getElementById('timeline-place'));
const view = new View({ onMoment: (moment) => timeline.goTo(moment) });
const feed = new Feed({
  onState(state, heardAt) {
    view.show(state, heardAt);
    timeline.show(state);
  },
  onLost(why, heardAt) {
    view.blank(why, heardAt);
    timeline.lose();
  },
  onBeat(beat) { timeline.beat(beat); },
});
feed.start();

// Dark or light is as the device has it, until somebody chooses here.
document.getElementById('theme').addEventListener('click', () => {
  const isDark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
  timeline.recolour();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => timeline.recolour());
// Paper is white, whatever the screen is.
matchMedia('print').addEventListener('change', () => timeline.recolour());

"""####),
("say.js", "text/javascript; charset=utf-8", ####"""
// What people say of an incident: that they look after it, and notes. It needs a token.

import { button, el, safe, setText } from './dom.js';

/// So long an answer may take.
const LIMIT_MS = 10000;

/// The token stands in its field and nowhere else: a reload or the end of the page forgets it. What a browser stores for a tab
/// it also writes to its disk, to open tabs again, and a phone at a machine is used by many.
export class TokenField {
  constructor(place) {
    this.input = el('input', { type: 'password', id: 'token', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'token-help' });
    const form = el('form', { class: 'token', autocomplete: 'off' }, el('label', { for: 'token' }, 'Token'), this.input,
      button('Forget', 'Forget the token', () => { this.input.value = ''; this.input.focus(); }));
    // The token goes nowhere but into the statements: Enter in its field sends nothing.
    form.addEventListener('submit', (event) => event.preventDefault());
    place.append(form,
      el('p', { id: 'token-help', class: 'cover' }, 'With it you can acknowledge incidents and add notes. It is kept until this page is closed or loaded again.'));
    this.place = place;
  }

  get token() { return this.input.value.trim(); }

  /// isWanted: there is an incident, and the server takes what is said of it.
  show(isWanted) { this.place.hidden = !isWanted; }
}

/// The field and buttons of one incident. getIncident(): the incident as it stands on the page.
export class SayForm {
  constructor(tokens, getIncident, number) {
    this.tokens = tokens;
    this.getIncident = getIncident;
    const id = `say-${number}`;
    this.input = el('input', { type: 'text', id, maxlength: '1000', autocomplete: 'off' });
    this.acknowledge = button('Acknowledge', `Acknowledge incident ${number}`, () => this.say('ack'));
    this.note = button('Add note', `Add note to incident ${number}`, () => this.say('note'));
    this.answer = el('p', { class: 'said', role: 'status' });
    this.node = el('div', { class: 'say', role: 'group', 'aria-label': `Acknowledge or note incident ${number}` },
      el('label', { for: id }, 'What is done about it'), this.input, this.acknowledge, this.note, this.answer);
  }

  show(statements, incident) {
    this.node.hidden = !(statements && statements.taken);
    this.acknowledge.hidden = !incident.open;
  }

  report(text, isDone) {
    setText(this.answer, text);
    this.answer.dataset.done = isDone ? 'yes' : 'no';
  }

  async say(verb) {
    const text = this.input.value.trim();
    if (this.isBusy) return;
    if (!this.tokens.token) {
      this.report('Enter your token first: it stands above the incidents.', false);
      this.tokens.input.focus();
      return;
    }
    if (verb === 'note' && !text) {
      this.report('Write first what there is to note.', false);
      this.input.focus();
      return;
    }
    this.isBusy = true;
    this.report('Asking the server.', false);
    const control = new AbortController();
    const limit = setTimeout(() => control.abort(), LIMIT_MS);
    try {
      const incident = this.getIncident();
      const response = await fetch(`api/incidents/${encodeURIComponent(incident.incident)}/${verb}`, {
        method: 'POST', cache: 'no-store', credentials: 'same-origin', signal: control.signal,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.tokens.token}` },
        body: JSON.stringify({ text, began_ns: String(incident.began_ns) }),
      });
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) {
        this.report(`Not done: ${safe(answer.error || `the server answers with ${response.status}`, 400)}.`, false);
        if (response.status === 401) this.tokens.input.focus();
        return;
      }
      this.report(`Done: ${safe(answer.done || '', 400)}.`, true);
      this.input.value = '';
    } catch (error) {
      const why = control.signal.aborted ? 'the server did not answer in 10 s' : error instanceof TypeError ? 'the server cannot be reached' : error.message;
      this.report(`It is not known whether that was done: ${why}. Look whether it stands here, and say it again if not.`, false);
    } finally {
      clearTimeout(limit);
      this.isBusy = false;
    }
  }
}

"""####),
("table.js", "text/javascript; charset=utf-8", ####"""
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

"""####),
("time.js", "text/javascript; charset=utf-8", ####"""
// Times for people. Instants are BigInt nanoseconds of the session, so two of them 1 ns apart stay two.

export const SECOND = 1000000000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

export const abs = (value) => (value < 0n ? -value : value);
export const least = (a, b) => (a < b ? a : b);
export const most = (a, b) => (a > b ? a : b);

const floorDivide = (a, b) => (a >= 0n ? a / b : -((-a + b - 1n) / b));

/// How long ago, roughly: "< 1 s", "12 s", "3 min", "2 h", "5 d".
export function age(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return 'age unknown';
  const seconds = milliseconds / 1000;
  if (seconds < 1) return '< 1 s';
  if (seconds < 120) return Math.floor(seconds) + ' s';
  if (seconds < 7200) return Math.floor(seconds / 60) + ' min';
  if (seconds < 172800) return Math.floor(seconds / 3600) + ' h';
  return Math.floor(seconds / 86400) + ' d';
}

/// A span, to the last nanosecond that is in it: "10 s", "1.5 ms", "1 h 30 min".
export function span(nanoseconds) {
  const units = [['d', DAY], ['h', HOUR], ['min', MINUTE]];
  for (let place = 0; place < units.length; place += 1) {
    const [name, unit] = units[place];
    if (nanoseconds < unit) continue;
    const rest = nanoseconds % unit;
    if (rest === 0n) return `${nanoseconds / unit} ${name}`;
    const [smaller, size] = place + 1 < units.length ? units[place + 1] : ['s', SECOND];
    return `${nanoseconds / unit} ${name} ${rest / size} ${smaller}`;
  }
  const small = [['s', SECOND], ['ms', 1000000n], ['\u00b5s', 1000n]];
  for (const [name, unit] of small) {
    if (nanoseconds < unit) continue;
    const digits = String(unit).length - 1;
    const rest = String(nanoseconds % unit).padStart(digits, '0').replace(/0+$/, '');
    return `${nanoseconds / unit}${rest ? '.' + rest : ''} ${name}`;
  }
  return `${nanoseconds} ns`;
}

/// What the site's clocks show at an instant of the session, or the time since its start where it has no date.
export class Clock {
  constructor(dateNs, zone) {
    this.date = dateNs === null || dateNs === undefined ? null : BigInt(dateNs);
    this.zone = zone || 'UTC';
    this.formats = null;
    if (this.date === null) return;
    const make = (zoneName) => new Intl.DateTimeFormat('en-GB', {
      timeZone: zoneName, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
      second: '2-digit', hourCycle: 'h23',
    });
    try {
      this.formats = make(this.zone);
    } catch (unknownZone) {
      this.zone = 'UTC';
      this.formats = make('UTC');
    }
  }

  /// Where ticks are counted from: whole seconds of the wall clock, or the session's start.
  get origin() { return this.date === null ? 0n : this.date; }

  /// `digits`: of the fraction of a second.
  text(instant, digits, withDate) {
    const fraction = (value) => {
      const nine = String(value).padStart(9, '0').slice(0, digits);
      return digits > 0 ? '.' + nine : '';
    };
    if (this.date === null) {
      const size = abs(instant);
      const two = (value) => String(value).padStart(2, '0');
      const whole = `${size / HOUR}:${two((size / MINUTE) % 60n)}:${two((size / SECOND) % 60n)}`;
      return (instant < 0n ? '-' : '+') + whole + fraction(size % SECOND);
    }
    const utc = this.date + instant;
    const second = floorDivide(utc, SECOND);
    const parts = {};
    for (const part of this.formats.formatToParts(new Date(Number(second * 1000n)))) parts[part.type] = part.value;
    const time = `${parts.hour}:${parts.minute}:${parts.second}` + fraction(utc - second * SECOND);
    return withDate ? `${parts.year}-${parts.month}-${parts.day} ${time}` : time;
  }

  exact(instant) { return this.text(instant, 9, this.date !== null); }
}

/// Digits of a second's fraction that a step between ticks needs.
export function digitsFor(step) {
  let digits = 0;
  for (let unit = SECOND; unit > step && digits < 9; unit /= 10n) digits += 1;
  return digits;
}

const STEPS = (() => {
  const steps = [];
  for (let unit = 1n; unit < SECOND; unit *= 10n) steps.push(unit, 2n * unit, 5n * unit);
  for (const count of [1n, 2n, 5n, 10n, 15n, 30n]) steps.push(count * SECOND);
  for (const count of [1n, 2n, 5n, 10n, 15n, 30n]) steps.push(count * MINUTE);
  for (const count of [1n, 2n, 3n, 6n, 12n]) steps.push(count * HOUR);
  for (const count of [1n, 2n, 7n, 14n, 30n, 90n, 365n]) steps.push(count * DAY);
  return steps;
})();

/// Instants of ticks between two, at most about `count` of them, and the step between them.
export function ticks(from, to, count, clock) {
  const wanted = (to - from) / BigInt(Math.max(1, Math.floor(count)));
  const step = STEPS.find((candidate) => candidate >= wanted) || STEPS[STEPS.length - 1];
  const origin = clock.origin;
  const first = (floorDivide(from + origin - 1n, step) + 1n) * step - origin;
  const found = [];
  for (let tick = first; tick <= to; tick += step) found.push(tick);
  return { step, ticks: found };
}

"""####),
("timeline.js", "text/javascript; charset=utf-8", ####"""
// The timeline: which span is seen, live or in the past, the cursor, and a table that says the same as the lanes.

import { button, el, safe, setAttribute, setText } from './dom.js';
import { Clock, SECOND, MINUTE, HOUR, DAY, digitsFor, least, most, span as spanText } from './time.js';
import { pack } from './answer.js';
import { HEIGHTS, LanePainter } from './lanes.js';
import { LaneTable, wordsAt } from './table.js';

const SMALLEST = 20n;
const LARGEST = 400n * DAY;
const TOP = 34;
const ASK_MS = 120;
const LIVE_MS = 1000;

export class Timeline {
  constructor(place) {
    this.span = MINUTE;
    this.to = 0n;
    this.now = null;
    this.nowAt = 0;
    this.isLive = true;
    this.isCurrent = false;
    this.cursor = null;
    this.selected = null;
    this.lanes = null;
    this.data = null;
    this.counters = new Set();
    this.filter = '';
    this.clock = new Clock(null, null);
    this.state = null;
    this.asked = null;
    this.timer = null;
    this.frame = null;
    this.build(place);
    this.painter = new LanePainter(this.canvas);
    new ResizeObserver(() => this.redraw()).observe(this.scroller);
    setInterval(() => { if (this.isLive && this.isCurrent) this.want(); }, LIVE_MS);
  }

  get from() { return this.to - this.span; }

  // -- Building

  build(place) {
    this.mode = el('strong', { class: 'mode' });
    this.seen = el('span', { class: 'seen' });
    this.reach = el('span', { class: 'reach' });
    this.liveButton = button('Stop', null, () => (this.isLive ? this.stop() : this.live()));
    const spans = el('select', { 'aria-label': 'Span that is seen' });
    for (const [name, value] of [['1 \u00b5s', 1000n], ['1 ms', 1000000n], ['1 s', SECOND], ['10 s', 10n * SECOND], ['1 min', MINUTE], ['10 min', 10n * MINUTE],
      ['1 h', HOUR], ['1 d', DAY], ['30 d', 30n * DAY]]) spans.append(el('option', { value: String(value) }, name));
    this.otherSpan = el('option', { value: 'other', disabled: true }, 'other');
    spans.append(this.otherSpan);
    spans.addEventListener('change', () => this.zoomTo(BigInt(spans.value)));
    this.spans = spans;
    const find = el('input', { type: 'search', 'aria-label': 'Find lanes by name', placeholder: 'Find lanes', size: '12' });
    find.addEventListener('input', () => { this.filter = find.value.toLowerCase(); this.layOut(); this.want(); });
    const tools = el('div', { class: 'tools', role: 'group', 'aria-label': 'Timeline' }, this.liveButton,
      button('\u25c0', 'Earlier', () => this.move(-this.span / 2n)), button('\u25b6', 'Later', () => this.move(this.span / 2n)),
      button('\u2212', 'See a longer span', () => this.zoom(2n, 1n)), button('+', 'See a shorter span', () => this.zoom(1n, 2n)), spans,
      button('\u21e4 edge', 'Cursor to the edge before', () => this.toEdge(-1)), button('edge \u21e5', 'Cursor to the next edge', () => this.toEdge(1)), find);
    this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.spacer = el('div', { class: 'spacer' });
    this.scroller = el('div', {
      class: 'lanes', tabindex: '0', role: 'slider', 'aria-label': 'Cursor in the timeline', 'aria-describedby': 'timeline-keys',
      'aria-valuemin': '0', 'aria-valuemax': '1000', 'aria-valuenow': '1000', 'aria-valuetext': 'no cursor',
    }, this.canvas, this.spacer);
    this.readout = el('p', { class: 'readout' });
    const keys = el('p', { id: 'timeline-keys', class: 'keys' },
      'Left and right move the cursor, with Shift by a hundredth of that; n and p go to the next and previous edge of the chosen lane; up and down choose a lane; '
      + 'plus and minus zoom about the cursor; Page Up and Page Down move by a span; Home goes to where memory begins, End to now; Space stops or goes on live.');
    this.table = new LaneTable(() => this.fillTable());
    this.frameBox = el('div', { class: 'frame' }, el('p', { class: 'frame-head' }, this.mode, ' ', this.seen, ' ', this.reach), tools, this.scroller, this.readout);
    place.append(this.frameBox, el('details', { class: 'keys-box' }, el('summary', {}, 'Keys'), keys), this.table.node);
    this.listen();
    addEventListener('beforeprint', () => { this.table.unfold(); this.fillTable(); this.redrawNow(); });
    addEventListener('afterprint', () => this.table.fold());
  }

  listen() {
    this.scroller.addEventListener('scroll', () => { this.redraw(); this.want(); });
    this.scroller.addEventListener('keydown', (event) => this.key(event));
    this.scroller.addEventListener('wheel', (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.zoomAt(this.instantAt(event.offsetX), event.deltaY > 0 ? 5n : 4n, event.deltaY > 0 ? 4n : 5n);
      } else if (event.deltaX || event.shiftKey) {
        event.preventDefault();
        this.move(this.nsOf(event.deltaX || event.deltaY));
      }
    }, { passive: false });
    const fingers = new Map();
    let start = null;
    const begin = () => {
      const places = Array.from(fingers.values());
      start = { from: this.from, span: this.span, to: this.to, places: places.map((place) => place.slice()), moved: false };
    };
    this.scroller.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      begin();
    });
    this.scroller.addEventListener('pointermove', (event) => {
      if (!fingers.has(event.pointerId) || !start) return;
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      const places = Array.from(fingers.values());
      const dx = places[0][0] - start.places[0][0];
      if (places.length === 1 && Math.abs(dx) > 5) {
        if (!start.moved) this.scroller.setPointerCapture(event.pointerId);
        start.moved = true;
        this.see(start.to - this.nsOf(dx, start.span), start.span);
      } else if (places.length === 2) {
        const apart = (pair) => Math.max(20, Math.abs(pair[0][0] - pair[1][0]));
        const ratio = Math.round((apart(start.places) / apart(places)) * 1000);
        const box = this.scroller.getBoundingClientRect();
        const part = Math.min(1, Math.max(0, ((places[0][0] + places[1][0]) / 2 - box.left - this.gutter) / this.wide));
        const held = start.from + share(start.span, part);
        const next = this.bounded((start.span * BigInt(ratio)) / 1000n);
        start.moved = true;
        this.see(held + next - share(next, part), next);
      }
    });
    const end = (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (start && !start.moved && event.type === 'pointerup') this.click(event);
      if (fingers.size) begin();
      else start = null;
    };
    this.scroller.addEventListener('pointerup', end);
    this.scroller.addEventListener('pointercancel', end);
  }

  click(event) {
    const box = this.scroller.getBoundingClientRect();
    const y = event.clientY - box.top;
    const hit = this.places && this.places.find((place) => y >= place.y && y < place.y + place.height);
    if (hit) this.selected = hit.row.name;
    this.setCursor(this.instantAt(event.clientX - box.left));
  }

  // -- What the rest of the page says

  show(state) {
    const isFirst = !this.state;
    const date = state.dateUTC_ns;
    if (isFirst || date !== this.state.dateUTC_ns || state.site.zone !== this.state.site.zone) this.clock = new Clock(date, state.site.zone);
    this.state = state;
    this.isCurrent = true;
    this.setNow(BigInt(state.now_ns));
    if (isFirst) {
      // A minute of the watcher's, however fast the session's time goes; an hour at most.
      const speed = Number(String(state.speed).replace(/x$/, ''));
      this.span = MINUTE * BigInt(Math.min(60, Math.max(1, Math.round(Number.isFinite(speed) ? speed : 60))));
      // A record is seen as a whole.
      if (state.mode === 'store') this.span = this.bounded(most(MINUTE, this.now));
      // What is counted of a line is no level: its claim is not laid over the line's.
      const rows = state.assets.flatMap((asset) => asset.rows || []);
      const isLevel = (row) => !row.wire || row.wire.state !== 'known' || /^(on|off|high|low)$/.test(row.wire.text || '');
      this.counters = new Set(rows.filter((row) => row.tag && !isLevel(row)).map((row) => row.tag));
      this.askLanes();
    }
    this.sayMode();
  }

  beat(beat) { if (this.isCurrent) this.setNow(BigInt(beat.now_ns)); }

  setNow(now) {
    if (this.now === now) return;
    this.now = now;
    if (this.isLive) this.to = now;
    this.redraw();
  }

  lose() {
    this.isCurrent = false;
    this.sayMode();
    this.redraw();
  }

  recolour() {
    this.painter.recolour();
    this.redrawNow();
  }

  // -- Moving

  get wide() { return Math.max(50, this.painter.width - this.gutter); }

  nsOf(pixels, spanOf) {
    return share(spanOf || this.span, pixels / this.wide);
  }

  instantAt(x) { return this.from + share(this.span, (x - this.gutter) / this.wide); }

  bounded(value) { return least(LARGEST, most(SMALLEST, value)); }

  see(to, span) {
    this.isLive = false;
    this.span = this.bounded(span);
    this.to = this.now === null ? to : least(to, this.now + this.span / 2n);
    this.sayMode();
    this.redraw();
    this.want();
  }

  move(by) { this.see(this.to + by, this.span); }

  stop() { this.see(this.to, this.span); }

  live() {
    this.isLive = true;
    if (this.now !== null) this.to = this.now;
    this.cursor = null;
    this.sayMode();
    this.sayCursor();
    this.redraw();
    this.want();
  }

  zoomTo(span) { this.zoom(this.bounded(span), this.span); }

  zoom(by, of) {
    const next = this.bounded((this.span * by) / of);
    if (this.isLive && this.cursor === null) {
      this.span = next;
      this.sayMode();
      this.redraw();
      this.want();
      return;
    }
    const isSeen = this.cursor !== null && this.cursor >= this.from && this.cursor <= this.to;
    const held = isSeen ? this.cursor : this.from + this.span / 2n;
    this.zoomAt(held, by, of);
  }

  /// `held` stays where it is; from far off it comes to the middle, so that the last ns of it are not lost in rounding.
  zoomAt(held, by, of) {
    const next = this.bounded((this.span * by) / of);
    const before = held - this.from;
    const place = (before * next) / this.span;
    this.see(held - place + next, next);
  }

  /// Shows a moment with what was before and after it.
  goTo(moment) {
    this.cursor = moment;
    this.see(moment + this.span / 2n, this.span);
    this.sayCursor();
    document.getElementById('timeline').scrollIntoView();
    this.scroller.focus({ preventScroll: true });
  }

  setCursor(instant) {
    this.cursor = this.now === null ? instant : least(instant, this.now);
    if (this.isLive) this.stop();
    if (this.cursor < this.from) this.see(this.cursor + (this.span * 9n) / 10n, this.span);
    if (this.cursor > this.to) this.see(this.cursor + this.span / 10n, this.span);
    this.sayCursor();
    this.redraw();
    this.fillTable();
  }

  toEdge(direction) {
    const row = this.chosenRow();
    const found = row && this.data && this.data.rows.get(row.name);
    const edges = found && (found.lane || found.claims[0]).exactEdges;
    const cursor = this.cursor === null ? this.to : this.cursor;
    let next = null;
    if (edges) next = direction > 0 ? edges.find((edge) => edge > cursor) : edges.slice().reverse().find((edge) => edge < cursor);
    if (next !== null && next !== undefined) this.setCursor(next);
    else this.move(direction > 0 ? this.span / 2n : -this.span / 2n);
  }

  key(event) {
    const step = most(1n, this.span / (event.shiftKey ? 5000n : 50n));
    const cursor = this.cursor === null ? (this.isLive ? this.to : this.from + this.span / 2n) : this.cursor;
    const actions = {
      ArrowLeft: () => this.setCursor(cursor - step), ArrowRight: () => this.setCursor(cursor + step),
      ArrowUp: () => this.choose(-1), ArrowDown: () => this.choose(1),
      PageUp: () => this.move(-this.span), PageDown: () => this.move(this.span),
      Home: () => this.toStart(), End: () => this.live(), ' ': () => (this.isLive ? this.stop() : this.live()),
      '+': () => this.zoom(1n, 2n), '=': () => this.zoom(1n, 2n), '-': () => this.zoom(2n, 1n),
      n: () => this.toEdge(1), p: () => this.toEdge(-1),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? null : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  toStart() {
    const start = this.kept()[0];
    this.see((start === null ? 0n : start) + this.span, this.span);
  }

  choose(direction) {
    const names = (this.order || []).map((row) => row.name);
    const place = names.indexOf(this.selected);
    this.selected = names[Math.min(names.length - 1, Math.max(0, place < 0 ? 0 : place + direction))] || null;
    const chosen = this.layout && this.layout.find((entry) => entry.row.name === this.selected);
    if (chosen) {
      const top = this.scroller.scrollTop;
      if (chosen.top < top) this.scroller.scrollTop = chosen.top;
      else if (chosen.top + chosen.height + TOP > top + this.scroller.clientHeight) this.scroller.scrollTop = chosen.top + chosen.height + TOP - this.scroller.clientHeight;
    }
    this.sayCursor();
    this.redraw();
    this.fillTable();
  }

  chosenRow() { return (this.order || []).find((row) => row.name === this.selected) || null; }

  // -- Asking

  kept() {
    const memory = this.state && this.state.tap && this.state.tap.memory;
    if (!memory) return [null, null];
    const past = this.past();
    return [least(BigInt(memory.from_ns), past === null ? BigInt(memory.from_ns) : past), BigInt(memory.to_ns)];
  }

  /// Where the record begins that is read beside the memory; null: there is none, or it is not read yet.
  past() {
    const past = this.state && this.state.past;
    return past && past.from_ns !== null && past.reach_ns !== past.from_ns ? BigInt(past.from_ns) : null;
  }

  async get(query) {
    const response = await fetch(`api/timeline?${query}`, { cache: 'no-store', credentials: 'same-origin' });
    if (response.ok) return response.json();
    let why = `the server answers with ${response.status}`;
    try { why = (await response.json()).error || why; } catch (noJSON) { /* The status says it. */ }
    throw new Error(why);
  }

  async askLanes() {
    try {
      const to = this.now;
      const answer = await this.get(`from=${most(0n, to - MINUTE)}&to=${most(1n, to)}&buckets=1`);
      this.lanes = Array.from(pack(answer, this.counters).rows.values(), (row) => ({ name: row.name, kind: row.kind, names: (row.lane ? [row.lane.name] : []).concat(row.claims.map((claim) => claim.name)) }));
      this.layOut();
      this.want();
    } catch (error) {
      setText(this.readout, `The lanes cannot be shown: ${error.message}.`);
      setTimeout(() => this.askLanes(), 2000);
    }
  }

  /// Asks for what is seen, soon; one question at a time.
  want() {
    this.isWanted = true;
    if (this.asked || this.timer || !this.lanes || document.hidden) return;
    this.timer = setTimeout(() => { this.timer = null; this.ask(); }, ASK_MS);
  }

  async ask() {
    this.isWanted = false;
    const names = (this.places || []).flatMap((place) => place.row.names || []);
    // A little more than is seen, so that moving shows something at once.
    const margin = this.isLive ? 0n : this.span / 4n;
    const from = most(least(0n, this.kept()[0] || 0n), this.from - margin);
    const to = most(from + 1n, this.now === null ? this.to + margin : least(this.to + margin, this.now));
    const buckets = Math.min(4000, Math.max(1, Math.ceil(this.wide * (this.isLive ? 1 : 1.5))));
    const began = performance.now();
    try {
      this.asked = true;
      const lanes = names.length ? `&lanes=${names.map(encodeURIComponent).join(',')}` : '';
      const answer = await this.get(`from=${from}&to=${to}&buckets=${buckets}${lanes}`);
      const data = pack(answer, this.counters);
      // Lanes that are out of sight now keep what they had, until they are asked for again.
      if (this.data) this.data.rows.forEach((row, name) => { if (!data.rows.has(name)) data.rows.set(name, row); });
      this.data = data;
      this.place(data.findings);
      this.redraw();
      this.fillTable();
      this.sayCursor();
    } catch (error) {
      setText(this.readout, `The timeline cannot be shown: ${safe(error.message)}.`);
    } finally {
      this.asked = null;
      this.tookMs = performance.now() - began;
      if (this.isWanted) this.want();
    }
  }

  /// Findings below each other where they overlap, four lines at most.
  place(findings) {
    if (!this.findingsRow) return;
    const ends = [];
    this.findingsRow.placed = findings.slice().sort((a, b) => (a.began < b.began ? -1 : 1)).map((finding) => {
      let line = ends.findIndex((end) => end !== null && end <= finding.began);
      if (line < 0) line = ends.length < 4 ? ends.length : ends.length - 1;
      ends[line] = finding.ended;
      return { finding, line };
    });
    const height = 4 + 18 * Math.max(1, ends.length);
    if (height !== this.findingsRow.height) {
      this.findingsRow.height = height;
      this.layOut();
    }
  }

  // -- Drawing

  layOut() {
    if (!this.lanes) return;
    if (!this.findingsRow) this.findingsRow = { name: '\u0000findings', title: 'Findings', kind: 'findings', height: HEIGHTS.findings, names: [] };
    const fits = (row) => !this.filter || row.names.some((name) => name.toLowerCase().includes(this.filter));
    this.order = [this.findingsRow].concat(this.lanes.filter(fits));
    let top = 0;
    this.layout = this.order.map((row) => {
      const height = row.height || HEIGHTS[row.kind] || HEIGHTS.digital;
      const entry = { row, top, height };
      top += height;
      return entry;
    });
    this.total = top + TOP;
    this.spacer.style.height = `${this.total}px`;
    // Its own greatest height is that of the style sheet.
    this.scroller.style.height = `${this.total}px`;
    this.redraw();
  }

  redraw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = null; this.redrawNow(); });
  }

  redrawNow() {
    const width = this.scroller.clientWidth;
    const height = Math.min(this.scroller.clientHeight, this.total || 60);
    if (!width || !height) return;
    this.gutter = width < 560 ? 0 : 148;
    this.painter.resize(width, height);
    performance.mark('draw-begins');
    const scroll = this.scroller.scrollTop;
    this.places = (this.layout || []).filter((entry) => entry.top + entry.height > scroll && entry.top + TOP < scroll + height)
      .map((entry) => ({ row: entry.row, y: entry.top - scroll + TOP, height: entry.height }));
    this.painter.draw({
      data: this.data, rows: this.places, from: this.from, to: this.to, gutter: this.gutter, top: TOP, clock: this.clock, cursor: this.cursor,
      selected: this.selected, kept: this.kept(), judged: this.past() === null ? null : 0n, now: this.now,
    });
    performance.measure('draw', 'draw-begins');
    performance.clearMarks('draw-begins');
    if (performance.getEntriesByName('draw').length > 4000) performance.clearMeasures('draw');
    const digits = digitsFor(this.span / 100n);
    setText(this.seen, `${this.clock.text(this.from, digits, true)} to ${this.clock.text(this.to, digits, false)} (${spanText(this.span)}).`);
  }

  // -- Words

  sayMode() {
    const isStore = this.state && this.state.mode === 'store';
    const mode = this.isLive ? (this.isCurrent ? (isStore ? 'end' : this.state && this.state.ended ? 'ended' : 'live') : 'notcurrent') : 'past';
    setAttribute(this.frameBox, 'data-mode', mode);
    const words = {
      live: 'LIVE', notcurrent: 'NOT CURRENT', past: isStore ? 'RECORD, not live' : 'PAST, not live', end: 'END OF THE RECORD, not live',
      ended: 'END OF THE WATCH, not live',
    };
    setText(this.mode, words[mode]);
    setText(this.liveButton, this.isLive ? 'Stop' : isStore ? 'To the end' : 'Go live');
    const start = this.kept()[0];
    const summaries = isStore && this.state.record ? this.state.record.summaries : null;
    const rest = summaries && !summaries.done ? ` It is summed up to ${summaries.reach_utc} so far.` : this.pastWords();
    const what = isStore ? 'The record' : this.past() === null ? 'Memory' : 'The record, with what is remembered since,';
    setText(this.reach, start === null ? '' : `${what} reaches back to ${this.clock.text(start, 0, true)}.${rest}`);
    const chosen = Array.from(this.spans.options).find((option) => option.value === String(this.span));
    if (!chosen) this.otherSpan.textContent = spanText(this.span);
    this.otherSpan.hidden = Boolean(chosen);
    this.spans.value = chosen ? chosen.value : 'other';
  }

  /// What of the record is not there.
  pastWords() {
    const past = this.state && this.state.past;
    if (!past) return '';
    const words = [];
    if (past.failure) words.push(` The record cannot be read further: ${safe(past.failure)}.`);
    else if (past.share < 1) words.push(past.reach_ns === null ? ' The record is not read yet.' : ` The record is summed up to ${this.clock.text(BigInt(past.reach_ns), 0, true)} so far.`);
    for (const remark of past.remarks || []) words.push(` Of the record: ${safe(remark)}.`);
    return words.join('');
  }

  sayCursor() {
    const row = this.chosenRow();
    if (this.cursor === null) {
      setAttribute(this.scroller, 'aria-valuetext', row ? `${row.title || row.name}, no cursor` : 'no cursor');
      setText(this.readout, '');
      return;
    }
    const part = Number(((this.cursor - this.from) * 1000n) / this.span);
    setAttribute(this.scroller, 'aria-valuenow', String(Math.min(1000, Math.max(0, part))));
    const when = this.clock.exact(this.cursor);
    const found = row && this.data && this.data.rows.get(row.name);
    const values = [];
    if (found && found.lane) values.push(`${found.name} ${wordsAt(found, found.lane, this.cursor)}`);
    if (found) for (const claim of found.claims) values.push(`${claim.name} says ${wordsAt(found, claim, this.cursor)}`);
    const words = `${values.length ? `${values.join('; ')}, at ` : ''}${when}`;
    setAttribute(this.scroller, 'aria-valuetext', safe(words));
    setText(this.readout, `Cursor: ${words}`);
  }

  fillTable() {
    if (!this.data) return;
    this.table.fill({
      data: this.data, rows: (this.places || []).map((place) => this.data.rows.get(place.row.name)).filter(Boolean), chosen: this.chosenRow(),
      from: this.from, to: this.to, at: this.cursor === null ? least(this.to, this.data.to) : this.cursor, clock: this.clock,
    });
  }
}

/// A part of a span. The part is a number of the screen, so thousandths of a pixel are exact enough.
function share(span, part) {
  const scaled = (span * BigInt(Math.round(part * 1e9))) / 1000000000n;
  return scaled;
}

"""####),
("view.js", "text/javascript; charset=utf-8", ####"""
// The model as people read it. Everything here is a function of the last state that was heard and of whether it is
// current; where it is not, no value stays on the page.

import { el, keyed, setAttribute, setShape, setText, shape } from './dom.js';
import { Clock, age } from './time.js';
import { IncidentList } from './incidents.js';

/// Reasons that stand beside the site's verdict; each asset has its own.
const MOST_REASONS = 4;

const BLANK = '\u2014';

/// What a verdict is called; each has a shape of its own as well.
export const VERDICTS = {
  agree: { word: 'Agree', sentence: 'screens and wires agree' },
  disagree: { word: 'Disagree', sentence: 'screens and wires disagree' },
  unknown: { word: 'Cannot be known', sentence: 'it cannot be known whether screens and wires agree' },
  unchecked: { word: 'Not checked', sentence: 'nothing is compared' },
  notcurrent: { word: 'Not current', sentence: 'not current: nothing that stood here holds now' },
};

const known = (verdict) => (VERDICTS[verdict] && verdict !== 'notcurrent' ? verdict : 'unknown');

/// States of a value that is not one.
const STATES = { unknown: 'unknown', lost: 'line lost', muted: 'muted: a storm', silent: 'silent' };

const byId = (id) => document.getElementById(id);

function verdictMark(extra) {
  const word = el('span', { class: 'word' });
  const node = el('span', { class: 'verdict ' + (extra || '') }, shape('unknown'), word);
  node.word = word;
  return node;
}

function setVerdict(node, verdict, word) {
  setAttribute(node, 'data-verdict', verdict);
  setShape(node.firstChild, verdict);
  setText(node.word, word || VERDICTS[verdict].word);
}

export class View {
  /// onMoment(ns): somebody wants to see that moment in the timeline.
  constructor({ onMoment }) {
    this.state = null;
    this.heardAt = 0;
    this.isCurrent = false;
    this.why = '';
    this.spoken = new Map();
    this.ages = [];
    this.incidents = new IncidentList(byId('incident-list'), onMoment);
    this.pill = verdictMark('large');
    byId('verdict-now').append(...this.pill.childNodes);
    this.pill = byId('verdict-now');
    this.pill.word = this.pill.querySelector('.word');
    this.line = this.makeTrustLine();
    byId('trust-line').append(this.line.node);
    setInterval(() => this.showAges(), 250);
    this.blank('waiting for the first answer of the server', -Infinity);
  }

  show(state, heardAt) {
    if (!this.state || this.state.dateUTC_ns !== state.dateUTC_ns || this.state.site.zone !== state.site.zone) this.clock = new Clock(state.dateUTC_ns, state.site.zone);
    this.state = state;
    this.heardAt = heardAt;
    this.isCurrent = true;
    this.render();
  }

  blank(why, heardAt) {
    this.why = why;
    this.lostAt = heardAt;
    this.isCurrent = false;
    this.render();
  }

  render() {
    const state = this.state;
    setAttribute(document.documentElement, 'data-current', this.isCurrent ? 'yes' : 'no');
    this.ages = [];
    this.renderHead(state);
    this.renderTrust(state);
    if (state) {
      keyed(byId('asset-list'), state.assets || [], (asset) => asset.name, (asset) => this.makeAsset(asset),
        (node, asset) => this.updateAsset(node, asset));
      this.incidents.show(state.incidents || [], this.isCurrent, this);
      this.renderTap(state);
    }
    this.showAges();
    this.announce(state);
  }

  // -- What stands in every view and print

  renderHead(state) {
    const lost = byId('lost');
    lost.hidden = this.isCurrent;
    const currency = byId('currency');
    const isStore = state && state.mode === 'store';
    setText(currency, !this.isCurrent ? 'not current' : isStore ? 'record, not live' : state.ended ? 'ended' : 'live');
    setAttribute(currency, 'data-live', this.isCurrent && !isStore && !state.ended ? 'yes' : 'no');
    const verdict = this.isCurrent ? known(state.trust.verdict) : 'notcurrent';
    setVerdict(this.pill, verdict);
    if (!state) return;
    const site = state.site.title || state.site.name;
    setText(byId('site'), site);
    const speed = /^[0-9.]+x?$/.test(String(state.speed)) ? `${String(state.speed).replace(/x$/, '')}x` : state.speed === 'max' ? 'as fast as it goes' : state.speed;
    const record = isStore ? state.record || {} : null;
    const source = record ? record.provenance || 'unknown provenance' : state.provenance;
    const isReal = source === 'hardware';
    const provenance = isReal ? 'hardware' : String(source).toUpperCase();
    const isPlain = isReal && speed === '1x';
    setText(byId('provenance'), record ? `RECORD: ${provenance}` : isPlain ? provenance : `${provenance}, speed ${speed}`);
    setAttribute(byId('provenance'), 'data-real', isReal ? 'yes' : 'no');
    setText(byId('now'), this.isCurrent ? (record ? `ends ${this.nowText()}` : this.nowText()) : BLANK);
    document.title = `${record ? 'Record: ' : ''}${VERDICTS[verdict].word} - ${site}${isReal ? '' : ` (${provenance})`}`;
    const asOf = !this.isCurrent ? 'NOT CURRENT' : record ? `RECORD, not live, from ${record.from_utc} to ${record.to_utc}` : `as of ${this.nowText()}`;
    const excused = this.excused(state);
    setText(byId('mark'), [site, provenance, ...(record ? [] : [`speed ${speed}`]), VERDICTS[verdict].word.toLowerCase(), asOf, ...excused].join(' \u00b7 '));
    byId('excused').hidden = excused.length === 0;
    setText(byId('excused'), excused.join(' \u00b7 '));
  }

  excused(state) {
    const words = (kind, entries) => (entries || []).map((entry) => `${kind} ${entry.name} until ${this.until(entry)}`);
    return [...words('permit', state.permits), ...words('shelved', state.shelved)];
  }

  until(entry) { return entry.until_ns ? this.when(entry.until_ns, 0) : entry.until_utc || 'not known'; }

  // -- Can the screens be trusted?

  makeTrustLine() {
    const mark = verdictMark('huge');
    const since = el('span', { class: 'since' });
    const why = el('ul', { class: 'why' });
    const cover = el('p', { class: 'cover' });
    const node = el('div', { class: 'trust-body' }, el('p', { class: 'answer' }, mark, ' ', since), why, cover);
    return { node, mark, since, why, cover };
  }

  renderTrust(state) {
    const { node, mark, since, why, cover } = this.line;
    const verdict = this.isCurrent ? known(state.trust.verdict) : 'notcurrent';
    setAttribute(node, 'data-verdict', verdict);
    setVerdict(mark, verdict);
    const isStore = state && state.mode === 'store';
    setText(since, !this.isCurrent ? '' : isStore ? `at the end of this record, ${this.nowText()}` : this.since(state.trust));
    const all = this.isCurrent ? state.trust.why || [] : [];
    const reasons = all.length > MOST_REASONS ? all.slice(0, MOST_REASONS).concat(`and ${all.length - MOST_REASONS} more, below`) : all;
    keyed(why, reasons, (reason) => reason, () => el('li'), (item, reason) => setText(item, reason));
    setText(cover, this.isCurrent ? this.cover(state.trust.cover) : 'What stood here is not shown: it may not hold any more.');
    const assets = state ? state.assets || [] : [];
    keyed(byId('asset-lines'), assets, (asset) => asset.name, (asset) => this.makeAssetLine(asset),
      (item, asset) => this.updateAssetLine(item, asset));
  }

  cover(cover) {
    if (!cover) return '';
    const unwatched = cover.unwatched || [];
    const rest = unwatched.length === 0 ? 'nothing of the site is unwatched' : `unwatched: ${unwatched.join(', ')}`;
    return `${cover.compared} of ${cover.tags} tags compared; ${rest}`;
  }

  makeAssetLine(asset) {
    const mark = verdictMark();
    const link = el('a', { href: '#asset-' + encodeURIComponent(asset.name) });
    const since = el('span', { class: 'since' });
    const why = el('span', { class: 'why' });
    const item = el('li', {}, mark, link, since, why);
    item.parts = { mark, link, since, why };
    return item;
  }

  updateAssetLine(item, asset) {
    const { mark, link, since, why } = item.parts;
    const verdict = this.isCurrent ? known(asset.verdict) : 'notcurrent';
    setAttribute(item, 'data-verdict', verdict);
    setVerdict(mark, verdict);
    setText(link, asset.title || asset.name);
    const isCalm = verdict === 'agree' || verdict === 'unchecked' || verdict === 'notcurrent';
    setText(since, !isCalm ? this.since(asset) : '');
    // One reason; the others stand with the values.
    const reasons = this.isCurrent && verdict !== 'agree' ? asset.why || [] : [];
    setText(why, reasons.length > 1 ? `${reasons[0]} (and ${reasons.length - 1} more)` : reasons.join(''));
  }

  // -- Wires beside claims

  makeAsset(asset) {
    const mark = verdictMark();
    const since = el('span', { class: 'since' });
    const why = el('ul', { class: 'why' });
    const outlook = el('p', { class: 'outlook' });
    const body = el('tbody');
    const name = el('h3', { id: 'asset-' + encodeURIComponent(asset.name), tabindex: '-1' });
    const zone = el('span', { class: 'zone' });
    const head = el('tr', {}, el('th', { scope: 'col' }, 'Value'), el('th', { scope: 'col', class: 'of-wire' }, 'By the wires'),
      el('th', { scope: 'col', class: 'of-claim' }, 'By claims'), el('th', { scope: 'col' }, 'Difference'));
    const caption = el('caption', { class: 'unseen' });
    const table = el('table', { class: 'values' }, caption, el('thead', {}, head), body);
    const node = el('article', { class: 'asset' }, el('div', { class: 'asset-head' }, name, zone),
      el('p', { class: 'asset-verdict' }, mark, ' ', since), why, outlook, table);
    node.parts = { mark, since, why, outlook, body, name, zone, table, caption };
    return node;
  }

  updateAsset(node, asset) {
    const { mark, since, why, outlook, body, name, zone, table, caption } = node.parts;
    const verdict = this.isCurrent ? known(asset.verdict) : 'notcurrent';
    setAttribute(node, 'data-verdict', verdict);
    setText(name, asset.title || asset.name);
    setText(zone, asset.zone || '');
    setText(caption, `${asset.title || asset.name}: wires beside claims`);
    setVerdict(mark, verdict);
    setText(since, this.isCurrent && verdict !== 'unchecked' ? this.since(asset) : '');
    keyed(why, this.isCurrent ? asset.why || [] : [], (reason) => reason, () => el('li'), (item, reason) => setText(item, reason));
    const limit = this.isCurrent ? asset.outlook : null;
    setText(outlook, limit ? `${limit.limit} in about ${roughly(limit.in_s)}, if nothing changes` : '');
    outlook.hidden = !limit;
    table.hidden = (asset.rows || []).length === 0;
    keyed(body, asset.rows || [], (row) => `${row.tag}|${row.signal}`, () => this.makeRow(), (line, row) => this.updateRow(line, row));
  }

  makeRow() {
    const first = el('bdi', { class: 'signal' });
    const second = el('bdi', { class: 'tag' });
    const note = el('span', { class: 'note' });
    const wire = this.makeValue('of-wire');
    const claim = this.makeValue('of-claim');
    const difference = el('bdi', { class: 'difference' });
    const mark = verdictMark('small');
    const line = el('tr', {}, el('th', { scope: 'row' }, first, ' ', second, note), wire, claim,
      el('td', { class: 'judged' }, difference, ' ', mark));
    line.parts = { first, second, note, wire, claim, difference, mark };
    return line;
  }

  makeValue(kind) {
    const text = el('bdi', { class: 'value' });
    const trend = el('span', { class: 'trend' });
    const old = el('span', { class: 'age' });
    const node = el('td', { class: kind }, text, ' ', trend, ' ', old);
    node.parts = { text, trend, old };
    return node;
  }

  updateRow(line, row) {
    const { first, second, note, wire, claim, difference, mark } = line.parts;
    setText(first, row.signal || row.tag || '?');
    setText(second, row.signal && row.tag ? row.tag : '');
    setText(note, [meaning(row), row.note || ''].filter(Boolean).join('; '));
    this.updateValue(wire, row.wire);
    this.updateValue(claim, row.claim);
    const verdict = this.isCurrent ? known(row.verdict) : 'notcurrent';
    setAttribute(line, 'data-verdict', verdict);
    const shows = this.isCurrent && row.difference;
    setText(difference, shows ? row.difference.text : '');
    setAttribute(difference, 'data-beyond', shows && row.difference.beyond ? 'yes' : null);
    setVerdict(mark, verdict);
    mark.hidden = this.isCurrent && !row.claim && verdict === 'unchecked';
  }

  updateValue(cell, value) {
    const { text, trend, old } = cell.parts;
    if (!this.isCurrent || !value) {
      setText(text, BLANK);
      setText(trend, '');
      setText(old, '');
      setAttribute(cell, 'data-state', this.isCurrent ? 'none' : 'notcurrent');
      return;
    }
    const hasText = value.text !== null && value.text !== undefined;
    const isKnown = value.state === 'known';
    const state = isKnown ? 'known' : STATES[value.state] ? value.state : 'unknown';
    setAttribute(cell, 'data-state', state);
    // Of pulses that are counted there is no value at an instant.
    setText(text, isKnown ? (hasText ? value.text : 'counted') : STATES[state]);
    setText(trend, isKnown && value.trend ? value.trend : '');
    this.ages.push({ node: old, value: value.age_ms, isKnown });
  }

  // -- tap itself

  recording(recording) {
    const words = { recording: 'into', paused: 'paused: nothing is recorded into', failing: 'failing: nothing gets into' };
    const problem = recording.problem ? `: ${recording.problem}` : '';
    const age = recording.checkpoint_age_ms;
    // To the minute: a checkpoint comes every few seconds, and one that does not come is what matters.
    const checkpoint = age === null ? 'no checkpoint can be read'
      : age < 60000 ? 'last checkpoint less than a minute ago' : `last checkpoint ${Math.floor(age / 60000)} min ago`;
    return `${words[recording.state] || recording.state} ${recording.store}${problem}; ${checkpoint}`;
  }

  renderTap(state) {
    const own = state.tap || {};
    const place = byId('own-place');
    if (!this.own) {
      this.own = { facts: el('dl', { class: 'facts' }), sources: el('ul', { class: 'sources' }), blind: el('ul', { class: 'blind' }) };
      place.append(this.own.facts, el('h3', {}, 'Sources'), this.own.sources, el('h3', {}, 'What it cannot see'), this.own.blind);
    }
    const current = (text) => (this.isCurrent ? text : BLANK);
    const recording = own.recording;
    const record = state.mode === 'store' ? state.record || {} : null;
    const facts = record ? this.recordFacts(state, record, current) : [
      ['Recording', current(recording ? this.recording(recording) : 'nothing is recorded here')],
      ['Clock', current(own.clock || 'unknown')],
      ['Wires', state.wires || 'not known'],
      ['Rules decided up to', current(state.decided_ns ? this.when(state.decided_ns) : 'not known')],
    ];
    if (state.statements) facts.push(['Acknowledging', state.statements.taken ? 'with a token' : `not here: ${state.statements.why}`]);
    for (const [kind, entries] of [['Permit', state.permits], ['Shelved', state.shelved]]) {
      (entries || []).forEach((entry, index) => facts.push([`${kind} ${entry.name}`,
        `until ${this.until(entry)}, ${entry.user ? `by ${entry.user}` : 'given at the start'}${entry.reason ? `: ${entry.reason}` : ''}`, index]));
    }
    keyed(this.own.facts, facts, (fact) => fact[0] + (fact[2] || ''), () => el('div', {}, el('dt'), el('dd')), (node, fact) => {
      setText(node.firstChild, fact[0]);
      setText(node.lastChild, fact[1]);
    });
    keyed(this.own.sources, own.sources || [], (source) => source.name, () => {
      const parts = { mark: verdictMark('small'), name: el('bdi', { class: 'signal' }), text: el('span'), old: el('span', { class: 'age' }) };
      const node = el('li', {}, parts.mark, ' ', parts.name, ' ', parts.text, ' ', parts.old);
      node.parts = parts;
      return node;
    }, (node, source) => {
      const { mark, name, text, old } = node.parts;
      const isHeard = source.state === 'hearing';
      setVerdict(mark, !this.isCurrent ? 'notcurrent' : isHeard ? 'agree' : source.state === 'ended' ? 'unchecked' : 'unknown',
        this.isCurrent ? source.state : null);
      setText(name, source.name);
      const lost = source.lost === null || source.lost === undefined || String(source.lost) === '0';
      setText(text, this.isCurrent ? `${source.records} records; ${lost ? 'no detected losses' : `${source.lost} lost`}` : '');
      setText(old, '');
      if (this.isCurrent) this.ages.push({ node: old, value: source.age_ms, isKnown: true });
    });
    keyed(this.own.blind, own.blind || [], (blind) => blind, () => el('li'), (node, blind) => setText(node, blind));
    this.own.blind.hidden = (own.blind || []).length === 0;
  }

  recordFacts(state, record, current) {
    const summaries = record.summaries || {};
    const percent = Math.floor(100 * (summaries.share || 0));
    const reach = summaries.done ? 'whole' : `up to ${summaries.reach_utc} (${percent} %)`;
    const kept = summaries.kept ? `, kept in ${summaries.kept}` : '';
    return [
      ['Record', current(`${record.store}, of ${record.origin} (${record.provenance})`)],
      ['From, to', current(`${record.from_utc} to ${record.to_utc}, ${record.sessions === 1 ? 'one session' : `${record.sessions} sessions`}`)],
      ['Log', current(`${record.entries} entries, root ${record.root}; whether they are as recorded is what 'tap verify' says`)],
      ['Watched anew', current(record.failure ? `stopped: ${record.failure}` : record.watched ? 'to its end' : `up to ${this.when(state.decided_ns)}`)],
      ['Timeline', current(`summed up ${reach}${kept}; not evidence${summaries.failure ? `; stopped: ${summaries.failure}` : ''}`)],
      ...(record.remarks && record.remarks.length ? [['What is missing', current(record.remarks.join('; '))]] : []),
      ['Clock', current((state.tap || {}).clock || 'unknown')],
    ];
  }

  // -- Time that passes

  /// How far the session's time has gone since the state was heard, in ms: by the device's monotonic counter.
  passed() {
    if (!this.state || this.state.ended || this.state.mode === 'store') return 0;
    const speed = Number(String(this.state.speed).replace(/x$/, ''));
    return (performance.now() - this.heardAt) * (Number.isFinite(speed) ? speed : 1);
  }

  showAges() {
    const passed = this.passed();
    for (const { node, value, isKnown } of this.ages) {
      if (!node.isConnected) continue;
      const isGiven = value !== null && value !== undefined;
      setText(node, isGiven ? `${isKnown ? '' : 'for '}${age(value + passed)}${isKnown ? ' old' : ''}` : isKnown ? 'age unknown' : '');
    }
    if (!this.isCurrent) {
      const silence = performance.now() - this.lostAt;
      const last = Number.isFinite(silence) ? ` Last heard ${age(silence)} ago.` : '';
      setText(byId('lost'), `Not current: ${this.why}.${last} Trying again. No current value is shown until the server answers.`);
    }
  }

  since(judged) {
    // A record is judged at its end: what has no finding has no begin.
    if (this.state.mode === 'store' && judged.verdict !== 'disagree') return '';
    return judged.since_ns === null || judged.since_ns === undefined ? '' : `since ${this.when(judged.since_ns)}`;
  }

  /// An instant of the session on the site's clock, with its date where that is not today's.
  when(ns, digits) {
    const wanted = digits === undefined ? 1 : digits;
    const instant = BigInt(ns);
    const whole = this.clock.text(instant, wanted, true);
    const isToday = this.clock.date !== null && whole.slice(0, 10) === this.clock.text(BigInt(this.state.now_ns), 0, true).slice(0, 10);
    return isToday ? whole.slice(11) : whole;
  }

  /// The session's time, as it stands over every view.
  nowText() {
    const text = this.clock.text(BigInt(this.state.now_ns), 0, true);
    return this.clock.date === null ? `${text} since the start` : `${text} ${this.clock.zone}`;
  }

  /// A screen reader hears where a verdict changes, and nothing else.
  announce(state) {
    const words = [];
    const say = (key, title, verdict) => {
      if (this.spoken.get(key) === verdict) return;
      const isFirst = !this.spoken.has(key);
      this.spoken.set(key, verdict);
      if (!isFirst || key === 'site') words.push(`${title}: ${VERDICTS[verdict].word}.`);
    };
    if (!this.isCurrent) {
      if (!this.wasCurrent) return;
      this.wasCurrent = false;
      words.push('Not current.');
    } else {
      if (this.wasCurrent === false) words.push('Current again.');
      this.wasCurrent = true;
      say('site', 'Screens and wires', known(state.trust.verdict));
      for (const asset of state.assets || []) say(`asset ${asset.name}`, asset.title || asset.name, known(asset.verdict));
    }
    if (words.length) setText(byId('announcer'), words.join(' '));
  }
}

/// What it means that the line is high; where it is low, that this is not so.
function meaning(row) {
  if (!row.meaning) return '';
  const isLow = row.wire && row.wire.state === 'known' && (row.wire.text === 'low' || row.wire.text === 'off');
  return isLow ? `not: ${row.meaning}` : `high: ${row.meaning}`;
}

function roughly(seconds) {
  if (seconds < 90) return `${Math.max(10, Math.round(seconds / 10) * 10)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

"""####),
    ]
}
