/** <opi-placements>: where both parties were placed on their scales, beside where they typically stand. */
import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { type Dimension, type Language, PARTIES, type Start } from "../contract";
import { marks } from "../icons";
import type { Placements } from "../placements";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-placements.css";
import { capitalised } from "./opi-scale";

const NOWHERE = { private: null, public: null };

export class OpiPlacements extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) start!: Start;
  @property({ attribute: false }) dimensions!: readonly Dimension[];
  @property({ attribute: false }) placements!: Placements;

  override render() {
    return html`
      <p class="legend">
        ${PARTIES.map((party) => html`<span>${marks[party]}${capitalised(this.start.parties[party].name[this.lang])}</span>`)}
        <span class="typical">${PARTIES.map((party) => marks[party])}${translate(this.lang, "typical_marks")}</span>
      </p>
      <ul>${this.dimensions.map((dimension) => this.renderDimension(dimension))}</ul>`;
  }

  private renderDimension(dimension: Dimension) {
    return html`
      <li>
        <p aria-hidden="true">${capitalised(dimension.name[this.lang])}</p>
        <opi-scale lang=${this.lang} .dimension=${dimension} .parties=${this.start.parties}
          .places=${this.placements.places[dimension.id] ?? NOWHERE}></opi-scale>
      </li>`;
  }
}
