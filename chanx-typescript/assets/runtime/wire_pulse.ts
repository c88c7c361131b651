import { host } from "./host.ts";
import type { WireOutbox } from "./wire_outbox.ts";

/** How long a ping may go unanswered. */
const PONG_WITHIN = 10_000;

/** Asks a server that is silent whether it is there. */
export class WirePulse {
    #outbox: WireOutbox;
    #silent: () => void;
    #heardAt = 0;
    #timer: unknown;
    #deadline: unknown;

    /** `silent` is called where a ping has not been answered. */
    constructor(outbox: WireOutbox, silent: () => void) {
        this.#outbox = outbox;
        this.#silent = silent;
    }

    /** Asks after so many milliseconds of silence, again and again. */
    start(every: number): void {
        const silence = Date.now() - this.#heardAt;
        if (silence >= every) this.ping();
        this.#timer = host.setTimeout(() => this.start(every), Math.max(every - silence, 0) || every);
    }

    /** Whatever comes is as good as an answer. */
    heard(): void {
        this.#heardAt = Date.now();
        host.clearTimeout(this.#deadline);
        this.#deadline = undefined;
    }

    ping(): void {
        if (this.#deadline !== undefined) return;
        this.#deadline = host.setTimeout(this.#silent, PONG_WITHIN);
        this.#outbox.ask("ping", undefined, () => undefined);
    }

    stop(): void {
        host.clearTimeout(this.#timer);
        host.clearTimeout(this.#deadline);
        this.#deadline = undefined;
    }
}
