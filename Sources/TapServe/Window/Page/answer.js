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
