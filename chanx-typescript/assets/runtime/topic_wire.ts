import { host } from "./host.ts";
import { Patience } from "./patience.ts";
import { Watched } from "./watched.ts";
import type { AnyFrame, Hearer, PendingFrame } from "./frame.ts";
import type { ErrorDetail } from "./message.ts";
import type { ConnectionStatus, Ending } from "./options.ts";
import type { Wire } from "./wire.ts";

/** A topic of a connection, subscribed to once for all who listen. */
export class TopicWire {
    readonly name: string;
    readonly status: Watched<ConnectionStatus>;
    readonly hearers = new Set<Hearer>();
    readonly #wire: Wire;
    readonly #patience: Patience;
    #timer: unknown;
    /** Whether the server has been asked for it. */
    #asked = false;

    constructor(wire: Wire, name: string) {
        this.name = name;
        this.#wire = wire;
        this.#patience = new Patience(wire.options, wire.told);
        const { value } = wire.status;
        const over = value.state === "closed" && { ...value, unsent: 0 };
        const waits = value.state === "waiting" && value;
        this.status = new Watched<ConnectionStatus>(over || waits || { state: "connecting", attempt: 0 }, wire.told);
        if (over) return;
        wire.topics.set(name, this);
        wire.outbox.held.add(name);
        if (wire.admitted) this.#ask();
    }

    subscribe(): void {
        const { attempt } = this.#patience;
        if (this.status.value.state !== "connecting") this.status.set({ state: "connecting", attempt });
        // A watcher may have ended it.
        if (this.#isCurrent() && this.#wire.admitted) this.#ask();
    }

    #ask(): void {
        this.#asked = true;
        this.#wire.outbox.ask("subscribe", this.name, ({ action, payload }) => {
            if (!this.#isCurrent() || this.status.value.state !== "connecting") return;
            if (action === "subscribed") this.#stands();
            else this.#ended(payload);
        });
    }

    #stands(): void {
        this.#patience.stands();
        this.#wire.outbox.held.delete(this.name);
        this.#wire.outbox.flush();
        this.status.set({ state: "open" });
    }

    /** Whether anybody listens to this. */
    hear(frame: AnyFrame): boolean {
        // What comes before it is open is of one that was there before.
        if (this.status.value.state !== "open") return frame.ref !== undefined;
        let heard = false;
        for (const hearer of [...this.hearers]) heard = hearer.hear(frame) || heard;
        if (frame.action === "unsubscribed" && this.#isCurrent()) this.#ended(frame.payload ?? { reason: "closed" });
        return heard;
    }

    /** The server has refused or ended it. */
    #ended(payload: unknown): void {
        const { name } = this;
        // A hub may render its errors in a way of its own, which tells nothing of coming back.
        const { detail, reason = typeof detail === "string" ? "" : "refused" } = (payload ?? {}) as Partial<ErrorDetail>;
        const why: Ending = { code: 1000, reason, detail: detail ?? "", topic: name };
        this.#asked = false;
        this.#wire.outbox.held.add(name);
        this.#wire.outbox.cutOff(({ topic }) => topic === name, why);
        const delay = this.#patience.ended(why);
        if (!this.#isCurrent()) return;
        if (delay === undefined) {
            this.#wire.topics.delete(name);
            this.over(why, this.#wire.outbox.drop(({ topic }) => topic === name, why));
            return;
        }
        this.#timer = host.setTimeout(() => this.subscribe(), delay);
        this.status.set({ state: "waiting", attempt: this.#patience.attempt, delay, why });
    }

    /** The connection is lost, and it is subscribed to again with the next. */
    lost(why: Ending): void {
        host.clearTimeout(this.#timer);
        this.#asked = false;
        this.#wire.outbox.held.add(this.name);
        this.status.set({ state: "waiting", attempt: 0, delay: 0, why });
    }

    /** It is over for good, with what of `dropped` was for it. */
    over(why: Ending, dropped: PendingFrame[]): void {
        this.#let();
        const unsent = dropped.filter(({ topic }) => topic === this.name).length;
        this.status.set({ state: "closed", why, unsent });
    }

    /** Nobody listens any more. */
    left(): void {
        if (!this.#isCurrent()) return;
        this.#wire.topics.delete(this.name);
        this.#let();
        if (this.#asked) this.#wire.outbox.ask("unsubscribe", this.name, () => undefined, false);
    }

    #let(): void {
        host.clearTimeout(this.#timer);
        this.#wire.outbox.held.delete(this.name);
    }

    #isCurrent(): boolean {
        return this.#wire.topics.get(this.name) === this;
    }
}
