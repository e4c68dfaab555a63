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
