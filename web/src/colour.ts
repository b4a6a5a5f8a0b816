/** A colour to put text on. */

/** `colour` as #rrggbb with the text colour, black or white, that stands out more; null for no opaque colour. */
export function accentColours(colour: string): { accent: string; onAccent: string } | null {
  if (!CSS.supports("color", colour)) return null;
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return null;
  context.fillStyle = colour;
  const accent = String(context.fillStyle);
  if (!/^#[0-9a-f]{6}$/.test(accent)) return null;
  const light = luminance(accent);
  // Contrast to white against contrast to black, as WCAG 2 defines it: the larger is never below 4.5.
  return { accent, onAccent: 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#000000" };
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const share = parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
