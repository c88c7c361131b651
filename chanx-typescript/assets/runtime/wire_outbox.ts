import { host, type PlatformSocket } from "./host.ts";
import type { AnyFrame, PendingFrame } from "./frame.ts";
import type { Ending } from "./options.ts";

/** What the socket may hold back before messages wait here. */
const BUFFERED = 1024 * 1024;

/** What waits to be sent, and what has been sent and waits for an answer. */
export class WireOutbox {
    /** The topics that are not subscribed to now: what is for them waits. */
    readonly held = new Set<string>();
    #limit: number;
    #closed = false;
    #socket: PlatformSocket | undefined;
    #queue: PendingFrame[] = [];
    /** Whether something waits because the socket takes no more. */
    #full = false;
    #drain: unknown;
    #asked = new Map<string, PendingFrame>();
    /** What has been sent to a server that may refuse the connection yet, and has then handled none of it. */
    #doubtful: PendingFrame[] | undefined;
    #refs = 0;

    constructor(limit: number) {
        this.#limit = limit;
    }

    ref(): string {
        this.#refs += 1;
        return String(this.#refs);
    }

    /** Whether there was room. For the protocol's own frames there always is. */
    write(entry: PendingFrame, first = false): boolean {
        if (this.#closed) return false;
        if ((first || !this.#full) && this.#takes(entry)) this.#put(entry);
        else if (entry.own || this.#queue.length < this.#limit) this.#wait(entry, first);
        else return false;
        return true;
    }

    /** Behind all that waits, or behind the protocol's own frames alone. */
    #wait(entry: PendingFrame, first: boolean): void {
        const own = () => this.#queue.map((waiting) => waiting.own).lastIndexOf(true);
        this.#queue.splice(first ? own() + 1 : this.#queue.length, 0, entry);
        // The first that finds it full looks after it.
        if (this.#socket && !this.#full && !this.#roomy()) this.flush();
    }

    /** Sends what waits and may be sent, as fast as the socket takes it. */
    flush(): void {
        host.clearTimeout(this.#drain);
        this.#full = false;
        const waiting = this.#queue;
        this.#queue = [];
        for (const entry of waiting) {
            if (!this.#full && this.#takes(entry)) this.#put(entry);
            else {
                this.#queue.push(entry);
                this.#full ||= !this.#roomy();
            }
        }
        if (this.#full && this.#socket) this.#drain = host.setTimeout(() => this.flush(), 50);
    }

    #takes({ topic, own }: PendingFrame): boolean {
        return this.#roomy() && (own || !this.held.has(topic ?? ""));
    }

    /** What is given to a socket that is closing is lost without a word. */
    #roomy(): boolean {
        return this.#socket?.readyState === 1 && this.#socket.bufferedAmount < BUFFERED;
    }

    #put(entry: PendingFrame): void {
        this.#socket?.send(entry.text);
        entry.sent = true;
        if (entry.ref !== undefined && entry.answered) this.#asked.set(entry.ref, entry);
        if (!entry.own) this.#doubtful?.push(entry);
        if (this.#doubtful && this.#doubtful.length > this.#limit) this.#doubtful = undefined;
    }

    /** Sends a frame of the protocol's own, and hears what answers it. */
    ask(action: string, topic: string | undefined, heard: (frame: AnyFrame) => void, first = true): void {
        const ref = this.ref();
        const text = JSON.stringify({ action, payload: null, ref, topic });
        const answered = (frame: AnyFrame) => {
            this.forget(entry);
            heard(frame);
        };
        const entry: PendingFrame = { text, ref, topic, own: true, sent: false, answered };
        this.write(entry, first);
    }

    /** Whether a request waits for this frame. */
    answered(frame: AnyFrame): boolean {
        const asked = this.#asked.get(frame.ref ?? "");
        asked?.answered?.(frame);
        return asked !== undefined;
    }

    forget(entry: PendingFrame): void {
        this.#asked.delete(entry.ref ?? "");
        const entries = entry.sent ? this.#doubtful : this.#queue;
        const at = entries?.indexOf(entry) ?? -1;
        if (at >= 0) entries?.splice(at, 1);
    }

    /** Keeps what still comes of a stream that has been left from listeners. */
    ignore(ref: string): void {
        const answered = ({ action }: AnyFrame) => {
            if (action === "complete" || action === "error") this.#asked.delete(ref);
        };
        this.#asked.set(ref, { text: "", sent: true, answered });
    }

    /** There is a socket, to which the protocol's own frames may go; the others wait until `flush`. */
    opened(socket: PlatformSocket, doubtful: boolean): void {
        this.#socket = socket;
        this.#full = true;
        this.#doubtful = doubtful ? [] : undefined;
    }

    /** The server has let the client in. */
    trust(): void {
        this.#doubtful = undefined;
    }

    /** The socket is gone. What has been sent is not answered any more; where the client was refused, it waits again. */
    lost(why: Ending, refused: boolean): void {
        host.clearTimeout(this.#drain);
        this.#socket = undefined;
        const again = refused ? (this.#doubtful ?? []) : [];
        this.#doubtful = undefined;
        for (const entry of again) {
            entry.sent = false;
            this.#asked.delete(entry.ref ?? "");
        }
        this.#queue = [...again, ...this.#queue.filter(({ own }) => !own)];
        this.cutOff(() => true, why);
    }

    /** Tells requests that have been sent that there will be no answer. */
    cutOff(which: (entry: PendingFrame) => boolean, why: Ending): void {
        for (const [ref, entry] of [...this.#asked]) {
            if (!which(entry)) continue;
            this.#asked.delete(ref);
            entry.ended?.(why);
        }
    }

    /** Drops what waits, and tells requests. Returns what is never sent. */
    drop(which: (entry: PendingFrame) => boolean, why: Ending): PendingFrame[] {
        this.cutOff(which, why);
        const unsent = this.#queue.filter((entry) => !entry.own && which(entry));
        this.#queue = this.#queue.filter((entry) => entry.own || !which(entry));
        for (const entry of unsent) entry.ended?.(why);
        return unsent;
    }

    /** Whether anything may be written at all. */
    set closed(closed: boolean) {
        this.#closed = closed;
    }
}
