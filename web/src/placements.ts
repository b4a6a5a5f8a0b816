/** Where both parties of a project stand on the scales, as links and replies write it: side=public&goals=1-5&risk=x-4. */
import { PARTIES, type Party } from "./contract";

/** From 1 (left pole) to 5 (right pole); null where nobody knows. */
export type Place = number | null;
export type Places = Record<Party, Place>;

export interface Placements {
  /** The party of who placed them; null for neither. */
  side: Party | null;
  /** For each dimension that was placed. */
  places: Record<string, Places>;
}

export const STEPS = [1, 2, 3, 4, 5] as const;
export const NO_PLACEMENTS: Placements = { side: null, places: {} };

const UNKNOWN = "x";
const PAIR = new RegExp(`^([1-5]|${UNKNOWN})-([1-5]|${UNKNOWN})$`);

export function otherParty(party: Party): Party {
  return party === "public" ? "private" : "public";
}

/** Read what `writePlacements` or the server wrote; null where a parameter is unknown, doubled or has a value that is none. */
export function readPlacements(query: string, dimensions: readonly string[]): Placements | null {
  const found: Placements = { side: null, places: {} };
  const pairs = [...new URLSearchParams(query)];
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) return null;
  for (const [name, value] of pairs) {
    const side = PARTIES.find((party) => party === value);
    const pair = PAIR.exec(value);
    if (name === "side" && side) found.side = side;
    else if (dimensions.includes(name) && pair) found.places[name] = { private: asPlace(pair[1]!), public: asPlace(pair[2]!) };
    else return null;
  }
  return found;
}

/** As the query of a link, the private party's place first. */
export function writePlacements({ side, places }: Placements): string {
  const query = new URLSearchParams(side ? { side } : {});
  for (const [dimension, place] of Object.entries(places)) {
    if (place.private || place.public) query.set(dimension, `${place.private ?? UNKNOWN}-${place.public ?? UNKNOWN}`);
  }
  return query.toString();
}

/** The same with one place changed. */
export function placed(placements: Placements, dimension: string, party: Party, place: Place): Placements {
  const before = placements.places[dimension] ?? { private: null, public: null };
  return { ...placements, places: { ...placements.places, [dimension]: { ...before, [party]: place } } };
}

/** Whether `party` stands on any scale. */
export function isPlaced({ places }: Placements, party: Party): boolean {
  return Object.values(places).some((place) => place[party]);
}

function asPlace(value: string): Place {
  return value === UNKNOWN ? null : Number(value);
}
