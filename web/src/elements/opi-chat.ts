/**
 * <opi-chat>: the conversation. Fires "opi-topic" with the ids of the dimensions that it is about now, "opi-place" with null or
 * placements where sliders are asked for, and "opi-restart" when it was deleted.
 */
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { contactAddress } from "../contact";
import type { Button, Language, Rating, Start } from "../contract";
import { Conversation, type Turn } from "../conversation";
import { emit } from "../events";
import { failureText } from "../failures";
import { icons } from "../icons";
import { toPlain } from "../markdown";
import { type Placements, writePlacements } from "../placements";
import type { Server, Words } from "../server";
import { translate } from "../strings";
import { sheets } from "../styles/sheets";
import styles from "./opi-chat.css";
import type { OpiComposer } from "./opi-composer";

const DEFAULT_LIMIT = 1000;
const ANNOUNCED_FOR_MILLISECONDS = 10_000;

export class OpiChat extends LitElement {
  static override styles = sheets(styles);

  @property() override lang: Language = "da";
  @property({ attribute: false }) server!: Server;
  @property({ attribute: false }) start: Start | null = null;
  /** Whether the server could not be reached yet. */
  @property({ attribute: false }) startFailed = false;
  /** A contact address that goes before the server's. */
  @property({ attribute: false }) contact: string | null = null;
  /** Whether this is the advisor's own page, which has sliders and the comparison. */
  @property({ attribute: false }) onPage = false;
  @state() private confirming = false;
  /** Whether the server could not delete the conversation before this one. */
  @state() private notDeleted = false;
  @state() private status = { text: "", language: "da" as Language };
  @query("opi-composer") private composer!: OpiComposer;
  private conversation!: Conversation;
  private statusTimer = 0;

  /** The question that was asked last, "" at the start. */
  get lastQuestion(): string {
    return this.conversation.last?.question ?? "";
  }

  /** Whether an answer is on its way; nothing more is sent then. */
  get waiting(): boolean {
    return this.conversation.waiting;
  }

  /** Ask `question`; one that is too long is put into the field instead. */
  ask(question: string, words?: Words): void {
    if ([...question].length > this.limit) return this.composer.fill(question);
    if (this.waiting) return;
    void this.conversation.ask(question, this.lang, words);
    this.announce(translate(this.lang, "working"));
    void this.scrollToLast(".question", "nearest");
  }

  /** Send where both parties were placed, as the person's turn. */
  place(placements: Placements): void {
    this.ask(translate(this.lang, "our_placements"), { placements: writePlacements(placements), language: this.lang });
    void this.settleFocus();
  }

  /** Put the focus into the field for the question. */
  async focusInput(): Promise<void> {
    await this.updateComplete;
    await this.composer.updateComplete;
    this.composer.focus();
  }

