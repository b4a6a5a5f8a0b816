/**
 * <opi-comparison>: the six dimensions as scales, or all statements as a table.
 * Fires "opi-dimension" with the id of a chosen dimension and "opi-view" with "picture" or "table".
 */
import { html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import type { Dimension, Language, Start } from "../contract";
import { emit } from "../events";
import { icons } from "../icons";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import { capitalised } from "./opi-scale";
import styles from "./opi-comparison.css";

export type View = "picture" | "table";

export class OpiComparison extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) start!: Start;
  /** Ids of the dimensions that are being talked about. */
  @property({ attribute: false }) current: readonly string[] = [];
  @state() private view: View = "picture";

  override render() {
    const isTable = this.view === "table";
    return html`
      <div class="head">
        <h2>${translate(this.lang, "comparison")}</h2>
        <button type="button" class="quiet" @click=${this.switchView}>
          ${translate(this.lang, isTable ? "show_picture" : "show_table")}
        </button>
      </div>
      ${isTable ? html`<opi-table lang=${this.lang} .start=${this.start}></opi-table>` : this.renderPicture()}`;
  }

  private renderPicture() {
    return html`
      <p class="hint">${translate(this.lang, "comparison_hint")}</p>
      <ul>${this.start.dimensions.map((dimension) => this.renderDimension(dimension))}</ul>
      <p class="reading">${translate(this.lang, "comparison_reading")}</p>`;
  }

  private renderDimension(dimension: Dimension) {
    const isCurrent = this.current.includes(dimension.id);
    return html`
      <li class=${isCurrent ? "current" : ""}>
        <h3>
          <a href="#${dimension.id}" aria-current=${isCurrent ? "true" : "false"}
            @click=${(event: Event) => this.choose(event, dimension)}>
            ${capitalised(dimension.name[this.lang])}${icons.chevron}
          </a>
          ${isCurrent ? html`<span class="badge">${translate(this.lang, "current")}</span>` : ""}
        </h3>
        <opi-scale lang=${this.lang} .dimension=${dimension} .parties=${this.start.parties}></opi-scale>
      </li>`;
  }

  private choose(event: Event, dimension: Dimension): void {
    // A click asks even where the address already names this dimension.
    event.preventDefault();
    emit(this, "opi-dimension", dimension.id);
  }

  private switchView(): void {
    this.view = this.view === "table" ? "picture" : "table";
    emit(this, "opi-view", this.view);
  }
}
