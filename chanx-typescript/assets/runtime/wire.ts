import { comeBack } from "./come_back.ts";
import { encoded } from "./address.ts";
import { host, type PlatformSocket } from "./host.ts";
import { ServerError } from "./error.ts";
import { guarded, Watched } from "./watched.ts";
import type { ChannelAbout, PendingFrame, AnyFrame, Subscribed } from "./frame.ts";
import type { AuthenticationFrame, ErrorFrame } from "./message.ts";
import type { ClientOptions, Ending, ConnectionStatus } from "./options.ts";

/** What the socket may hold back before messages wait here. */
const BUFFERED = 1024 * 1024;
/** How long a connection stands before it counts as a good one. */
const STEADY = 10_000;
/** How long a ping may go unanswered. */
const PONG_WITHIN = 10_000;

/** One socket after the other, and what is written to and read from them. */
export class Wire {
    readonly status: Watched<ConnectionStatus>;
    /** Hears what belongs to no topic. */
    hear: (frame: AnyFrame) => boolean = () => false;
    readonly topics = new Map<string, Set<Subscribed>>();
    readonly options: ClientOptions & { protocols?: string[] };
    readonly #about: ChannelAbout;
    readonly #address: string;
    /** Counts what is opened, so that what belongs to an earlier turn is known. */
    #turn = 0;
    #socket: PlatformSocket | undefined;
    #timer: unknown;
    #pulse: unknown;
    #drain: unknown;
    #queue: PendingFrame[] = [];
    #asked = new Map<string, PendingFrame>();
    #refs = 0;
    #attempt = 0;
    #opened = 0;
    #heardAt = 0;
    #admitted = false;
    #pinging = false;
    #unauthorized = 0;
    #refusal: Partial<Ending> | undefined;
    #held = false;

    constructor(about: ChannelAbout, address: string, options: ClientOptions & { protocols?: string[] }) {
        this.#about = about;
        this.#address = address;
        this.options = options;
        this.status = new Watched<ConnectionStatus>({ state: "connecting", attempt: 0 }, this.told);
        this.open();
    }

    readonly told = (error: unknown): void => {
        const told = this.options.onError ?? host.reportError ?? host.console.error;
        try {
            told.call(host, error);
        } catch {
            // Whoever is told of errors has to bear its own.
        }
    };