  /** Give the focus a place after its control has gone: the field, or the conversation where a keyboard would pop up. */
  async settleFocus(): Promise<void> {
    if (!matchMedia("(pointer: coarse)").matches) return this.focusInput();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".log")!.focus({ preventScroll: true });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("server")) this.begin();
  }

  protected override firstUpdated(): void {
    this.tellTopic();
  }

  private begin(): void {
    this.conversation = new Conversation(this.server);
    this.conversation.addEventListener("change", () => this.requestUpdate());
    this.conversation.addEventListener("answered", () => this.answered());
    this.conversation.addEventListener("failed", () => this.failed());
  }

  private get limit(): number {
    return this.start?.limit ?? DEFAULT_LIMIT;
  }

  override render() {
    const { turns } = this.conversation;
    return html`
      <div class="bar">
        <h2>${translate(this.lang, "conversation")}</h2>
        ${this.renderContact()}${turns.length ? this.renderRestart() : nothing}
      </div>
      <div tabindex="-1" class="log ${turns.length ? "" : "fresh"}"
        @opi-announce=${(event: CustomEvent<string>) => this.announce(event.detail)}>
        ${this.renderIntroduction(turns.length === 0)}
        <ol>${repeat(turns, (turn) => turn.id, (turn) => this.renderTurn(turn))}</ol>
      </div>
      <opi-composer lang=${this.lang} .limit=${this.limit} .busy=${this.waiting}
        @opi-send=${(event: CustomEvent<string>) => this.ask(event.detail)}
        @opi-announce=${(event: CustomEvent<string>) => this.announce(event.detail)}></opi-composer>
      <div role="status" class="unseen" lang=${this.status.language}>${this.status.text}</div>`;
  }

  private renderContact() {
    const address = contactAddress(this.contact, this.start?.contact);
    return address
      ? html`<a class="quiet" href=${address} rel="noopener noreferrer">${icons.person}${translate(this.lang, "contact")}</a>`
      : nothing;
  }

  private renderRestart() {
    if (!this.confirming) {
      return html`<button type="button" class="quiet" id="restart" @click=${this.askToRestart}>
        ${icons.restart}${translate(this.lang, "new_conversation")}</button>`;
    }
    return html`
      <div class="confirm" role="group" aria-labelledby="sure" @keydown=${this.escapeRestart}>
        <span id="sure">${translate(this.lang, "restart_question")}</span>
        <button type="button" class="solid" @click=${this.restart}>${translate(this.lang, "restart_yes")}</button>
        <button type="button" class="chip" @click=${this.keep}>${translate(this.lang, "restart_no")}</button>
      </div>`;
  }

  private renderIntroduction(withExamples: boolean) {
    const document = this.start?.document[this.lang];
    return html`
      <div class="introduction">
        ${withExamples ? html`<h3>${translate(this.lang, "intro_title")}</h3>` : nothing}
        <p>${translate(this.lang, "intro_who")} ${document ? translate(this.lang, "intro_what", { document }) : nothing}</p>
        <p>${translate(this.lang, "intro_typical")} <strong>${translate(this.lang, "intro_privacy")}</strong></p>
        ${this.notDeleted ? html`<p class="problem">${icons.warning}${translate(this.lang, "restart_failed")}</p>` : nothing}
        ${this.startFailed ? html`<p class="problem">${icons.warning}${translate(this.lang, "starting")}</p>` : nothing}
        ${withExamples && this.start ? [this.renderBeginnings(this.start), this.renderExamples(this.start.examples[this.lang])] : nothing}
      </div>`;
  }

  private renderBeginnings({ onboarding }: Start) {
    const [tour, placing] = [onboarding.tour[this.lang], onboarding.placing[this.lang]];
    return html`
      <p id="beginnings" class="lead">${translate(this.lang, "intro_beginnings")}</p>
      <ul class="beginnings" aria-labelledby="beginnings">
        <li><button type="button" @click=${() => this.example(tour)}>${tour}${icons.chevron}</button></li>
        <li>
          <button type="button" @click=${() => (this.onPage ? emit(this, "opi-place", null) : this.example(placing))}>
            ${placing}${icons.chevron}
          </button>
        </li>
      </ul>`;
  }

  private renderExamples(examples: readonly string[]) {
    return html`
      <p id="examples" class="lead">${translate(this.lang, "intro_examples")}</p>
      <ul class="examples" aria-labelledby="examples">
        ${examples.map(
          (example) => html`
            <li><button type="button" @click=${() => this.example(example)}>${example}${icons.chevron}</button></li>`,
        )}
      </ul>`;
  }

  private renderTurn(turn: Turn) {
    return html`
      <li>
        <p class="question" lang=${turn.language}
          ><span class="unseen">${translate(turn.language, "you_asked")} </span>${turn.question}</p>
        ${this.renderOutcome(turn)}
      </li>`;
  }

  private renderOutcome(turn: Turn) {
    if (turn.state === "waiting") return this.renderWorking();
    return turn.state === "failed" ? this.renderFailure(turn) : this.renderAnswer(turn);
  }

  private renderWorking() {
    return html`
      <p class="working">
        <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${translate(this.lang, "working")}
      </p>`;
  }

  private renderFailure(turn: Turn) {
    return html`
      <div class="problem">
        ${icons.warning}
        <p><strong>${translate(this.lang, "not_sent")}</strong> ${translate(this.lang, failureText(turn.failure))}</p>
        <button type="button" class="chip" @click=${() => this.retry(turn)}>${translate(this.lang, "try_again")}</button>
      </div>`;
  }

  private renderAnswer(turn: Turn) {
    return html`
      <div class="answer" lang=${turn.language}>
        <h3 class="unseen">${translate(turn.language, "answer")}</h3>
        <opi-reply .answer=${turn.answer!} .server=${this.server} .start=${this.start} .rating=${turn.rating} .onPage=${this.onPage}
          ?newest=${turn === this.conversation.last}
          @opi-choose=${(event: CustomEvent<Button>) => this.choose(event.detail)}
          @opi-rated=${(event: CustomEvent<Rating>) => this.conversation.rate(turn.id, event.detail)}></opi-reply>
      </div>`;
  }

  private example(question: string): void {
    this.ask(question);
    void this.settleFocus();
  }

  private choose({ title, button }: Button): void {
    this.ask(title, { button });
    void this.settleFocus();
  }

  private retry(turn: Turn): void {
    void this.conversation.retry(turn);
    this.announce(translate(this.lang, "working"));
    void this.settleFocus();
  }

  private answered(): void {
    const { text, reply } = this.conversation.last!.answer!;
    this.announce(toPlain(text), reply.language);
    this.tellTopic();
    void this.scrollToLast(".answer", "start");
  }

  private failed(): void {
    const reason = translate(this.lang, failureText(this.conversation.last!.failure));
    this.announce(`${translate(this.lang, "not_sent")} ${reason}`);
    void this.scrollToLast(".problem", "nearest");
  }

  private tellTopic(): void {
    const reply = this.conversation.last?.answer?.reply;
    // Those of the tour's summary are what to look at again, which may be all of them.
    emit(this, "opi-topic", reply && reply.step?.name !== "summary" ? reply.dimensions : []);
  }

  private async askToRestart(): Promise<void> {
    this.confirming = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".confirm button")!.focus();
  }

  private async keep(): Promise<void> {
    this.confirming = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#restart")!.focus();
  }

  private escapeRestart(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    // Else the widget would close as well.
    event.stopPropagation();
    void this.keep();
  }

  private async restart(): Promise<void> {
    this.confirming = false;
    const deleted = this.conversation.restart();
    emit(this, "opi-restart", null);
    this.tellTopic();
    void this.settleFocus();
    this.notDeleted = !(await deleted);
    this.announce(translate(this.lang, this.notDeleted ? "restart_failed" : "restarted"));
  }

  /** Have screen readers say `text` once; it goes again, so that nobody meets it while reading the page. */
  private announce(text: string, language: Language = this.lang): void {
    this.status = { text, language };
    clearTimeout(this.statusTimer);
    this.statusTimer = window.setTimeout(() => (this.status = { text: "", language }), ANNOUNCED_FOR_MILLISECONDS);
  }

  private async scrollToLast(selector: string, block: ScrollLogicalPosition): Promise<void> {
    await this.updateComplete;
    // The elements within are drawn only after this one, and make it higher.
    await new Promise(requestAnimationFrame);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const target = this.renderRoot.querySelector(`ol > li:last-child ${selector}`);
    target?.scrollIntoView({ block, behavior: isStill ? "auto" : "smooth" });
  }
}
