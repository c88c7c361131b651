import { Conversation } from "./conversation.ts";
import { Watched } from "./watched.ts";
import type { PendingFrame, AnyFrame, Subscribed } from "./frame.ts";
import type { ErrorDetail, Violation } from "./message.ts";
import type { ConnectionStatus } from "./options.ts";
import type { TopicProtocol } from "./protocol.ts";
import type { Wire } from "./wire.ts";

/** A subscription to a topic, made again whenever the connection is. */
export class TopicSubscription<P extends TopicProtocol> extends Conversation<P> {
    /** The topic, as it travels. */
    readonly topic: string;
    readonly #wire: Wire;
    readonly #status: Watched<ConnectionStatus>;
    readonly #own: Subscribed;

    /** Made by a connection. */
    constructor(connection: object, topic: string) {
        const wire = connection as Wire;
        const status = new Watched<ConnectionStatus>({ state: "connecting", attempt: 0 }, wire.told);
        const heard = { hear: (_: AnyFrame) => false };
        super(wire, status, heard, topic);
        this.topic = topic;
        this.#wire = wire;
        this.#status = status;
        this.#own = {
            subscribe: () => this.#subscribe(),
            hear: (frame) => {
                const told = heard.hear(frame);
                if (frame.action === "unsubscribed") this.#leave(frame.payload as ErrorDetail | null);
                return told;
            },
            lost: (why) => status.set({ state: "waiting", attempt: 0, delay: 0, why }),
            over: (why) => status.set({ state: "closed", why, unsent: 0 }),
        };
        const { value } = wire.status;
        if (value.state === "closed") {
            this.#own.over(value.why);
            return;
        }
        wire.topics.set(topic, (wire.topics.get(topic) ?? new Set()).add(this.#own));
        if (value.state === "open") this.#subscribe();
        else if (value.state === "waiting") this.#own.lost(value.why);
    }

    /** Ends the subscription. */
    unsubscribe(): void {
        if (this.#status.value.state === "closed") return;
        const last = this.#wire.topics.get(this.topic)?.size === 1;
        this.#leave({ reason: "unsubscribed", detail: "" });
        if (last && this.#wire.status.value.state === "open") this.#tell("unsubscribe", () => undefined);
    }

    #subscribe(): void {
        if (this.#status.value.state !== "connecting") this.#status.set({ state: "connecting", attempt: 0 });
        this.#tell("subscribe", ({ action, payload }) => {
            if (this.#status.value.state !== "connecting") return;
            if (action === "subscribed") this.#status.set({ state: "open" });
            else this.#leave(payload as ErrorDetail | Violation[]);
        });
    }

    #tell(action: string, answered: (frame: AnyFrame) => void): void {
        const ref = this.#wire.ref();
        const text = JSON.stringify({ action, payload: null, ref, topic: this.topic });
        const forget = () => this.#wire.forget(entry);
        const take = (frame: AnyFrame) => {
            forget();
            answered(frame);
        };
        const entry: PendingFrame = { text, ref, sent: false, answered: take, ended: forget };
        this.#wire.write(entry, true);
    }

    #leave(why: ErrorDetail | Violation[] | null): void {
        const all = this.#wire.topics.get(this.topic);
        all?.delete(this.#own);
        if (!all?.size) this.#wire.topics.delete(this.topic);
        const { reason = "refused", detail = "" } = Array.isArray(why) ? { detail: why[0]?.msg ?? "" } : (why ?? {});
        this.#own.over({ code: 1000, reason, detail });
    }
}
