/** GET /api/start for an element, asked again until the server is there. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Start } from "./contract";
import type { Server } from "./server";

const RETRY_MILLISECONDS = 5_000;

export class StartData implements ReactiveController {
  /** null until the server has answered. */
  value: Start | null = null;
  /** Whether the last try failed. */
  failed = false;
  private timer = 0;

  constructor(private readonly host: ReactiveControllerHost, private readonly server: Server) {
    host.addController(this);
  }

  hostConnected(): void {
    if (!this.value) void this.load();
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
  }

  private async load(): Promise<void> {
    try {
      this.value = await this.server.start();
      this.failed = false;
    } catch {
      this.failed = true;
      this.timer = window.setTimeout(() => void this.load(), RETRY_MILLISECONDS);
    }
    this.host.requestUpdate();
  }
}
