/**
 * <opi-feedback>: thumbs up or down for one reply and, after a thumbs down, what was missing.
 * Fires "opi-rated" with the rating and "opi-announce" with words for screen readers.
 */
import { html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Language, Rating } from "../contract";
import { emit } from "../events";
import { icons } from "../icons";
import type { Server } from "../server";
import { type StringKey, translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-feedback.css";

const MAX_MISSING = 500;

export class OpiFeedback extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) server!: Server;
  @property({ attribute: false }) receipt = "";
  @property({ attribute: false }) rating?: Rating;
  @state() private asking = false;
  @state() private outcome: StringKey | null = null;
  @query("textarea") private field?: HTMLTextAreaElement;

  override render() {
    return html`
      <div class="thumbs" role="group" aria-label=${translate(this.lang, "feedback_group")}>
        ${this.renderThumb("up", "feedback_up")}${this.renderThumb("down", "feedback_down")}
        ${this.outcome ? html`<span class="outcome">${translate(this.lang, this.outcome)}</span>` : nothing}
      </div>
      ${this.asking ? this.renderQuestion() : nothing}`;
  }

  private renderThumb(rating: Rating, label: StringKey) {
    return html`
      <button type="button" class="quiet" aria-pressed=${this.rating === rating} aria-label=${translate(this.lang, label)}
        title=${translate(this.lang, label)} @click=${() => this.choose(rating)}>${icons[rating]}</button>`;
  }

  private renderQuestion() {
    return html`
      <form @submit=${this.comment}>
        <label for="missing">${translate(this.lang, "feedback_missing")}</label>
        <textarea id="missing" rows="2" maxlength=${MAX_MISSING} aria-describedby="hint"></textarea>
        <div class="send">
          <button class="chip">${translate(this.lang, "feedback_send")}</button>
          <span id="hint">${translate(this.lang, "feedback_hint", { limit: MAX_MISSING })}</span>
        </div>
      </form>`;
  }

  private async choose(rating: Rating): Promise<void> {
    this.asking = rating === "down";
    await this.send(rating);
  }

  private async comment(event: Event): Promise<void> {
    event.preventDefault();
    if (!(await this.send("down", this.field!.value.trim()))) return;
    this.asking = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  private async send(rating: Rating, missing?: string): Promise<boolean> {
    let stored = true;
    try {
      await this.server.rate(this.receipt, rating, missing);
      emit(this, "opi-rated", rating);
    } catch {
      stored = false;
    }
    this.outcome = stored ? "feedback_thanks" : "feedback_failed";
    emit(this, "opi-announce", translate(this.lang, this.outcome));
    return stored;
  }
}
