/** Line icons; each stands beside words that say the same. */
import { svg, html, type SVGTemplateResult, type TemplateResult } from "lit";

function icon(shape: SVGTemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
}

export const icons = {
  bulb: icon(svg`<path d="M9 18h6M10 21h4M12 3a6 6 0 0 0-3.5 10.9c.6.5 1 1.2 1 2V16h5v-.1c0-.8.4-1.5 1-2A6 6 0 0 0 12 3z"/>`),
  chat: icon(svg`<path d="M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8 10h8M8 13h5"/>`),
  check: icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`),
  chevron: icon(svg`<path d="M9 6l6 6-6 6"/>`),
  close: icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`),
  copy: icon(svg`<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/>`),
  down: icon(svg`<path d="M17 4v10M17 14l-4 6.5c-1.5 0-2.3-1-2.1-2.4L11.5 15H6.4a2 2 0 0 1-2-2.4l1.3-7A2 2 0 0 1 7.7 4H17zM17 14h3V4h-3"/>`),
  person: icon(svg`<circle cx="12" cy="8" r="4"/><path d="M4 21c.7-4 4-6 8-6s7.3 2 8 6"/>`),
  restart: icon(svg`<path d="M12 5v14M5 12h14"/>`),
  send: icon(svg`<path d="M12 20V5M5.5 11.500L12 5l6.5 6.5"/>`),
  sliders: icon(svg`<path d="M3 8h9M18 8h3M3 16h3M12 16h9"/><circle cx="15" cy="8" r="3"/><circle cx="9" cy="16" r="3"/>`),
  turn: icon(svg`<path d="M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4"/>`),
  up: icon(svg`<path d="M7 20V10M7 10l4-6.500c1.5 0 2.3 1 2.100 2.400L12.5 9h5.100a2 2 0 0 1 2 2.400l-1.300 7a2 2 0 0 1-2 1.600H7zM7 10H4v10h3"/>`),
  warning: icon(svg`<path d="M12 4L2.5 20h19zM12 10v4.500M12 17.200v.1"/>`),
};

/** The sign of a party, also told apart without colour: public a disc, private a square. */
export const marks = {
  public: html`<svg class="mark public" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="7"/></svg>`,
  private: html`<svg class="mark private" viewBox="0 0 16 16" aria-hidden="true"><rect x="1.5" y="1.5" width="13" height="13" rx="2.5"/></svg>`,
};
