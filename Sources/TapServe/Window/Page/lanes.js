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
