/**
 * <opi-next>: what to say after a reply: an offer to go on with what waits, and buttons.
 * Fires "opi-choose" with a pressed button, and "opi-place" with placements to go on from with the sliders.
 */
import { html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Button, Reply } from "../contract";
import { emit } from "../events";
import { icons } from "../icons";
import { type StringKey, translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-next.css";

/** The steps of tour and placing that ask the person something. */
const ASKING = ["side", "question", "place"];
/** The steps from which one can go on with the sliders, and what the button then says. */
const SLIDERS: Record<string, StringKey> = { place: "use_sliders", result: "change_placements" };

/** Whether `reply` asks the person something, so that its buttons are the answers. */
export function isAsking({ step }: Reply): boolean {
  return ASKING.includes(step?.name ?? "");
}

export class OpiNext extends LitElement {
  static override styles = sheets(styles);

  @property({ attribute: false }) reply!: Reply;
  @property({ attribute: false }) buttons: readonly Button[] = [];
  /** Whether this is the advisor's own page, which has the sliders. */
  @property({ attribute: false }) onPage = false;

  override render() {
    const { offer, language, step } = this.reply;
    const sliders = this.onPage ? SLIDERS[step?.name ?? ""] : undefined;
    return html`
      ${offer ? html`<p class="offer">${offer}</p>` : nothing}
      ${this.buttons.length || sliders
        ? html`
          <div class="buttons" role="group" aria-label=${translate(language, this.label)}>
            ${this.buttons.map((button) => this.renderButton(button))}
            ${sliders ? this.renderSliders(translate(language, sliders)) : nothing}
          </div>`
        : nothing}`;
  }

  private renderButton(button: Button) {
    return html`<button type="button" class="chip" @click=${() => emit(this, "opi-choose", button)}>${button.title}</button>`;
  }

  private renderSliders(title: string) {
    return html`
      <button type="button" class="quiet" @click=${() => emit(this, "opi-place", this.reply.placements)}>
        ${icons.sliders}${title}
      </button>`;
  }

  private get label(): StringKey {
    if (this.reply.kind !== "onboarding") return "follow_ups";
    return isAsking(this.reply) ? "answers" : "what_now";
  }
}
