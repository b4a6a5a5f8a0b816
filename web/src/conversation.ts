/** The conversation: its turns, sending, failing, trying again, and surviving a reload. */
import type { Answer, Language, Rating } from "./contract";
import { type Server, ServerError, type Words } from "./server";
import { readItem, writeItem } from "./session";

const KEY = "conversation";

export interface Turn {
  id: number;
  question: string;
  /** The language that the question is read out in: the interface's, then the reply's. */
  language: Language;
  /** What is sent where it is not the question itself: a pressed button, or placements. */
  words?: Words;
  state: "waiting" | "answered" | "failed";
  /** Why it failed: the code of a ServerError, or "interrupted". */
  failure?: string;
  answer?: Answer;
  rating?: Rating;
}

interface Kept {
  id: string | null;
  turns: Turn[];
}

/** Fires "change" when anything changed, "answered" and "failed" when a turn came to its end. */
export class Conversation extends EventTarget {
  private id: string | null;
  private kept: Turn[];
  /** The question that is on its way. */
  private delivery: Promise<void> | null = null;

  constructor(private readonly server: Server) {
    super();
    const kept = readItem<Kept>(KEY);
    this.id = kept?.id ?? null;
    this.kept = (kept?.turns ?? []).map(asInterrupted);
  }

  get turns(): readonly Turn[] {
    return this.kept;
  }

  get last(): Turn | undefined {
    return this.kept.at(-1);
  }

  get waiting(): boolean {
    return this.kept.some((turn) => turn.state === "waiting");
  }

  /** Ask a typed question or, with `words`, send those in its place. Ignored while an answer is on its way. */
  async ask(question: string, language: Language, words?: Words): Promise<void> {
    if (this.waiting) return;
    const id = (this.last?.id ?? 0) + 1;
    this.store([...this.kept, { id, question, language, words, state: "waiting" }]);
    const delivery = this.deliver(id);
    this.delivery = delivery;
    await delivery;
    if (this.delivery === delivery) this.delivery = null;
  }

  /** Ask the question of a failed turn again; it moves to the end, as the server hears it only now. */
  async retry(turn: Turn): Promise<void> {
    if (this.waiting) return;
    this.kept = this.kept.filter((one) => one.id !== turn.id);
    await this.ask(turn.question, turn.language, turn.words);
  }

  /** Keep the rating beside its answer. */
  rate(id: number, rating: Rating): void {
    this.change(id, { rating });
  }

  /**
   * Forget everything, here and on the server; the next question begins a new conversation.
   * @returns whether the server has deleted it.
   */
  async restart(): Promise<boolean> {
    const { id, delivery } = this;
    this.id = null;
    this.store([]);
    if (!id) return true;
    const deleted = await this.forget(id);
    // A question that was on its way may have reached the server after that.
    if (!delivery) return deleted;
    await delivery;
    return this.forget(id);
  }

  private async forget(id: string): Promise<boolean> {
    try {
      await this.server.forget(id);
      return true;
    } catch {
      return false;
    }
  }

  private async deliver(id: number): Promise<void> {
    const turn = this.kept.find((one) => one.id === id)!;
    let ended: Partial<Turn>;
    try {
      const answer = await this.send(turn);
      ended = { state: "answered", answer, language: answer.reply.language };
    } catch (error) {
      ended = { state: "failed", failure: error instanceof ServerError ? error.code : "internal" };
    }
    // A new conversation may have begun while this one was on its way.
    if (!this.kept.includes(turn)) return;
    if (ended.answer?.reply.kind === "forgotten") this.kept = [turn];
    this.change(id, ended);
    this.dispatchEvent(new Event(ended.state!));
  }

  private async send(turn: Turn): Promise<Answer> {
    const typed = { text: turn.question };
    const words = turn.words ?? typed;
    const conversation = this.id ?? (await this.begin(turn));
    try {
      return await this.server.send(conversation, words);
    } catch (error) {
      const code = error instanceof ServerError ? error.code : "";
      if (code === "unknown_button") return this.server.send(conversation, typed);
      // The button belonged to the lost conversation, so its words are sent.
      if (code === "no_conversation") return this.server.send(await this.begin(turn), "button" in words ? typed : words);
      throw error;
    }
  }

  private async begin(turn: Turn): Promise<string> {
    const id = await this.server.newConversation();
    // Forgotten in the meantime: its question must not be sent any more.
    if (!this.kept.includes(turn)) throw new ServerError("interrupted");
    this.id = id;
    return id;
  }

  private change(id: number, changes: Partial<Turn>): void {
    this.store(this.kept.map((turn) => (turn.id === id ? { ...turn, ...changes } : turn)));
  }

  private store(turns: Turn[]): void {
    this.kept = turns;
    writeItem(KEY, { id: this.id, turns } satisfies Kept);
    this.dispatchEvent(new Event("change"));
  }
}

function asInterrupted(turn: Turn): Turn {
  return turn.state === "waiting" ? { ...turn, state: "failed", failure: "interrupted" } : turn;
}
