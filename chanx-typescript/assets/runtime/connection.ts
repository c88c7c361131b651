import { address, filled, pathPart, topicPart } from "./address.ts";
import { Conversation } from "./conversation.ts";
import { TopicSubscription } from "./subscription.ts";
import { Wire } from "./wire.ts";
import type { ChannelAbout } from "./frame.ts";
import type { ClientOptions } from "./options.ts";
import type { ChannelProtocol } from "./protocol.ts";

/** A connection to a channel, opened again whenever it is lost. */
export class ChannelConnection<C extends ChannelProtocol> extends Conversation<C> {
    readonly #wire: Wire;
    /** Subscribes to a topic by its name: `hub.subscribe.board({ id: 5 })`. */
    readonly subscribe: {
        [Topic in keyof C["topics"]]: (parameters: C["topics"][Topic]["parameters"]) => TopicSubscription<C["topics"][Topic]>;
    };

    /** Made by the client. */
    constructor(about: object, address: string, options: object) {
        const wire = new Wire(about as ChannelAbout, address, options);
        super(wire, wire.status, wire);
        this.#wire = wire;
        const topics = Object.entries((about as ChannelAbout).topics ?? {}).map(([name, pattern]) => {
            return [name, (parameters: object) => new TopicSubscription(wire, filled(pattern, parameters, topicPart))];
        });
        this.subscribe = Object.fromEntries(topics) as typeof this.subscribe;
    }

    /** Closes the connection for good. What waits is not sent; nothing is left behind. */
    close(code = 1000, reason = ""): void {
        this.#wire.close(code, reason);
    }

    /** Opens a connection again that is closed. */
    open(): void {
        if (this.status.state === "closed") this.#wire.open();
    }
}

/** Opens a connection, with options of all connections and its own. */
export function connect<C extends ChannelProtocol>(
    about: ChannelAbout,
    base: string | { href: string } | undefined,
    path: object,
    options: ClientOptions,
    own: object | undefined,
): ChannelConnection<C> {
    const { query = {}, ...all } = { ...options, ...own } as ClientOptions & { query?: object };
    return new ChannelConnection<C>(about, address(base, filled(about.path, path, pathPart), query), all);
}
