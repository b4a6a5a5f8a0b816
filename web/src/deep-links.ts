/** What the page's address asks for: ?lang=en, ?q=a question, ?tour=1, ?placing&goals=x-5, #dimension. */
import { asLanguage } from "./language";
import type { Language } from "./contract";

/** The language in ?lang=, or null. */
export function languageInAddress(): Language | null {
  return asLanguage(new URLSearchParams(location.search).get("lang"));
}

/** The question in ?q=, taken out of the address so that a reload does not ask it again; null where there is none. */
export function takeQuestion(): string | null {
  return take("q")?.trim() || null;
}

/** Whether ?tour=1 asks for the tour; taken out of the address so that a reload does not start it again. */
export function takeTour(): boolean {
  return take("tour") === "1";
}

/** The placements in ?placing, taken out of the address with all that came with them but the language; null where there are none. */
export function takePlacements(): string | null {
  if (take("placing") === null) return null;
  const language = take("lang");
  const address = new URL(location.href);
  const placements = address.search.slice(1);
  address.search = language ? String(new URLSearchParams({ lang: language })) : "";
  history.replaceState(history.state, "", address);
  return placements;
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

/** The value of parameter `name`, taken out of the address; null where it is not there. */
function take(name: string): string | null {
  const address = new URL(location.href);
  const value = address.searchParams.get(name);
  address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
  return value;
}
