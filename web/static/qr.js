// A QR code as the server made it: rows of 0 and 1, with the quiet margin that scanners need.
import { html, svg } from "./vendor/lit.js";

const MARGIN = 4;

export function qr(rows, label) {
  const size = rows.length + 2 * MARGIN;
  const path = rows.flatMap((row, y) => [...row].map((square, x) => (square === "1" ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : ""))).join("");
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">${svg`<rect width=${size} height=${size} fill="#fff"></rect><path d=${path} fill="#000"></path>`}</svg>`;
}
