/**
 * <opi-placing>: sliders to place both parties on all scales. Nothing counts as placed until it is moved.
 * Fires "opi-draft" with each change, "opi-placed" with the placements when they are to be sent, and "opi-cancel".
 */
import { html, LitElement, nothing, svg } from "lit";
import { property, state } from "lit/decorators.js";
import { type Dimension, type Language, PARTIES, type Party, type Start } from "../contract";
import type { Draft } from "../draft";
import { emit } from "../events";
import { icons, marks } from "../icons";
import { isPlaced, type Place, placed, STEPS } from "../placements";
import { type StringKey, translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-placing.css";
import { capitalised, placeInWords, shape } from "./opi-scale";

/** Where a slider stands that was not moved. */
const MIDDLE = 3;
const across = (step: number) => `${(step - 1) * 25}%`;

export class OpiPlacing extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) start!: Start;
  @property({ attribute: false }) draft!: Draft;
  /** Why it was not sent. */
  @state() private problem: StringKey | null = null;

  override render() {
    const { given, unreadable } = this.draft;
    return html`
      <form aria-labelledby="title" @submit=${this.submit}>
        <div class="head">
          <h2 id="title" tabindex="-1">${translate(this.lang, "placing")}</h2>
          <button type="button" class="quiet" @click=${this.cancel}>${icons.close}${translate(this.lang, "placing_cancel")}</button>
        </div>
        ${unreadable ? html`<div class="problem">${icons.warning}<p>${translate(this.lang, "placing_unreadable")}</p></div>` : nothing}
        <p>${translate(this.lang, given ? "placing_given" : "placing_intro")}</p>
        ${given ? nothing : this.renderSides()}
        <p class="typical"><span>${PARTIES.map((party) => marks[party])}</span>${translate(this.lang, "typical_marks")}</p>
        ${this.start.dimensions.map((dimension) => this.renderDimension(dimension))}
        <p role="alert" class="refusal">${this.problem ? html`${icons.warning}${translate(this.lang, this.problem)}` : nothing}</p>
        <button class="solid">${translate(this.lang, "placing_send")}</button>
      </form>`;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")!.focus();
  }

  private renderSides() {
    return html`
      <fieldset class="sides">
        <legend>${translate(this.lang, "placing_side")}</legend>
        ${PARTIES.map(
          (party) => html`
            <label>
              <input type="radio" name="side" .checked=${this.draft.placements.side === party} @change=${() => this.choose(party)}>
              ${this.start.parties[party].name[this.lang]}
            </label>`,
        )}
      </fieldset>`;
  }

  private renderDimension(dimension: Dimension) {
    const { left, right } = dimension.axis;
    const parties = PARTIES.filter((party) => party !== this.draft.given);
    return html`
      <fieldset class="dimension">
        <legend>${capitalised(dimension.name[this.lang])}</legend>
        <p class="poles"><span>${left[this.lang]}</span><span>${right[this.lang]}</span></p>
        ${parties.map((party) => this.renderSlider(dimension, party))}
      </fieldset>`;
  }

  private renderSlider(dimension: Dimension, party: Party) {
    const place = this.draft.placements.places[dimension.id]?.[party] ?? null;
    const id = `${dimension.id}-${party}`;
    const typical = dimension.axis[party];
    const name = this.start.parties[party].name[this.lang];
    return html`
      <div class="slider ${party} ${place ? "" : "unknown"}">
        <label class="name" for=${id}>
          ${marks[party]}<span>${capitalised(name)} <span class="whose">${this.whose(party)}</span></span>
        </label>
        <div class="line">
          <input type="range" id=${id} min="1" max="5" step="1" .value=${String(place ?? MIDDLE)} aria-describedby="${id}-typical"
            aria-valuetext=${place ? placeInWords(place, dimension, this.lang) : translate(this.lang, "unknown")}
            @input=${(event: Event) => this.move(event, dimension, party)} @click=${(event: Event) => this.move(event, dimension, party)}>
          <svg aria-hidden="true" width="100%" height="14">
            ${STEPS.map((step) => svg`<line x1=${across(step)} x2=${across(step)} y1="0" y2="3"/>`)}
            <svg x=${across(typical)} y="8" overflow="visible">${shape(party, 5)}</svg>
          </svg>
          <span id="${id}-typical" class="unseen">
            ${translate(this.lang, "placing_typically", { place: placeInWords(typical, dimension, this.lang) })}
          </span>
        </div>
        <label class="unsure">
          <input type="checkbox" .checked=${!place}
            @change=${(event: Event) => this.set(dimension, party, (event.target as HTMLInputElement).checked ? null : MIDDLE)}>
          ${translate(this.lang, "unknown")}<span class="unseen">: ${name}</span>
        </label>
      </div>`;
  }

  /** Whether `party` is the person's own side or the other one. */
  private whose(party: Party): string {
    const { side } = this.draft.placements;
    return side ? `(${translate(this.lang, party === side ? "placing_own" : "placing_partner")})` : "";
  }

  private choose(side: Party): void {
    this.change({ ...this.draft, placements: { ...this.draft.placements, side } });
  }

  private move(event: Event, dimension: Dimension, party: Party): void {
    this.set(dimension, party, Number((event.target as HTMLInputElement).value));
  }

  private set(dimension: Dimension, party: Party, place: Place): void {
    this.change({ ...this.draft, placements: placed(this.draft.placements, dimension.id, party, place) });
  }

  private change(draft: Draft): void {
    this.problem = null;
    emit(this, "opi-draft", draft);
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { placements, given } = this.draft;
    const isSomethingPlaced = PARTIES.some((party) => party !== given && isPlaced(placements, party));
    this.problem = !placements.side ? "placing_no_side" : isSomethingPlaced ? null : "placing_empty";
    if (!this.problem) return emit(this, "opi-placed", placements);
    const first = placements.side ? "[type=range]" : "[type=radio]";
    this.renderRoot.querySelector<HTMLElement>(first)!.focus();
  }

  private cancel(): void {
    emit(this, "opi-cancel", null);
  }
}
