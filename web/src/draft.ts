/** What is being placed with the sliders: survives a reload, and is gone with the conversation. */
import { PARTIES, type Party } from "./contract";
import { isPlaced, NO_PLACEMENTS, otherParty, type Placements, readPlacements } from "./placements";
import { readItem, writeItem } from "./session";

const KEY = "placing";

export interface Draft {
  placements: Placements;
  /** The party that placed itself already, in a link; it stays hidden until the other one has. */
  given: Party | null;
  /** Whether it came in a link that can't be read. */
  unreadable: boolean;
}

/** The draft of this tab, or null where the sliders are closed. */
export function readDraft(): Draft | null {
  return readItem<Draft>(KEY);
}

/** Keep `draft` for this tab; null forgets it. */
export function keepDraft(draft: Draft | null): void {
  writeItem(KEY, draft);
}

/** The draft that goes on from `placements`, by default from none. */
export function draftOf(placements: Placements | null): Draft {
  return { placements: placements ?? NO_PLACEMENTS, given: null, unreadable: false };
}

/** The draft that a link asks for: placements of one party alone, without a side, come from the partner. */
export function draftOfLink(query: string, dimensions: readonly string[]): Draft {
  const read = readPlacements(query, dimensions);
  const draft = { ...draftOf(read), unreadable: !read };
  const [given, ...others] = PARTIES.filter((party) => isPlaced(draft.placements, party));
  if (!given || others.length || draft.placements.side) return draft;
  return { ...draft, given, placements: { ...draft.placements, side: otherParty(given) } };
}
