/**
 * <opi-scale>: one dimension as a line between its two poles, with both parties placed on it: where they typically stand
 * or, with `places`, where they were placed, and where they typically stand as hollow marks below.
 */
import { html, LitElement, nothing, svg } from "lit";
import { property } from "lit/decorators.js";
import { type Dimension, type Language, PARTIES, type Party, type PartyNames } from "../contract";
import { type Place, type Places, STEPS } from "../placements";
import { type StringKey, translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-scale.css";

const LABEL_Y = 12;
const IN_WORDS: Record<number, StringKey> = { 1: "place_1", 2: "place_2", 3: "place_3", 4: "place_4", 5: "place_5" };

/** Where a step lies on the line, in per cent of the width. */
const across = (step: number) => `${3 + ((step - 1) / 4) * 94}%`;

/** Labels at the ends of the line must not stick out. */
const anchor = (step: number) => (step === 1 ? "start" : step === 5 ? "end" : "middle");

export class OpiScale extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) dimension!: Dimension;
  @property({ attribute: false }) parties!: Record<Party, PartyNames>;
  @property({ attribute: false }) places: Places | null = null;

  override render() {
    const { axis } = this.dimension;
    const y = this.places ? 13 : 31;
    return html`
      <svg role="img" aria-label=${this.inWords()} width="100%" height=${y + (this.places ? 26 : 12)}>
        <line x1=${across(1)} x2=${across(5)} y1=${y} y2=${y}/>
        ${STEPS.map((step) => svg`<line x1=${across(step)} x2=${across(step)} y1=${y - 4} y2=${y + 4}/>`)}
        ${this.places ? this.renderMarks(axis, y + 18, true) : nothing}
        ${this.renderMarks(this.places ?? axis, y)}
        ${this.places ? nothing : PARTIES.map((party) => this.renderLabel(party))}
      </svg>
      <div class="poles" aria-hidden="true"><span>${axis.left[this.lang]}</span><span>${axis.right[this.lang]}</span></div>`;
  }

  private renderMarks(places: Places, y: number, isTypical = false) {
    return PARTIES.map((party) => {
      const place = places[party];
      return place
        ? svg`
          <svg class="${party} ${isTypical ? "typical" : ""}" x=${across(place)} y=${y} overflow="visible">
            <g transform="translate(${aside(places, party, isTypical ? 7 : 11)} 0)">${shape(party, isTypical ? 5 : 9)}</g>
          </svg>`
        : nothing;
    });
  }

  private renderLabel(party: Party) {
    const { axis } = this.dimension;
    const step = axis[party];
    const shift = aside(axis, party, 11);
    return svg`
      <svg class=${party} x=${across(step)} y="0" overflow="visible">
        <text x=${shift + (step === 1 ? -9 : step === 5 ? 9 : 0)} y=${LABEL_Y}
          text-anchor=${shift ? (shift < 0 ? "end" : "start") : anchor(step)}>${this.parties[party].title[this.lang]}</text>
      </svg>`;
  }

  /** The picture in one or two sentences. */
  private inWords(): string {
    const { axis, name } = this.dimension;
    const dimension = capitalised(name[this.lang]);
    if (!this.places) return this.sentence("scale", "plural", axis, dimension);
    return `${this.sentence("scale", "name", this.places, dimension)} ${this.sentence("scale_typical", "plural", axis, dimension)}`;
  }

  private sentence(key: "scale" | "scale_typical", form: "name" | "plural", places: Places, dimension: string): string {
    const [first, second] = PARTIES;
    return translate(this.lang, key, {
      dimension,
      first: this.parties[first!][form][this.lang],
      first_place: placeInWords(places[first!], this.dimension, this.lang),
      second: this.parties[second!][form][this.lang],
      second_place: placeInWords(places[second!], this.dimension, this.lang),
    });
  }
}

/** Where `place` lies between the poles of `dimension`. */
export function placeInWords(place: Place, dimension: Dimension, language: Language): string {
  const { left, right } = dimension.axis;
  if (!place) return translate(language, "place_unknown");
  return translate(language, IN_WORDS[place]!, { left: left[language], right: right[language] });
}

/** The mark of a party around 0/0: public a disc, private a square, as in icons.ts. */
export function shape(party: Party, radius: number) {
  if (party === "public") return svg`<circle r=${radius}/>`;
  const half = radius * 0.94;
  return svg`<rect x=${-half} y=${-half} width=${2 * half} height=${2 * half} rx=${radius / 3}/>`;
}

/** Two parties on the same step stand beside each other. */
export function aside(places: Places, party: Party, distance: number): number {
  if (places.private !== places.public) return 0;
  return party === "private" ? -distance : distance;
}

/** `text` with a capital first letter. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
