/**
 * <opi-reply>: one reply as a card, in the reply's own language.
 * Fires "opi-announce" with words for screen readers.
 */
import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { copyMarkdown } from "../clipboard";
import type { Answer, Dimension, Language, Party, Rating, Reply, Section, Start, Statement, Step, Suggestion } from "../contract";
import { emit } from "../events";
import { icons, marks } from "../icons";
import { toHtml } from "../markdown";
import { otherParty, readPlacements } from "../placements";
import type { Server } from "../server";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import { isAsking } from "./opi-next";
import styles from "./opi-reply.css";

const KNOWN_KINDS = ["answer", "overview", "background", "smalltalk", "out_of_scope", "clarification", "onboarding"];

export class OpiReply extends LitElement {
  static override styles = sheets(styles);

  @property({ attribute: false }) answer!: Answer;
  @property({ attribute: false }) server!: Server;
  @property({ attribute: false }) start: Start | null = null;
  @property({ attribute: false }) rating?: Rating;
  /** Only the newest reply offers what to ask next. */
  @property({ type: Boolean }) newest = false;
  /** Whether this is the advisor's own page, which has sliders and the comparison. */
  @property({ attribute: false }) onPage = false;
  @state() private copied = false;

  override render() {
    const { reply, text, buttons } = this.answer;
    return html`
      <div class="card">
        ${reply.step ? this.renderStep(reply.step) : nothing}
        ${KNOWN_KINDS.includes(reply.kind) ? this.renderKnown() : html`<div class="text">${unsafeHTML(toHtml(text))}</div>`}
        ${reply.links?.length ? this.renderLinks(reply) : nothing}
        ${reply.statements.length ? this.renderSources(reply.statements) : nothing}
        ${isAsking(reply) ? nothing : this.renderTools()}
      </div>
      ${this.newest ? html`<opi-next .reply=${reply} .buttons=${buttons} .onPage=${this.onPage}></opi-next>` : nothing}`;
  }

  private get language(): Language {
    return this.answer.reply.language;
  }

  private renderKnown() {
    const { reply } = this.answer;
    return html`
      ${reply.opening ? this.renderOpening(reply.opening) : nothing}
      ${reply.kind === "onboarding" ? this.renderOnboarding(reply) : this.renderSections(reply)}
      ${reply.suggestions.length ? this.renderSuggestions(reply.suggestions) : nothing}
      ${reply.note ? html`<p class="note">${reply.note}</p>` : nothing}`;
  }

  private renderOpening(opening: string) {
    const { premise, right } = this.answer.reply;
    if (typeof right === "boolean") {
      return html`<p class="aside verdict ${right ? "right" : "wrong"}">${right ? icons.check : icons.close}${opening}</p>`;
    }
    if (premise !== "contradicts") return html`<p class="opening">${opening}</p>`;
    return html`
      <div class="aside correction">
        <p class="label">${icons.turn}${translate(this.language, "correction")}</p>
        <p>${opening}</p>
      </div>`;
  }

  private renderStep({ title, number, of, label }: Step) {
    return html`
      <div class="step">
        <h4>${title}</h4>
        ${label ? html`<span class="label">${label}</span>` : nothing}
        ${number && of
          ? html`<svg class="bar" aria-hidden="true"><rect width="100%"/><rect class="done" width="${(100 * number) / of}%"/></svg>`
          : nothing}
      </div>`;
  }

  private renderOnboarding(reply: Reply) {
    const { step, sections, dimensions, right, placements } = reply;
    if (step?.name === "lesson") return this.renderLesson(reply);
    const ours = sections.filter((section) => section.ours);
    const picture = placements === null ? nothing : this.renderPlacements(placements);
    const isResult = step?.name === "result";
    return html`
      ${isResult ? picture : nothing}
      ${ours.length ? this.renderOurs(translate(this.language, "ours"), ours) : nothing}
      ${sections.filter((section) => !section.ours).map((section) => this.renderTitled(section))}
      ${isResult ? nothing : picture}
      ${typeof right === "boolean" ? this.renderScale(dimensions[0]) : nothing}`;
  }

  /** The own side and the other one beside each other, as the source has them; then what is ours, which says so in its title. */
  private renderLesson({ sections, statements, dimensions }: Reply) {
    const own = statements[0]?.source.party ?? "public";
    const parties = [own, otherParty(own)];
    return html`
      <div class="parties even">
        ${sections.filter((section) => !section.ours).map((section, index) => this.renderSide(section, parties[index]!))}
      </div>
      ${this.renderScale(dimensions[0])}
      ${sections.filter((section) => section.ours).map((section) => this.renderOurs(section.title!, [{ ...section, title: null }]))}`;
  }

  private renderSide(section: Section, party: Party) {
    return html`<div class=${party}><h5 class="label">${marks[party]}${section.title}</h5>${this.renderText(section)}</div>`;
  }

  private renderOurs(label: string, sections: readonly Section[]) {
    return html`
      <div class="aside advice">
        <p class="label">${icons.bulb}${label}</p>
        ${sections.map((section) => this.renderTitled(section))}
      </div>`;
  }

  private renderTitled(section: Section) {
    return html`<div class="section">${section.title ? html`<h5>${section.title}</h5>` : nothing}${this.renderText(section)}</div>`;
  }

  private renderSections({ sections, dimensions }: Reply) {
    return sections.map((section, index) => this.renderSection(section, dimensions[index]));
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
    const other = otherParty(asked);
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

  /** Where both parties were placed: on the scale that is asked about, or on all of them. */
  private renderPlacements(query: string) {
    if (!this.start) return nothing;
    const { step, dimensions } = this.answer.reply;
    const all = this.start.dimensions;
    const placements = readPlacements(query, all.map(({ id }) => id));
    if (!placements) return nothing;
    const shown: Dimension[] = step?.name === "result" ? all : all.filter(({ id }) => dimensions.includes(id));
    return html`
      <opi-placements lang=${this.language} .start=${this.start} .dimensions=${shown} .placements=${placements}></opi-placements>`;
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

  private renderLinks({ links }: Reply) {
    return html`
      <opi-links lang=${this.language} .links=${links} .base=${this.server.base} .onPage=${this.onPage}></opi-links>`;
  }

  /** Folded up, but for an answer in the tour: what decides it is part of the explanation. */
  private renderSources(statements: readonly Statement[]) {
    return html`
      <opi-sources lang=${this.language} ?open=${this.answer.reply.right != null} .statements=${statements}
        .parties=${this.start?.parties ?? null}></opi-sources>`;
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

  private copy(): void {
    this.copied = copyMarkdown(this.answer.text);
    emit(this, "opi-announce", translate(this.language, this.copied ? "copied" : "copy_failed"));
  }
}
