/** Style sheets for shadow roots. */
import { type CSSResult, unsafeCSS } from "lit";
import base from "./base.css";
import tokens from "./tokens.css";

/** What every element shares, and then its own `text`. */
export function sheets(text: string): CSSResult[] {
  return [unsafeCSS(base), unsafeCSS(text)];
}

/** The same for the outermost elements, which set colours and font for all within. */
export function outermostSheets(text: string): CSSResult[] {
  return [unsafeCSS(tokens), ...sheets(text)];
}
