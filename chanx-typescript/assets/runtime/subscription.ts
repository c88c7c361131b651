import { Conversation } from "./conversation.ts";
import { TopicWire } from "./topic_wire.ts";
import { Watched } from "./watched.ts";
import type { ConnectionStatus } from "./options.ts";
import type { TopicProtocol } from "./protocol.ts";
import type { Wire } from "./wire.ts";

/** A subscription to a topic, made again whenever the connection is. */
export class TopicSubscription<P extends TopicProtocol> extends Conversation<P> {
    /** The topic, as it travels. */
    readonly topic: string;
    readonly #leave: () => void;

    /** Made by a connection. */
    constructor(connection: object, name: string) {
        const wire = connection as Wire;
        const topic = wire.topics.get(name) ?? new TopicWire(wire, name);
        const status = new Watched<ConnectionStatus>(topic.status.value, wire.told);
        const hearer = { hear: () => false };
        super(wire, status, hearer, name);
        this.topic = name;
        topic.hearers.add(hearer);
        const off = topic.status.watch((now) => status.set(now));
        this.#leave = () => {
            off();
            topic.hearers.delete(hearer);
            const why = { code: 1000, reason: "unsubscribed", detail: "", topic: name };
            const dropped = wire.outbox.drop(({ owner }) => owner === this, why);
            if (!topic.hearers.size) topic.left();
            status.set({ state: "closed", why, unsent: dropped.length });
        };
    }

    /** Ends the subscription. What waits is not sent. */
    unsubscribe(): void {
        if (this.status.state !== "closed") this.#leave();
    }
}
