/** <opi-composer>: the field for the question. Fires "opi-send" with the text. */
import { html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Language } from "../contract";
import { emit } from "../events";
import { icons } from "../icons";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-composer.css";

/** From this share of the limit on the characters are counted. */
const COUNT_FROM = 0.8;
const ANNOUNCE_AFTER_MILLISECONDS = 1_000;

export class OpiComposer extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  /** The longest message, in characters. */
  @property({ attribute: false }) limit = 1000;
  /** While an answer is on its way nothing more is sent; one can write on. */
  @property({ attribute: false }) busy = false;
  @state() private count = 0;
  @state() private refused = false;
  @query("textarea") private field!: HTMLTextAreaElement;
  private announcement = 0;

  override render() {
    const isNear = this.count >= this.limit * COUNT_FROM;
    return html`
      <form @submit=${this.submit}>
        <label for="question">${translate(this.lang, "input_label")}</label>
        <div class="field">
          <textarea id="question" rows="1" autocomplete="off" aria-describedby="hint problem" aria-invalid=${this.refused}
            @input=${this.changed} @keydown=${this.pressed}></textarea>
          <button class="solid" aria-disabled=${this.busy}>${icons.send}<span>${translate(this.lang, "send")}</span></button>
        </div>
        <p id="problem" role="alert">${this.refused ? html`${icons.warning}${this.numbers("too_long")}` : nothing}</p>
        <p class="below">
          <span id="hint">${translate(this.lang, "input_hint")}</span>
          ${isNear ? html`<span class=${this.count > this.limit ? "over" : ""}>${this.numbers("characters")}</span>` : nothing}
        </p>
      </form>`;
  }

  override focus(): void {
    this.field.focus();
  }

  /** Put `text` into the field; one that is too long is explained there. */
  fill(text: string): void {
    this.field.value = text;
    this.changed();
    this.refused = this.count > this.limit;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    this.field.focus();
    this.refused = this.count > this.limit;
    if (!text || this.busy || this.refused) return;
    this.fill("");
    emit(this, "opi-send", text);
  }

  private pressed(event: KeyboardEvent): void {
    // While a composed character is confirmed, Safari tells so by the key code only.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    this.submit(event);
  }

  private changed(): void {
    // As the server counts: in characters, not in UTF-16 units.
    this.count = [...this.field.value.trim()].length;
    this.refused &&= this.count > this.limit;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
    this.announceCount();
  }

  /** Say the count once the typing pauses, not at each key. */
  private announceCount(): void {
    clearTimeout(this.announcement);
    if (this.count < this.limit * COUNT_FROM) return;
    const announce = () => emit(this, "opi-announce", this.numbers("characters"));
    this.announcement = window.setTimeout(announce, ANNOUNCE_AFTER_MILLISECONDS);
  }

  private numbers(key: "characters" | "too_long"): string {
    const shown = new Intl.NumberFormat(this.lang);
    return translate(this.lang, key, { count: shown.format(this.count), limit: shown.format(this.limit) });
  }
}
