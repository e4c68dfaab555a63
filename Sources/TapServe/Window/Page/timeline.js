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