    open(): void {
        this.#attempt = this.#unauthorized = 0;
        host.addEventListener?.("online", this.#awake);
        host.document?.addEventListener("visibilitychange", this.#awake);
        void this.#connect();
    }

    close(code: number, reason: string): void {
        if (this.status.value.state === "closed") return;
        const socket = this.#socket;
        this.#over({ code, reason });
        try {
            socket?.close(code, reason);
        } catch (error) {
            socket?.close();
            this.told(error);
        }
    }

    // Writing.

    /** Whether there was room. */
    write(entry: PendingFrame, first = false): boolean {
        const ready = this.#admitted && (first || (!this.#queue.length && this.#roomy()));
        if (ready) {
            this.#put(entry);
            return true;
        }
        if (this.status.value.state === "closed" || this.#queue.length >= (this.options.queue ?? 100)) return false;
        this.#queue.push(entry);
        if (this.#admitted) this.#flush();
        return true;
    }

    ref(): string {
        this.#refs += 1;
        return String(this.#refs);
    }

    forget(entry: PendingFrame): void {
        this.#asked.delete(entry.ref ?? "");
        const at = this.#queue.indexOf(entry);
        if (at >= 0) this.#queue.splice(at, 1);
    }

    /** Keeps what still comes of a stream that has been left from listeners. */
    ignore(ref: string): void {
        const answered = ({ action }: AnyFrame) => {
            if (action === "complete" || action === "error") this.#asked.delete(ref);
        };
        this.#asked.set(ref, { text: "", sent: true, answered });
    }

    /** What is given to a socket that is closing is lost without a word. */
    #roomy(): boolean {
        return this.#socket?.readyState === 1 && this.#socket.bufferedAmount < BUFFERED;
    }

    #put(entry: PendingFrame): void {
        this.#socket?.send(entry.text);
        entry.sent = true;
        if (entry.ref !== undefined && entry.answered) this.#asked.set(entry.ref, entry);
    }

    /** Sends what waits, as fast as the socket takes it. */
    #flush(): void {
        host.clearTimeout(this.#drain);
        while (this.#queue.length && this.#roomy()) this.#put(this.#queue.shift() as PendingFrame);
        if (this.#queue.length) this.#drain = host.setTimeout(() => this.#flush(), 50);
    }

    // Opening.

    async #connect(): Promise<void> {
        const turn = (this.#turn += 1);
        this.#held = false;
        this.status.set({ state: "connecting", attempt: this.#attempt });
        // A watcher may have closed it.
        if (turn !== this.#turn) return;
        const late = { code: 1006, reason: "timeout", detail: "opening took too long" };
        this.#timer = host.setTimeout(() => this.#lost(late), this.options.connectTimeout ?? 15_000);
        let token: string | undefined;
        try {
            const { token: source } = this.options;
            if (this.#about.bearer) token = typeof source === "function" ? await source() : source;
        } catch (error) {
            const why = { code: 1006, reason: "token", detail: "there is no token", error };
            if (turn === this.#turn) this.#lost(why);
            return;
        }
        if (turn !== this.#turn) return;
        try {
            this.#socket = this.#make(token);
        } catch (error) {
            this.#over({ code: 1006, reason: "address", detail: String(error), error });
        }
    }

    #make(token: string | undefined): PlatformSocket {
        const url = new host.URL(this.#address);
        const protocols = [...(this.options.protocols ?? [])];
        if (token !== undefined) {
            const { bearerQuery } = this.#about;
            // What may stand in a header (RFC 9110 §5.6.2).
            if (/^[\w!#$%&'*+.^`|~-]+$/.test(token)) protocols.push("bearer", token);
            else if (bearerQuery) url.search += `${url.search ? "&" : ""}${encoded(bearerQuery)}=${encoded(token)}`;
            else throw new TypeError("the token has letters that no subprotocol may have");
        }
        const socket = new host.WebSocket(url.href, protocols);
        socket.onopen = () => this.#begin();
        socket.onmessage = ({ data }) => this.#read(data);
        // Deno says 0 where the others say 1006.
        socket.onclose = ({ code, reason }) => this.#lost({ code: code || 1006, reason, ...this.#refusal });
        // What has been open is closed behind it, with a code; what has not may not be.
        const failed = { code: 1006, reason: "unreachable", detail: "the connection could not be opened" };
        socket.onerror = () => this.#opened === 0 && this.#socket === socket && this.#lost(failed);
        return socket;
    }

    #begin(): void {
        this.#opened = this.#heardAt = Date.now();
        // Where refusals come after the upgrade, an answer tells that this is none.
        if (this.#about.authentication && this.#about.ping) this.#ping();
        else this.#admit();
    }

    #admit(): void {
        host.clearTimeout(this.#timer);
        this.#admitted = true;
        const heartbeat = this.options.heartbeat ?? 25_000;
        if (this.#about.ping && heartbeat > 0) this.#beat(heartbeat);
        for (const subscribed of this.topics.values()) for (const one of subscribed) one.subscribe();
        this.#flush();
        this.status.set({ state: "open" });
    }

    // Staying.

    #beat(every: number): void {
        const silent = Date.now() - this.#heardAt;
        if (silent >= every) this.#ping();
        this.#pulse = host.setTimeout(() => this.#beat(every), Math.max(every - silent, 0) || every);
    }

    #ping(): void {
        if (this.#pinging) return;
        this.#pinging = true;
        const asked = Date.now();
        const silent = () => {
            this.#pinging = false;
            this.forget(ping);
            const why = { code: 1006, reason: "silent", detail: "a ping was not answered" };
            if (this.#heardAt < asked || !this.#admitted) this.#lost(why);
        };
        const deadline = host.setTimeout(silent, PONG_WITHIN);
        const done = () => {
            host.clearTimeout(deadline);
            this.#pinging = false;
            this.forget(ping);
        };
        const ref = this.ref();
        const text = JSON.stringify({ action: "ping", payload: null, ref });
        const ping: PendingFrame = { text, ref, sent: false, answered: done, ended: done };
        this.#put(ping);
    }

    #read(data: unknown): void {
        this.#heardAt = Date.now();
        const frame = this.#parsed(data);
        if (!frame) return;
        if (frame.action === "authentication") {
            const { status_code: status = 0, data } = (frame.payload ?? {}) as Partial<AuthenticationFrame["payload"]>;
            if (status >= 400) this.#refusal = { status, detail: data?.detail ?? "" };
        }
        if (!this.#refusal && !this.#admitted) this.#admit();
        const asked = this.#asked.get(frame.ref ?? "");
        if (asked) {
            asked.answered?.(frame);
            return;
        }
        const subscribed = this.topics.get(frame.topic ?? "");
        let heard = false;
        if (subscribed) for (const one of [...subscribed]) heard = one.hear(frame) || heard;
        // What comes behind the end of a subscription is for nobody.
        else if (frame.topic === undefined || !this.#about.topics) heard = this.hear(frame);
        else return;
        if (!heard && frame.action === "error") this.told(new ServerError(frame as ErrorFrame));
    }

    #parsed(data: unknown): AnyFrame | undefined {
        try {
            const frame = JSON.parse(data as string) as AnyFrame | null;
            if (typeof frame?.action === "string") return frame;
        } catch {
            // Told below, as what is JSON and no message.
        }
        this.told(new TypeError(`the server has sent what is no message: ${String(data).slice(0, 100)}`));
        return undefined;
    }

    // Ending.

    #lost(why: Ending): void {
        const stood = this.#opened > 0 && Date.now() - this.#opened >= STEADY;
        const socket = this.#socket;
        const turn = this.#turn + 1;
        this.#drop(why);
        // Where it still seems to be open, nobody is there to close it.
        socket?.close();
        if (stood) this.#attempt = this.#unauthorized = 0;
        const comesBack = this.#comesBack(why);
        // Whoever was told of it may have closed it.
        if (turn !== this.#turn) return;
        if (!comesBack) {
            this.#over(why);
            return;
        }
        const { minDelay = 500, maxDelay = 30_000 } = this.options;
        const slower = comeBack(why.code) === "slower";
        const bound = Math.min(minDelay * 2 ** this.#attempt, maxDelay);
        const delay = slower ? maxDelay * (0.5 + Math.random() / 2) : bound * Math.random();
        this.#attempt += 1;
        this.#timer = host.setTimeout(() => this.#again(), delay);
        this.status.set({ state: "waiting", attempt: this.#attempt, delay, why });
    }

    #comesBack(why: Ending): boolean {
        if (this.#attempt >= (this.options.attempts ?? Infinity)) return false;
        let decided: boolean | undefined;
        guarded(() => (decided = this.options.retry?.(why)), this.told);
        if (decided !== undefined) return decided;
        const advice = comeBack(why.code);
        if (advice !== "once") return advice !== "no";
        this.#unauthorized += 1;
        return this.#unauthorized < 2 && typeof this.options.token === "function";
    }

    #again(): void {
        const { document, navigator } = host;
        const unseen = document?.visibilityState === "hidden" && !this.options.hidden;
        if (unseen || navigator?.onLine === false) this.#held = true;
        else void this.#connect();
    }

    #awake = (): void => {
        if (this.#held && this.status.value.state === "waiting") {
            this.#held = false;
            this.#timer = host.setTimeout(() => this.#again(), (this.options.minDelay ?? 500) * Math.random());
        } else if (this.#admitted && this.#about.ping && host.document?.visibilityState !== "hidden") {
            this.#ping();
        }
    };

    /** Lets go of the socket, and tells those who wait for answers. */
    #drop(why: Ending): void {
        for (const timer of [this.#timer, this.#pulse, this.#drain]) host.clearTimeout(timer);
        const socket = this.#socket;
        if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
        this.#socket = this.#refusal = undefined;
        this.#admitted = false;
        this.#turn += 1;
        this.#opened = 0;
        const asked = [...this.#asked.values()];
        this.#asked.clear();
        for (const entry of asked) entry.ended?.(why);
        for (const subscribed of this.topics.values()) for (const one of subscribed) one.lost(why);
    }

    #over(why: Ending): void {
        const subscribed = [...this.topics.values()];
        this.topics.clear();
        this.#drop(why);
        host.removeEventListener?.("online", this.#awake);
        host.document?.removeEventListener("visibilitychange", this.#awake);
        const unsent = this.#queue.splice(0);
        for (const entry of unsent) entry.ended?.(why);
        this.status.set({ state: "closed", why, unsent: unsent.length });
        for (const all of subscribed) for (const one of all) one.over(why);
    }
}
