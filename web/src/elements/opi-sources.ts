/** <opi-sources>: where a reply's statements stand, folded up or not. */
import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Language, Party, PartyNames, Statement } from "../contract";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import { capitalised } from "./opi-scale";
import styles from "./opi-sources.css";

/** The rows and headings are quoted as they stand in the source. */
const SOURCE_LANGUAGE: Language = "da";

export class OpiSources extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) statements: readonly Statement[] = [];
  @property({ attribute: false }) parties: Record<Party, PartyNames> | null = null;
  /** Whether it begins unfolded. */
  @property({ type: Boolean }) open = false;

  override render() {
    const documents = [...new Set(this.statements.map((statement) => statement.source.document))];
    return html`
      <details ?open=${this.open}>
        <summary>${translate(this.lang, "where_from")}</summary>
        ${documents.map(
          (document) => html`
            <p>${translate(this.lang, "source_document", { document })}</p>
            <ul>${this.renderRows(this.statements.filter((statement) => statement.source.document === document))}</ul>`,
        )}
      </details>`;
  }

  private renderRows(statements: readonly Statement[]) {
    const rows = [...new Set(statements.map((statement) => statement.source.row))];
    return rows.map((row) => {
      const found = statements.filter((statement) => statement.source.row === row);
      const title = found[0]!.source.party ? "source_row" : "source_section";
      return html`
        <li>
          ${translate(this.lang, title)} <cite lang=${SOURCE_LANGUAGE}>${row}</cite>
          <ul>${found.map((statement) => this.renderStatement(statement))}</ul>
        </li>`;
    });
  }

  private renderStatement(statement: Statement) {
    return html`<li><span class="place">${this.place(statement)}</span> ${statement.text}</li>`;
  }

  private place({ source }: Statement): string {
    const party = source.party && this.parties?.[source.party].plural[this.lang];
    const { point: number } = source;
    const point = translate(this.lang, number ? "source_point" : "source_heading", { point: number });
    return `${capitalised(party ? `${party}, ${point}` : point)}:`;
  }
}
