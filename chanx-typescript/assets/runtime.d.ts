/** What a connection and a subscription have in common. */
export declare abstract class Conversation<P extends TopicProtocol> implements AsyncIterable<MessageOf<P>> {
    #private;
    /** Made by the client. */
    protected constructor(wire: object, status: object, own: object, topic?: string);
    /** How it stands. The same object until it changes. */
    get status(): ConnectionStatus;
    /** Calls `watcher` whenever the status changes, until what is returned is called. Needs no `this`. */
    readonly onStatus: (watcher: (status: ConnectionStatus) => unknown) => (() => void);
    /** Waits until it is open, or closed for good. */
    settled(): Promise<ConnectionStatus>;
    /** Calls `listener` for each message of an action, until what is returned is called. */
    on<Action extends P["gives"]["action"]>(action: Action, listener: (payload: MessageOf<P, Action>["payload"], message: MessageOf<P, Action>) => unknown): () => void;
    /**
     * Sends a message, or lets it wait until the connection is open.
     *
     * Returns whether there was room: `false` tells that it will never be sent. What was sent on a connection that
     * breaks may be lost; a `request` tells.
     */
    send<Action extends ActionOf<P>>(action: Action, ...rest: null extends P["takes"][Action]["payload"] ? [payload?: P["takes"][Action]["payload"]] : [payload: P["takes"][Action]["payload"]]): boolean;
    /**
     * Sends a message and waits for its first reply. Never rejects; what is no JSON throws here, as in `send`.
     *
     * Further replies go to listeners, as all that is no reply does.
     */
    request<Action extends RequestOf<P>>(action: Action, ...rest: null extends P["takes"][Action]["payload"] ? [payload?: P["takes"][Action]["payload"], options?: RequestOptions] : [payload: P["takes"][Action]["payload"], options?: RequestOptions]): Promise<RequestAnswer<P["takes"][Action]>>;
    /**
     * Sends a message and yields its replies, until the server says that these are all.
     *
     * An error is the last that is yielded. Leaving the loop tells the server to stop. The time-out is for the first
     * reply.
     */
    stream<Action extends StreamOf<P>>(action: Action, ...rest: null extends P["takes"][Action]["payload"] ? [payload?: P["takes"][Action]["payload"], options?: RequestOptions] : [payload: P["takes"][Action]["payload"], options?: RequestOptions]): AsyncIterableIterator<RequestAnswer<P["takes"][Action]>>;
    /**
     * Each message that is no reply to a request, from now on; over reconnecting, until it is closed.
     *
     * A loop that is so slow that more than `inbox` messages wait gets a `RangeError`.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<MessageOf<P>>;
}
/** A connection to a channel, opened again whenever it is lost. */
export declare class ChannelConnection<C extends ChannelProtocol> extends Conversation<C> {
    #private;
    /** Subscribes to a topic by its name: `hub.subscribe.board({ id: 5 })`. */
    readonly subscribe: {
        [Topic in keyof C["topics"]]: (parameters: C["topics"][Topic]["parameters"]) => TopicSubscription<C["topics"][Topic]>;
    };
    /** Made by the client. */
    constructor(about: object, address: string, options: object);
    /** Closes the connection for good. What waits is not sent; nothing is left behind. */
    close(code?: number, reason?: string): void;
    /** Opens a connection again that is closed. */
    open(): void;
}
/** A subscription to a topic, made again whenever the connection is. */
export declare class TopicSubscription<P extends TopicProtocol> extends Conversation<P> {
    #private;
    /** The topic, as it travels. */
    readonly topic: string;
    /** Made by a connection. */
    constructor(connection: object, name: string);
    /** Ends the subscription. What waits is not sent. */
    unsubscribe(): void;
}
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
export type ConnectionStatus = {
    state: "connecting";
    attempt: number;
} | {
    state: "open";
}
/** Lost, and tried again after `delay` milliseconds, once the page is seen and the network there. */
 | {
    state: "waiting";
    attempt: number;
    delay: number;
    why: Ending;
}
/** Not tried again. `unsent` messages were waiting and have been dropped. */
 | {
    state: "closed";
    why: Ending;
    unsent: number;
};
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
} & ({} extends C["query"] ? {
    query?: C["query"];
} : {
    query: C["query"];
});
/** An `AbortSignal`, as far as it is needed. */
export interface AbortSignalLike {
    readonly aborted: boolean;
    readonly reason?: unknown;
    addEventListener(type: "abort", listener: () => void): void;
    removeEventListener(type: "abort", listener: () => void): void;
}
/** Any JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | {
    [key: string]: JsonValue | undefined;
};
/** A message as it travels. */
export interface MessageFrame<Action extends string, Payload> {
    action: Action;
    payload: Payload;
    /** On replies: the one that their request has. */
    ref?: string;
    /** The topic that it belongs to. */
    topic?: string;
    /** A number that its publisher gave it. */
    seq?: number;
}
/** A message that may go to groups, and then tells whose it is where the server says so. */
export interface GroupFrame<Action extends string, Payload> extends MessageFrame<Action, Payload> {
    /** Whether the same user has sent it. */
    is_mine?: boolean;
    /** Whether the same connection has sent it. */
    is_current?: boolean;
}
/** One thing that is wrong with a message. */
export interface Violation {
    /** What is wrong, to branch on. */
    type: string;
    /** The path to the value, from the action on. */
    loc: (string | number)[];
    /** What is wrong, to read. */
    msg: string;
}
/** Why something was refused, where the data is not to blame. */
export interface ErrorDetail {
    /** What went wrong, to read. */
    detail: string;
    /** What went wrong, to branch on. */
    reason?: string;
    /** On `ref_in_use`: the ref that is. */
    ref?: string;
}
/** Why a message was refused or could not be dealt with. */
export type ErrorFrame = MessageFrame<"error", Violation[] | ErrorDetail>;
/** The outcome of the handshake, where the server tells it after the upgrade. */
export type AuthenticationFrame = MessageFrame<"authentication", {
    status_code: number;
    status_text: string;
    data: {
        detail: string;
    };
}>;
/** What the compiler knows of one message that the server takes. */
export interface TakenFrame {
    payload: unknown;
    /** What may answer it. */
    replies: {
        action: string;
        payload: unknown;
    };
    /** The reasons of errors that are declared. */
    reasons: string;
    /** That the replies are as many as it takes, and that is told. */
    streams?: true;
}
/** What the compiler knows of a channel or of a topic. */
export interface TopicProtocol {
    /** What the server takes, by action. */
    takes: {
        [action: string]: TakenFrame;
    };
    /** What the server sends. */
    gives: {
        action: string;
        payload: unknown;
    };
}
/** What the compiler knows of a channel besides. */
export interface ChannelProtocol extends TopicProtocol {
    query: object;
    /** The topics that can be subscribed to. */
    topics: {
        [topic: string]: TopicProtocol & {
            parameters: object;
        };
    };
}
/** A message that the server of `P` sends: all of them, or those of one action. */
export type MessageOf<P extends TopicProtocol, Action extends P["gives"]["action"] = P["gives"]["action"]> = Extract<P["gives"], {
    action: Action;
}>;
/** An action that the server of `P` takes. */
export type ActionOf<P extends TopicProtocol> = keyof P["takes"] & string;
/** An action that the server of `P` answers by one reply. */
export type RequestOf<P extends TopicProtocol> = {
    [Action in ActionOf<P>]: [P["takes"][Action]["replies"]] extends [never] ? never : P["takes"][Action] extends {
        streams: true;
    } ? never : Action;
}[ActionOf<P>];
/** An action that the server of `P` answers by a stream. */
export type StreamOf<P extends TopicProtocol> = {
    [Action in ActionOf<P>]: P["takes"][Action] extends {
        streams: true;
    } ? Action : never;
}[ActionOf<P>];
/** Why a request has no answer. */
export type RequestError<Reason extends string = string> = 
/** The payload is not as it should be. */
{
    kind: "invalid";
    violations: Violation[];
}
/** The server refused it, or could not deal with it. */
 | {
    kind: "refused";
    detail: string;
    reason?: Reason | (string & {});
}
/** No answer came in time. What has been sent may have been handled. */
 | {
    kind: "timeout";
    sent: boolean;
}
/** The signal was aborted. What has been sent may have been handled. */
 | {
    kind: "aborted";
    sent: boolean;
    reason: unknown;
}
/** The connection ended before the answer. What has been sent may have been handled. */
 | {
    kind: "cut_off";
    sent: boolean;
    why: Ending;
}
/** There was no room for it while the connection is not open. */
 | {
    kind: "no_room";
    sent: false;
};
/** What became of a request: one of the declared replies, or an error. */
export type RequestAnswer<T extends TakenFrame> = ({
    ok: true;
} & T["replies"]) | {
    ok: false;
    error: RequestError<T["reasons"]>;
};
/** An `error` of the server that nobody listens for. */
export declare class ServerError extends Error {
    readonly name = "ServerError";
    readonly frame: ErrorFrame;
    constructor(frame: ErrorFrame);
}
/**
 * Whether and how to come back after a close code, or after the reason with which a subscription ended.
 *
 * | | |
 * | --- | --- |
 * | `"yes"` | after a random wait, whose bound doubles each time |
 * | `"slower"` | after the longest wait |
 * | `"once"` | once, with a fresh token; the second time in a row it is over |
 * | `"no"` | the server or this client is done, or the same would come of it again |
 */
export declare function comeBack(after: number | string): "yes" | "slower" | "once" | "no";
