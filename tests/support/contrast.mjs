// How well inks can be read on their grounds, whatever colours an owner sets.

/** The colours that are tried. */
export const colors = [];
for (let red = 0; red < 256; red += 51) for (let green = 0; green < 256; green += 51) for (let blue = 0; blue < 256; blue += 51) colors.push(`rgb(${red} ${green} ${blue})`);
// Greys about where black and white are equally readable, names, other notations, half seen through.
for (let grey = 105; grey < 130; grey += 1) colors.push(`rgb(${grey} ${grey} ${grey})`);
colors.push("rebeccapurple", "hsl(200 100% 50%)", "oklch(0.7 0.2 30)", "rgb(255 255 255 / 0.1)", "transparent", "#0008");
// Beyond what a screen shows.
colors.push("oklch(0.55 0.4 30)", "lab(45 -150 20)", "oklch(0.5 0.4 200)", "color(display-p3 0 0.55 0)");

/** The colour of the text itself. */
export const ofText = ["currentColor", "currentcolor"];

/** In the page: the least contrast of inks on their grounds (selector on selector) over colours, and where it is. */
export function leastContrast(root, [inks, colors]) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  // What the colour is once it is on the screen.
  const luminance = (color) => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const linear = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  let worst = [99];
  for (const color of colors) {
    root.host.style.setProperty("--goodword-background", color);
    root.host.style.setProperty("--goodword-accent", color);
    for (const [ink, ground] of Object.entries(inks)) {
      const { color: read } = getComputedStyle(root.querySelector(ink));
      const { backgroundColor } = getComputedStyle(root.querySelector(ground));
      const ratio = contrast(read, backgroundColor);
      if (!(ratio >= worst[0])) worst = [ratio, ink, color, read, backgroundColor];
    }
  }
  return worst;
}
