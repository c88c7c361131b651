import { encoded } from "./address.ts";
import { host, type PlatformSocket } from "./host.ts";
import { WireOutbox } from "./wire_outbox.ts";
import { Patience } from "./patience.ts";
import { WirePulse } from "./wire_pulse.ts";
import { ServerError } from "./error.ts";
import { guarded, Watched } from "./watched.ts";
import type { ChannelAbout, AnyFrame, Hearer } from "./frame.ts";
import type { AuthenticationFrame, ErrorFrame } from "./message.ts";
import type { ClientOptions, Ending, ConnectionStatus } from "./options.ts";
import type { TopicWire } from "./topic_wire.ts";

/** One socket after the other, and what is read from them. */
export class Wire implements Hearer {
    readonly status: Watched<ConnectionStatus>;
    /** Hears what belongs to no topic. */
    hear: (frame: AnyFrame) => boolean = () => false;
    readonly topics = new Map<string, TopicWire>();
    readonly options: ClientOptions & { protocols?: string[] };
    readonly outbox: WireOutbox;
    /** Whether the server has let the client in. */
    admitted = false;
    readonly #about: ChannelAbout;
    readonly #address: string;
    readonly #patience: Patience;
    readonly #pulse: WirePulse;
    /** Counts what is opened, so that what belongs to an earlier turn is known. */
    #turn = 0;
    #socket: PlatformSocket | undefined;
    #timer: unknown;
    #wasOpened = false;
    #refusal: Partial<Ending> | undefined;
    #held = false;

    constructor(about: ChannelAbout, address: string, options: ClientOptions & { protocols?: string[] }) {
        this.#about = about;
        this.#address = address;
        this.options = options;
        this.status = new Watched<ConnectionStatus>({ state: "connecting", attempt: 0 }, this.told);
        this.outbox = new WireOutbox(options.queue ?? 100);
        this.#patience = new Patience(options, this.told);
        const silent = { code: 1006, reason: "silent", detail: "a ping was not answered" };
        this.#pulse = new WirePulse(this.outbox, () => this.#lost(silent));
        this.open();
    }

    readonly told = (error: unknown): void => {
        // Outside of a page, what is reported may end the program.
        const reported = host.document && host.reportError;
        const told = this.options.onError ?? reported ?? host.console.error;
        // Whoever is told of errors has to bear its own.
        guarded(() => told.call(host, error), () => undefined);
    };

    open(): void {
        this.#patience.reset();
        this.outbox.closed = false;
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

    // Opening.

    async #connect(): Promise<void> {
        const turn = (this.#turn += 1);
        this.#held = false;
        this.status.set({ state: "connecting", attempt: this.#patience.attempt });
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
        socket.onopen = () => this.#begin(socket);
        socket.onmessage = ({ data }) => this.#read(data);
        // Deno says 0 where the others say 1006.
        socket.onclose = ({ code, reason }) => this.#lost({ code: code || 1006, reason, ...this.#refusal });
        // What has been open is closed behind it, with a code; what has not may not be.
        const failed = { code: 1006, reason: "unreachable", detail: "the connection could not be opened" };
        socket.onerror = () => !this.#wasOpened && this.#socket === socket && this.#lost(failed);
        return socket;
    }

    #begin(socket: PlatformSocket): void {
        const { authentication = false, ping = false } = this.#about;
        this.#wasOpened = true;
        this.#patience.stands();
        this.#pulse.heard();
        this.outbox.opened(socket, authentication);
        // Where refusals come after the upgrade, an answer tells that this is none.
        if (authentication && ping) this.#pulse.ping();
        else this.#admit();
    }

    #admit(): void {
        host.clearTimeout(this.#timer);
        this.admitted = true;
        const heartbeat = this.options.heartbeat ?? 25_000;
        if (this.#about.ping && heartbeat > 0) this.#pulse.start(heartbeat);
        for (const topic of [...this.topics.values()]) topic.subscribe();
        // A watcher of one of them may have closed it.
        if (!this.admitted) return;
        this.outbox.flush();
        this.status.set({ state: "open" });
    }

    // Reading.

    #read(data: unknown): void {
        this.#pulse.heard();
        const frame = this.#parsed(data);
        if (!frame) return;
        if (frame.action === "authentication") {
            const { status_code: status = 0, data } = (frame.payload ?? {}) as Partial<AuthenticationFrame["payload"]>;
            if (status >= 400) this.#refusal = { status, detail: data?.detail ?? "" };
        }
        if (!this.#refusal) {
            this.outbox.trust();
            if (!this.admitted) this.#admit();
        }
        if (this.outbox.answered(frame)) return;
        const { topic, action, ref } = frame;
        // What a topic is told behind its end answers nobody who does not know already.
        const of = topic === undefined || !this.#about.topics ? this : this.topics.get(topic);
        const heard = of ? of.hear(frame) : ref !== undefined;
        if (!heard && action === "error") this.told(new ServerError(frame as ErrorFrame));
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
        const socket = this.#socket;
        const turn = this.#turn + 1;
        this.#drop(why);
        // Where it still seems to be open, nobody is there to close it.
        socket?.close();
        const delay = this.#patience.ended(why);
        // Whoever was told of it may have closed it.
        if (turn !== this.#turn) return;
        if (delay === undefined) {
            this.#over(why);
            return;
        }
        this.#timer = host.setTimeout(() => this.#again(), delay);
        this.status.set({ state: "waiting", attempt: this.#patience.attempt, delay, why });
    }

    #again(): void {
        const { document, navigator } = host;
        const unseen = document?.visibilityState === "hidden" && !this.options.hidden;
        // The machine itself is there without a network.
        const away = navigator?.onLine === false && !/^wss?:..(localhost|127\.|\[::1\])/.test(this.#address);
        if (unseen || away) this.#held = true;
        else void this.#connect();
    }

    #awake = (): void => {
        if (this.#held && this.status.value.state === "waiting") {
            this.#held = false;
            this.#timer = host.setTimeout(() => this.#again(), (this.options.minDelay ?? 500) * Math.random());
        } else if (this.admitted && this.#about.ping && host.document?.visibilityState !== "hidden") {
            this.#pulse.ping();
        }
    };

    /** Lets go of the socket, and tells those who wait for answers. */
    #drop(why: Ending): void {
        const socket = this.#socket;
        const refused = this.#refusal !== undefined;
        if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
        host.clearTimeout(this.#timer);
        this.#pulse.stop();
        this.#socket = this.#refusal = undefined;
        this.admitted = this.#wasOpened = false;
        this.#turn += 1;
        this.outbox.lost(why, refused);
        for (const topic of [...this.topics.values()]) {
            if (this.topics.get(topic.name) === topic) topic.lost(why);
        }
    }

    #over(why: Ending): void {
        const topics = [...this.topics.values()];
        this.topics.clear();
        this.#drop(why);
        host.removeEventListener?.("online", this.#awake);
        host.document?.removeEventListener("visibilitychange", this.#awake);
        const dropped = this.outbox.drop(() => true, why);
        this.outbox.closed = true;
        this.status.set({ state: "closed", why, unsent: dropped.length });
        for (const topic of topics) topic.over(why, dropped);
    }
}
