/**
 * <opi-reply>: one reply as a card, in the reply's own language.
 * Fires "opi-choose" with an offered button, and "opi-announce" with words for screen readers.
 */
import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { copyMarkdown } from "../clipboard";
import type { Answer, Button, Language, Party, Rating, Section, Start, Statement, Suggestion } from "../contract";
import { emit } from "../events";
import { icons, marks } from "../icons";
import { toHtml } from "../markdown";
import type { Server } from "../server";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-reply.css";

const KNOWN_KINDS = ["answer", "overview", "background", "smalltalk", "out_of_scope", "clarification"];

export class OpiReply extends LitElement {
  static override styles = sheets(styles);

  @property({ attribute: false }) answer!: Answer;
  @property({ attribute: false }) server!: Server;
  @property({ attribute: false }) start: Start | null = null;
  @property({ attribute: false }) rating?: Rating;
  /** Only the newest reply offers what to ask next. */
  @property({ type: Boolean }) newest = false;
  @state() private copied = false;

  override render() {
    const { reply, text, buttons } = this.answer;
    return html`
      <div class="card">
        ${KNOWN_KINDS.includes(reply.kind) ? this.renderKnown() : html`<div class="text">${unsafeHTML(toHtml(text))}</div>`}
        ${reply.statements.length ? this.renderSources(reply.statements) : nothing}
        ${this.renderTools()}
      </div>
      ${this.newest && buttons.length ? this.renderButtons(buttons) : nothing}`;
  }

  private get language(): Language {
    return this.answer.reply.language;
  }

  private renderKnown() {
    const { reply } = this.answer;
    return html`
      ${reply.opening ? this.renderOpening(reply.opening) : nothing}
      ${reply.sections.map((section, index) => this.renderSection(section, reply.dimensions[index]))}
      ${reply.suggestions.length ? this.renderSuggestions(reply.suggestions) : nothing}
      ${reply.note ? html`<p class="note">${reply.note}</p>` : nothing}`;
  }

  private renderOpening(opening: string) {
    if (this.answer.reply.premise !== "contradicts") return html`<p class="opening">${opening}</p>`;
    return html`
      <div class="aside correction">
        <p class="label">${icons.turn}${translate(this.language, "correction")}</p>
        <p>${opening}</p>
      </div>`;
  }

  private renderSection(section: Section, dimension: string | undefined) {
    return html`
      <div class="section">
        ${section.title ? html`<h4>${section.title}</h4>` : nothing}
        ${section.contrast ? this.renderBothParties(section) : this.renderText(section)}
        ${this.renderScale(dimension)}
      </div>`;
  }

  private renderText(section: Section) {
    return html`<div class="text">${unsafeHTML(toHtml(section.answer))}</div>${this.renderStatements(section)}`;
  }

  /** The party that was asked about first, then the other one by comparison. */
  private renderBothParties(section: Section) {
    const asked = this.answer.reply.parties[0] ?? "public";
    const other = asked === "public" ? "private" : "public";
    return html`
      <div class="parties">
        <div class=${asked}>${this.renderPartyTitle(asked)}${this.renderText(section)}</div>
        <div class="${other} other">
          ${this.renderPartyTitle(other)}
          <div class="text">${unsafeHTML(toHtml(section.contrast!))}</div>
        </div>
      </div>`;
  }

  private renderPartyTitle(party: Party) {
    return html`<p class="label">${marks[party]}${this.start?.parties[party].title[this.language]}</p>`;
  }

  private renderStatements(section: Section) {
    const texts = new Map(this.answer.reply.statements.map((statement) => [statement.id, statement.text]));
    const listed = section.statements.filter((id) => texts.has(id));
    return listed.length ? html`<ul class="points">${listed.map((id) => html`<li>${texts.get(id)}</li>`)}</ul>` : nothing;
  }

  private renderScale(id: string | undefined) {
    const dimension = this.start?.dimensions.find((one) => one.id === id);
    if (!dimension) return nothing;
    return html`<opi-scale lang=${this.language} .dimension=${dimension} .parties=${this.start!.parties}></opi-scale>`;
  }

  private renderSuggestions(suggestions: readonly Suggestion[]) {
    return html`
      <div class="aside advice">
        <p class="label">${icons.bulb}${translate(this.language, "suggestions")}</p>
        <ul class="points">
          ${suggestions.map((suggestion) => html`<li>${this.renderReader(suggestion)} ${suggestion.text}</li>`)}
        </ul>
      </div>`;
  }

  private renderReader({ reader }: Suggestion) {
    const party = reader && this.start?.parties[reader].name[this.language];
    return party ? html`<strong>${translate(this.language, "suggestion_for", { party })}</strong>` : nothing;
  }

  private renderSources(statements: readonly Statement[]) {
    return html`
      <opi-sources lang=${this.language} .statements=${statements} .parties=${this.start?.parties ?? null}></opi-sources>`;
  }

  private renderTools() {
    return html`
      <div class="tools">
        <opi-feedback lang=${this.language} .server=${this.server} .receipt=${this.answer.receipt}
          .rating=${this.rating}></opi-feedback>
        <button type="button" class="quiet" @click=${this.copy}>
          ${this.copied ? icons.check : icons.copy}${translate(this.language, "copy")}
        </button>
      </div>`;
  }

  private renderButtons(buttons: readonly Button[]) {
    return html`
      <div class="buttons" role="group" aria-label=${translate(this.language, "follow_ups")}>
        ${buttons.map(
          (button) => html`
            <button type="button" class="chip" @click=${() => emit(this, "opi-choose", button)}>${button.title}</button>`,
        )}
      </div>`;
  }

  private copy(): void {
    this.copied = copyMarkdown(this.answer.text);
    emit(this, "opi-announce", translate(this.language, this.copied ? "copied" : "copy_failed"));
  }
}
