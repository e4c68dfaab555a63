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
