/** <opi-languages>: the language switch. Fires "opi-language" with the chosen language. */
import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { LANGUAGES, type Language } from "../contract";
import { emit } from "../events";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-languages.css";

// Each language's own name for itself, the same whatever the interface speaks.
const displayName = (language: Language) => new Intl.DisplayNames([language], { type: "language" }).of(language)!;

export class OpiLanguages extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";

  override render() {
    return html`
      <div role="group" aria-label=${translate(this.lang, "language_group")}>
        ${LANGUAGES.map(
          (language) => html`
            <button type="button" lang=${language} aria-pressed=${language === this.lang}
              @click=${() => emit(this, "opi-language", language)}>${displayName(language)}</button>`,
        )}
      </div>`;
  }
}
