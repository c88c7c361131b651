import { host } from "./host.ts";
import { LoopInbox } from "./loop_inbox.ts";
import { guarded, later, type Watched } from "./watched.ts";
import type { ErrorFrame } from "./message.ts";
import type { PendingFrame, AnyFrame, Hearer } from "./frame.ts";
import type { Ending, RequestOptions, ConnectionStatus } from "./options.ts";
import type { ActionOf, RequestAnswer, MessageOf, TopicProtocol, RequestError, RequestOf, StreamOf } from "./protocol.ts";
import type { Wire } from "./wire.ts";

/** What a connection and a subscription have in common. */
export abstract class Conversation<P extends TopicProtocol> implements AsyncIterable<MessageOf<P>> {
    readonly #wire: Wire;
    readonly #topic: string | undefined;
    readonly #status: Watched<ConnectionStatus>;
    readonly #listeners = new Map<string, Set<(payload: never, message: never) => unknown>>();
    readonly #inboxes = new Set<LoopInbox<MessageOf<P>>>();

    /** Made by the client. */
    protected constructor(wire: object, status: object, own: object, topic?: string) {
        this.#wire = wire as Wire;
        this.#status = status as Watched<ConnectionStatus>;
        this.#topic = topic;
        (own as Hearer).hear = (frame) => this.#hear(frame);
        this.#status.watch(({ state }) => {
            if (state !== "closed") return;
            for (const inbox of this.#inboxes) inbox.end();
            this.#inboxes.clear();
        });
    }

    /** How it stands. The same object until it changes. */
    get status(): ConnectionStatus {
        return this.#status.value;
    }

    /** Calls `watcher` whenever the status changes, until what is returned is called. Needs no `this`. */
    readonly onStatus = (watcher: (status: ConnectionStatus) => unknown): (() => void) => this.#status.watch(watcher);

    /** Waits until it is open, or closed for good. */
    settled(): Promise<ConnectionStatus> {
        return new Promise((resolve) => {
            const settle = (status: ConnectionStatus) => {
                if (status.state !== "open" && status.state !== "closed") return;
                off();
                resolve(status);
            };
            const off = this.#status.watch(settle);
            settle(this.status);
        });
    }

    /** Calls `listener` for each message of an action, until what is returned is called. */
    on<Action extends P["gives"]["action"]>(
        action: Action,
        listener: (payload: MessageOf<P, Action>["payload"], message: MessageOf<P, Action>) => unknown,
    ): () => void {
        const listeners = this.#listeners.get(action) ?? new Set();
        this.#listeners.set(action, listeners);
        // The same function may listen twice.
        const own = (payload: never, message: never) => listener(payload, message);
        listeners.add(own);
        return () => listeners.delete(own);
    }

    /**
     * Sends a message, or lets it wait until the connection is open.
     *
     * Returns whether there was room: `false` tells that it will never be sent. What was sent on a connection that
     * breaks may be lost; a `request` tells.
     */
    send<Action extends ActionOf<P>>(
        action: Action,
        ...rest: null extends P["takes"][Action]["payload"]
            ? [payload?: P["takes"][Action]["payload"]]
            : [payload: P["takes"][Action]["payload"]]
    ): boolean {
        const text = this.#text(action, rest[0]);
        return this.status.state !== "closed" && this.#wire.outbox.write({ text, topic: this.#topic, owner: this, sent: false });
    }

    /**
     * Sends a message and waits for its first reply. Never rejects; what is no JSON throws here, as in `send`.
     *
     * Further replies go to listeners, as all that is no reply does.
     */
    request<Action extends RequestOf<P>>(
        action: Action,
        ...rest: null extends P["takes"][Action]["payload"]
            ? [payload?: P["takes"][Action]["payload"], options?: RequestOptions]
            : [payload: P["takes"][Action]["payload"], options?: RequestOptions]
    ): Promise<RequestAnswer<P["takes"][Action]>> {
        const [payload, options] = rest as [unknown, RequestOptions?];
        let resolve: (what: RequestAnswer<P["takes"][Action]>) => void;
        const answered = new Promise<RequestAnswer<P["takes"][Action]>>((settle) => (resolve = settle));
        const done = this.#ask(action, payload, options ?? {}, (what) => {
            done();
            resolve(answer(what) as RequestAnswer<P["takes"][Action]>);
        });
        return answered;
    }

    /**
     * Sends a message and yields its replies, until the server says that these are all.
     *
     * An error is the last that is yielded. Leaving the loop tells the server to stop. The time-out is for the first
     * reply.
     */
    stream<Action extends StreamOf<P>>(
        action: Action,
        ...rest: null extends P["takes"][Action]["payload"]
            ? [payload?: P["takes"][Action]["payload"], options?: RequestOptions]
            : [payload: P["takes"][Action]["payload"], options?: RequestOptions]
    ): AsyncIterableIterator<RequestAnswer<P["takes"][Action]>> {
        const [payload, options] = rest as [unknown, RequestOptions?];
        const leave = (ref: string | undefined) => {
            if (ref === undefined) return;
            const text = this.#text("complete", null, ref);
            this.#wire.outbox.write({ text, topic: this.#topic, own: true, sent: false });
            this.#wire.outbox.ignore(ref);
        };
        const limit = this.#wire.options.inbox ?? 10_000;
        const inbox = new LoopInbox<RequestAnswer<P["takes"][Action]>>(limit, () => leave(done()));
        const done = this.#ask(action, payload, options ?? {}, (what) => {
            const complete = "action" in what && what.action === "complete";
            const last = complete || "kind" in what || what.action === "error";
            const ref = last ? done() : undefined;
            // With its connection the stream is over, without a subscription it may go on for another.
            if ("kind" in what && (what.kind !== "cut_off" || what.why.reason === "unsubscribed")) leave(ref);
            if (!complete) inbox.push(answer(what) as RequestAnswer<P["takes"][Action]>);
            if (last) inbox.end();
        });
        return inbox;
    }

    /**
     * Each message that is no reply to a request, from now on; over reconnecting, until it is closed.
     *
     * A loop that is so slow that more than `inbox` messages wait gets a `RangeError`.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<MessageOf<P>> {
        const inbox: LoopInbox<MessageOf<P>> = new LoopInbox(this.#wire.options.inbox ?? 10_000, () =>
            this.#inboxes.delete(inbox),
        );
        if (this.status.state === "closed") inbox.end();
        else this.#inboxes.add(inbox);
        return inbox;
    }

    #hear(frame: AnyFrame): boolean {
        // What the status tells is no message.
        if (frame.action === "subscribed" || frame.action === "unsubscribed") return true;
        const message = frame as unknown as MessageOf<P>;
        const listeners = [...(this.#listeners.get(message.action) ?? [])];
        for (const listener of listeners) {
            guarded(listener, this.#wire.told, message.payload as never, message as never);
        }
        for (const inbox of this.#inboxes) inbox.push(message);
        return listeners.length + this.#inboxes.size > 0;
    }

    /** A message as it travels, written at once: what it is made of may change while it waits. */
    #text(action: string, payload: unknown, ref?: string): string {
        return JSON.stringify({ action, payload: payload ?? null, ref, topic: this.#topic });
    }

    /** Returns what gives up, and tells the ref where the server may still answer. */
    #ask(
        action: string,
        payload: unknown,
        { timeout = this.#wire.options.timeout ?? 10_000, signal }: RequestOptions,
        take: (what: AnyFrame | RequestError) => void,
    ): () => string | undefined {
        const ref = this.#wire.outbox.ref();
        let timer: unknown;
        let over = false;
        const entry: PendingFrame = {
            text: this.#text(action, payload, ref),
            ref,
            topic: this.#topic,
            owner: this,
            sent: false,
            answered: (frame) => {
                host.clearTimeout(timer);
                take(frame);
            },
            ended: (why) => take({ kind: "cut_off", sent: entry.sent, why }),
        };
        const aborted = () => take({ kind: "aborted", sent: entry.sent, reason: signal?.reason });
        const done = () => {
            if (over) return undefined;
            over = true;
            host.clearTimeout(timer);
            signal?.removeEventListener("abort", aborted);
            this.#wire.outbox.forget(entry);
            return entry.sent ? ref : undefined;
        };
        if (signal?.aborted) later(aborted);
        else if (this.status.state === "closed") later(() => entry.ended?.((this.status as { why: Ending }).why));
        else if (!this.#wire.outbox.write(entry)) later(() => take({ kind: "no_room", sent: false }));
        else {
            signal?.addEventListener("abort", aborted);
            const late = () => take({ kind: "timeout", sent: entry.sent });
            if (timeout > 0) timer = host.setTimeout(late, timeout);
        }
        return done;
    }
}

/** A frame, or why there is none, as what a request resolves to. */
function answer(what: AnyFrame | RequestError): object {
    if ("kind" in what) return { ok: false, error: what };
    if (what.action !== "error") return { ok: true, ...what };
    const { payload } = what as ErrorFrame;
    const error = Array.isArray(payload) ? { kind: "invalid", violations: payload } : { kind: "refused", ...payload };
    return { ok: false, error };
}
