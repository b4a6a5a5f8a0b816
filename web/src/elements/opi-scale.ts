/** <opi-scale>: one dimension as a line between its two poles, with both parties placed on it. */
import { html, LitElement, svg } from "lit";
import { property } from "lit/decorators.js";
import { type Dimension, type Language, PARTIES, type Party, type PartyNames } from "../contract";
import { type StringKey, translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-scale.css";

const STEPS = [1, 2, 3, 4, 5] as const;
const MARK_Y = 31;
const LABEL_Y = 12;
const PLACES: Record<number, StringKey> = { 1: "place_1", 2: "place_2", 3: "place_3", 4: "place_4", 5: "place_5" };

/** Where a step lies on the line, in per cent of the width. */
const across = (step: number) => `${3 + ((step - 1) / 4) * 94}%`;

/** Labels at the ends of the line must not stick out. */
const anchor = (step: number) => (step === 1 ? "start" : step === 5 ? "end" : "middle");

const SHAPES: Record<Party, ReturnType<typeof svg>> = {
  public: svg`<circle r="9"/>`,
  private: svg`<rect x="-8.5" y="-8.5" width="17" height="17" rx="3"/>`,
};

export class OpiScale extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) dimension!: Dimension;
  @property({ attribute: false }) parties!: Record<Party, PartyNames>;

  override render() {
    const { left, right } = this.dimension.axis;
    return html`
      <svg role="img" aria-label=${this.inWords()} width="100%" height=${MARK_Y + 12}>
        <line x1=${across(1)} x2=${across(5)} y1=${MARK_Y} y2=${MARK_Y}/>
        ${STEPS.map((step) => svg`<line x1=${across(step)} x2=${across(step)} y1=${MARK_Y - 4} y2=${MARK_Y + 4}/>`)}
        ${PARTIES.map((party) => this.renderParty(party))}
      </svg>
      <div class="poles" aria-hidden="true"><span>${left[this.lang]}</span><span>${right[this.lang]}</span></div>`;
  }

  private renderParty(party: Party) {
    const step = this.dimension.axis[party];
    // Two parties on the same step stand beside each other.
    const aside = this.dimension.axis.private === this.dimension.axis.public ? (party === "private" ? -11 : 11) : 0;
    return svg`
      <svg class=${party} x=${across(step)} y="0" overflow="visible">
        <g transform="translate(${aside} ${MARK_Y})">${SHAPES[party]}</g>
        <text x=${aside + (step === 1 ? -9 : step === 5 ? 9 : 0)} y=${LABEL_Y}
          text-anchor=${aside ? (aside < 0 ? "end" : "start") : anchor(step)}>${this.parties[party].title[this.lang]}</text>
      </svg>`;
  }

  /** The picture in one sentence. */
  private inWords(): string {
    const [first, second] = PARTIES;
    return translate(this.lang, "scale", {
      dimension: capitalised(this.dimension.name[this.lang]),
      first: this.parties[first!].plural[this.lang],
      first_place: this.place(first!),
      second: this.parties[second!].plural[this.lang],
      second_place: this.place(second!),
    });
  }

  private place(party: Party): string {
    const { left, right } = this.dimension.axis;
    return translate(this.lang, PLACES[this.dimension.axis[party]]!, { left: left[this.lang], right: right[this.lang] });
  }
}

/** `text` with a capital first letter. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
