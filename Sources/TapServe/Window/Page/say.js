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
