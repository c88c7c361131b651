import type { ChannelProtocol } from "./protocol.ts";

/** How long a request waits. */
export interface RequestOptions {
    /** Milliseconds until it is given up; 0 for no end. */
    timeout?: number;
    /** Gives it up. */
    signal?: AbortSignalLike;
}

/** Why a connection or a subscription is not open. */
export interface Ending {
    /** WebSocket's close code; 1006 where there was none, because the connection broke. */
    code: number;
    /** What the side that closed has to say, to branch on. */
    reason: string;
    /** The same, to read. */
    detail?: string;
    /** The topic, where it is a subscription that the server has refused or ended. */
    topic?: string;
    /** HTTP's status, where the server refused after the upgrade. */
    status?: number;
    /** What was thrown where a token was asked for, or an address made. */
    error?: unknown;
}

/** How a connection or a subscription stands. Each change is another object. */
export type ConnectionStatus =
    | { state: "connecting"; attempt: number }
    | { state: "open" }
    /** Lost, and tried again after `delay` milliseconds, once the page is seen and the network there. */
    | { state: "waiting"; attempt: number; delay: number; why: Ending }
    /** Not tried again. `unsent` messages were waiting and have been dropped. */
    | { state: "closed"; why: Ending; unsent: number };

/** How all connections behave. */
export interface ClientOptions {
    /** The bearer token, asked for each time a connection is opened. */
    token?: string | (() => string | Promise<string>);
    /** How many messages wait while the connection is not open; 0 refuses them. 100 by default. */
    queue?: number;
    /** How many messages an iterator keeps for a loop that is slow. 10 000 by default. */
    inbox?: number;
    /** Milliseconds that requests wait, 0 for no end. 10 000 by default. */
    timeout?: number;
    /** Milliseconds that opening may take. 15 000 by default. */
    connectTimeout?: number;
    /** The bound of the first wait, in milliseconds; it doubles each time. 500 by default. */
    minDelay?: number;
    /** The bound of the longest wait. 30 000 by default. */
    maxDelay?: number;
    /** How often in a row it is tried again. Without end by default. */
    attempts?: number;
    /** Decides, where it returns something, whether to try again after an ending. */
    retry?: (why: Ending) => boolean | undefined;
    /** Whether a page that is not seen connects again. `false` by default: it waits until it is seen. */
    hidden?: boolean;
    /** Milliseconds of silence after which a `ping` is sent, where the channel answers it; 0 for never. 25 000 by default. */
    heartbeat?: number;
    /**
     * Is told of what nobody else is: an `error` that no listener hears, a listener that throws, a frame that is not
     * the protocol's. `reportError` by default in a page, `console.error` elsewhere.
     */
    onError?: (error: unknown) => void;
}

/** How one connection behaves. */
export type ConnectionOptions<C extends ChannelProtocol> = ClientOptions & {
    /** Subprotocols to offer besides the token's. */
    protocols?: string[];
} & ({} extends C["query"] ? { query?: C["query"] } : { query: C["query"] });

/** An `AbortSignal`, as far as it is needed. */
export interface AbortSignalLike {
    readonly aborted: boolean;
    readonly reason?: unknown;
    addEventListener(type: "abort", listener: () => void): void;
    removeEventListener(type: "abort", listener: () => void): void;
}
