/** <opi-table>: the whole comparison as a table. */
import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { type Dimension, type Language, PARTIES, type Start } from "../contract";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import { capitalised } from "./opi-scale";
import styles from "./opi-table.css";

export class OpiTable extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) start!: Start;

  // Where it is narrow the cells stand below each other, and browsers then drop the table's meaning: hence the roles.
  override render() {
    return html`
      <table role="table">
        <caption>${translate(this.lang, "table_caption")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">${translate(this.lang, "table_dimension")}</th>
            ${PARTIES.map((party) => html`<th role="columnheader" scope="col">${this.partyName(party)}</th>`)}
          </tr>
        </thead>
        <tbody role="rowgroup">${this.start.dimensions.map((dimension) => this.renderRow(dimension))}</tbody>
      </table>`;
  }

  private renderRow(dimension: Dimension) {
    return html`
      <tr role="row">
        <th role="rowheader" scope="row">${capitalised(dimension.name[this.lang])}</th>
        ${PARTIES.map(
          (party) => html`
            <td role="cell">
              <span class="party" aria-hidden="true">${this.partyName(party)}</span>
              <ul>${dimension.parties[party].statements.map((statement) => html`<li>${statement.text[this.lang]}</li>`)}</ul>
            </td>`,
        )}
      </tr>`;
  }

  private partyName(party: "public" | "private"): string {
    return capitalised(this.start.parties[party].plural[this.lang]);
  }
}
