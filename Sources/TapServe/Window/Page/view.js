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
