/** What the page's address asks for: ?lang=en, ?q=a question, #dimension. */
import { asLanguage } from "./language";
import type { Language } from "./contract";

/** The language in ?lang=, or null. */
export function languageInAddress(): Language | null {
  return asLanguage(new URLSearchParams(location.search).get("lang"));
}

/** The question in ?q=, taken out of the address so that a reload does not ask it again; null where there is none. */
export function takeQuestion(): string | null {
  const address = new URL(location.href);
  const question = address.searchParams.get("q")?.trim();
  address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
  return question || null;
}

/** The id behind # in the address, or "". */
export function dimensionInAddress(): string {
  return location.hash.slice(1);
}

/** Write `dimension` behind # ("" takes it out), without a new entry in the history. */
export function showDimensionInAddress(dimension: string): void {
  const address = new URL(location.href);
  address.hash = dimension;
  history.replaceState(history.state, "", address);
}
