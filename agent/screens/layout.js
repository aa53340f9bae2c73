/**
 * Which of three layouts the room allows, counted in the person's own text size, so that browser zoom and the text
 * setting act alike: `station` (two columns), `handheld` (three bands), `zoomed` (one scrolling page, the next thing first).
 */

const STATION_WIDTH = 900;
const LEAST_HEIGHT = 500;

/** Choose now; call it again when the text size changed. */
export function chooseLayout() {
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const width = window.innerWidth / scale;
  const height = window.innerHeight / scale;
  const roomy = width >= STATION_WIDTH ? "station" : "handheld";
  document.documentElement.dataset.layout = height < LEAST_HEIGHT ? "zoomed" : roomy;
}

window.addEventListener("resize", chooseLayout);
