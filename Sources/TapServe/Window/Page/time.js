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
