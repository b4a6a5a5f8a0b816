/** The HTTP API of the advisor. */
import type { Answer, Language, Rating, Start } from "./contract";

const TIMEOUT_MILLISECONDS = 20_000;

/** A request that failed; `code` is the API's, or "offline", "timeout" or "internal". */
export class ServerError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** The words of one message: typed, the value of an offered button, or where both parties were placed (which has no language). */
export type Words = { text: string } | { button: string } | { placements: string; language: Language };

export class Server {
  /** @param base where the API lies, with a slash at the end */
  constructor(readonly base: URL) {}

  /** What the page needs at the start. */
  start(): Promise<Start> {
    return this.request("GET", "api/start");
  }

  /** Begin a conversation and return its id. */
  async newConversation(): Promise<string> {
    const answer = await this.request<{ conversation: string }>("POST", "api/conversations", {});
    return answer.conversation;
  }

  /** Send one message and return the one reply. */
  send(conversation: string, words: Words): Promise<Answer> {
    return this.request("POST", "api/messages", { conversation, ...words });
  }

  /** Have the server delete a conversation. */
  async forget(conversation: string): Promise<void> {
    await this.request("POST", "api/forget", { conversation });
  }

  /** Rate the reply that came with `receipt`; a later rating replaces the earlier one. */
  async rate(receipt: string, rating: Rating, missing?: string): Promise<void> {
    await this.request("POST", "api/feedback", { receipt, rating, ...(missing ? { missing } : {}) });
  }

  /** @throws ServerError */
  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    try {
      const response = await fetch(new URL(path, this.base), {
        method,
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      if (!response.ok) throw new ServerError(await errorCode(response));
      return (response.status === 204 ? undefined : await response.json()) as T;
    } catch (error) {
      throw error instanceof ServerError ? error : new ServerError(failureCode(error));
    }
  }
}

async function errorCode(response: Response): Promise<string> {
  // A proxy in between answers without our JSON.
  const body = await response.json().catch(() => null);
  return body?.error?.code ?? (response.status === 503 ? "not_ready" : "internal");
}

function failureCode(error: unknown): string {
  if (error instanceof SyntaxError) return "internal";
  return error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "offline";
}
