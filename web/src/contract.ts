/** The types of the HTTP API, see docs/http.md. */

export type Language = "da" | "en";
export type Party = "private" | "public";
export type Bilingual = Record<Language, string>;
export type Rating = "up" | "down";

export const LANGUAGES: readonly Language[] = ["da", "en"];
/** The order in which the two parties are shown everywhere. */
export const PARTIES: readonly Party[] = ["public", "private"];

export interface PartyNames {
  title: Bilingual;
  name: Bilingual;
  plural: Bilingual;
}

export interface PartyView {
  answer: Bilingual;
  statements: { id: string; point: number; text: Bilingual }[];
}

export interface Dimension {
  id: string;
  row: string;
  name: Bilingual;
  explanation: Bilingual;
  question: Bilingual;
  contrast: Bilingual;
  /** Both poles, and where each party stands between them: 1 (left) to 5 (right). */
  axis: { left: Bilingual; right: Bilingual; private: number; public: number };
  parties: Record<Party, PartyView>;
}

/** GET /api/start */
export interface Start {
  /** The longest message, in characters. */
  limit: number;
  contact: string | null;
  document: Bilingual;
  parties: Record<Party, PartyNames>;
  dimensions: Dimension[];
  examples: Record<Language, string[]>;
  /** What a person says to start the tour and the placing. */
  onboarding: { tour: Bilingual; placing: Bilingual };
}

export interface Statement {
  id: string;
  text: string;
  /** `party` is null and `row` a heading for what stands around the table; point 0 is the heading itself. */
  source: { document: string; row: string; party: Party | null; point: number };
}

export interface Section {
  title: string | null;
  answer: string;
  contrast: string | null;
  /** Ids of the statements to list. */
  statements: string[];
  /** Whether it is our own and not the source's. */
  ours: boolean;
}

export interface Suggestion {
  id: string;
  text: string;
  reader: Party | null;
}

/** Where the tour or the placing is; outside the row of stops there is no number. */
export interface Step {
  name: string;
  title: string;
  number: number | null;
  of: number | null;
  label: string | null;
}

export interface Link {
  title: string;
  /** Begins with "/", which is where the advisor is mounted. */
  href: string;
}

/** The reply contract, see docs/reply.md. */
export interface Reply {
  kind: string;
  language: Language;
  dimensions: string[];
  parties: Party[];
  facet: string | null;
  premise: "contradicts" | "holds" | "none";
  topic: string | null;
  opening: string | null;
  sections: Section[];
  statements: Statement[];
  suggestions: Suggestion[];
  note: string | null;
  step: Step | null;
  /** Whether an answer in the tour was right. */
  right: boolean | null;
  links: Link[];
  /** Where both parties were placed, see placements.ts. */
  placements: string | null;
  /** A sentence that offers to go on with what waits. */
  offer: string | null;
}

export interface Button {
  title: string;
  button: string;
}

/** The answer of POST /api/messages */
export interface Answer {
  reply: Reply;
  text: string;
  buttons: Button[];
  receipt: string;
}
